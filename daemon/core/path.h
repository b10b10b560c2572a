#pragma once
/** A path through the network as it is seen from here: the routers on the way to an address, in order. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"

namespace changtong {

/** Who answered for one step; empty: nobody did, which proves nothing where nobody usually does. */
using hop = std::optional<ip_address>;

/** What a trace saw. */
struct seen_path {
  std::vector<hop> hops;  ///< without the address itself; ends with the last hop that answered, or is empty
  bool reached = false;   ///< the address itself answered; then the hops are all of them, silent ones too
  friend bool operator==(const seen_path&, const seen_path&) = default;
};

/** "10.0.0.1 * 10.0.2.1", as the journal keeps it. */
[[nodiscard]] std::string to_text(const std::vector<hop>& hops);
/** Its inverse; empty for a text that is none. */
[[nodiscard]] std::optional<std::vector<hop>> hops_in(std::string_view text);

}  // namespace changtong
