// What all measured figures share: who is selected, whether enough was observed, what was excluded and by whom.
#include "daemon/evaluate/measured.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/availability/intervals.h"
#include "daemon/books/operation_days.h"
#include "daemon/core/clock_text.h"
#include "daemon/core/command.h"
#include "daemon/core/ids_of_node.h"

namespace changtong::evaluate {

using plans::figure;

namespace {

std::unordered_map<std::string, std::vector<approved_window>> approved_windows(const ledger::reader& books) {
  std::unordered_map<std::string, std::vector<approved_window>> out;
  std::size_t place = 0;
  for (ledger::window_entry& e : books.windows()) {
    window_record& w = e.what;
    ++place;
    if (w.state != window_state::approved) continue;
    if (w.via == via_file) w.by += "（" + w.via + "）";
    out[w.target].push_back({place, {w.from, w.to}, std::move(w.id), std::move(w.by)});
  }
  return out;
}

/** The last one that meets `cut`, of the line itself or of all of its node. */
const approved_window* window_of(const books_view& view, const std::string& line, period cut) {
  const approved_window* last = nullptr;
  const std::string all = std::string(prefix_in(line)).append(every_target);
  for (const std::string& target : {line, all}) {
    const auto of_it = view.windows.find(target);
    if (of_it == view.windows.end()) continue;
    for (const approved_window& w : of_it->second)
      if (!intersect(w.when, cut).empty() && (last == nullptr || w.place > last->place)) last = &w;
  }
  return last;
}

}  // namespace

wall_t known_to(const books_view& v) { return v.when.whole ? std::max(v.when.now, v.books->heartbeat()) : v.when.now; }

const node_policies* node_of(const books_view& v, std::string_view id) {
  const auto at = std::ranges::find(v.nodes, prefix_in(id), &node_policies::prefix);
  return at == v.nodes.end() ? nullptr : &*at;
}

result<books_view> view_books(const ledger::reader& books, const plans::plan& plan, const occasion& when) {
  auto policies = books::read_policies(books.policies());
  if (!policies) return policies.error();
  return books_view{.books = &books,
                    .when = when,
                    .score_by = plan.score_by,
                    .formula = plan.formula,
                    .policies = std::move(*policies),
                    .windows = approved_windows(books),
                    .days = books::days_of_operation(books, when.so_far, when.now),
                    .notes = std::make_shared<const books::outage_notes>(
                        books, period{when.so_far.from, std::max(when.so_far.to, when.now)})};
}

std::unique_ptr<measurement> measure_with(const plans::measured_source& source, const plans::indicator& i,
                                          const papers& p, const books_view& view) {
  switch (source.what) {
    case figure::availability:
    case figure::website_availability:
      return measure_availability(source, i, view);
    case figure::operation_days:
      return measure_days(source, i, view);
    case figure::site_coverage:
    case figure::sections:
      return measure_sites(source, i, p, view);
    case figure::repair_mean:
    case figure::repair_longest:
    case figure::repair_within:
    case figure::outage_count:
      return measure_repairs(source, i, view);
    case figure::on_time_openings:
      return measure_openings(source, i, p, view);
    case figure::line_count:
    case figure::unit_count:
    case figure::openings:
      return measure_counts(source, i, view);
  }
  return nullptr;
}

bool selected(const plans::selection& s, const ledger::known_target& t, const ledger::target_words& w) {
  const auto asks = [](const std::vector<std::string>& list, const std::string& word) {
    return list.empty() || std::ranges::find(list, word) != list.end();
  };
  return asks(s.categories, w.category) && asks(s.carriers, w.carrier) && asks(s.towns, w.town) &&
         asks(s.grades, w.grade) && asks(s.lines, t.id);
}

std::string text_of(const plans::selection& s) {
  std::string out;
  const auto add = [&](const char* what, const std::vector<std::string>& list) {
    if (!list.empty()) out += fmt::format("{}{}为{}", out.empty() ? "" : "，", what, fmt::join(list, "、"));
  };
  add("类别", s.categories);
  add("运营商", s.carriers);
  add("乡镇", s.towns);
  add("等级", s.grades);
  add("线路", s.lines);
  return out.empty() ? "全部" : out;
}

std::string percent_text(const exact& part, int places) { return fixed(part * 100, places, rounding::down); }

bool judge_coverage(finding& f, const availability::seconds& sums, const exact& floor) {
  f.evidence.sums = sums;
  const auto [seen, asked] = availability::coverage_of(sums);
  if (asked <= 0) {
    insufficient(f, "期内没有可计的时间：没有符合条件的对象，或全部为计划停机");
    return false;
  }
  f.coverage = exact{seen, asked};
  if (seen == 0) {
    insufficient(f, fmt::format("期内没有任何观测（未观测 {}）", clock_text(sums.unknown)));
    return false;
  }
  if (*f.coverage >= floor) return true;
  insufficient(f, fmt::format("覆盖率 {} %，低于方案要求的 {} %：未观测 {}", percent_text(*f.coverage),
                              shortest(floor * 100), clock_text(sums.unknown)));
  return false;
}

void add_exclusions(proof& p, const books_view& view, const availability::target_history& h, period frame) {
  for (const period& cut : availability::clipped(availability::united(h.excluded), intersect(frame, h.scope))) {
    exclusion e{.target = h.target, .when = cut, .window = {}, .approved = {}};
    if (const approved_window* w = window_of(view, h.target, cut); w != nullptr) {
      e.window = w->id;
      e.approved = w->by;
    }
    p.excluded.push_back(std::move(e));
  }
}

}  // namespace changtong::evaluate
