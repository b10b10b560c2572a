#pragma once
/** The v3 side of the demo's agents: a third of the lines has one user, authPriv by SHA-256 and AES, and an engine of
 * its own, whose time is the agent's. One thread. */
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/net/usm.h"
#include "daemon/simulate/agent.h"

namespace changtong::simulate {

inline constexpr std::string_view secured_user = "demo";

/** Whether a line's agent is asked by v3, and answers nothing else. */
[[nodiscard]] bool is_secured(const district_line& line, std::size_t number);

class secured_agents {
 public:
  /** `password` signs and hides; at least 8 bytes. */
  explicit secured_agents(std::string_view password);
  /** As answer_datagram: the response or the Report to a datagram; 0 bytes where a real agent is silent too. */
  [[nodiscard]] std::size_t answer(const agent& who, std::span<const std::uint8_t> datagram, milliseconds running,
                                   std::span<std::uint8_t, most_response_bytes> out);

 private:
  struct reply;
  [[nodiscard]] std::size_t seal(const reply& how, wire::bytes pdu, std::span<std::uint8_t> out);
  [[nodiscard]] std::size_t report(const reply& how, std::uint8_t stat, std::span<std::uint8_t> out);
  net::usm_user_keys user_;
  net::usm usm_;
  std::vector<std::uint8_t> question_;
};

}  // namespace changtong::simulate
