// 政务专线畅通率 and website availability by R1 … R4 (rules.md 4.3, 4.4). The value scored is A or A_low as the plan
// says:
//
//   R1  A = ΣU/Σ(U+D)                 A_low = ΣU/Σ(U+D+K)
//   R2  mean of A_i over lines that have one;  A_low: of U_i/(U_i+D_i+K_i), 0 for lines of which nothing was observed
//   R3  mean over instants of up/observed;     A_low: lines not observed are down. Cut at 10^-15, as it is counted
//   R4  share of lines with A_i >= target_i;   A_low: the same of A_low_i. A line's target is the plan's, over all its
//   time, or that of its contracts, each over the time that it covers and contract period by contract period
//   (books/agreed.h), as in the reports
//
// All but R3 are exact fractions. Lines and sites never mix: a website is not a 专线.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/availability/certainty.h"
#include "daemon/availability/groups.h"
#include "daemon/availability/intervals.h"
#include "daemon/books/agreed.h"
#include "daemon/books/books.h"
#include "daemon/core/clock_text.h"
#include "daemon/evaluate/fault_causes.h"
#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {
namespace {

using availability::member;
using plans::group_formula;

constexpr std::size_t most_outage_facts = 500, most_named = 10;

struct line_of_books : member {
  std::string name;
};

std::int64_t measured_ms(const availability::seconds& s) { return (s.up + s.down).count(); }
std::int64_t counted_ms(const availability::seconds& s) { return (s.up + s.down + s.unknown).count(); }

class availability_measurement final : public measurement {
 public:
  availability_measurement(const plans::measured_source& s, const plans::indicator& i, const books_view& v)
      : source_(s), view_(v), indicator_(i), instants_({v.when.so_far.from, v.when.now}, availability::default_step) {
    site_ = s.what == plans::figure::website_availability;
  }

  void add(const ledger::known_target& t, const availability::target_history& h) override {
    if ((t.kind == "site") != site_) return;
    const auto same = [&](const ledger::target_words& x, const ledger::target_words& y) {
      return selected(source_.select, t, x) == selected(source_.select, t, y);
    };
    std::vector<period> own_time;
    for (const auto& [words, own] : books::stretches(t, {view_.when.so_far.from, view_.when.now}, same)) {
      if (!selected(source_.select, t, *words)) continue;
      const availability::seconds s = availability::measure(h, own);
      if (!s.scope) continue;
      sums_ += s;
      own_time.push_back(own);
      take(t, *words, s);
      instants(h, own);
      outages(h, own);
      add_exclusions(f_.evidence, view_, h, own);
    }
    if (!own_time.empty() && formula() == group_formula::r4) hold_against_targets(t, h, own_time);
  }

  finding finish() override {
    std::ranges::sort(lines_, {}, &member::id);
    describe();
    f_.evidence.sums = sums_;
    for (const line_of_books& l : lines_) f_.evidence.objects.push_back(fmt::format("{} {}", l.id, l.name));
    f_.source_text = site_ ? "监测账本（网站）" : "监测账本（专线）";
    if (lines_.empty())
      insufficient(f_, fmt::format("账本中没有符合条件的{}：{}", site_ ? "网站" : "专线", text_of(source_.select)));
    else if (judge_coverage(f_, sums_, source_.coverage_floor))
      value();
    else
      least_observed();
    return std::move(f_);
  }

 private:
  void take(const ledger::known_target& t, const ledger::target_words& words, const availability::seconds& s) {
    if (lines_.empty() || lines_.back().id != t.id) {
      line_of_books l;
      l.id = t.id;
      lines_.push_back(std::move(l));
    }
    line_of_books& l = lines_.back();
    l.name = words.name;
    l.sums += s;
  }

  /** R4: by the plan's target over all its time, or by its contracts, each over the time that it covers. */
  void hold_against_targets(const ledger::known_target& t, const availability::target_history& h,
                            const std::vector<period>& own) {
    line_of_books& l = lines_.back();
    if (source_.line_target) {
      l.agreed = {{l.sums, share_of(*source_.line_target)}};
      return;
    }
    const period all{view_.when.so_far.from, view_.when.now};
    const node_policies* node = node_of(view_, t.id);
    ledger::known_target its = t;  // contracts name lines as their node does
    if (node != nullptr) its.id.erase(0, node->prefix.size());
    const auto covered =
        books::covered_periods(node == nullptr ? view_.policies : node->policies, view_.when.zone, its, all);
    l.agreed = books::agreed_parts(covered, h, own);
    if (books::covered_in_part(covered, h, own)) in_part_.push_back(t.id);
  }

  void instants(const availability::target_history& h, period own) {
    if (view_.formula != group_formula::r3) return;
    availability::target_history part = h;
    part.scope = intersect(h.scope, own);
    instants_.add(part);
  }

