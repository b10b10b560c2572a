#include "daemon/publish/alerts/channels.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "daemon/publish/alerts/channel_kinds.h"
#include "daemon/publish/alerts/channel_text.h"

namespace changtong::alerts {
namespace {

constexpr std::size_t most_sms = 600, most_spoken = 450;  ///< bytes: three parts of an SMS; half a minute
constexpr milliseconds usual_pause{65'000};               ///< after a limit: its minute and a little (rules.md 7.2)

}  // namespace

std::vector<outgoing> outgoing_of(const alert_channel& c, const message& m, const receivers& to, wall_t now,
                                  const civil_zone& zone) {
  const rendering r{.channel = c, .what = m, .to = to, .now = now, .zone = zone};
  switch (c.kind) {
    case channel_kind::wecom:
      return by_wecom(r);
    case channel_kind::dingtalk:
      return by_dingtalk(r);
    case channel_kind::feishu:
      return by_feishu(r);
    case channel_kind::mail:
      return by_mail(r);
    case channel_kind::sms:
      return by_gateway(r, most_sms);
    case channel_kind::voice:
      return by_gateway(r, most_spoken);
    case channel_kind::webhook:
      return by_webhook(r);
    case channel_kind::alertmanager:
      return by_alertmanager(r);
    case channel_kind::syslog:
      return by_syslog(r);
  }
  return {};
}

channel_answer answer_of_status(const alert_channel& c, unsigned status, const std::string& body,
                                milliseconds limited) {
  using enum channel_answer::end;
  // A page of HTML says nothing to the people who read this.
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  const bool page = first != std::string::npos && body[first] == '<';
  channel_answer out{.how = refused,
                     .text = without_secrets(c, fmt::format("HTTP {}{}{}", status, body.empty() || page ? "" : " ",
                                                            page ? std::string() : body))};
  if (status >= 200 && status <= 299) out.how = taken;
  if (status == 429) out.pause = limited;
  // Everything but "this body never": a relay, a proxy or a filter says 30x, 401, 403, 404 too, and may be mended.
  static constexpr std::array<unsigned, 4> never{400, 413, 415, 422};
  if (out.how != taken && std::ranges::find(never, status) == never.end()) out.how = later;
  return out;
}

channel_answer answer_of(const alert_channel& c, unsigned status, const std::string& body) {
  using enum channel_answer::end;
  if (status == 0) return {.how = later, .text = without_secrets(c, body)};
  switch (c.kind) {
    case channel_kind::wecom:
    case channel_kind::dingtalk:
    case channel_kind::feishu:
      return answer_of_robot(c, status, body);
    case channel_kind::mail:
      return answer_of_mail(c, status, body);
    case channel_kind::sms:
    case channel_kind::voice:
    case channel_kind::webhook:
    case channel_kind::alertmanager:
      break;
    case channel_kind::syslog:
      if (status < 200 || status > 299) break;
      return {.how = taken, .text = "已发出（syslog 没有回执）"};
  }
  channel_answer out = answer_of_status(c, status, body, usual_pause);
  if (out.how != taken || c.expect.empty() || body.find(c.expect) != std::string::npos) return out;
  out.how = later;  // a gateway that says 200 to everything: what it means is in its words
  if (body.find("LIMIT_CONTROL") != std::string::npos) out.pause = usual_pause;
  return out;
}

}  // namespace changtong::alerts
