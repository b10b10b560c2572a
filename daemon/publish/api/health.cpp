#include "daemon/publish/api/health.h"

#include "daemon/core/phrase.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

std::vector<reason> reasons(const context& from) {
  std::vector<reason> out;
  if (!from.from.boards->get()) out.push_back({"not_loaded", "配置尚未加载", "the configuration is not loaded yet"});
  const wall_t heartbeat = wall_from_ms(from.from.tallies->heartbeat_ms.load(std::memory_order_relaxed));
  if (heartbeat <= wall_from_ms(0)) {
    out.push_back({"no_heartbeat", "账本尚无心跳", "the ledger has no heartbeat yet"});
  } else if (from.from.now() - heartbeat > milliseconds{5'000}) {
    out.push_back({"stale_heartbeat", "账本心跳超过 5 秒：探测停滞或账本不可写",
                   "the ledger's heartbeat is older than 5 s: probing stands still or the ledger cannot be written"});
  }
  if (from.from.not_ready) {
    for (reason& r : from.from.not_ready()) out.push_back(std::move(r));
  }
  return out;
}

web_response healthz(context&, const question&) {
  web_response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = "ok\n";
  return out;
}

web_response readyz(context& from, const question&) {
  const auto against = reasons(from);
  json_object out;
  out.add_bool("ready", against.empty()).add_raw("reasons", to_json(against));
  if (const auto remarks = remarks_on_ledger(from); !remarks.empty()) out.add_raw("ledger_remarks", to_json(remarks));
  web_response answer = json_answer(out.text());
  answer.status = against.empty() ? 200 : 503;
  return answer;
}

web_response reload(context& from, const question& q) {
  if (auto refused = unwanted(q.request.body)) return std::move(*refused);
  if (!from.from.reload) return cannot_enter();
  const auto done = from.from.reload(q.who.name);
  if (!done) {
    const phrase why = placed_words_of(done.error());
    return problem_answer(409, "configuration_refused", "新配置未生效，原配置继续运行：" + why.cn,
                          "the new configuration is refused, the old one stays in force: " + why.en);
  }
  json_object out;
  out.add_bool("reloaded", true).add("text", done->cn).add("text_en", done->en);
  return json_answer(out.text());
}

web_response confirm_clock(context& from, const question& q) {
  if (auto refused = unwanted(q.request.body)) return std::move(*refused);
  if (!from.from.confirm_clock) return cannot_enter();
  if (!from.from.confirm_clock(q.who.name))
    return problem_answer(409, "no_step_waits", "没有等待确认的时钟跳变，账目时间与系统时钟一致",
                          "no step of the clock waits: the labels agree with it");
  return json_answer(json_object().add_bool("confirmed", true).text());
}

}  // namespace

std::string to_json(const std::vector<reason>& all) {
  json_array list;
  for (const reason& r : all)
    list.add_raw(json_object().add("code", r.code).add("text", r.text).add("text_en", r.text_en).text());
  return list.text();
}

std::vector<reason> remarks_on_ledger(const context& from) {
  return from.from.ledger_remarks ? from.from.ledger_remarks() : std::vector<reason>{};
}

std::vector<route> health_routes() {
  return {
      {.method = "POST",
       .path = "/api/v1/reload",
       .summary = "重新加载配置",
       .about = "All or nothing. The right is needed on loopback too.",
       .needs = right::reload,
       .answer = "Reloaded",
       .refusals = {{409, "The new configuration is refused; the old one stays in force"},
                    {503, "This daemon does not reload"}},
       .function = reload},
      {.method = "POST",
       .path = "/api/v1/clock",
       .summary = "确认系统时钟正确",
       .about = "Adopts the step of more than five minutes that waits (rule 6). The journal says who confirmed it.",
       .needs = right::approve,
       .answer = "Confirmed",
       .refusals = {{409, "No step waits"}, {503, "This daemon has no clock to confirm"}},
       .function = confirm_clock},
      {.path = "/healthz",
       .summary = "进程存活",
       .open = true,
       .any_parameter = true,
       .lane = web_lane::vital,
       .function = healthz},
      {.path = "/readyz",
       .summary = "正在探测且账本可写",
       .open = true,
       .any_parameter = true,
       .lane = web_lane::vital,
       .answer = "Ready",
       .refusals = {{503, "Not ready, with reasons", "Ready"}},
       .function = readyz},
  };
}

}  // namespace changtong::api
