#pragma once
/** What is asked of an SNMP agent, and where its facts stand in the answer. Probe thread only (net/snmp_codec.h). */
#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
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
/** What every interface is asked for. */
inline constexpr std::array names{fact_name::interface_oper_status, fact_name::interface_in_octets,
                                  fact_name::interface_out_octets, fact_name::interface_in_errors,
                                  fact_name::interface_out_errors};
inline constexpr std::size_t in_octets = 1, out_octets = 2;
/** And these, of up to eight: nobody misses them where an agent has them not. */
inline constexpr std::size_t admin_status = 5, in_discards = 6, high_speed = 7, discontinuity = 8, count = 9;
inline constexpr std::size_t most_interfaces_for_all = 8;
constexpr std::size_t asked_of(std::size_t interfaces) {
  return interfaces <= most_interfaces_for_all ? count : names.size();
}
/** Where a column of the k-th of `interfaces` stands. */
constexpr std::size_t place(std::size_t column, std::size_t k, std::size_t interfaces) {
  return 1 + column * interfaces + k;
}
/** How many objects there are that one misses, with sysUpTime. */
constexpr std::size_t objects(std::size_t interfaces) { return place(names.size(), 0, interfaces); }
/** With the others; behind them stand, of a question for both, the narrow octets, and then the names. */
constexpr std::size_t all_objects(std::size_t interfaces) { return place(asked_of(interfaces), 0, interfaces); }
constexpr std::size_t narrow_place(std::size_t column, std::size_t k, std::size_t interfaces) {
  return all_objects(interfaces) + (column - in_octets) * interfaces + k;
}
/** Where the n-th name stands, of those interfaces that were found by one. */
constexpr std::size_t name_place(std::size_t n, std::size_t interfaces, bool both) {
  return all_objects(interfaces) + (both ? 2 * interfaces : 0) + n;
}
/** A question for both about more could be too big for some. */
inline constexpr std::size_t most_interfaces_for_both = 8;
}  // namespace snmp_columns

/** v3 carries the PDU of a template and nothing else of it; the library wants a community all the same. */
[[nodiscard]] secret template_community(const snmp_access& access);

class snmp_questions {
 public:
  static constexpr std::size_t longest_request = 4096;
  /** Made at its first use; stays where it is while anybody holds the class. */
  [[nodiscard]] const snmp_question& of(const std::shared_ptr<const snmp_request_class>& request, snmp_form form);
  /** Of how many classes: no more than twice those that somebody holds, or a few. */
  [[nodiscard]] std::size_t size() const { return made_.size(); }

 private:
  using by_form = std::vector<std::pair<snmp_form, std::unique_ptr<snmp_question>>>;
  [[nodiscard]] snmp_question make(const snmp_request_class& request, snmp_form form);
  net::snmp_codec codec_;
  struct of_class {
    std::weak_ptr<const snmp_request_class> request;
    by_form forms;
  };
  static constexpr std::size_t few = 64;
  std::unordered_map<std::uint32_t, of_class> made_;  ///< by snmp_request_class::number
  std::size_t swept_at_ = few;                        ///< so many: those are let go whose class nobody holds
};

}  // namespace changtong
