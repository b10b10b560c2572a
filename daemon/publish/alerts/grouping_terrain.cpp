#include "daemon/publish/alerts/grouping_terrain.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/core/life.h"

namespace changtong::alerts::fold {

namespace {

/** Numbers names as they come; the empty one is 0. */
class register_of_names {
 public:
  std::uint32_t number(std::string_view name) {
    if (name.empty()) return 0;
    const auto [at, is_new] = known_.try_emplace(name, next_);
    if (is_new) ++next_;
    return at->second;
  }
  [[nodiscard]] std::uint32_t given() const { return next_; }

 private:
  std::unordered_map<std::string_view, std::uint32_t> known_;
  std::uint32_t next_ = 1;
};

}  // namespace

target_index terrain::index(const std::string& id) const {
  const auto at = inv->index_of(id);
  return at == no_index ? no_index : at;
}

bool terrain::closed(target_index t, wall_t now) const { return life_of(inv->targets[t], now) == life::closed; }

wall_t terrain::next_closing(wall_t now) const {
  wall_t next = wall_max;
  for (const target& t : inv->targets)
    if (t.closed && *t.closed > now) next = std::min(next, *t.closed);
  return next;
}

terrain survey(std::shared_ptr<const inventory> inv) {
  terrain land{.inv = std::move(inv), .carrier = {}, .town = {}, .below = {}};
  const auto& targets = land.inv->targets;
  register_of_names carriers, towns;
  land.below.resize(targets.size());
  for (const target& t : targets) {
    land.carrier.push_back(carriers.number(t.carrier));
    land.town.push_back(towns.number(t.town));
    for (target_index p = t.parent_index; p != no_index; p = targets[p].parent_index) ++land.below[p];
  }
  land.carriers = carriers.given();
  land.towns = towns.given();
  return land;
}

std::string names(const terrain& land, std::vector<target_index> of) {
  std::sort(of.begin(), of.end());
  std::string out;
  for (const target_index t : of) {
    if (!out.empty()) out += ' ';
    out += land.id(t);
  }
  return out;
}

std::vector<target_index> indices(const terrain& land, const std::string& names) {
  std::vector<target_index> out;
  for (const std::string& id : ids_in(names))
    if (const target_index t = land.index(id); t != no_index) out.push_back(t);
  return out;
}

}  // namespace changtong::alerts::fold
