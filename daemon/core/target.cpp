#include "daemon/core/target.h"

#include <utility>

#include "daemon/core/json.h"

namespace changtong {

const target* inventory::find(std::string_view id) const {
  const auto it = by_id.find(std::string(id));
  return it == by_id.end() ? nullptr : &targets[it->second];
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

bool in_subtree(const inventory& inv, target_index node, target_index ancestor) {
  for (target_index at = node; at != no_index; at = inv.targets[at].parent_index)
    if (at == ancestor) return true;
  return false;
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
