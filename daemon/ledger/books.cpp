#include "daemon/ledger/books.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace changtong::ledger {
namespace {

using availability::availability_row;
using availability::seconds;
using availability::target_history;

availability_row row_of(std::string key, std::string title, const seconds& sums, bool group) {
  return {std::move(key), std::move(title), sums, availability::compute(sums, group)};
}

std::vector<availability_row> by_line(const reader& from, period p, wall_t now) {
  std::vector<availability_row> rows;
  from.histories(p, now, {}, [&](const known_target& t, const target_history& h) {
    if (const seconds s = availability::measure(h, p); s.scope)
      rows.push_back(row_of(t.id, t.name.empty() ? t.id : t.name, s, false));
  });
  std::ranges::sort(rows, {}, &availability_row::key);
  return rows;
}

/** The groups that a target belonged to in `p`, one stretch for as long as that did not change: an outage over another
 * change of its row counts once. */
std::vector<std::pair<std::string, period>> in_groups(const known_target& t, period p, grouping by) {
  std::vector<std::pair<std::string, period>> stretches;
  each_stretch(t, p, [&](const target_words& words, period own) {
    auto key = group_of(t, words, by);
    if (!key) return;
    if (!stretches.empty() && stretches.back().first == *key && stretches.back().second.to == own.from)
      stretches.back().second.to = own.to;
    else
      stretches.emplace_back(std::move(*key), own);
  });
  return stretches;
}

std::vector<availability_row> by_group(const reader& from, period p, wall_t now, grouping by) {
  std::map<std::string, seconds> sums;
  from.histories(p, now, {}, [&](const known_target& t, const target_history& h) {
    for (const auto& [key, own] : in_groups(t, p, by))
      if (const seconds s = availability::measure(h, own); s.scope) sums[key] += s;
  });
  std::vector<availability_row> rows;
  if (by == grouping::category) {
    for (const auto& [id, name] : from.categories())
      if (auto found = sums.extract(id)) rows.push_back(row_of(id, name, found.mapped(), true));
  }
  for (const auto& [key, s] : sums) rows.push_back(row_of(key, key.empty() ? "（未填写）" : key, s, true));
  return rows;
}

std::vector<availability_row> by_time(const reader& from, period p, wall_t now, civil_zone::unit u) {
  const std::vector<period> buckets = from.zone().split({p.from, std::min(p.to, now)}, u);
  std::vector<seconds> sums(buckets.size());
  from.histories(p, now, {}, [&](const known_target&, const target_history& h) {
    for (std::size_t i = 0; i < buckets.size(); ++i)
      if (const seconds s = availability::measure(h, buckets[i]); s.scope) sums[i] += s;
  });
  std::vector<availability_row> rows;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (!sums[i].scope) continue;
    const std::string key = from.zone().key(buckets[i].from, u);
    rows.push_back(row_of(key, key, sums[i], true));
  }
  return rows;
}

}  // namespace

std::optional<std::string> group_of(const known_target& t, const target_words& words, grouping by) {
  const bool site = t.kind == "site";
  if (by == grouping::category) return site ? "website" : words.category;
  const std::string& key = by == grouping::carrier ? words.carrier : words.town;
  if (site && key.empty()) return std::nullopt;
  return key;
}

void each_stretch(const known_target& t, period p, const std::function<void(const target_words&, period)>& tell) {
  if (t.versions.empty()) return tell(t, p);
  for (std::size_t i = 0; i < t.versions.size(); ++i) {
    const wall_t from = i == 0 ? wall_min : t.versions[i].first;
    const wall_t to = i + 1 == t.versions.size() ? wall_max : t.versions[i + 1].first;
    if (const period own = intersect({from, to}, p); !own.empty()) tell(t.versions[i].second, own);
  }
}

result<grouping> grouping_named(std::string_view name) {
  if (name == "line") return grouping::line;
  if (name == "category") return grouping::category;
  if (name == "carrier") return grouping::carrier;
  if (name == "town") return grouping::town;
  if (name == "day") return grouping::day;
  if (name == "month") return grouping::month;
  return problem{"分组只能是 line、category、carrier、town、day、month / unknown grouping: " + std::string(name)};
}

std::vector<availability_row> books(const reader& from, period p, wall_t now, grouping by) {
  switch (by) {
    case grouping::line:
      return by_line(from, p, now);
    case grouping::day:
      return by_time(from, p, now, civil_zone::unit::day);
    case grouping::month:
      return by_time(from, p, now, civil_zone::unit::month);
    default:
      return by_group(from, p, now, by);
  }
}

}  // namespace changtong::ledger
