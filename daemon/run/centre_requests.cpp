#include "daemon/run/centre_requests.h"

#include "daemon/core/log.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/web.h"
#include "daemon/entries/command_json.h"

namespace changtong {

std::string centre_requests::window(const centre::node_command& asked, wall_t now) {
  if (asked.until && now > *asked.until)
    return problem_answer(409, "too_late", "送到时已没有人在等，没有登记：请再申请一次",
                          "nobody waits for it any more, and nothing was entered: ask again")
        .body;
  while (!lately_.empty() && (lately_.front() > now || now - lately_.front() > std::chrono::hours{1}))
    lately_.pop_front();
  if (lately_.size() >= most_an_hour)
    return problem_answer(429, "too_many", "一小时内由中心申请的窗口太多，没有登记",
                          "too many windows were requested by the centre within an hour: nothing was entered")
        .body;
  const auto what = api::read_commands(window_command{}, asked.entry, zone_);
  if (!what) {
    const phrase why = words_of(what.error());
    return problem_answer(400, "bad_body", why.cn, why.en).body;
  }
  if (asked.by.empty() || what->size() != 1)
    return problem_answer(400, "bad_body", "要写明谁申请，一次申请一个窗口", "who asks, and one window at a time").body;
  const entering done = enter_(*what, {.name = asked.by, .source = "centre", .via = "中心 centre: " + asked.by});
  if (!done) return problem_answer(409, done.error().code, done.error().text, done.error().text_en).body;
  lately_.push_back(now);
  centre::window_requested out;
  for (const record& r : done->records)
    if (const auto* w = std::get_if<window_record>(&r)) out.id = w->id, ++out.targets;
  for (const notice& n : done->notices) out.notices.push_back({n.text, n.text_en});
  log::info("中心的 {} 申请停机窗口 {} / {} at the centre requests window {}", as_seen(asked.by), as_seen(out.id),
            as_seen(asked.by), as_seen(out.id));
  return text_of(out);
}

}  // namespace changtong
