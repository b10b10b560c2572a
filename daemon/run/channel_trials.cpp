#include "daemon/run/channel_trials.h"

#include <algorithm>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/run/alert_doors.h"

namespace changtong {

message trial_message(const settings& s, const alert_channel& c, wall_t now, const std::string& by) {
  const std::string at = s.zone.format_short(now);
  return {.id = fmt::format("TEST-{}-{}", now.time_since_epoch().count(), c.id),
          .kind = message_kind::opened,
          .cause = "test",
          .began = now,
          .lines = {},
          .count = 0,
          .title = "测试消息：畅通告警渠道可用",
          .text = fmt::format("{} {}，请勿处理\n节点：{}\n", at, by, s.node),
          .link = s.alerts.link,
          .severity = 1};
}

result<alerts::receivers> trial_receivers(const alert_channel& c, const std::string& to, const settings& s) {
  alerts::receivers r;
  const bool mail = c.kind == channel_kind::mail, phone = c.kind == channel_kind::sms || c.kind == channel_kind::voice;
  if (to.empty()) {
    (mail ? r.mails : r.phones) = c.to;
    if ((mail || phone) && c.to.empty())
      return said(
          both("渠道 {} 没有写 to：用 --to 姓名 指明发给谁", "channel {} has no `to`: say who with --to NAME", c.id),
          problem_class::usage);
    return r;
  }
  const auto who = std::ranges::find(s.people, to, &person::name);
  if (who == s.people.end())
    return said(both("--to：api.people 中没有 {}", "--to: there is no {} among api.people", to), problem_class::usage);
  if (!who->mail.empty()) r.mails = {who->mail};
  if (!who->phone.empty()) r.phones = {who->phone};
  const std::string& id = c.kind == channel_kind::wecom      ? who->wecom
                          : c.kind == channel_kind::dingtalk ? who->dingtalk
                                                             : who->feishu;
  if (!id.empty()) r.ids = {id};
  if ((mail && r.mails.empty()) || (phone && r.phones.empty()))
    return said(both("{} 没有写 {}", "{} has no {}", to, mail ? "mail" : "phone"), problem_class::usage);
  return r;
}

api::trial_start channel_trials::begin(const std::string& channel, const std::string& by) {
  const settings s = doors_.in_force();
  const alert_channel* c = s.alerts.channel(channel);
  if (c == nullptr) return {.status = 404, .why = {"没有这个渠道", "there is no such channel"}};
  const auto to = trial_receivers(*c, {}, s);
  if (!to)
    return {.status = 409,
            .why = {"该渠道自己没有接收人（to），请在主机上运行 changtong alerts test --to 姓名",
                    "the channel has no receivers of its own: run changtong alerts test --to NAME on the machine"}};
  const wall_t now = doors_.wall();
  const auto all = alerts::outgoing_of(*c, trial_message(s, *c, now, "由 " + by + " 在控制台发出"), *to, now, s.zone);
  std::uint64_t number = 0;
  {
    const holding lock(mutex_);
    const mono_t at = doors_.mono();
    const auto before = trials_.find(channel);
    if (before != trials_.end()) {
      // One that hangs is waited for: each may be a call to many telephones.
      const auto least = before->second.shown.ended ? pause : longest;
      if (const auto since = at - before->second.begun; since < least)
        return {.status = 429,
                .why = {"同一渠道十秒内只试一次，上一次还没有结果的要等它结束",
                        "one channel is tried once in ten seconds, and not while the last trial is under way"},
                .wait = std::chrono::ceil<milliseconds>(std::max(pause - since, nanoseconds{1'000'000'000}))};
    }
    number = ++begun_;
    trials_[channel] = {.number = number,
                        .begun = at,
                        .awaited = all.size(),
                        .shown = {.at = now, .by = by, .ended = all.empty(), .taken = !all.empty(), .answer = {}}};
  }
  for (const alerts::outgoing& one : all)
    post_to(*office_, *c, one, doors_.names(), [this, c = *c, number](unsigned status, const std::string& body) {
      answered(c, number, alerts::answer_of(c, status, body));
    });
  return {};
}

/** One that was overtaken by the next is not waited for any more. */
void channel_trials::answered(const alert_channel& c, std::uint64_t trial, const alerts::channel_answer& how) {
  const holding lock(mutex_);
  const auto at = trials_.find(c.id);
  if (at == trials_.end() || at->second.number != trial) return;
  api::channel_trial& shown = at->second.shown;
  shown.taken = shown.taken && how.how == alerts::channel_answer::end::taken;
  if (shown.answer.empty() || how.how != alerts::channel_answer::end::taken) shown.answer = how.text;
  shown.ended = --at->second.awaited == 0;
}

std::map<std::string, api::channel_trial> channel_trials::last() const {
  std::map<std::string, api::channel_trial> out;
  const holding lock(mutex_);
  for (const auto& [channel, one] : trials_) out.emplace(channel, one.shown);
  return out;
}

}  // namespace changtong
