#include "daemon/forms/check.h"

#include <algorithm>

#include "daemon/core/given_words.h"
#include "daemon/forms/slips.h"
#include "daemon/forms/values.h"

namespace changtong::forms {
namespace {

using plans::sign;

/** 9.17: at most two places, as forms print points. */
std::string shown(const exact& x) { return shortest(rounded(x, 2)); }

bool same(const spot& printed, const exact& exactly, int places = 0) { return printed_as(printed, exactly, places); }

/** Points and targets of single rows. */
class row_checks {
 public:
  row_checks(const form& f, slips& out) : f_(f), out_(out) {
    for (const indicator_line& i : f.indicators) places_ = std::max(places_, places_in(i.score.text));
  }

  void run() {
    for (std::size_t k = 0; k < f_.indicators.size(); ++k) one(k);
  }

 private:
  void one(std::size_t k) {
    const indicator_line& i = f_.indicators[k];
    const auto weight = number_in(i.weight), score = number_in(i.score);
    const auto wanted = wanted_of(i, f_.year);
    const auto actual = wanted ? reached_of(i, wanted->target, f_.year) : std::nullopt;
    if (score && *score < 0) return out_.wrong("points", i.score, "0", both("得分为负", "the points are negative"));
    if (!has_points(f_) && actual && wanted->sure) return without_points(i, wanted->target, *actual);
    const auto by_rule = weight && actual ? rules_of(wanted->target, *actual, *weight) : std::vector<ruled>{};
    if (weight && score && *score > *weight) {
      const exact right = by_rule.empty() ? *weight : by_rule.front().points;
      out_.correct(k, by_rule.empty() ? *score : right);
      return out_.wrong("points", i.score, shown(right),
                        both("得分 {} 高于分值 {}", "{} points of a weight of {}", i.score.text, i.weight.text));
    }
    if (actual && !actual->sure) return bound(i, *actual);
    if (by_rule.empty()) return;
    const bool met = by_rule.front().met;
    if (score) points(k, by_rule, wanted->sure);
    if (!met && wanted->sure && score) reason(i, *score < *weight);
  }

  /** Of a form without points a target that was missed needs its reason all the same. */
  void without_points(const indicator_line& i, const plans::target& wanted, const reached& actual) {
    const auto by_rule = rules_of(wanted, actual, exact{1});
    reason(i, actual.missed || (!by_rule.empty() && !by_rule.front().met));
  }

  /** 超过10万次 says nothing of a target of 12: not what the points should be, and not that they are right. */
  void bound(const indicator_line& i, const reached& actual) {
    const auto weight = number_in(i.weight), score = number_in(i.score);
    if (!weight || !score || *score != *weight) return;
    const phrase text =
        both("指标值 {}，完成值写作“{}”，得满分：{}", "full points for “{1}”, the target is {0}: {2}", i.target.text,
             actual.bound, actual.missed ? phrase{"未达到", "it was missed"} : phrase{"不足以说明达到", "not settled"});
    if (actual.missed)
      out_.wrong("target", i.score, {}, text);
    else
      out_.ask("target", i.score, {}, text);
  }

  void points(std::size_t k, const std::vector<ruled>& by_rule, bool sure) {
    const indicator_line& i = f_.indicators[k];
    const exact score = *number_in(i.score), weight = *number_in(i.weight);
    const bool full_for_less = !by_rule.front().met && score == weight;
    // E-22: two places may round to full points; whole ones may too, but then the reason has to stand there
    for (const ruled& r : by_rule)
      if (same(i.score, r.points, full_for_less ? 2 : places_) || (!full_for_less && same(i.score, r.points))) return;
    if (i.has_method || (score < weight && tells_who_gave(bare(i.reason.text)))) return;
    const exact right = by_rule.front().points;
    std::string should = shown(right);
    if (by_rule.size() > 1 && by_rule[1].points != right) should += " 或 " + shown(by_rule[1].points);
    if (full_for_less) {
      const bool whole = places_ == 0 && same(i.score, right) && !bare(i.reason.text).empty();
      if (sure && !whole) {
        out_.correct(k, right);
        return out_.wrong("target", i.score, should,
                          both("未达到指标值却得满分：指标值 {}，完成值 {}",
                               "full points for a missed target: {}, reached {}", i.target.text, i.actual.text));
      }
      return out_.ask("target", i.score, should,
                      both("指标值 {}，完成值 {}：若须达到，按公式不得满分",
                           "the target is {}, {} was reached: if it has to be, the rule gives less than full points",
                           i.target.text, i.actual.text));
    }
    out_.ask("points", i.score, should,
             score < right ? both("得分 {} 低于按公式所得的 {}：如由人评定，请写明由谁、为何",
                                  "{} points where the rule gives {}: if a person gave them, say who and why",
                                  i.score.text, shown(right))
                           : both("得分 {} 高于按公式所得的 {}：请说明计分方法",
                                  "{} points where the rule gives {}: say by which rule", i.score.text, shown(right)));
  }

  void reason(const indicator_line& i, bool told) {
    if (!told || !f_.has_reasons || !bare(i.reason.text).empty() || !f_.whole_reason.blank()) return;
    out_.wrong("reason", i.reason, {},
               both("未达到指标值（{}，完成值 {}），没有填写原因",
                    "the target {} was missed ({}) and no reason is given", i.target.text, i.actual.text));
  }

