#include "daemon/core/target.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "daemon/core/json.h"

namespace changtong {

/** Where the id stands, or the free slot where it would. */
std::size_t inventory::slot_of(std::string_view id) const {
  const std::size_t last = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>{}(id)&last;
  while (slots_[at] != no_index && targets[slots_[at]].id != id) at = (at + 1) & last;
  return at;
}

void inventory::grow(std::size_t slots) {
  slots_.assign(std::bit_ceil(slots), no_index);
  for (target_index i = 0; i < targets.size(); ++i)
    if (target_index& place = slots_[slot_of(targets[i].id)]; place == no_index) place = i;
}

void inventory::reserve(std::size_t count) {
  targets.reserve(count);
  if (slots_.size() < 2 * count) grow(2 * count);
}

target& inventory::add(target what) {
  if (slots_.size() < 2 * (targets.size() + 1)) grow(4 * (targets.size() + 1));
  if (target_index& place = slots_[slot_of(what.id)]; place == no_index)
    place = static_cast<target_index>(targets.size());
  return targets.emplace_back(std::move(what));
}

target_index inventory::index_of(std::string_view id) const {
  return slots_.empty() ? target_index{no_index} : slots_[slot_of(id)];
}

const target* inventory::find(std::string_view id) const {
  const target_index at = index_of(id);
  return at == no_index ? nullptr : &targets[at];
}

std::string_view inventory::category_name(std::string_view id) const {
  for (const category& c : categories)
    if (c.id == id) return c.name;
  return id;
}

check_index leading_check(const inventory& inv, const target& t) {
  check_index lead = no_index;
  for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
    if (inv.checks[c].role != check_role::reach) continue;
    const auto key = [&](check_index i) { return std::pair(inv.checks[i].when.interval, inv.checks[i].kind); };
    if (lead == no_index || key(c) < key(lead)) lead = c;
  }
  return lead;
}

bool check::tells_up_time() const {
  return settings && std::ranges::any_of(settings->facts(),
                                         [](const fact_place& f) { return f.name == fact_name::up_time_centiseconds; });
}

bool in_subtree(const inventory& inv, target_index node, target_index ancestor) {
  for (target_index at = node; at != no_index; at = inv.targets[at].parent_index)
    if (at == ancestor) return true;
  return false;
}

std::vector<bool> have_children(const inventory& inv) {
  std::vector<bool> out(inv.targets.size());
  for (const target& t : inv.targets)
    if (t.parent_index != no_index) out[t.parent_index] = true;
  return out;
}

std::string to_json(const target& t, const inventory& inv) {
  json_object o;
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) o.add(key, value);
  };
  o.add("id", t.id);
  if (t.kind == target_kind::site) o.add("kind", "site");
  text("name", t.name);
  text("category", t.category);
  text("unit", t.unit);
  text("town", t.town);
  text("carrier", t.carrier);
  text("circuit", t.circuit);
  if (t.bandwidth_mbps > 0) o.add("bandwidth_mbps", t.bandwidth_mbps);
  std::string addresses;
  for (const ip_address& a : t.addresses) addresses += (addresses.empty() ? "" : " ") + to_string(a);
  text("address", addresses);
  text("url", t.url);
  text("parent", t.parent);
  if (t.accepted) o.add("accepted", ms_of(*t.accepted));
  if (t.closed) o.add("closed", ms_of(*t.closed));
  text("grade", t.grade);
  std::string specs;
  for (std::uint32_t i = 0; i < t.check_count; ++i)
    specs += (specs.empty() ? "" : " ") + inv.checks[t.first_check + i].spec;
  text("checks", specs);
  if (!t.witness) text("witness", "no");
  return o.text();
}

}  // namespace changtong
