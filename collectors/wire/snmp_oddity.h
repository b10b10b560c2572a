#pragma once
/** What can be odd about an SNMP answer that is an answer all the same. A set of them is a number: an odd agent asked
 * every second costs no text. */
#include <cstdint>

namespace changtong::wire {

enum class snmp_oddity : std::uint8_t {
  version,       ///< of another SNMP version than the question, or of another than v2c where that is not known
  community,     ///< names another community, or none
  pdu,           ///< any PDU but a Response: a Report, or our own request sent back
  trailing,      ///< bytes behind the message, or behind the bindings
  endless,       ///< lengths without an end, which SNMP does not have
  integer,       ///< request-id, version or error fields padded or of a wrong type
  unreadable,    ///< a part of the bindings could not be read
  too_long,      ///< longer than we take: its end was not read
  name,          ///< an object's name padded
  other_object,  ///< bindings of objects that were not asked for
  order,         ///< bindings in another order than asked
  repeated,      ///< an object more than once
  value_type,    ///< a value of another type than the standard gives the object
  value_form,    ///< a number padded, without the zero byte before a high bit, or too large for its type
  empty_number,  ///< a number without bytes: it is missing, not 0
  meaningless,   ///< a number that the object cannot have
  elsewhere,     ///< not odd in itself: from another address or port than was asked, as the settings allow
  asked_less,    ///< nor this: fewer objects were asked for, because a whole answer was too big
  narrow,        ///< nor this: octets are of 32 bits
  count
};

class snmp_oddities {
 public:
  constexpr snmp_oddities& operator|=(snmp_oddity o) {
    bits_ |= 1U << static_cast<unsigned>(o);
    return *this;
  }
  constexpr snmp_oddities& operator|=(snmp_oddities o) {
    bits_ |= o.bits_;
    return *this;
  }
  [[nodiscard]] constexpr bool has(snmp_oddity o) const { return (bits_ >> static_cast<unsigned>(o) & 1U) != 0; }
  [[nodiscard]] constexpr snmp_oddities without(snmp_oddity o) const {
    snmp_oddities rest = *this;
    rest.bits_ &= ~(1U << static_cast<unsigned>(o));
    return rest;
  }
  [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  friend constexpr bool operator==(snmp_oddities, snmp_oddities) = default;

 private:
  std::uint32_t bits_ = 0;
};
static_assert(static_cast<unsigned>(snmp_oddity::count) <= 32);

}  // namespace changtong::wire
