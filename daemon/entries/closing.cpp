#include "daemon/entries/closing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/books/books.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"

namespace changtong::entries {
namespace {

using availability::availability_row;
using availability::seconds;

constexpr std::size_t most_differences = 2000;  // an entry stays below about a megabyte; the rest is counted

struct figure {
  std::string_view name;
  std::int64_t value;
};

std::vector<figure> figures_of(const seconds& s) {
  std::vector<figure> out;
  for (const auto& [name, member] : closed_lengths) out.push_back({name, (s.*member).count()});
  for (const auto& [name, member] : closed_counts) out.push_back({name, s.*member});
  return out;
}

std::string list_of(const std::vector<availability_row>& rows) {
  std::string text = "[";
  for (const availability_row& r : rows) text += (text.size() > 1 ? "," : "") + sums_json(r);
  return text + "]";
}

std::string changes_json(const std::vector<difference>& all) {
  std::string text = "[";
  for (std::size_t i = 0; i < std::min(all.size(), most_differences); ++i) {
    json_object o;
    o.add("key", all[i].key).add("field", all[i].field).add("before", all[i].before).add("after", all[i].after);
    text += (i > 0 ? "," : "") + o.text();
  }
  if (all.size() > most_differences)
    text += "," + json_object().add("more", static_cast<std::int64_t>(all.size() - most_differences)).text();
  return text + "]";
}

std::int64_t versions_of(const ledger::reader& from, period when) {
  return std::ranges::count_if(from.closings(), [&](const period_closed& c) { return c.when == when; });
}

}  // namespace

std::string sums_json(const availability_row& row) {
  json_object o;
  o.add("key", row.key);
  for (const figure& f : figures_of(row.sums)) o.add(f.name, f.value);
  return o.text();
}

std::string sheet_digest(const std::vector<availability_row>& rows) {
  std::string text;
  for (const availability_row& r : rows) text += sums_json(r) + "\n";
  return host::hex(host::bytes_of(host::sha256_of(text)));
}

std::vector<difference> differences(const std::vector<availability_row>& before,
                                    const std::vector<availability_row>& after) {
  std::map<std::string, std::pair<seconds, seconds>> both;
  for (const availability_row& r : before) both[r.key].first = r.sums;
  for (const availability_row& r : after) both[r.key].second = r.sums;
  std::vector<difference> all;
  for (const auto& [key, sums] : both) {
    const auto was = figures_of(sums.first), is = figures_of(sums.second);
    for (std::size_t i = 0; i < was.size(); ++i)
      if (was[i].value != is[i].value) all.push_back({key, std::string(was[i].name), was[i].value, is[i].value});
  }
  return all;
}

result<period_closed> closing_of(const ledger::reader& as_closed, const ledger::reader& as_now,
                                 const closing_request& request, wall_t at) {
  if (request.when.empty()) return said({"要结账的期间是空的", "the period to close is empty"});
  if (request.author.empty()) return said({"结账须写明经办人", "a closing needs an author"});
  if (as_now.heartbeat() < request.when.to)
    return said(both("观测尚未越过期末（心跳 {}），不能结账",
                     "observation has not passed the period's end yet (heartbeat {})",
                     as_now.zone().format_short(as_now.heartbeat())));
  const auto lines = books::books(as_now, request.when, wall_max, books::grouping::line);
  if (lines.empty()) return said({"该期间没有任何线路在账", "no line is in scope in this period"});
  period_closed c;
  c.at = at;
  c.when = request.when;
  c.version = versions_of(as_now, request.when) + 1;
  c.author = request.author;
  c.reason = request.reason;
  c.changes = "[]";
  if (c.version > 1) {
    const auto changed = differences(books::books(as_closed, request.when, wall_max, books::grouping::line), lines);
    if (changed.empty())
      return said({"与上一版相比没有任何变化，无需重新结账", "nothing differs from the version before"});
    if (request.reason.empty()) return said({"重新结账须写明原因", "closing anew needs a reason"});
    c.changes = changes_json(changed);
  }
  c.figures = list_of(books::books(as_now, request.when, wall_max, books::grouping::category));
  c.sheet = sheet_digest(lines);
  return c;
}

std::vector<std::string> closings_that_disagree(const ledger::reader& as_closed) {
  std::map<period, period_closed> newest;
  const auto all = as_closed.closings();
  for (const period_closed& c : all) newest[c.when] = c;
  std::vector<std::string> wrong;
  for (const auto& [when, c] : newest) {
    const bool overlaid = std::ranges::any_of(
        all, [&](const period_closed& o) { return o.at > c.at && o.when != when && !intersect(o.when, when).empty(); });
    if (overlaid) continue;  // a later closing of a part of it governs there
    if (sheet_digest(books::books(as_closed, when, wall_max, books::grouping::line)) == c.sheet) continue;
    const civil_zone& zone = as_closed.zone();
    wrong.push_back(fmt::format(
        "{} 至 {} 的结账（第 {} 版）与账目不符 / the closing of {} to {} (version {}) disagrees with the books",
        zone.format_short(when.from), zone.format_short(when.to), c.version, zone.format_short(when.from),
        zone.format_short(when.to), c.version));
  }
  return wrong;
}

}  // namespace changtong::entries
