#include "daemon/centre/closings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/centre/one_state.h"
#include "daemon/centre/own_journal.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"

namespace changtong::centre {
namespace {

constexpr std::size_t most_versions = 20;        // of a period that are looked at
constexpr std::size_t most_differences = 2'000;  // as of a node's closing: the rest is counted
constexpr milliseconds decided_late{3'600'000};  // what began before an end has its label by then

using availability::availability_row;

/** How bodies of closings of a period begin. */
std::string beginning_of(std::string_view month) {
  if (month.empty()) return {};
  std::string text = json_object().add("month", month).text();
  text.back() = ',';
  return text;
}

constexpr std::size_t longest_name = std::string_view("2026-Q3").size();

/** Of a body that is none, or of another version. */
std::string month_in(std::string_view body) {
  constexpr std::string_view before = R"({"month":")";
  if (!body.starts_with(before)) return {};
  const std::string_view rest = body.substr(before.size());
  const std::string_view name = rest.substr(0, rest.substr(0, longest_name + 1).find('"'));
  return name.size() <= longest_name && rest.substr(name.size()).starts_with("\",") ? std::string(name) : std::string();
}

told_closing told(const ledger::shipped_entry& e) {
  told_closing out{.seq = e.seq, .hash = e.hash, .what = {}};
  auto read = decode(e);
  if (read) {
    out.what = std::get<month_closed>(std::move(*read));
    return out;
  }
  out.what.at = e.at;
  out.what.month = month_in(e.body);
  out.unread = words_of(read.error());
  return out;
}

std::vector<availability_row> keyed(std::span<const closed_row> rows) {
  std::vector<availability_row> out;
  for (const closed_row& r : rows)
    out.push_back({.key = fmt::format("{}/{}/{}/{}", r.province, r.city, r.district, r.category),
                   .title = {},
                   .sums = r.sums,
                   .values = {}});
  return out;
}

result<period> period_of(const closing_wanted& w, wall_t now) {
  const auto when = w.zone.parse_period(w.month);
  if (!when || closed_name(w.zone, *when) != w.month)
    return said(both("应为一个月、季度或年，如 2026-10、2026-Q3、2026，而不是 {}",
                     "a month, quarter or year is wanted, as 2026-10, 2026-Q3, 2026, not {}", as_seen(w.month)),
                problem_class::usage);
  if (when->to > now)
    return said(both("{} 还没有过完，不能结账", "{} is not over yet and cannot be closed", w.month), problem_class::no);
  return *when;
}

/** Entries that are not folded and were decided before then: those of a busy centre come all the time, but say nothing
 * of what was long before them, or say it as late as any that are not shipped yet. */
result<bool> speaks_before(database& db, const folded_head& h, wall_t end) {
  const auto row = db.ask(fmt::format(
      "SELECT EXISTS (SELECT 1 FROM journal WHERE node = {} AND branch = {} AND seq > {} AND seq <= {} AND at < {})",
      h.number, h.branch, h.folded, h.entries, ms_of(end)));
  if (!row) return row.error();
  return row->front().front().front() == "t";
}

/** What is here has to be in the figures, also of a node that has not shipped the period's end: once folded it would
 * differ from what was closed. The node of which it is not; none: all is. */
result<std::optional<std::string>> being_folded(database& db, std::span<const asked_node> nodes, period when) {
  for (const asked_node& n : nodes)
    for (const folded_head* h : n.heads()) {
      if (h->stuck || h->retired) continue;
      if (h->folded_to < std::min(h->heartbeat, when.to)) return std::optional(h->node);
      if (h->folded == h->entries) continue;
      const auto speaks = speaks_before(db, *h, when.to + decided_late);
      if (!speaks) return speaks.error();
      if (*speaks) return std::optional(h->node);
    }
  return std::optional<std::string>();
}

std::vector<known_node> known_of(std::span<const asked_node> nodes) {
  std::vector<known_node> out;
  for (const asked_node& n : nodes)
    for (const folded_head* h : n.heads())
      out.push_back({.node = h->node,
                     .branch = h->branch,
                     .entries = h->folded,
                     .as_of = h->folded_to == wall_t{} ? std::nullopt : std::optional(h->folded_to)});
  return out;
}

/** Of one state of the books; the node that is being folded, if one is: then nothing was added. */
result<std::optional<std::string>> add_figures(database& db, month_closed& c, const closing_wanted& w) {
  const one_state held(db);
  auto heads = folded_heads(db);
  if (!heads) return heads.error();
  const auto nodes = w.nodes(std::move(*heads));
  auto folding = being_folded(db, nodes, c.when);
  if (!folding || *folding) return folding;
  c.figures = rows_of(
      figures(db, nodes, {.when = c.when, .now = c.at, .zone = w.zone, .by = {closed_by.begin(), closed_by.end()}}));
  c.nodes = known_of(nodes);
  if (c.figures.empty()) return said({"该期间没有任何线路在账", "no line is in scope in it"}, problem_class::no);
  return std::optional<std::string>();
}

result<void> add_figures_at_last(database& db, month_closed& c, const closing_wanted& w) {
  while (true) {
    const auto folding = add_figures(db, c, w);
    if (!folding) return folding.error();
    if (!*folding) return {};
    if (!w.waits || !w.waits(**folding))
      return said(both("{} 的账已到，还在折算：请稍后再结账", "the journal of {} is here and being folded: close later",
                       as_seen(**folding)),
                  problem_class::no);
  }
}

/** Latest first; mostly only the newest, for each may be megabytes. */
result<std::vector<told_closing>> versions(database& db, std::string_view month) {
  auto newest = closings(db, month, 1);
  if (!newest || newest->empty() || newest->front().unread.en.empty()) return newest;
  return closings(db, month, most_versions);
}

/** `before`: latest first. One that cannot be read counts as one more than those before it. */
std::int64_t next_version(const std::vector<told_closing>& before) {
  std::int64_t next = 1;
  for (auto it = before.rbegin(); it != before.rend(); ++it)
    next = it->unread.en.empty() ? it->what.version + 1 : next + 1;
  return next;
}

/** `before`: latest first. */
result<void> add_changes(month_closed& c, const std::vector<told_closing>& before) {
  const auto last = std::ranges::find_if(before, [](const told_closing& t) { return t.unread.en.empty(); });
  auto changed =
      last == before.end() ? std::vector<entries::difference>{} : what_differs(last->what.figures, c.figures);
  if (changed.empty() && last == before.begin())
    return said({"与上一版相比没有任何变化，无需重新结账", "nothing differs from the version before"},
                problem_class::no);
  if (c.reason.empty()) return said({"重新结账须写明原因", "closing anew needs a reason"}, problem_class::no);
  if (changed.size() > most_differences) {
    c.more = static_cast<std::int64_t>(changed.size() - most_differences);
    changed.resize(most_differences);
  }
  c.changes = std::move(changed);
  return {};
}

}  // namespace

