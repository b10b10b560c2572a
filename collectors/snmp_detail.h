#pragma once
/** What is missing or odd in an SNMP answer, as a sentence for a person. Most agents that are odd are odd in the same
 * way every second: sentences are made once and kept, a bounded number of them. */
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collectors/snmp_question.h"

namespace changtong {

class snmp_details {
 public:
  /** Empty if there is nothing to say; valid until the next call. */
  [[nodiscard]] std::string_view of(const snmp_request_class& request, const snmp_question& asked,
                                    const wire::snmp_answer& a);

 private:
  struct key {
    std::uint32_t request = 0, odd = 0;
    std::size_t asked = 0;
    std::int64_t error_status = 0;
    std::bitset<wire::snmp_answer::most> missing;
    friend bool operator==(const key&, const key&) = default;
  };
  struct hash {
    std::size_t operator()(const key& k) const;
  };
  static constexpr std::size_t most = 4096;
  std::unordered_map<key, std::string, hash> made_;
};

}  // namespace changtong
