#include "daemon/run/centre_requests.h"

#include "daemon/core/log.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/web.h"
#include "daemon/entries/command_json.h"

namespace changtong {

std::string request_window(const centre::node_command& asked, const civil_zone& zone, const enter_commands& enter) {
  const auto what = api::read_commands(window_command{}, asked.entry, zone);
  if (!what) {
    const phrase why = words_of(what.error());
    return problem_answer(400, "bad_body", why.cn, why.en).body;
  }
  if (asked.by.empty() || what->size() != 1)
    return problem_answer(400, "bad_body", "要写明谁申请，一次申请一个窗口", "who asks, and one window at a time").body;
  const entering done =
      enter(*what, {.name = asked.by, .source = "centre", .via = "centre: " + asked.by + ", by its word alone"});
  if (!done) return problem_answer(409, done.error().code, done.error().text, done.error().text_en).body;
  centre::window_requested out;
  for (const record& r : done->records)
    if (const auto* w = std::get_if<window_record>(&r)) out.id = w->id, ++out.targets;
  for (const notice& n : done->notices) out.notices.push_back({n.text, n.text_en});
  log::info("中心的 {} 申请停机窗口 {} / {} at the centre requests window {}", as_seen(asked.by), as_seen(out.id),
            as_seen(asked.by), as_seen(out.id));
  return text_of(out);
}

}  // namespace changtong