std::string closed_name(const civil_zone& zone, period when) {
  for (const auto unit : {civil_zone::unit::month, civil_zone::unit::year})
    if (zone.around(when.from, unit) == when) return zone.key(when.from, unit);
  for (int quarter = 1; quarter <= 4; ++quarter) {
    std::string name = fmt::format("{}-Q{}", zone.key(when.from, civil_zone::unit::year), quarter);
    if (const auto one = zone.parse_period(name); one && *one == when) return name;
  }
  return {};
}

result<std::vector<told_closing>> closings(database& db, std::string_view month, std::size_t most) {
  std::vector<told_closing> out;
  const auto found = newest_own(db, closed_kind, beginning_of(month), static_cast<std::int64_t>(most));
  if (!found) return found.error();
  for (const ledger::shipped_entry& e : *found) out.push_back(told(e));
  return out;
}

result<std::optional<told_closing>> newest_closing(database& db, std::string_view month) {
  auto found = closings(db, month, 1);
  if (!found) return found.error();
  if (found->empty()) return std::optional<told_closing>{};
  return std::optional(std::move(found->front()));
}

std::vector<closed_row> rows_of(std::span<const figure_row> figures) {
  std::vector<closed_row> out;
  for (const figure_row& row : figures) {
    const auto member = [&row](std::string_view name) {
      const auto at = std::ranges::find(row.of, name, &group_members::value_type::first);
      return at == row.of.end() ? std::string() : at->second;
    };
    out.push_back({.province = member("province"),
                   .city = member("city"),
                   .district = member("district"),
                   .category = member("category"),
                   .name = row.what.title,
                   .sums = row.what.sums});
  }
  return out;
}

