// The money block against itself.
#include <algorithm>

#include "daemon/forms/slips.h"
#include "daemon/forms/values.h"

namespace changtong::forms {
namespace {

const exact ten_thousand = 10'000;

class money_checks {
 public:
  money_checks(const form& f, slips& out) : f_(f), out_(out) {}

  void run() {
    if (f_.funds.empty()) return;
    for (spot funds_line::* column :
         {&funds_line::initial, &funds_line::full_year, &funds_line::adjusted, &funds_line::executed})
      sums(column);
    for (const funds_line& line : f_.funds) rate(line);
    points();
    against_costs();
  }

 private:
  /** The total and its parts in one column. */
  void sums(spot funds_line::* column) {
    const spot& whole = f_.funds[0].*column;
    const auto total = number_in(whole);
    if (!total || f_.nested_funds || f_.funds.size() < 2) return;
    exact sum = 0, scaled = 0;
    std::vector<const spot*> huge;
    bool any = false, rest = false;
    for (std::size_t k = 1; k < f_.funds.size(); ++k) {
      rest = rest || f_.funds[k].name.text.find("其他") != std::string::npos;
      const auto part = number_in(f_.funds[k].*column);
      if (!part) continue;
      any = true;
      sum += *part;
      const bool other_unit = *total > 0 && *part >= 1000 * *total;
      scaled += other_unit ? exact{*part / ten_thousand} : *part;
      if (other_unit) huge.push_back(&(f_.funds[k].*column));
    }
    if (!any || sum == *total) return;
    if (!huge.empty() && scaled == *total) {
      for (const spot* s : huge) unit_slip(*s, *number_in(*s) / ten_thousand);
      return;
    }
    if (sum > 0 && *total == sum * ten_thousand) return unit_slip(whole, sum);
    const phrase text =
        both("总额 {}，各项资金合计 {}", "a total of {}, its parts together are {}", whole.text, shortest(sum));
    const exact off = sum > *total ? exact{sum - *total} : exact{*total - sum};
    if (off * 1000 <= *total) return out_.ask("funds", whole, shortest(sum), text);  // amounts that were rounded
    if (sum > *total || rest)
      out_.wrong("funds", whole, shortest(sum), text);
    else
      out_.ask("funds", whole, shortest(sum), text);
  }

  void unit_slip(const spot& at, const exact& right) {
    out_.wrong("money", at, shortest(right),
               both("{} 与同列其他数相差一万倍：元写成了万元，应为 {}",
                    "{} is ten thousand times what its column says: yuan where 万元 stand, it should be {}", at.text,
                    shortest(right)));
  }

  const spot& budget(const funds_line& line) const { return f_.adjusted ? line.adjusted : line.full_year; }

  /** Percent as printed: 99.83%, or 0.9983 of a spreadsheet. */
  static bool rate_fits(const spot& printed, const exact& share) {
    const bool sign = bare(printed.text).find('%') != std::string::npos;
    return printed_as(printed, share * 100) || (!sign && printed_as(printed, share));
  }

  void rate(const funds_line& line) {
    const auto spent = number_in(line.executed), of = number_in(budget(line)), first = number_in(line.initial);
    if (!spent || !of || *of <= 0 || !number_in(line.rate)) return;
    const exact share = *spent / *of;
    if (rate_fits(line.rate, share)) return;
    const std::string right = fixed(share * 100, std::clamp(places_in(line.rate.text), 0, 2)) + "%";
    if (first && *first > 0 && rate_fits(line.rate, *spent / *first))
      return out_.ask("rate", line.rate, right,
                      both("执行率 {} 是按年初预算数算的，按全年预算数为 {}",
                           "{} is of the initial budget; of the year's it is {}", line.rate.text, right));
    if (rate_fits(line.rate, share / ten_thousand)) return unit_slip(line.executed, *spent / ten_thousand);
    if (rate_fits(line.rate, share * ten_thousand)) return unit_slip(budget(line), *of / ten_thousand);
    out_.wrong("rate", line.rate, right,
               both("执行率写为 {}，{}÷{} 为 {}", "the rate is given as {}; {}/{} is {}", line.rate.text,
                    line.executed.text, budget(line).text, right));
  }

  [[nodiscard]] std::optional<exact> weight() const {
    const auto own = number_in(f_.funds[0].weight);
    return own ? own : f_.stated_weight;
  }

  /** E-10: weight times share, never above the weight. */
  void points() {
    const funds_line& line = f_.funds[0];
    const auto w = weight(), score = number_in(line.score), spent = number_in(line.executed),
               of = number_in(budget(line));
    if (!w || !score) return;
    if (!spent || !of || *of <= 0) {
      if (*score > *w)
        out_.wrong("points", line.score, shortest(*w),
                   both("得分 {} 高于分值 {}", "{} points of a weight of {}", line.score.text, shortest(*w)));
      return;
    }
    const exact share = std::min(exact{*spent / *of}, exact{1});
    const exact right = *w * share;
    const auto printed = number_in(line.rate);
    int places = 0;  // as the other rows print theirs: 20 of 19.6 is right where all are whole
    for (const indicator_line& i : f_.indicators) places = std::max(places, places_in(i.score.text));
    const bool by_printed = printed && rate_fits(line.rate, *spent / *of) &&
                            printed_as(line.score, *w * (*printed > 1 ? exact{*printed / 100} : *printed), places);
    if (printed_as(line.score, right, places) || by_printed) return;
    const std::string should = shortest(rounded(right, 2));
    const auto first = number_in(line.initial);
    const bool by_first =
        first && *first > 0 && printed_as(line.score, *w * std::min(exact{*spent / *first}, exact{1}));
    if (by_first || *score < right)
      return out_.ask("points", line.score, should,
                      both("预算执行率得分 {}，按 {}×执行率为 {}", "{} points of execution; {} by its rate are {}",
                           line.score.text, shortest(*w), should));
    out_.correct_execution(rounded(right, 2));
    out_.wrong("points", line.score, should,
               both("预算执行率得分写为 {}，{}×{}÷{} 为 {}", "{} points of execution; {}×{}/{} is {}", line.score.text,
                    shortest(*w), line.executed.text, budget(line).text, should));
  }

  /** 项目总成本 85.5万元 beside 855000 under 万元. */
  void against_costs() {
    const spot& at = f_.funds[0].executed;
    const auto spent = number_in(at);
    if (!spent || *spent == 0 || f_.money == money_unit::unknown) return;
    for (const indicator_line& i : f_.indicators) {
      const std::string text = bare(i.actual.text);
      const bool wan = text.ends_with("万元");
      if (!wan && !text.ends_with("元")) continue;
      const auto amount = number_in(i.actual);
      if (!amount) continue;
      const exact here = wan ? *amount : exact{*amount / ten_thousand};
      const exact as_said = f_.money == money_unit::ten_thousand ? *spent : exact{*spent / ten_thousand};
      if (as_said != here * ten_thousand && here != as_said * ten_thousand) continue;
      out_.ask("money", at, {},
               both("{} 与「{}」的完成值 {} 相差一万倍：请核对是元还是万元",
                    "{} is ten thousand times off {} ({}): yuan or 万元?", at.text, i.level3.text, i.actual.text));
      return;
    }
  }

  const form& f_;
  slips& out_;
};

}  // namespace

void check_money(const form& f, slips& out) { money_checks(f, out).run(); }

}  // namespace changtong::forms
