// Repair times of the selected lines. An outage's time is its own down time, without unknown holes and without approved
// windows.
//
//   repair_mean     rules.md 4.3: MTTR = ΣD / number of outages, both inside the period, so that the sum is the D of
//   the
//                   books. An outage over the period's edge gives each period its part, and counts in both.
//   repair_longest  of the repairs of the period, below
//   repair_within   repairs of the period that took no longer than the limit / those decided
//   outage_count    their number; for the lines' outages of the period as `outages` lists them by beginning
//
// A repair is one whole thing and belongs to the period in which its outage began, as the credits of the contracts do
// (availability/contracts.h): it is counted once, with its whole time, also what lies after the period's end as far as
// the ledger knows it (a mid-year evaluation: up to its day). Cut at the end, the longest outage of a year would look
// short and in time because the year was over. One that began before the period is in that one; before the line was
// in scope: it began with the scope. One that still lasts counts with its time so far: over the limit it is late
// already; within it nobody can say yet, so it is left out of both numbers and named.
//
// No outage: the times are 0 and all were in time, and the remark says so.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/availability/contracts.h"
#include "daemon/availability/intervals.h"
#include "daemon/books/books.h"
#include "daemon/core/clock_text.h"
#include "daemon/evaluate/fault_causes.h"
#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {
namespace {

using plans::figure;

constexpr std::size_t most_facts = 500;

class repairs_measurement final : public measurement {
 public:
  repairs_measurement(const plans::measured_source& s, const plans::indicator& i, const books_view& v)
      : source_(s), indicator_(i), view_(v), known_to_(known_to(v)) {}

  void add(const ledger::known_target& t, const availability::target_history& h) override {
    if (t.kind == "site") return;
    const auto same = [&](const ledger::target_words& x, const ledger::target_words& y) {
      return selected(source_.select, t, x) == selected(source_.select, t, y);
    };
    const auto excluded = availability::united(h.excluded);
    for (const auto& [words, own] : books::stretches(t, {view_.when.so_far.from, view_.when.now}, same)) {
      if (!selected(source_.select, t, *words)) continue;
      const availability::seconds s = availability::measure(h, own);
      if (!s.scope) continue;
      sums_ += s;
      ids_.push_back(fmt::format("{} {}", t.id, words->name));
      add_exclusions(f_.evidence, view_, h, own);
      for (const availability::outage& o : h.outages) take(t, h, own, o, excluded);
    }
  }

  finding finish() override {
    std::ranges::sort(repairs_, [](const auto& a, const auto& b) {
      return std::tie(a.began, a.target) < std::tie(b.began, b.target);
    });
    describe();
    if (!judge_coverage(f_, sums_, source_.coverage_floor)) return std::move(f_);
    const auto open = std::ranges::count_if(repairs_, &repair::open);
    const bool timed = source_.what != figure::outage_count;
    if (repairs_.empty() && timed) f_.remarks.emplace_back("期内没有观测到中断：修复用时按 0、按时率按 100% 计");
    if (open > 0 && timed && source_.what != figure::repair_mean)
      f_.remarks.push_back(
          fmt::format("{} 次中断尚未恢复，用时算至 {}", open, view_.when.zone.format_short(known_to_)));
    if (source_.what == figure::repair_within)
      within();
    else if (timed)
      length();
    else
      number();
    if (repairs_.empty() && timed) f_.actual_text = "无中断";
    return std::move(f_);
  }

 private:
  struct repair {
    wall_t began;
    std::string target;
    milliseconds down;
    bool open = false;   ///< not ended as far as is known
    std::string said{};  ///< of it, behind its fact
  };

  /** An outage's part of the period for the mean, the whole of it where it began in the period for the others. */
  void take(const ledger::known_target& t, const availability::target_history& h, period own,
            const availability::outage& o, const std::vector<period>& excluded) {
    if (source_.what == figure::repair_mean) {
      if (const auto down = availability::down_time(o, intersect(own, h.scope), excluded); down.count() > 0)
        repairs_.push_back({o.began, o.target, down, false, causes_.take(o)});
      return;
    }
    const period life{h.scope.from, std::min(t.closed.value_or(wall_max), known_to_)};
    const wall_t began = std::max(o.began, life.from);
    if (!intersect(own, h.scope).holds(began) || o.ended <= began) return;
    if (const auto down = availability::down_time(o, life, excluded); down.count() > 0)
      repairs_.push_back({o.began, o.target, down, o.ended > known_to_, causes_.take(o)});
  }

