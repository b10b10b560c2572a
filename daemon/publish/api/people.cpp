#include "daemon/publish/api/people.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "daemon/core/log.h"
#include "daemon/publish/api/answers.h"

namespace changtong::api {
namespace {

/** Guesses must not fill the log: one line, however many were refused in ten seconds. */
void log_refusal(const std::string& path) {
  static std::atomic<std::int64_t> last{-10};
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch());
  std::int64_t before = last.load();
  if (now.count() - before >= 10 && last.compare_exchange_strong(before, now.count()))
    log::warn("api: POST {} refused: missing or wrong token", path);
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

std::vector<person> everybody(const context& from) {
  std::vector<person> all = from.from.people ? from.from.people() : std::vector<person>{};
  if (secret token = from.from.token ? from.from.token() : secret(); !token.empty())
    all.push_back({.name = std::string(nobody), .token = std::move(token), .may = {right::request, right::reload}});
  return all;
}

}  // namespace

bool same_secret(std::string_view given, const secret& expected) {
  const std::string& own = expected.reveal();
  if (own.empty()) return false;
  // Of another length it is wrong already, and takes as long all the same: it is held against itself.
  const bool same_length = given.size() == own.size();
  const char* const against = same_length ? own.data() : given.data();
  return CRYPTO_memcmp(given.data(), against, given.size()) == 0 && same_length;
}

web_response cannot_enter() {
  return problem_answer(503, "ledger_unavailable", "账本暂不可用", "the ledger takes no entries here");
}

permission permitted(const context& from, const web_request& request, right what) {
  const std::vector<person> all = everybody(from);
  if (all.empty())
    return {.name = {},
            .via = {},
            .refusal = problem_answer(403, "no_token_configured", "未配置 api.token 或 api.people，不接受此操作",
                                      "neither api.token nor api.people is configured, so this is not accepted")};
  const std::string_view given = bearer(request);
  const person* who = nullptr;
  for (const person& p : all)
    if (same_secret(given, p.token)) who = &p;
  if (who == nullptr) {
    log_refusal(request.path);
    web_response out = problem_answer(401, "wrong_token", "缺少令牌或令牌不对", "missing or wrong token");
    out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return {.name = {}, .via = {}, .refusal = std::move(out)};
  }
  std::string via = "api: " + who->name + (request.peer.empty() ? "" : "@" + request.peer);
  if (std::ranges::find(who->may, what) != who->may.end())
    return {.name = who->name, .via = std::move(via), .refusal = {}};
  const std::string name(right_names.at(static_cast<std::size_t>(what)));
  return {.name = who->name,
          .via = std::move(via),
          .refusal = problem_answer(403, "not_allowed", who->name + " 没有权限：" + name,
                                    who->name + " has not the right to " + name)};
}

}  // namespace changtong::api
