#include "daemon/evaluate/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/books/books.h"
#include "daemon/core/phrase.h"
#include "daemon/evaluate/measured.h"
#include "daemon/evaluate/own_report.h"
#include "daemon/evaluate/score.h"
#include "daemon/evaluate/wording.h"

namespace changtong::evaluate {
namespace {

/** The findings of all indicators, in their order; measured ones in one walk over the books. */
class gathering {
 public:
  gathering(const plans::plan& plan, const evidence& e, const occasion& when) : plan_(plan), e_(e), when_(when) {}

  result<std::vector<finding>> gather() {
    if (e_.books != nullptr) {
      auto view = view_books(*e_.books, plan_, when_);
      if (!view) return view.error();
      view_ = std::move(*view);
      if (const auto read = read_parts(); !read) return read.error();
    }
    std::vector<finding> all(plan_.indicators.size());
    std::vector<std::pair<std::size_t, std::unique_ptr<measurement>>> measured;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const plans::indicator& i = plan_.indicators[k];
      const auto* m = std::get_if<plans::measured_source>(&i.source);
      if (m == nullptr)
        all[k] = entered(i);
      else if (e_.books == nullptr)
        without_books(all[k]);
      else if (!e_.parts.empty() && m->what == plans::figure::operation_days)
        without_duty(all[k]);
      else
        measured.emplace_back(k, measure_with(*m, i, papers_of(i), view_));
    }
    if (!measured.empty())
      e_.books->histories({when_.so_far.from, std::max(when_.so_far.to, known_to(view_))}, when_.now, {},
                          [&](const auto& t, const auto& h) {
                            for (const auto& [k, m] : measured) m->add(t, h);
                          });
    for (const auto& [k, m] : measured) {
      all[k] = m->finish();
      all[k].evidence.journal = e_.ledger.journal;
      for (const std::string& id : ids_without_node(plan_.indicators[k]))
        insufficient(all[k], fmt::format("{} 没有写明是哪个节点的：账是多个节点的，编号写作 节点/编号，如 {}{}", id,
                                         e_.parts.front().prefix, id));
      for (const std::string& what : e_.unseen) insufficient(all[k], what);
      all[k].remarks.insert(all[k].remarks.end(), e_.remarks.begin(), e_.remarks.end());
    }
    return all;
  }

  [[nodiscard]] const books_view& view() const { return view_; }

 private:
  [[nodiscard]] const papers& papers_of(const plans::indicator& i) const {
    static const papers none;
    const auto at = e_.files.find(i.id);
    return at == e_.files.end() ? none : at->second;
  }

  result<void> read_parts() {
    for (const books_part& p : e_.parts) {
      auto policies = books::read_policies(p.policies);
      if (!policies) return policies.error();
      view_.nodes.push_back({p.prefix, std::move(*policies)});
    }
    return {};
  }

  /** Ids that a plan or a file beside it names, where the books have several nodes and none of them is meant. */
  [[nodiscard]] std::vector<std::string> ids_without_node(const plans::indicator& i) const {
    std::vector<std::string> out;
    if (e_.parts.empty()) return out;
    const auto& source = std::get<plans::measured_source>(i.source);
    std::vector<std::string> ids = source.select.lines;
    ids.insert(ids.end(), source.sites.begin(), source.sites.end());
    for (const plans::dated_id& d : papers_of(i).days) ids.push_back(d.id);
    for (std::string& id : ids)
      if (node_of(view_, id) == nullptr && std::ranges::find(out, id) == out.end()) out.push_back(std::move(id));
    return out;
  }

  static void without_duty(finding& f) {
    f.source_text = "监测账本与值班记录";
    insufficient(f,
                 "运维保障天数按一个节点自己的值班记录和规定判定，多个节点的不能合成一个：用 --node "
                 "逐个节点评价，或由人填写（kind: stated）");
  }

  static void without_books(finding& f) {
    f.source_text = "监测账本";
    insufficient(f, "没有账本：用 --ledger 指明监测账本");
  }

  /** What people entered into the ledger for it: readings of a counter, a verdict. */
  [[nodiscard]] papers with_entries(const plans::indicator& i) const {
    papers p = papers_of(i);
    if (e_.books == nullptr) return p;
    const auto* s = std::get_if<plans::counter_source>(&i.source);
    if (s != nullptr && !s->counter.empty() && !e_.parts.empty())
      p.missing.push_back(fmt::format(
          "计数器 {} 登记在各节点的账里，多个节点的不能相加：用 --node 逐个节点评价，或改用文件（files）", s->counter));
    else if (s != nullptr && !s->counter.empty())
      add_all_counted(p, *s, i.target.unit);
    if (std::holds_alternative<plans::document_source>(i.source))
      for (const indicator_verdict& v : e_.books->verdicts({}))
        if (v.indicator == i.id &&
            (v.plan == fmt::format("{}", plan_.year) || v.plan == plan_.title || v.plan == plan_.project))
          p.entered = v;  // the last one counts
    return p;
  }

