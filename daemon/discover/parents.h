#pragma once
/** The inventory's parents against what the devices say of their neighbours. Pure.
 *
 * Two lines are linked if one of them lists the other in its LLDP table, by an address, a name or its chassis. A line
 * contradicts the inventory if it is linked to another line that is not below it, but not to its parent, although its
 * own tables or its parent's were read to the end. A second way beside the right one is no contradiction. What was not
 * read is said and never guessed. */
#include <map>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/target.h"
#include "daemon/discover/device_view.h"

namespace changtong::discover {

struct asked_device {
  device_view seen{};
  phrase trouble{};       ///< empty: all was read
  bool answered = false;  ///< otherwise `seen` is empty
};

struct parent_finding {
  enum class sort : std::uint8_t {
    agrees,         ///< LLDP shows the link to the parent, or the parent's ARP table has the line's address
    contradiction,  ///< it hangs elsewhere
    no_parent,      ///< the inventory says none, the network shows one
    not_known,      ///< nothing was seen, or not enough was read to say
  };
  target_index line = no_index;
  sort what = sort::not_known;
  phrase text;  ///< for `agrees` what shows it
};

/** One for each line with a parent, and for others that seem to have one; in order of the inventory. `asked` are those
 * that were asked at all. */
[[nodiscard]] std::vector<parent_finding> judge_parents(const inventory& inv,
                                                        const std::map<target_index, asked_device>& asked);

}  // namespace changtong::discover
