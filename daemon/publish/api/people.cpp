#include "daemon/publish/api/people.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/refusal_log.h"
#include "daemon/core/utf8.h"
#include "daemon/publish/api/answers.h"

namespace changtong::api {
namespace {

/** Counted and said with the peer; guesses must not fill the log, nor stay out of it. */
void tell_refusal(const context& from, const web_request& request, token_refusal why, const phrase& words) {
  static refusal_log said_before;
  if (from.from.door != nullptr) from.from.door->count(why);
  const std::string_view peer = request.peer.empty() ? std::string_view("?") : request.peer;
  const auto times = said_before.note(peer, std::chrono::steady_clock::now());
  if (times == 0) return;
  log::warn("api: 拒绝 {} 的 {} {}：{}（一分钟内第 {} 次）/ refused {} from {}: {} ({} in this minute)", peer,
            request.method, shortened(request.path, 128), words.cn, times, request.method, peer, words.en, times);
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
  if (all.empty()) {
    tell_refusal(from, request, token_refusal::not_allowed,
                 {"未配置 api.token 或 api.people", "neither api.token nor api.people is configured"});
    return {.name = {},
            .via = {},
            .refusal = problem_answer(403, "no_token_configured", "未配置 api.token 或 api.people，不接受此操作",
                                      "neither api.token nor api.people is configured, so this is not accepted")};
  }
  const std::string_view given = bearer(request);
  const person* who = nullptr;
  for (const person& p : all)
    if (same_secret(given, p.token)) who = &p;
  if (who == nullptr) {
    const bool none = given.empty();
    tell_refusal(from, request, none ? token_refusal::missing : token_refusal::wrong,
                 none ? phrase{"没有令牌", "no token"} : phrase{"令牌不对", "wrong token"});
    web_response out = problem_answer(401, "wrong_token", "缺少令牌或令牌不对", "missing or wrong token");
    out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return {.name = {}, .via = {}, .refusal = std::move(out)};
  }
  std::string via = "api: " + who->name + (request.peer.empty() ? "" : "@" + request.peer);
  if (std::ranges::find(who->may, what) != who->may.end())
    return {.name = who->name, .via = std::move(via), .refusal = {}};
  const std::string name(right_names.at(static_cast<std::size_t>(what)));
  tell_refusal(from, request, token_refusal::not_allowed,
               {who->name + " 没有权限：" + name, who->name + " has not the right to " + name});
  return {.name = who->name,
          .via = std::move(via),
          .refusal = problem_answer(403, "not_allowed", who->name + " 没有权限：" + name,
                                    who->name + " has not the right to " + name)};
}

}  // namespace changtong::api
