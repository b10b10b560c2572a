// Sites that open. A listed site opens if its availability A in the period is at or above `opens_at`, and enough of it
// was observed (the coverage floor, each site by itself): what was not observed is not counted, and named.
//
//   site_coverage  the listed sites that open, as a share of all listed, or their number
//   sections       the listed 专区/专栏 that open and were updated at most `stale_days` before the end: without an
//   entry in
//                  the updates file a section is not counted, and named
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/evaluate/measured.h"

namespace changtong::evaluate {
namespace {

class sites_measurement final : public measurement {
 public:
  sites_measurement(const plans::measured_source& s, const plans::indicator& i, const papers& p, const books_view& v)
      : source_(s), indicator_(i), papers_(p), view_(v) {
    const std::string today = v.when.last_day();
    for (const plans::dated_id& d : p.days)
      if (d.day <= today) updated_[d.id] = std::max(updated_[d.id], d.day);
  }

  void add(const ledger::known_target& t, const availability::target_history& h) override {
    if (std::ranges::find(source_.sites, t.id) == source_.sites.end()) return;
    const availability::seconds s = availability::measure(h, view_.when.so_far);
    if (!s.scope) return;
    seen_[t.id] = {t.name, s};
    sums_ += s;
    add_exclusions(f_.evidence, view_, h, view_.when.so_far);
  }

  finding finish() override {
    const bool sections = source_.what == plans::figure::sections;
    describe(sections);
    f_.evidence.files = papers_.files;
    if (seen_.empty()) {
      insufficient(f_, "账本中没有所列网站的任何记录");
      return std::move(f_);
    }
    std::int64_t open = 0;
    for (const std::string& id : source_.sites)
      if (opens(id) && (!sections || fresh(id))) ++open;
    const auto all = static_cast<std::int64_t>(source_.sites.size());
    f_.evidence.sums = sums_;
    if (const auto [seen, asked] = availability::coverage_of(sums_); asked > 0) f_.coverage = exact{seen, asked};
    f_.evidence.numerator = fmt::format("{} 个", open);
    f_.evidence.denominator = fmt::format("{} 个", all);
    const std::size_t unproven = f_.evidence.missing.size();
    if (!papers_.missing.empty() || (open == 0 && unproven == source_.sites.size())) {
      for (const std::string& m : papers_.missing) insufficient(f_, m);
      if (papers_.missing.empty()) insufficient(f_, "所列网站都没有足够的观测或更新记录");
      return std::move(f_);
    }
    f_.actual = plans::is_percent(indicator_.target.unit) ? exact{open, all} * 100 : exact{open};
    if (unproven > 0) f_.remarks.push_back(fmt::format("{} 个未经证实，不计入，见证据", unproven));
    return std::move(f_);
  }

 private:
  struct observed {
    std::string name;
    availability::seconds sums;
  };

  void describe(bool sections) {
    f_.source_text = sections ? "监测账本（专区、专栏）与更新记录" : "监测账本（网站）";
    f_.evidence.definition = fmt::format("所列{}中，评价期内可用率不低于 {} %{}的", sections ? "专区、专栏" : "站点",
                                         shortest(source_.opens_at * 100),
                                         sections ? fmt::format("、且截止日前 {} 天内有更新", source_.stale_days) : "");
    f_.evidence.formula = plans::is_percent(indicator_.target.unit) ? "能打开的个数÷所列个数×100%" : "能打开的个数";
    for (const std::string& id : source_.sites) {
      const auto at = seen_.find(id);
      f_.evidence.objects.push_back(at == seen_.end() ? id : fmt::format("{} {}", id, at->second.name));
    }
  }

  bool opens(const std::string& id) {
    const auto at = seen_.find(id);
    if (at == seen_.end()) return unproven(id, "账本中没有记录");
    const availability::seconds& s = at->second.sums;
    const auto [seen, asked] = availability::coverage_of(s);
    if (seen == 0 || asked <= 0) return unproven(id, "期内没有观测");
    if (exact{seen, asked} < source_.coverage_floor)
      return unproven(id, fmt::format("覆盖率 {} %，低于 {} %", percent_text(exact{seen, asked}),
                                      shortest(source_.coverage_floor * 100)));
    const bool good = exact{s.up.count(), seen} >= source_.opens_at;
    f_.evidence.facts.push_back(fmt::format("{} {}：可用率 {}，中断 {} 次{}", id, at->second.name,
                                            availability::chinese_ratio(s), s.outages, good ? "" : "，不足"));
    return good;
  }

  bool fresh(const std::string& id) {
    const auto at = updated_.find(id);
    if (at == updated_.end()) return unproven(id, "没有更新记录");
    const auto age = days_between(at->second, view_.when.last_day());
    if (age <= source_.stale_days) return true;
    f_.evidence.facts.push_back(fmt::format("{}：最近更新 {}，已 {} 天，过期", id, at->second, age));
    return false;
  }

  bool unproven(const std::string& id, const std::string& why) {
    f_.evidence.missing.push_back(fmt::format("{}：{}，未计入", id, why));
    return false;
  }

  const plans::measured_source& source_;
  const plans::indicator& indicator_;
  const papers& papers_;
  const books_view& view_;
  finding f_;
  availability::seconds sums_;
  std::map<std::string, observed> seen_;
  std::map<std::string, std::string> updated_;
};

}  // namespace

std::unique_ptr<measurement> measure_sites(const plans::measured_source& s, const plans::indicator& i, const papers& p,
                                           const books_view& v) {
  return std::make_unique<sites_measurement>(s, i, p, v);
}

}  // namespace changtong::evaluate
