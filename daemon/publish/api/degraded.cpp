#include "daemon/publish/api/degraded.h"

#include <fmt/format.h>

#include <atomic>
#include <string>
#include <utility>

#include "daemon/core/cause.h"
#include "daemon/core/check.h"

namespace changtong::api {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr double loss_stays = 0.5, rtt_stays = 0.8;  // of its limit: below it is well again (verdict/condition.h)

reason loss_of(double seen, const degrade_limits& limits) {
  return {"loss",
          fmt::format("丢包 {:.3g} %，限值 {:.3g} %（近 {} 次探测；降到 {:.3g} % 以下才算恢复）", seen * 100,
                      limits.loss_ratio * 100, limits.samples, limits.loss_ratio * 100 * loss_stays),
          fmt::format("{:.3g} % of the last questions lost, limit {:.3g} % (of {}; well again below {:.3g} %)",
                      seen * 100, limits.loss_ratio * 100, limits.samples, limits.loss_ratio * 100 * loss_stays)};
}

reason delay_of(double seconds, milliseconds limit) {
  const double ms = seconds * 1000, most = static_cast<double>(limit.count());
  return {"rtt",
          fmt::format("平均应答时间 {:.4g} 毫秒，限值 {:.4g} 毫秒（降到 {:.4g} 毫秒以下才算恢复）", ms, most,
                      most * rtt_stays),
          fmt::format("mean round trip {:.4g} ms, limit {:.4g} ms (well again below {:.4g} ms)", ms, most,
                      most * rtt_stays)};
}

/** What its leading check sees: the limits of `degrade`. */
void add_condition(std::vector<reason>& to, const line_view& v, const degrade_limits& limits) {
  const double loss = static_cast<double>(v.loss_ratio.load(relaxed));
  if (loss >= limits.loss_ratio * loss_stays) to.push_back(loss_of(loss, limits));
  const double rtt = static_cast<double>(v.mean_rtt_seconds.load(relaxed));
  if (limits.rtt && rtt * 1000 >= static_cast<double>(limits.rtt->count()) * rtt_stays)
    to.push_back(delay_of(rtt, *limits.rtt));
}

/** Checks of a kind that may be what is meant, each with what it said last; those alone that said something, if any
 * did.
 */
template <class Fits>
std::string said_by(const board& now, const target& whose, Fits fits) {
  std::string said, silent;
  for (check_index c = whose.first_check; c < whose.first_check + whose.check_count; ++c) {
    const check& what = now.districts->checks[c];
    if (!fits(what)) continue;
    const std::string words = now.said.of(c);
    std::string& to = words.empty() ? silent : said;
    to += (to.empty() ? "" : "；") + what.spec + (words.empty() ? "" : "：" + words);
  }
  return said.empty() ? silent : said;
}

void add_checks(std::vector<reason>& to, const board& now, target_index t) {
  const line_view& v = now.lines[t];
  const target& whose = now.districts->targets[t];
  if (v.unwell.load(relaxed)) {
    const std::string who = said_by(now, whose, [](const check& c) { return c.role == check_role::health; });
    to.push_back({"check", "检查连续不正常：" + who, "a check is not well: " + who});
  }
  if (v.dataless.load(relaxed)) {
    const std::string who = said_by(now, whose, [](const check& c) { return c.tells_up_time(); });
    to.push_back({"data", "取不到设备数据：" + who, "its device gives no data: " + who});
  }
}

void add_interfaces(std::vector<reason>& to, const board& now, target_index t) {
  for (const fact_view& f : now.facts_of(t)) {
    if (f.value(fact_name::interface_oper_status).value_or(1) == 1) continue;
    const std::string name = now.interface_name(t, f.index);
    to.push_back({"interface", fmt::format("接口 {} 未连通", name), fmt::format("interface {} is not up", name)});
  }
}

}  // namespace

std::vector<reason> degraded_by(const board& now, target_index t) {
  const line_view& v = now.lines[t];
  std::vector<reason> all;
  if (v.shown_state() != line_state::up || !v.degraded.load(relaxed)) return all;
  add_condition(all, v, now.limits);
  add_checks(all, now, t);
  add_interfaces(all, now, t);
  if (v.filtered.load(relaxed))
    all.push_back({"filter", std::string(chinese(cause::filter)), std::string(english(cause::filter))});
  if (all.empty())  // the loss of more samples than are shown
    all.push_back({"loss",
                   fmt::format("近 {} 次探测的丢包曾达限值 {:.3g} %，尚未降到一半以下", now.limits.samples,
                               now.limits.loss_ratio * 100),
                   fmt::format("of the last {} questions {:.3g} % were lost, and it is not below half of that yet",
                               now.limits.samples, now.limits.loss_ratio * 100)});
  return all;
}

}  // namespace changtong::api