  const form& f_;
  slips& out_;
  int places_ = 0;  ///< the most that a row of this form has
};

/** Weights: names with points, subtotals, 100. */
class weight_checks {
 public:
  weight_checks(const form& f, slips& out) : f_(f), out_(out) {}

  void run() {
    if (!f_.has_weights || f_.indicators.empty()) return;
    for (const indicator_line& i : f_.indicators) {
      const auto w = number_in(i.weight);
      if (!w) return;  // a row without points: sums would only guess
      sum_ += *w;
      with_execution_ = with_execution_ || i.execution;
    }
    levels(&indicator_line::level2);
    levels(&indicator_line::level1);
    subtotals();
    hundred();
  }

 private:
  void levels(spot indicator_line::* level) {
    for (std::size_t k = 0; k < f_.indicators.size();) {
      const spot& name = f_.indicators[k].*level;
      exact sum = 0;
      std::size_t to = k;
      for (; to < f_.indicators.size() && (f_.indicators[to].*level).at == name.at; ++to)
        sum += *number_in(f_.indicators[to].weight);
      k = to;
      const auto stated = name.there() ? points_in(name.text) : std::nullopt;
      if (stated && *stated != sum)
        out_.wrong("weights", name, shown(sum),
                   both("写明 {} 分，其下各指标分值合计 {}", "it says {}, its rows together have {}", shown(*stated),
                        shown(sum)));
    }
  }

  void subtotals() {
    for (const subtotal_line& s : f_.subtotals) {
      exact sum = 0;
      for (std::size_t k = s.from; k < s.to; ++k) sum += *number_in(f_.indicators[k].weight);
      if (const auto w = number_in(s.weight); w && *w != sum)
        out_.ask(
            "weights", s.weight, shown(sum),
            both("小计 {}，以上各行合计 {}", "a subtotal of {}, the rows above have {}", s.weight.text, shown(sum)));
    }
  }

  void hundred() {
    std::optional<exact> execution = f_.stated_weight;
    if (!f_.funds.empty() && number_in(f_.funds[0].weight)) execution = number_in(f_.funds[0].weight);
    const exact all = sum_ + (with_execution_ ? exact{0} : execution.value_or(exact{0}));
    const auto printed = number_in(f_.total_weight);
    const bool known = with_execution_ || execution;
    const bool hidden_ten = !known && all == 90;  // E-1: the execution's own 10, printed nowhere
    const spot& at = f_.total_weight.there() ? f_.total_weight : f_.indicators.back().weight;
    if (printed && *printed != all && !(hidden_ten && *printed == 100))
      return out_.wrong(
          "weights", at, shown(all),
          all == 100 ? both("分值合计写为 {}，各行合计 100", "the total is {}, the rows have 100", f_.total_weight.text)
                     : both("分值合计写为 {}，各行合计 {}（应为 100）",
                            "the total is {}, the rows have {} (it must be 100)", f_.total_weight.text, shown(all)));
    if (all == 100 || hidden_ten) return;
    if (known || f_.funds.empty())
      out_.wrong("weights", at, "100",
                 both("各行分值合计 {}，应为 100", "the weights add up to {}, they must to 100", shown(all)));
    else
      out_.ask("weights", at, "100",
               both("各行分值合计 {}，预算执行率的分值没有写明：合计应为 100",
                    "the weights add up to {} without that of execution, which is not stated: they must to 100",
                    shown(all)));
  }

  const form& f_;
  slips& out_;
  exact sum_ = 0;
  bool with_execution_ = false;
};

/** 总分: the sum of what the rows say, or of what they should say. */
void check_total(const form& f, const slips& found, slips& out) {
  if (!f.total_score.there() || f.indicators.empty()) return;
  exact sum = 0, corrected = 0, weights = 0;
  bool with_execution = f.funds.empty();
  for (std::size_t k = 0; k < f.indicators.size(); ++k) {
    const auto score = number_in(f.indicators[k].score);
    if (!score) return;
    sum += *score;
    corrected += found.corrected(k).value_or(*score);
    weights += number_in(f.indicators[k].weight).value_or(exact{0});
    with_execution = with_execution || f.indicators[k].execution;
  }
  with_execution = with_execution || weights == 100;  // E-25: execution may carry no points
  std::vector<exact> good;
  const auto execution = f.funds.empty() ? std::nullopt : number_in(f.funds[0].score);
  if (!with_execution && execution) {
    good = {sum + *execution, corrected + *execution};
    if (const auto& right = found.corrected_execution()) good.insert(good.end(), {sum + *right, corrected + *right});
  } else {
    good = {sum, corrected};
  }
  if (std::ranges::any_of(good, [&](const exact& g) { return same(f.total_score, g); })) return;
  const bool whole = with_execution || execution;
  const auto text = both("总分写为 {}，各行得分合计 {}", "the total is {}, the points add up to {}", f.total_score.text,
                         shown(good.front()));
  if (whole)
    out.wrong("total", f.total_score, shown(good.front()), text);
  else
    out.ask("total", f.total_score, shown(good.front()), text);
}

}  // namespace

std::vector<slip> check_form(const form& f) {
  slips out;
  check_money(f, out);
  row_checks(f, out).run();
  weight_checks(f, out).run();
  check_total(f, out, out);
  return out.list();
}

}  // namespace changtong::forms
