#include "daemon/publish/api/duty.h"

#include "daemon/core/log.h"
#include "daemon/publish/api/answers.h"

namespace changtong::api {
namespace {

/** Guesses must not fill the log: one line, however many were refused in ten seconds. */
void log_refusal() {
  static std::atomic<std::int64_t> last{-10};
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch());
  std::int64_t before = last.load();
  if (now.count() - before >= 10 && last.compare_exchange_strong(before, now.count()))
    log::warn("api: POST /api/v1/reload refused: missing or wrong token");
}

std::string_view bearer(const web_request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view text = request.header("authorization");
  if (text.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != scheme[i]) return {};
  }
  return text.substr(scheme.size());
}

std::vector<reason> reasons(const context& from) {
  std::vector<reason> out;
  if (!from.from.boards->get()) out.push_back({"not_loaded", "配置尚未加载", "the configuration is not loaded yet"});
  const wall_t heartbeat = wall_from_ms(from.from.counters->heartbeat_ms.load(std::memory_order_relaxed));
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

}  // namespace

bool same_secret(std::string_view given, const secret& expected) {
  const std::string& own = expected.reveal();
  if (own.empty()) return false;
  std::size_t different = given.size() ^ own.size();
  for (std::size_t i = 0; i < given.size(); ++i) {
    different |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(own[i % own.size()]);
  }
  return different == 0;
}

web_response healthz() {
  web_response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = "ok\n";
  return out;
}

web_response readyz(const context& from) {
  const auto against = reasons(from);
  json_array list;
  for (const reason& r : against) {
    json_object one;
    one.add("code", r.code).add("text", r.text).add("text_en", r.text_en);
    list.add(one.text());
  }
  json_object out;
  out.add_bool("ready", against.empty()).add_raw("reasons", list.text());
  web_response answer = json_answer(out.text());
  answer.status = against.empty() ? 200 : 503;
  return answer;
}

web_response reload(const context& from, const web_request& request) {
  const secret token = from.from.token ? from.from.token() : secret();
  if (token.empty() || !from.from.reload)
    return problem_answer(403, "no_token_configured", "未配置 api_token，不接受此操作",
                          "no api_token is configured, so this is not accepted");
  if (!same_secret(bearer(request), token)) {
    log_refusal();
    web_response out = problem_answer(401, "wrong_token", "缺少令牌或令牌不对", "missing or wrong token");
    out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
  }
  const auto done = from.from.reload("api");
  if (!done)
    return problem_answer(409, "configuration_refused", "新配置未生效，原配置继续运行：" + to_string(done.error()),
                          "the new configuration is refused, the old one stays in force: " + to_string(done.error()));
  json_object out;
  out.add_bool("reloaded", true).add("text", *done);
  return json_answer(out.text());
}

}  // namespace changtong::api
