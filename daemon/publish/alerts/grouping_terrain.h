#pragma once
/** What outages can have in common, by index of the inventory, so that a storm compares numbers and no strings. */
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/target.h"

namespace changtong::alerts::fold {

struct terrain {
  std::shared_ptr<const inventory> inv;
  std::vector<std::uint32_t> carrier, town;  ///< by target; 0: not stated, and then nobody shares it
  std::vector<std::uint32_t> below;          ///< by target: how many hang below it, at any depth
  std::uint32_t carriers = 1, towns = 1;     ///< numbers given, with 0

  [[nodiscard]] bool site(target_index t) const { return inv->targets[t].kind == target_kind::site; }
  [[nodiscard]] target_index parent(target_index t) const { return inv->targets[t].parent_index; }
  [[nodiscard]] const std::string& id(target_index t) const { return inv->targets[t].id; }
  /** no_index: there is none. */
  [[nodiscard]] target_index index(const std::string& id) const;
  /** Its scope has ended: nobody asks it any more, so nobody will say that it is well. */
  [[nodiscard]] bool closed(target_index t, wall_t now) const;
  /** When the next scope ends after `now`; wall_max: none does. Looks at all of them. */
  [[nodiscard]] wall_t next_closing(wall_t now) const;
};
[[nodiscard]] terrain survey(std::shared_ptr<const inventory> inv);

/** Ids separated by blanks, in order of the inventory. */
[[nodiscard]] std::string names(const terrain& land, std::vector<target_index> of);
/** The inverse; who is not in the inventory is left out. */
[[nodiscard]] std::vector<target_index> indices(const terrain& land, const std::string& names);

}  // namespace changtong::alerts::fold
