// Days: 运维保障天数 as availability/operation_days.h judges them (coverage of the day and a duty record), and on-time
// openings: lines of planned.csv that are due in the period, against the day from which the journal has them in scope.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {
namespace {

using availability::operation_judgement;

const char* words_of(operation_judgement v) {
  switch (v) {
    case operation_judgement::counts:
      return "计入";
    case operation_judgement::not_over:
      return "尚未过完";
    case operation_judgement::not_measured:
      return "没有观测";
    case operation_judgement::low_coverage:
      return "覆盖率不足";
    case operation_judgement::no_record:
      return "没有值班记录";
  }
  return "";
}

class days_measurement final : public measurement {
 public:
  days_measurement(const plans::measured_source& s, const books_view& v) : source_(s), view_(v) {}

  void add(const ledger::known_target& t, const availability::target_history& h) override {
    if (const auto s = availability::measure(h, view_.when.so_far); s.scope) {
      sums_ += s;
      f_.evidence.objects.push_back(fmt::format("{} {}", t.id, t.name));
    }
  }

  finding finish() override {
    std::ranges::sort(f_.evidence.objects);
    f_.source_text = "监测账本与值班记录";
    f_.evidence.definition =
        "运维保障天数：当天全部线路与网站的监测覆盖率达到规定（缺省 99 %），且有值班记录的日数；目标为全年天数，闰年 "
        "366 天";
    f_.evidence.formula = "Σ 计入的日";
    std::int64_t counted = 0, late = 0;
    for (const availability::operation_day& d : view_.days)
      if (d.judgement == operation_judgement::counts)
        ++counted, late += d.late;
      else
        tell(d);
    if (late > 0)
      f_.evidence.facts.push_back(fmt::format("计入的日中有 {} 天的值班记录是迟登（当天结束 24 小时以后）", late));
    f_.evidence.numerator = fmt::format("{} 天", counted);
    f_.evidence.denominator = fmt::format("{} 天", view_.days.size());
    if (!judge_coverage(f_, sums_, source_.coverage_floor)) return std::move(f_);
    f_.actual = exact{counted};
    if (view_.when.whole) return std::move(f_);
    const auto left = view_.when.days_in(view_.when.year) - view_.when.days_in(view_.when.so_far);
    f_.forecast = exact{counted + left};
    f_.forecast_rule = fmt::format("已计入 {} 天，余下 {} 天视为全部计入", counted, left);
    return std::move(f_);
  }

 private:
  void tell(const availability::operation_day& d) {
    const auto [seen, asked] = availability::coverage_of(d.sums);
    f_.evidence.facts.push_back(fmt::format("{}：{}（覆盖率 {} %）", d.day, words_of(d.judgement),
                                            availability::truncated_percent(seen, asked, 3)));
  }

  const plans::measured_source& source_;
  const books_view& view_;
  finding f_;
  availability::seconds sums_;
};

class openings_measurement final : public measurement {
 public:
  openings_measurement(const plans::measured_source& s, const plans::indicator& i, const papers& p, const books_view& v)
      : source_(s), indicator_(i), papers_(p), view_(v) {}

  void add(const ledger::known_target& t, const availability::target_history&) override { known_[t.id] = t; }

  finding finish() override {
    // a line that is accepted only after the period has no history in it, but the inventory knows it
    for (const ledger::known_target& t : view_.books->targets()) known_.try_emplace(t.id, t);
    f_.source_text = "开通计划与账本中的开通日期";
    f_.evidence.definition = "开通计划中应于评价期内开通的线路，账本记载的开通日期不晚于计划日期的";
    f_.evidence.formula = plans::is_percent(indicator_.target.unit) ? "按期开通的条数÷计划条数×100%" : "按期开通的条数";
    f_.evidence.files = papers_.files;
    for (const std::string& m : papers_.missing) insufficient(f_, m);
    if (f_.how != standing::scored) return std::move(f_);
    std::int64_t on_time = 0, all = 0;
    const std::string from = view_.when.day(view_.when.so_far.from), to = view_.when.last_day();
    for (const plans::dated_id& d : papers_.days) {
      if (d.day < from || d.day > to || !asked_for(d.id)) continue;
      if (!counted_.insert(d.id).second) {
        f_.remarks.push_back(fmt::format("开通计划中 {} 出现两次，按第一次计", d.id));
        continue;
      }
      ++all;
      if (opened_by(d)) ++on_time;
    }
    f_.evidence.numerator = fmt::format("{} 条", on_time);
    f_.evidence.denominator = fmt::format("{} 条", all);
    if (all == 0) {
      insufficient(f_, fmt::format("开通计划中没有应于 {} 至 {} 开通的线路", from, to));
      return std::move(f_);
    }
    f_.actual = plans::is_percent(indicator_.target.unit) ? exact{on_time, all} * 100 : exact{on_time};
    return std::move(f_);
  }

 private:
  [[nodiscard]] bool asked_for(const std::string& id) const {
    const auto at = known_.find(id);
    return at == known_.end() || selected(source_.select, at->second, at->second);
  }

  bool opened_by(const plans::dated_id& d) {
    const auto at = known_.find(d.id);
    const bool opened = at != known_.end() && at->second.accepted.has_value();
    const std::string day = opened ? view_.when.day(*at->second.accepted) : "";
    const bool good = opened && day <= d.day;
    f_.evidence.facts.push_back(fmt::format("{} {}：计划 {}，{}", d.id, at == known_.end() ? "" : at->second.name,
                                            d.day,
                                            at == known_.end() ? "账本中没有这条线路"
                                            : !opened          ? "账本中没有开通日期"
                                                               : day + (good ? " 开通" : " 开通，逾期")));
    return good;
  }

  const plans::measured_source& source_;
  const plans::indicator& indicator_;
  const papers& papers_;
  const books_view& view_;
  finding f_;
  std::map<std::string, ledger::known_target> known_;
  std::set<std::string> counted_;
};

}  // namespace

std::unique_ptr<measurement> measure_days(const plans::measured_source& s, const plans::indicator&,
                                          const books_view& v) {
  return std::make_unique<days_measurement>(s, v);
}

std::unique_ptr<measurement> measure_openings(const plans::measured_source& s, const plans::indicator& i,
                                              const papers& p, const books_view& v) {
  return std::make_unique<openings_measurement>(s, i, p, v);
}

}  // namespace changtong::evaluate
