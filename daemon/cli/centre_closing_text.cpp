#include "daemon/cli/centre_closing_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/plain_text.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

using availability::seconds;

constexpr std::size_t shown_rows = 20;

std::string pair_of(const centre_file& s, const std::string& node) {
  const auto at = std::ranges::find(s.nodes, node, &centre_node::name);
  return at == s.nodes.end() ? std::string() : at->pair;
}

/** Neither it nor the other one of its pair. */
bool is_behind(const centre::month_closed& c, const centre_file& s, const centre::known_node& n) {
  const auto to_the_end = [&c](const centre::known_node& one) { return one.as_of && *one.as_of >= c.when.to; };
  const std::string pair = pair_of(s, n.node);
  return !to_the_end(n) && (pair.empty() || std::ranges::none_of(c.nodes, [&](const centre::known_node& other) {
                              return pair_of(s, other.node) == pair && to_the_end(other);
                            }));
}

/** What a row was before: as it is, but for what is told to differ. */
void set_before(seconds& of, const entries::difference& d) {
  for (const auto& [field, member] : entries::closed_lengths)
    if (field == d.field) of.*member = milliseconds{d.before};
  for (const auto& [field, member] : entries::closed_counts)
    if (field == d.field) of.*member = d.before;
}

/** `西城 教育`, of what is there. */
std::string words_of_place(const centre::closed_row& r) {
  std::string out;
  for (const std::string* part : {&r.province, &r.city, &r.district, r.name.empty() ? &r.category : &r.name})
    if (!part->empty()) out += (out.empty() ? "" : " ") + *part;
  return out;
}

std::string changes_text(const centre::month_closed& c) {
  std::map<std::string, std::vector<const entries::difference*>> by_key;
  for (const entries::difference& d : c.changes) by_key[d.key].push_back(&d);
  std::string out = fmt::format("  与上一版的差异 / differences from the version before: {}\n",
                                c.changes.size() + static_cast<std::size_t>(c.more));
  std::size_t shown = 0;
  for (const auto& [key, changes] : by_key) {
    if (++shown > shown_rows) break;
    const auto row = std::ranges::find_if(c.figures, [&of = key](const centre::closed_row& r) {
      return fmt::format("{}/{}/{}/{}", r.province, r.city, r.district, r.category) == of;
    });
    const seconds after = row == c.figures.end() ? seconds{} : row->sums;
    seconds before = after;
    for (const entries::difference* d : changes) set_before(before, *d);
    out += fmt::format("    {}：畅通率 {} → {}，未观测 {} → {} / availability, unobserved\n",
                       as_seen(row == c.figures.end() ? key : words_of_place(*row)),
                       availability::chinese_ratio(before), availability::chinese_ratio(after),
                       reading::duration_text(before.unknown), reading::duration_text(after.unknown));
  }
  if (by_key.size() > shown_rows || c.more > 0)
    out += fmt::format("    … 全部：changtong centre closings {} {} --format json / for all of them\n",
                       option_of_closed(c.month), c.month);
  return out;
}

}  // namespace

std::string_view option_of_closed(std::string_view name) {
  if (name.find('Q') != std::string_view::npos) return "--quarter";
  return name.find('-') == std::string_view::npos ? "--year" : "--month";
}

std::string closing_text(const centre::month_closed& c, const centre_file& s) {
  std::string out = fmt::format("{} 结账第 {} 版，经办人 {} / closed, version {}, by {}\n", c.month, c.version,
                                as_seen(c.author), c.version, as_seen(c.author));
  if (!c.reason.empty()) out += fmt::format("  原因 / reason: {}\n", as_seen(c.reason));
  for (const centre::known_node& n : c.nodes)
    if (is_behind(c, s, n))
      out += fmt::format("  {} 的账没有到期末，{}是未知 / not known to its end: {}\n", as_seen(n.node),
                         n.as_of ? s.zone.format_short(*n.as_of) + " 以后" : "全部",
                         n.as_of ? s.zone.format_short(*n.as_of) : "none");
  return c.version == 1 ? out : out + changes_text(c);
}

}  // namespace changtong
