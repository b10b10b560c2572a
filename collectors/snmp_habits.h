#pragma once
/** What agents were found not to be able to, so that they are asked for what they can: answers that do not fit (tooBig)
 * and counters of 64 bits. Only odd agents take a place here, and a restart of theirs (core/up_time.h) is a new
 * beginning. Forgotten with the process. Probe thread only. */
#include <cstdint>
#include <unordered_map>

#include "collectors/net/flights.h"
#include "collectors/snmp_question.h"

namespace changtong {

class snmp_habits {
 public:
  /** How to ask; the whole question of whom nothing is known. */
  [[nodiscard]] snmp_form form_for(const ip_address& to, std::uint16_t port, std::uint32_t request) const {
    if (known_.empty()) return {};
    const auto found = known_.find({to, port, request});
    return found == known_.end() ? snmp_form{} : found->second.form;
  }
  /** Takes in what the answer to a question of `form` about `interfaces` says of them. */
  void learn(const net::flight& f, std::uint32_t request, std::size_t interfaces, const wire::snmp_answer& a,
             std::size_t asked);

 private:
  struct agent {
    ip_address at;
    std::uint16_t port = 0;
    std::uint32_t request = 0;  ///< snmp_request_class::number
    friend bool operator==(const agent&, const agent&) = default;
  };
  struct hash {
    std::size_t operator()(const agent& a) const;
  };
  struct habit {
    snmp_form form;
    bool has_no_octets = false;  ///< neither of 64 nor of 32 bits
    std::uint64_t up_time = 0;
    mono_t up_time_at{};  ///< when that was asked for; 0: never
  };
  static constexpr std::size_t most = 1U << 17U;  ///< then all is learnt anew

  [[nodiscard]] habit* begun_anew(const agent& who, const net::flight& f, const wire::snmp_answer& a);
  habit& of(const agent& who);
  std::unordered_map<agent, habit, hash> known_;
};

}  // namespace changtong
