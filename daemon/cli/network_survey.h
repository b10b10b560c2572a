#pragma once
/** Devices' neighbour tables as `discover` and `check --live` read them: whom to ask with which community, and what
 * they said. Blocks, at most a minute for a device; Ctrl-C ends it within half a second, with what is
 * there. */
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/agent_survey.h"
#include "daemon/discover/parents.h"
#include "daemon/settings/settings.h"

namespace changtong {

class network_survey {
 public:
  network_survey(network_survey&&) = default;
  network_survey(const network_survey&) = delete;
  struct wishes {
    std::string credential;    ///< for whom the inventory has no snmp check; empty: the only one there is
    std::uint32_t port = 161;  ///< of those
    std::uint32_t timeout_ms = 1000;
  };
  /** `known` may be null: then the community is that of the environment's CHANGTONG_COMMUNITY, else `public`. */
  [[nodiscard]] static result<network_survey> prepare(const settings* known, const wishes& w);

  /** How a line of the inventory is asked by its own snmp check; empty: it has none. */
  [[nodiscard]] std::optional<agent_place> of_line(const target& t) const;
  /** By the line's own check where the address is in the inventory, else by the credential that was named; empty: there
   * is none. */
  [[nodiscard]] std::optional<agent_place> of_address(const ip_address& a) const;
  /** A line without an snmp check, by the credential that was named; empty: none was. */
  [[nodiscard]] std::optional<agent_place> by_wish(const ip_address& a) const;

  /** Each device once, in the order of `places`, as soon as it and those before it have been asked: what is taken need
   * not be kept here. */
  void ask(const std::vector<agent_place>& places,
           const std::function<void(std::size_t place, discover::asked_device device)>& take) const;
  [[nodiscard]] std::vector<discover::asked_device> ask(const std::vector<agent_place>& places) const;

 private:
  network_survey(const settings* known, const wishes& w);
  [[nodiscard]] const credential* named_in(const check& c) const;

  const settings* known_;
  wishes wishes_;
  const credential* named_ = nullptr;
  std::deque<credential> own_;                    ///< stay where they are
  std::map<ip_address, agent_place> by_address_;  ///< of the first line with it that has an snmp check
};

}  // namespace changtong
