#pragma once
/** What is asked of an SNMP agent, and where its facts stand in the answer. Probe thread only (net/snmp_codec.h). */
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "collectors/net/snmp_codec.h"
#include "collectors/snmp.h"
#include "collectors/wire/snmp_answer.h"

namespace changtong {

/** How a question is put to an agent that cannot do everything. Fits flight::form. */
struct snmp_form {
  bool narrow = false;      ///< octets of 32 bits in place of those of 64
  bool both = false;        ///< those of 32 bits too, at the end: the first question, when nothing is known
  std::uint16_t first = 0;  ///< so many objects from the beginning; 0 = all

  static constexpr std::uint16_t narrow_bit = 0x8000, both_bit = 0x4000;
  [[nodiscard]] bool whole() const { return first == 0 && !narrow; }
  [[nodiscard]] std::uint16_t number() const {
    return static_cast<std::uint16_t>(first | (narrow ? narrow_bit : 0U) | (both ? both_bit : 0U));
  }
  static snmp_form of(std::uint16_t number) {
    return {(number & narrow_bit) != 0, (number & both_bit) != 0, static_cast<std::uint16_t>(number & (both_bit - 1U))};
  }
  friend bool operator==(snmp_form, snmp_form) = default;
};

/** sysUpTime, then the status of every interface, then what else each has: the beginning is what matters most. */
struct snmp_question {
  net::snmp_template request;
  std::vector<wire::snmp_object> objects;
};

namespace snmp_columns {
inline constexpr std::array names{fact_name::interface_oper_status, fact_name::interface_in_octets,
                                  fact_name::interface_out_octets, fact_name::interface_in_errors,
                                  fact_name::interface_out_errors};
inline constexpr std::size_t in_octets = 1, out_octets = 2;
/** Where a column of the k-th of `interfaces` stands. */
constexpr std::size_t place(std::size_t column, std::size_t k, std::size_t interfaces) {
  return 1 + column * interfaces + k;
}
/** How many objects those are, with sysUpTime; behind them stand, of a question for both, the narrow octets. */
constexpr std::size_t objects(std::size_t interfaces) { return place(names.size(), 0, interfaces); }
constexpr std::size_t narrow_place(std::size_t column, std::size_t k, std::size_t interfaces) {
  return place(names.size() + column - in_octets, k, interfaces);
}
/** A question for both about more could be too big for some. */
inline constexpr std::size_t most_interfaces_for_both = 8;
}  // namespace snmp_columns

class snmp_questions {
 public:
  static constexpr std::size_t longest_request = 4096;
  /** Made at its first use; stays where it is. */
  [[nodiscard]] const snmp_question& of(const snmp_request_class& request, snmp_form form);

 private:
  using by_form = std::vector<std::pair<snmp_form, std::unique_ptr<snmp_question>>>;
  [[nodiscard]] snmp_question make(const snmp_request_class& request, snmp_form form);
  net::snmp_codec codec_;
  std::vector<by_form> made_;  ///< by snmp_request_class::number
};

}  // namespace changtong