  void outages(const availability::target_history& h, period own) {
    const std::vector<period> excluded = availability::united(h.excluded);
    for (const availability::outage& o : h.outages) {
      const milliseconds down = availability::down_time(o, intersect(own, h.scope), excluded);
      if (down.count() > 0) outages_.push_back({down, o});
    }
  }

  [[nodiscard]] bool low() const { return view_.score_by == plans::score_by::a_low; }
  [[nodiscard]] group_formula formula() const { return view_.formula.value_or(group_formula::r1); }

  void describe() {
    constexpr std::array formulas{availability::formula::r1, availability::formula::r2, availability::formula::r3,
                                  availability::formula::r4};
    f_.evidence.definition = fmt::format(
        "{}（{}"
        "）在评价期内通的时间所占的比例，按毫秒计；计划停机（事先批准）不计，未观测的时间单列，从不算作通。计分用{}",
        site_ ? "网站" : "政务专线", text_of(source_.select), low() ? "下限 A_low（未观测按断计）" : "A");
    f_.evidence.formula = availability::text_of(formulas.at(static_cast<std::size_t>(formula())));
    if (low()) f_.evidence.formula += "，未观测按断计";
    f_.evidence.facts.push_back(fmt::format("{} {} 条，通 {}，断 {}，计划停机 {}，未观测 {}，中断 {} 次",
                                            site_ ? "网站" : "线路", lines_.size(), clock_text(sums_.up),
                                            clock_text(sums_.down), clock_text(sums_.excluded),
                                            clock_text(sums_.unknown), sums_.outages));
    certainty();
    std::ranges::sort(outages_, [](const auto& a, const auto& b) {
      return std::tie(a.what.began, a.what.target) < std::tie(b.what.began, b.what.target);
    });
    for (std::size_t k = 0; k < outages_.size(); ++k) {
      const std::string said = causes_.take(outages_[k].what);
      if (k < most_outage_facts) tell(outages_[k], said);
    }
    f_.fault_causes = causes_.text();
    if (outages_.size() > most_outage_facts)
      f_.evidence.facts.push_back(
          fmt::format("另有 {} 次中断，见账本：changtong outages", outages_.size() - most_outage_facts));
  }

  void certainty() {
    milliseconds longest{0};
    const auto look = [&](const std::vector<books::dated_policy>& policies) {
      if (policies.empty()) return;
      for (const books::check_class& c : policies.back().what.classes)
        if ((c.category == "website") == site_)
          longest = std::max(longest, availability::certain_outage(c.when).confirmed);
    };
    look(view_.policies);
    for (const node_policies& n : view_.nodes) look(n.policies);
    if (longest.count() > 0)
      f_.evidence.facts.push_back(fmt::format("按监测设置，持续 {}.{:03} 秒及以上的中断必定被确认（各类别中最长者）",
                                              longest.count() / 1000, longest.count() % 1000));
  }

  struct down_outage {
    milliseconds down;
    availability::outage what;
  };
  void tell(const down_outage& o, const std::string& said) {
    const bool open = o.what.ended == wall_max;
    f_.evidence.facts.push_back(
        fmt::format("中断 {}：{} 至 {}，计 {}，原因：{}{}", o.what.target, view_.when.zone.format_short(o.what.began),
                    open ? "尚未恢复" : view_.when.zone.format_short(o.what.ended), clock_text(o.down),
                    chinese(o.what.found == cause::none ? o.what.why : o.what.found), said));
  }

  void least_observed() {
    auto worst = lines_;
    std::ranges::sort(worst, [](const auto& a, const auto& b) {
      return std::tie(b.sums.unknown, a.id) < std::tie(a.sums.unknown, b.id);
    });
    for (std::size_t k = 0; k < std::min(worst.size(), most_named) && worst[k].sums.unknown.count() > 0; ++k)
      f_.evidence.missing.push_back(
          fmt::format("{} {}：未观测 {}", worst[k].id, worst[k].name, clock_text(worst[k].sums.unknown)));
  }

  void value() {
    switch (formula()) {
      case group_formula::r1:
        return by_time();
      case group_formula::r2:
        return by_mean();
      case group_formula::r3:
        return by_instants();
      case group_formula::r4:
        return by_target();
    }
  }