  void within() {
    const auto late = std::ranges::count_if(repairs_, [&](const repair& r) { return r.down > source_.within; });
    const auto undecided =
        std::ranges::count_if(repairs_, [&](const repair& r) { return r.open && r.down <= source_.within; });
    const auto n = static_cast<std::int64_t>(repairs_.size()) - undecided;
    if (undecided > 0)
      f_.remarks.push_back(fmt::format("其中 {} 次未恢复也未超时，能否按时尚不能定，不计入分子分母", undecided));
    f_.evidence.numerator = fmt::format("{} 次", n - late);
    f_.evidence.denominator = fmt::format("{} 次", n);
    f_.actual = n == 0 ? exact{100} : exact{n - late, n} * 100;
  }

  void number() {
    const auto n = static_cast<std::int64_t>(repairs_.size());
    f_.evidence.numerator = fmt::format("{} 次", n);
    f_.actual = exact{n} / plans::scale_of(indicator_.target.unit);
    extrapolate(f_, view_.when);
  }

  void length() {
    const bool mean = source_.what == figure::repair_mean;
    milliseconds all{0}, longest{0};
    for (const repair& r : repairs_) {
      all += r.down;
      longest = std::max(longest, r.down);
    }
    const auto n = static_cast<std::int64_t>(repairs_.size());
    f_.evidence.numerator = fmt::format("{} 毫秒", (mean ? all : longest).count());
    f_.evidence.denominator = mean ? fmt::format("{} 次", n) : "";
    const exact unit = indicator_.target.unit == "分钟" ? exact{60'000} : exact{3'600'000};
    f_.actual = n == 0 ? exact{0} : exact{(mean ? all : longest).count()} / (mean ? exact{n} : exact{1}) / unit;
  }

  void describe() {
    f_.source_text = "监测账本（中断清单）";
    std::ranges::sort(ids_);
    ids_.erase(std::ranges::unique(ids_).begin(), ids_.end());
    f_.evidence.objects = std::move(ids_);
    for (std::size_t k = 0; k < std::min(repairs_.size(), most_facts); ++k)
      f_.evidence.facts.push_back(fmt::format("{} {}：{}{}{}", view_.when.zone.format_short(repairs_[k].began),
                                              repairs_[k].target, clock_text(repairs_[k].down),
                                              repairs_[k].open ? "（尚未恢复）" : "", repairs_[k].said));
    f_.fault_causes = causes_.text();
    if (repairs_.size() > most_facts)
      f_.evidence.facts.push_back(fmt::format("另有 {} 次中断，见账本", repairs_.size() - most_facts));
    f_.evidence.definition =
        fmt::format("专线（{}）每次中断从第一个断的样本到恢复的时间，不含未观测与计划停机{}", text_of(source_.select),
                    source_.what == figure::repair_mean
                        ? "，跨期的只计期内部分"
                        : "；每次中断计入其开始所在的期间一次，按全程用时，期末后的部分也计，期初前开始的属上一期");
    f_.evidence.formula = source_.what == figure::repair_mean      ? "平均修复用时＝ΣD÷中断次数"
                          : source_.what == figure::repair_longest ? "最长一次中断的用时"
                          : source_.what == figure::outage_count
                              ? "期内开始的中断次数"
                              : fmt::format("用时不超过 {} 的次数÷中断次数×100%", clock_text(source_.within));
  }

  const plans::measured_source& source_;
  const plans::indicator& indicator_;
  const books_view& view_;
  finding f_;
  wall_t known_to_;
  availability::seconds sums_;
  std::vector<std::string> ids_;
  std::vector<repair> repairs_;
  fault_causes causes_{view_};
};

}  // namespace

std::unique_ptr<measurement> measure_repairs(const plans::measured_source& s, const plans::indicator& i,
                                             const books_view& v) {
  return std::make_unique<repairs_measurement>(s, i, v);
}

}  // namespace changtong::evaluate