std::vector<entries::difference> what_differs(std::span<const closed_row> before, std::span<const closed_row> after) {
  return entries::differences(keyed(before), keyed(after));
}

result<month_closed> close_month(database& db, const closing_wanted& w, wall_t now) try {
  const auto when = period_of(w, now);
  if (!when) return when.error();
  if (w.author.empty()) return said({"结账须写明经办人", "a closing needs an author"}, problem_class::usage);
  month_closed c{.at = now,
                 .month = w.month,
                 .zone = w.zone.name(),
                 .when = *when,
                 .author = w.author,
                 .reason = w.reason,
                 .figures = {},
                 .nodes = {},
                 .changes = {}};
  if (const auto fit = check_words(c); !fit) return fit.error();  // before it waits for what is being folded
  if (const auto known = add_figures_at_last(db, c, w); !known) return known.error();
  return written(db, [&]() -> result<month_closed> {
    if (const auto held = hold_own(db); !held) return held.error();
    const auto before = versions(db, w.month);
    if (!before) return before.error();
    c.version = next_version(*before);
    if (!before->empty())
      if (const auto fine = add_changes(c, *before); !fine) return fine.error();
    const auto added = add_own(db, c);
    if (!added) return added.error();
    return c;
  });
} catch (const std::exception& e) {
  return said(words_of(e));
}

bool groups_closed(std::span<const grouping> by) {
  return std::ranges::all_of(by, [](grouping one) {
    return one == grouping::province || one == grouping::city || one == grouping::district || one == grouping::category;
  });
}

namespace {

/** Categories as figures() orders them: each district of a closing has those that it has in that order, and no first
 * one has all. Where no district says which of two comes first, as they appear. */
std::map<std::string, std::size_t> category_ranks(std::span<const closed_row> rows) {
  std::vector<std::string> left;
  std::set<std::pair<std::string, std::string>> before;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::ranges::find(left, rows[i].category) == left.end()) left.push_back(rows[i].category);
    const auto place = [&](std::size_t at) { return std::tie(rows[at].province, rows[at].city, rows[at].district); };
    if (i > 0 && place(i - 1) == place(i)) before.emplace(rows[i - 1].category, rows[i].category);
  }
  std::map<std::string, std::size_t> ranks;
  while (!left.empty()) {
    auto next = std::ranges::find_if(left, [&](const std::string& one) {
      return std::ranges::none_of(left, [&](const std::string& other) { return before.contains({other, one}); });
    });
    if (next == left.end()) next = left.begin();  // rows that contradict each other
    ranks.try_emplace(*next, ranks.size());
    left.erase(next);
  }
  return ranks;
}

}  // namespace

std::vector<figure_row> grouped(std::span<const closed_row> rows, std::span<const grouping> by) {
  const auto members_of = [&](const closed_row& r) {
    group_members of;
    const auto add = [&of](std::string_view name, const std::string& value) {
      if (std::ranges::find(of, name, &group_members::value_type::first) == of.end()) of.emplace_back(name, value);
    };
    for (const grouping one : by) {
      if (one == grouping::category) {
        add("category", r.category);
        continue;
      }
      add("province", r.province);
      if (one >= grouping::city) add("city", r.city);
      if (one >= grouping::district) add("district", r.district);
    }
    return of;
  };
  std::map<group_members, std::size_t> places;
  const std::map<std::string, std::size_t> ranks = category_ranks(rows);
  std::vector<figure_row> out;
  for (const closed_row& r : rows) {
    const group_members of = members_of(r);
    const auto [at, fresh] = places.try_emplace(of, out.size());
    if (fresh) {
      const auto& [name, key] = of.back();
      out.push_back({of, {key, name == "category" ? r.name : key, {}, {}}});
    }
    out[at->second].what.sums += r.sums;
  }
  for (figure_row& row : out) row.what.values = availability::compute(row.what.sums, true);
  std::ranges::sort(out, [&ranks](const figure_row& a, const figure_row& b) {
    for (std::size_t i = 0; i < a.of.size(); ++i) {
      const auto& [name, mine] = a.of[i];
      const std::string& other = b.of[i].second;
      if (mine != other) return name == "category" ? ranks.at(mine) < ranks.at(other) : mine < other;
    }
    return false;
  });
  return out;
}

}  // namespace changtong::centre
