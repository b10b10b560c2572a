#include "daemon/run/centre_requests.h"

#include <algorithm>

#include "daemon/core/log.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/web.h"
#include "daemon/entries/command_json.h"

namespace changtong {
namespace {

constexpr std::size_t most_name_bytes = 64;  // of a centre

std::string no(int status, std::string_view code, std::string_view text, std::string_view text_en) {
  return problem_answer(status, code, text, text_en).body;
}

}  // namespace

void centre_requests::forget(hour& in, wall_t now) {
  while (!in.empty() && (in.front().at > now || now - in.front().at > std::chrono::hours{1})) in.pop_front();
}

std::string centre_requests::no_more(const hour& in, const centre::node_command& asked, wall_t now) {
  if (asked.until && now > *asked.until)
    return no(409, "too_late", "送到时已没有人在等，没有登记：请再申请一次",
              "nobody waits for it any more, and nothing was entered: ask again");
  if (in.size() >= most_an_hour)
    return no(429, "too_many", "一小时内由中心申请或批准的窗口太多，没有登记",
              "too many windows were requested or approved by the centre within an hour: nothing was entered");
  return {};
}

std::string centre_requests::entered(const std::vector<command>& what, const author& who, done as, hour& in) {
  const entering done = enter_(what, who);
  if (!done) return no(409, done.error().code, done.error().text, done.error().text_en);
  centre::window_requested out;
  for (const record& r : done->records)
    if (const auto* w = std::get_if<window_record>(&r)) out.id = w->id, ++out.targets;
  for (const notice& n : done->notices) out.notices.push_back({n.text, n.text_en});
  as.answer = text_of(out);
  in.push_back(as);
  return as.answer;
}

std::string centre_requests::window(const centre::node_command& asked, wall_t now) {
  forget(requests_, now);
  if (std::string why = no_more(requests_, asked, now); !why.empty()) return why;
  const auto what = api::read_commands(window_command{}, asked.entry, zone_);
  if (!what) {
    const phrase why = words_of(what.error());
    return no(400, "bad_body", why.cn, why.en);
  }
  if (asked.by.empty() || what->size() != 1)
    return no(400, "bad_body", "要写明谁申请，一次申请一个窗口", "who asks, and one window at a time");
  log::info("中心的 {} 申请停机窗口 / {} at the centre requests a window", as_seen(asked.by), as_seen(asked.by));
  return entered(*what, {.name = asked.by, .source = "centre", .via = "中心 centre: " + asked.by},
                 {.at = now, .order = {}, .answer = {}}, requests_);
}

std::string centre_requests::approval(const centre::node_command& asked, wall_t now) {
  if (asked.by.empty() || asked.text.empty() || asked.target.empty() || asked.version.empty() || asked.order.empty())
    return no(400, "bad_body", "要写明谁决定、为什么、哪个窗口的哪一版",
              "who decides, why, and which version of which window");
  forget(approvals_, now);
  const auto before = std::ranges::find(approvals_, asked.order, &done::order);
  if (before != approvals_.end()) return before->answer;
  if (std::string why = no_more(approvals_, asked, now); !why.empty()) return why;
  window_command w;
  w.what = asked.what == "approve" ? window_command::act::approve : window_command::act::cancel;
  w.id = asked.target;
  w.text = asked.text;
  w.version = asked.version;
  const std::string place = asked.centre.empty() ? "" : " " + as_seen(asked.centre, most_name_bytes);
  log::info("中心的 {} 对停机窗口 {} 说 {} / {} at the centre says so of window {}", as_seen(asked.by),
            as_seen(asked.target), as_seen(asked.what), as_seen(asked.by), as_seen(asked.target));
  return entered({w}, {.name = asked.by, .source = "centre", .via = "中心 centre" + place + ": " + asked.by},
                 {.at = now, .order = asked.order, .answer = {}}, approvals_);
}

}  // namespace changtong
