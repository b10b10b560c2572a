#include "daemon/publish/api/people.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/core/ascii.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/refusal_log.h"
#include "daemon/core/utf8.h"
#include "daemon/publish/api/answers.h"

namespace changtong::api {
namespace {

/** Counted and said with the peer; guesses must not fill the log, nor stay out of it. */
void tell_refusal(const context& from, const web_request& request, token_refusal why, const phrase& words) {
  static std::array<refusal_log, token_refusals.size()> said_before;  // who floods one hides nothing of another
  if (from.from.door != nullptr) from.from.door->count(why);
  const std::string_view peer = request.peer.empty() ? std::string_view("?") : request.peer;
  const auto times = said_before.at(static_cast<std::size_t>(why)).note(peer, std::chrono::steady_clock::now());
  if (times == 0) return;
  log::warn("api: 拒绝 {} 的 {} {}：{}（一分钟内第 {} 次）/ refused {} from {}: {} ({} in this minute)", peer,
            request.method, shortened(request.path, 128), words.cn, times, request.method, peer, words.en, times);
}

std::string_view bearer(const web_request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view text = request.header("authorization");
  if (text.size() <= scheme.size() || !ascii::same_word(text.substr(0, scheme.size()), scheme)) return {};
  return text.substr(scheme.size());
}

std::vector<person> everybody(const context& from) {
  std::vector<person> all = from.from.people ? from.from.people() : std::vector<person>{};
  std::erase_if(all, [](const person& p) { return p.token.empty(); });  // whom alerts reach, and no more
  if (secret token = from.from.token ? from.from.token() : secret(); !token.empty())
    all.push_back({.name = std::string(nobody), .token = std::move(token), .may = {right::request, right::reload}});
  return all;
}

web_response wrong_token() {
  web_response out = problem_answer(401, "wrong_token", "缺少令牌或令牌不对", "missing or wrong token");
  out.headers.emplace_back("WWW-Authenticate", "Bearer");
  return out;
}

permission refuse(web_response with, std::string name = {}) {
  return {.name = std::move(name), .via = {}, .refusal = std::move(with)};
}

std::string via_of(const std::string& name, const web_request& request) {
  return "api: " + name + (request.peer.empty() ? "" : "@" + request.peer);
}

permission lacks(const context& from, const web_request& request, std::string name, right what) {
  // in the order of right_names, which are the words of a configuration
  static constexpr std::array<std::string_view, right_names.size()> chinese{
      "申请停机窗口", "批准", "登记值班", "批注", "结账",     "重新加载、改清单",
      "导入读数",     "评定", "接手",     "试发", "管理用户", "查阅审计日志"};
  const auto at = static_cast<std::size_t>(what);
  const phrase why =
      both("{} 没有权限：{}", "{} has not the right {}", name,
           phrase{fmt::format("{}（{}）", right_names.at(at), chinese.at(at)), std::string(right_names.at(at))});
  tell_refusal(from, request, token_refusal::not_allowed, why);
  return refuse(problem_answer(403, "not_allowed", why.cn, why.en), std::move(name));
}

/** Where a proxy says who somebody is, whoever it names nobody for reads nothing. */
bool has_users(const context& from) {
  return from.from.entrance != nullptr && (from.from.entrance->in_use() || names_users(from));
}

web_response must_change() {
  return problem_answer(403, "must_change_password", "请先修改密码", "change the password first");
}

/** Of a request without a bearer token, where there are users. `changes`: it has to come from a page of ours. */
permission signed_in_may(const context& from, const web_request& request, right what, bool changes) {
  auto who = signed_in(from, request);
  if (!who) return refuse(not_signed_in(from));
  if (changes && !repeats_csrf(request, *who)) return refuse(no_csrf(), who->name);
  if (who->must_change) return refuse(must_change(), who->name);
  if (!accounts::grants(who->may, what)) return lacks(from, request, std::move(who->name), what);
  return {.name = who->name, .via = via_of(who->name, request), .refusal = {}};
}

/** Null: nobody's. Held against every one there is. */
const person* owner_of(const std::vector<person>& all, std::string_view token) {
  const person* who = nullptr;
  for (const person& p : all)
    if (same_secret(token, p.token)) who = &p;
  return who;
}

}  // namespace

std::optional<accounts::visitor> signed_in(const context& from, const web_request& request) {
  if (from.from.entrance == nullptr) return std::nullopt;
  if (request.vouched && names_users(from)) return from.from.entrance->by_proxy(*request.vouched, request.peer);
  return from.from.entrance->by_cookie(session_cookie(request, over_tls(from, request)),
                                       request.header("x-changtong-poll") == "1");
}

bool names_users(const context& from) { return from.from.proxy_names_users && from.from.proxy_names_users(); }

bool over_tls(const context& from, const web_request& request) {
  return from.from.tls || request.header("x-forwarded-proto") == "https";
}

std::string_view session_cookie(const web_request& request, bool tls) {
  const std::string_view name = cookie_name(tls);
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    std::string_view one = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
  }
  return {};
}

bool repeats_csrf(const web_request& request, const accounts::visitor& who) {
  return same_secret(request.header("x-csrf-token"), secret(who.csrf));
}

web_response no_csrf() {
  return problem_answer(403, "wrong_csrf_token", "请求不是由本页面发出：请刷新后重试",
                        "the request did not come from this page: load it again");
}

web_response not_signed_in(const context& from) {
  if (from.from.entrance != nullptr && !from.from.entrance->can_tell())
    return problem_answer(503, "users_unavailable", "用户文件现在无法读取，谁也不能登录：请管理员查看日志",
                          "the file of users cannot be read now, so nobody signs in: see the log");
  return problem_answer(401, "not_signed_in", "请先登录", "sign in first");
}

permission may_read(const context& from, const web_request& request) {
  if (!has_users(from)) return {};
  accounts::entrance& door = *from.from.entrance;
  if (const std::string_view token = bearer(request); !token.empty()) {
    const std::vector<person> all = everybody(from);
    if (const person* who = owner_of(all, token)) return {.name = who->name, .via = {}, .refusal = {}};
    if (auto who = door.by_token(token)) return {.name = std::move(who->name), .via = {}, .refusal = {}};
    tell_refusal(from, request, token_refusal::wrong, {"令牌不对", "wrong token"});
    return refuse(wrong_token());
  }
  auto who = signed_in(from, request);
  if (!who) return refuse(not_signed_in(from));
  if (who->must_change) return refuse(must_change());
  return {.name = std::move(who->name), .via = {}, .refusal = {}};
}

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
  const std::string_view given = bearer(request);
  if (given.empty() && has_users(from)) return signed_in_may(from, request, what, request.method == "POST");
  const std::vector<person> all = everybody(from);
  if (all.empty()) {
    tell_refusal(from, request, token_refusal::not_allowed,
                 {"未配置 api.token 或 api.people", "neither api.token nor api.people is configured"});
    return refuse(problem_answer(403, "no_token_configured", "未配置 api.token 或 api.people，不接受此操作",
                                 "neither api.token nor api.people is configured, so this is not accepted"));
  }
  const person* who = owner_of(all, given);
  if (who == nullptr) {
    const bool none = given.empty();
    tell_refusal(from, request, none ? token_refusal::missing : token_refusal::wrong,
                 none ? phrase{"没有令牌", "no token"} : phrase{"令牌不对", "wrong token"});
    return refuse(wrong_token());
  }
  if (std::ranges::find(who->may, what) == who->may.end()) return lacks(from, request, who->name, what);
  return {.name = who->name, .via = via_of(who->name, request), .refusal = {}};
}

}  // namespace changtong::api