  /** `part` of the whole as percent, and the texts that never say 100 % with unknown time (rules.md 4.6). */
  void settle(const exact& value, const exact& lower, std::string text) {
    for (auto blank = text.find(" %"); blank != std::string::npos; blank = text.find(" %", blank))
      text.erase(blank, 1);  // books have one, officials write none (E-26)
    const exact& used = low() ? lower : value;
    f_.actual = used * 100;
    const bool unseen = value == 1 && lower < 1;
    f_.number_text = unseen      ? "≥" + percent_text(lower)
                     : used == 1 ? "100"
                                 : number_text(used * 100, indicator_.target.number);
    f_.actual_text = std::move(text);
    if (low() && value < 1 && lower < value) f_.actual_text += fmt::format("（按下限 {}% 计分）", percent_text(lower));
    if (unseen && !low()) f_.remarks.emplace_back("有未观测的时间，因此不写 100%；按 A 计分");
  }

  void by_time() {
    const exact up{sums_.up.count()};
    f_.evidence.numerator = fmt::format("{} 毫秒", sums_.up.count());
    f_.evidence.denominator = fmt::format("{} 毫秒", low() ? counted_ms(sums_) : measured_ms(sums_));
    settle(up / measured_ms(sums_), up / counted_ms(sums_), availability::chinese_ratio(sums_));
  }

  void name_left_out(const std::vector<std::string>& ids, const char* why) {
    if (!ids.empty())
      f_.evidence.facts.push_back(fmt::format("{}，不计入：{} 条：{}", why, ids.size(), fmt::join(ids, " ")));
  }

  [[nodiscard]] std::vector<member> members() const { return {lines_.begin(), lines_.end()}; }

  static exact mean_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& ratios) {
    const fraction sum = sum_of(ratios);
    return exact{sum.part, sum.whole} / exact{ratios.size()};
  }

  void by_mean() {
    const auto v = availability::r2(members());
    std::vector<std::pair<std::int64_t, std::int64_t>> values, lowers;
    for (const line_of_books& l : lines_) {
      if (measured_ms(l.sums) > 0) values.emplace_back(l.sums.up.count(), measured_ms(l.sums));
      if (counted_ms(l.sums) > 0) lowers.emplace_back(l.sums.up.count(), counted_ms(l.sums));
    }
    name_left_out(v.without_value, "没有观测");
    f_.evidence.numerator = low() ? "Σ(U÷(U+D+K))" : "Σ(U÷(U+D))";
    f_.evidence.denominator = fmt::format("{} 条", low() ? lowers.size() : values.size());
    settle(mean_of(values), mean_of(lowers), availability::chinese_part(v));
  }

  void by_instants() {
    const auto v = instants_.value();
    if (!v.value || !v.lower) return insufficient(f_, "没有一个时刻有观测");
    const exact one{availability::part::one};
    f_.evidence.numerator = fmt::format("{} 个时刻的 通÷(通+断) 之和", v.counted);
    f_.evidence.denominator =
        fmt::format("{} 个时刻，相隔 5 分钟，无人被观测的 {} 个不计", v.counted, v.unobserved_instants);
    settle(exact{v.value->units} / one, exact{v.lower->units} / one, availability::chinese_part(v));
  }

  void by_target() {
    const auto v = availability::r4(members());
    std::int64_t all = 0, surely = 0;
    for (const line_of_books& l : lines_) {
      const availability::line_judgement one = availability::judgement_of(l);
      if (!one.has_bounds) continue;
      ++all;
      if (one.surely) ++surely;
    }
    name_left_out(v.without_value, "没有观测");
    name_left_out(v.without_target, "合同没有指标");
    if (!in_part_.empty())
      f_.evidence.facts.push_back(
          fmt::format("合同只覆盖部分期间，只按覆盖的时间判定：{} 条：{}", in_part_.size(), fmt::join(in_part_, " ")));
    if (v.counted == 0) return insufficient(f_, "没有一条线路既有指标又有观测：在方案中写明 line_target，或补录合同");
    f_.evidence.numerator = fmt::format("{} 条达到指标", low() ? surely : v.reached);
    f_.evidence.denominator = fmt::format("{} 条", low() ? all : v.counted);
    settle(exact{v.reached, v.counted}, exact{surely, all}, availability::chinese_part(v));
  }

  static share share_of(const exact& part) {
    return {static_cast<std::int64_t>(numerator(part)), static_cast<std::int64_t>(denominator(part))};
  }

  const plans::measured_source& source_;
  const books_view& view_;
  const plans::indicator& indicator_;
  bool site_ = false;
  finding f_;
  availability::seconds sums_;
  std::vector<line_of_books> lines_;
  std::vector<std::string> in_part_;  ///< R4
  std::vector<down_outage> outages_;
  fault_causes causes_{view_};
  availability::snapshots instants_;
};

}  // namespace

std::unique_ptr<measurement> measure_availability(const plans::measured_source& s, const plans::indicator& i,
                                                  const books_view& v) {
  return std::make_unique<availability_measurement>(s, i, v);
}

}  // namespace changtong::evaluate