  void add_all_counted(papers& p, const plans::counter_source& s, std::string_view wanted) const {
    const milliseconds around = std::chrono::hours{24} * s.tolerance_days;
    const auto all = e_.books->counters(
        s.counter,
        {when_.so_far.from - around, when_.so_far.to + around + milliseconds{1}});  // the end is asked for, too
    const std::vector<bool> counts = counting(all);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (counts[k]) add_counted(p, all[k], wanted, when_.zone);
    std::ranges::sort(p.counter, {}, &plans::counter_value::at);
  }

  [[nodiscard]] finding entered(const plans::indicator& i) const {
    const papers p = with_entries(i);
    if (const auto* s = std::get_if<plans::amount_source>(&i.source)) return find_amount(*s, p);
    if (const auto* s = std::get_if<plans::date_source>(&i.source)) return find_date(*s, i, p, when_);
    if (const auto* s = std::get_if<plans::counter_source>(&i.source)) return find_counter(*s, i, p, when_);
    if (const auto* s = std::get_if<plans::survey_source>(&i.source)) return find_survey(*s, i, p, when_);
    if (const auto* s = std::get_if<plans::document_source>(&i.source)) return find_document(*s, i, p, plan_.scored);
    return find_stated(std::get<plans::stated_source>(i.source), i, p);
  }

  const plans::plan& plan_;
  const evidence& e_;
  const occasion& when_;
  books_view view_;
};

void fill_marks(evaluation& e, const evidence& found, const books_view& view) {
  if (found.books == nullptr || !found.charts) return;
  for (const auto& d : view.days)
    if (d.sums.scope) e.days.push_back({d.day, d.sums});
  for (const period& month : view.when.zone.split(view.when.so_far, civil_zone::unit::month))
    for (auto& row : books::books(*found.books, month, view.when.now, books::grouping::category))
      e.months.push_back({view.when.zone.key(month.from, civil_zone::unit::month), std::move(row.key),
                          std::move(row.title), row.sums});
}

void head(evaluation& e, const plans::plan& p, const evidence& found, const occasion& o) {
  e.title = p.title;
  e.project = p.project;
  e.department = p.department;
  e.unit = p.unit;
  e.office = p.office;
  e.year = fmt::format("{}", p.year);
  e.layout = p.layout;
  e.ticks = p.ticks;
  e.scored = p.scored;
  e.period_text = o.text();
  e.zone = o.zone.name();
  e.whole_year = o.whole;
  if (!o.whole) e.as_of = o.last_day();
  e.expected_goal = p.expected_goal;
  e.reached_goal = p.reached_goal;
  if (p.reverse && p.scored)
    e.reverse_variant = *p.reverse == plans::rule::reverse_1 ? "方式一：(1−(B−A)÷A)×分值" : "方式二：A÷B×分值";
  if (p.scored) e.rounding_text = text_of(p.points);
  if (p.score_by) e.score_by = *p.score_by == plans::score_by::a ? "A" : "A_low";
  if (p.formula) e.group_formula = fmt::format("R{}", static_cast<int>(*p.formula) + 1);
  e.software = found.software;
  e.ledger_digest = found.ledger.digest;
  e.fingerprint = found.ledger.fingerprint;
  e.before_year = found.before.year;
  e.before_total = found.before.total;
}

}  // namespace

result<occasion> occasion_of(const plans::plan& plan, const ledger::reader* books, wall_t wall,
                             const std::string& as_of) {
  const auto zone = books != nullptr ? result<civil_zone>(books->zone()) : civil_zone::named(plan.zone);
  if (!zone) return zone.error();
  const auto year = zone->parse_period(fmt::format("{}", plan.year));
  if (!year) return year.error();
  occasion o{.zone = *zone, .year = *year, .so_far = *year, .whole = as_of.empty(), .now = year->to};
  if (books != nullptr) o.now = books->now(wall);
  if (!as_of.empty()) {
    const auto day = zone->parse_period(as_of);
    if (!day || as_of.size() != 10 || !o.year.holds(day->from))
      return said(fmt::format("--as-of 应为 {} 年中的一天，如 {}-06-30", plan.year, plan.year),
                  "a day of the plan's year", problem_class::usage);
    o.so_far.to = day->to;
    if (books != nullptr && o.now < day->to)
      return said(fmt::format("--as-of {} 那一天还没有过完：账本至 {}", as_of, zone->format_short(o.now)),
                  "that day is not over", problem_class::usage);
  }
  o.now = std::min(o.now, o.so_far.to);
  if (books != nullptr && o.now <= o.so_far.from)
    return said(
        both("账本在 {} 年开始之前就结束了：换一个账本或方案", "the ledger ends before the plan's year {}", plan.year));
  return o;
}

result<evaluation> evaluate(const plans::plan& plan, const evidence& found, const occasion& when) {
  gathering all(plan, found, when);
  auto findings = all.gather();
  if (!findings) return findings.error();
  evaluation e;
  head(e, plan, found, when);
  const auto money = money_row(plan, when);
  if (!money) return money.error();
  e.execution = *money;
  for (std::size_t k = 0; k < plan.indicators.size(); ++k)
    e.indicators.push_back(judge(plan, plan.indicators[k], std::move((*findings)[k]), when, found.before));
  add_up(e, plan);
  note_what_blocks(e, plan, found, when);
  fill_marks(e, found, all.view());
  write_chapters(e, plan);
  check_own_report(e);
  return e;
}

}  // namespace changtong::evaluate
