#include "daemon/run/settings_journal.h"

namespace changtong {

std::vector<record> journal_settings(const settings& s, wall_t at, std::string_view author, std::string_view old_zone,
                                     std::string_view old_policy, const target_versions& known) {
  std::vector<record> out;
  const std::string policy = policy_json(s);
  if (policy != old_policy || s.zone.name() != old_zone)
    out.emplace_back(policy_version{.at = at, .zone = s.zone.name(), .policy = policy, .author = std::string(author)});
  for (const target& t : s.targets->targets) {
    if (t.kind == target_kind::anchor) continue;
    std::string json = to_json(t, *s.targets);
    if (const auto was = known.find(t.id); was != known.end() && was->second == json) continue;
    out.emplace_back(
        inventory_version{.at = at, .target = t.id, .json = std::move(json), .author = std::string(author)});
  }
  for (const auto& [id, json] : known)
    if (!json.empty() && s.targets->find(id) == nullptr)
      out.emplace_back(inventory_version{.at = at, .target = id, .json = {}, .author = std::string(author)});
  return out;
}

target_versions versions_of(const settings& s) {
  target_versions all;
  for (const target& t : s.targets->targets)
    if (t.kind != target_kind::anchor) all[t.id] = to_json(t, *s.targets);
  return all;
}

}  // namespace changtong
