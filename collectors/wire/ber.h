#pragma once
/** Walking BER (X.690) as agents write it, not as they should: lengths in any number of bytes or without an end,
 * integers padded or of the wrong width. Nothing is read outside the bytes, nothing allocates, every step goes on. */
#include <cstdint>
#include <optional>

#include "collectors/wire/bytes.h"

namespace changtong::wire {

struct ber_head {
  std::uint8_t tag = 0;
  std::size_t length = 0;  ///< as written; what is left where it is without an end
  bool endless = false;    ///< of indefinite length: ends with two zero bytes
  [[nodiscard]] bool constructed() const { return (tag & 0x20U) != 0; }
};

struct ber_value {
  std::uint8_t tag = 0;
  bytes value;
};

/** A place in a constructed value, and its end. */
class ber_cursor {
 public:
  explicit ber_cursor(bytes all) : all_(all), end_(all.size()) {}

  [[nodiscard]] bool done() const { return at_ >= end_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return end_ - at_; }

  /** Tag and length; the length may be more than is left. Empty where there is no head: the place stays. Tags of more
   * than one byte are none that SNMP has. */
  [[nodiscard]] std::optional<ber_head> head();
  /** A primitive value that is there as a whole; empty otherwise: the place is then anywhere before the end. */
  [[nodiscard]] std::optional<ber_value> primitive();
  /** Any value that is there as a whole. */
  [[nodiscard]] std::optional<ber_value> any();
  /** What a head that was just read holds, or as much of it as is there; this cursor stands behind it. An endless one
   * holds all that is left. */
  [[nodiscard]] ber_cursor inside(const ber_head& h);
  /** Steps over an end of contents, if there is one here. */
  void skip_end_of_contents();
  /** Goes to where another cursor over the same bytes stands. */
  void go_to(const ber_cursor& other) { at_ = other.at_ < end_ ? other.at_ : end_; }

 private:
  bytes all_;
  std::size_t at_ = 0, end_ = 0;
};

struct ber_number {
  std::int64_t value = 0;
  bool shortest = true;  ///< in as few bytes as can be
};
/** Two's complement, however many bytes it takes; empty for none, and for what 64 bits cannot hold. */
[[nodiscard]] std::optional<ber_number> signed_of(bytes value);

}  // namespace changtong::wire
