#include "daemon/books/books.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "daemon/core/phrase.h"

namespace changtong::books {
namespace {

using availability::availability_row;
using availability::seconds;
using availability::target_history;

availability_row row_of(std::string key, std::string title, const seconds& sums, bool group) {
  return {std::move(key), std::move(title), sums, availability::compute(sums, group)};
}

std::vector<availability_row> by_line(const ledger::reader& from, period p, wall_t now) {
  std::vector<availability_row> rows;
  from.histories(p, now, {}, [&](const ledger::known_target& t, const target_history& h) {
    if (const seconds s = availability::measure(h, p); s.scope)
      rows.push_back(row_of(t.id, t.name.empty() ? t.id : t.name, s, false));
  });
  std::ranges::sort(rows, {}, &availability_row::key);
  return rows;
}

std::vector<availability_row> by_group(const ledger::reader& from, period p, wall_t now, grouping by) {
  std::map<std::string, seconds> sums;
  from.histories(p, now, {}, [&](const ledger::known_target& t, const target_history& h) {
    for (const auto& [words, own] : stretches(t, p, by))
      if (const seconds s = availability::measure(h, own); s.scope) sums[*group_of(t, *words, by)] += s;
  });
  std::vector<availability_row> rows;
  if (by == grouping::category) {
    for (const auto& [id, name] : from.categories())
      if (auto found = sums.extract(id)) rows.push_back(row_of(id, name, found.mapped(), true));
  }
  for (const auto& [key, s] : sums) rows.push_back(row_of(key, key.empty() ? "（未填写）" : key, s, true));
  return rows;
}

std::vector<availability_row> by_time(const ledger::reader& from, period p, wall_t now, civil_zone::unit u) {
  const std::vector<period> buckets = from.zone().split({p.from, std::min(p.to, now)}, u);
  std::vector<seconds> sums(buckets.size());
  from.histories(p, now, {}, [&](const ledger::known_target&, const target_history& h) {
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

std::optional<std::string> group_of(const ledger::known_target& t, const ledger::target_words& words, grouping by) {
  const bool site = t.kind == "site";
  if (by == grouping::category) return site ? "website" : words.category;
  const std::string& key = by == grouping::carrier ? words.carrier : words.town;
  if (site && key.empty()) return std::nullopt;
  return key;
}

std::vector<word_stretch> stretches(
    const ledger::known_target& t, period p,
    const std::function<bool(const ledger::target_words&, const ledger::target_words&)>& same) {
  if (t.versions.empty()) return {{&t, p}};
  std::vector<word_stretch> all;
  for (std::size_t i = 0; i < t.versions.size(); ++i) {
    const wall_t from = i == 0 ? wall_min : t.versions[i].first;
    const wall_t to = i + 1 == t.versions.size() ? wall_max : t.versions[i + 1].first;
    const period own = intersect({from, to}, p);
    if (own.empty()) continue;
    const ledger::target_words& words = t.versions[i].second;
    if (!all.empty() && same(*all.back().words, words))
      all.back() = {&words, {all.back().when.from, own.to}};
    else
      all.push_back({&words, own});
  }
  return all;
}

std::vector<word_stretch> stretches(const ledger::known_target& t, period p, grouping by) {
  auto all = stretches(t, p, [&](const ledger::target_words& a, const ledger::target_words& b) {
    return group_of(t, a, by) == group_of(t, b, by);
  });
  std::erase_if(all, [&](const word_stretch& s) { return !group_of(t, *s.words, by); });
  return all;
}

result<grouping> grouping_named(std::string_view name) {
  if (name == "line") return grouping::line;
  if (name == "category") return grouping::category;
  if (name == "carrier") return grouping::carrier;
  if (name == "town") return grouping::town;
  if (name == "day") return grouping::day;
  if (name == "month") return grouping::month;
  return said(both("没有分组 {}，只有 line、category、carrier、town、day、month", "unknown grouping: {}", name),
              problem_class::usage);
}

std::vector<availability_row> books(const ledger::reader& from, period p, wall_t now, grouping by) {
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

}  // namespace changtong::books
