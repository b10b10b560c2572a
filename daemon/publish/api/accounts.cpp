// Signing in and out, and one's own password.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "daemon/accounts/entrance.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

using accounts::visitor;

std::string session_json(bool users, const visitor* who) {
  json_array roles, rights;
  if (who != nullptr) {
    for (const accounts::role r : who->may) roles.add(accounts::role_names.at(static_cast<std::size_t>(r)));
    for (const right r : accounts::rights_of(who->may)) rights.add(right_names.at(static_cast<std::size_t>(r)));
  }
  json_object out;
  out.add_bool("users", users).add_bool("signed_in", who != nullptr);
  out.add("name", who != nullptr ? who->name : std::string());
  out.add_raw("roles", roles.text()).add_raw("rights", rights.text());
  out.add("csrf", who != nullptr ? who->csrf : std::string());
  out.add_bool("must_change", who != nullptr && who->must_change);
  return out.text();
}

/** An empty `value` takes it away. */
void set_cookie(web_response& on, const context& from, const web_request& request, std::string_view value) {
  constexpr int half_a_day = 12 * 60 * 60;
  const bool tls = over_tls(from, request);
  on.headers.emplace_back("Set-Cookie",
                          fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name(tls), value,
                                      value.empty() ? 0 : half_a_day, tls ? "; Secure" : ""));
}

/** Two texts of a body that has nothing else; the media type is one that no form of another site can send. */
using two = std::pair<std::string, secret>;
result<two> read_two(const web_request& request, std::string_view first, std::string_view second) {
  const problem unreadable = said({"内容无法读取", "the body cannot be read"});
  if (!request.header("content-type").starts_with("application/json"))
    return said({"Content-Type 应为 application/json", "Content-Type must be application/json"});
  boost::system::error_code failed;
  const auto all = boost::json::parse(request.body, failed);
  const auto* o = failed ? nullptr : all.if_object();
  const auto* a = o == nullptr ? nullptr : o->if_contains(first);
  const auto* b = o == nullptr ? nullptr : o->if_contains(second);
  if (a == nullptr || b == nullptr || o->size() != 2 || !a->is_string() || !b->is_string()) return unreadable;
  return two(std::string(a->get_string()), secret(std::string(b->get_string())));
}

web_response bad_body(const problem& p) {
  const phrase why = words_of(p);
  return problem_answer(400, "bad_body", why.cn, why.en);
}

web_response let_in(const context& from, const web_request& request,
                    const accounts::admission<accounts::admitted>& in) {
  if (!in) {
    const accounts::not_admitted& no = in.error();
    if (from.from.door != nullptr) from.from.door->count_login(no.code);
    web_response out = problem_answer(no.status, no.code, no.why.cn, no.why.en);
    if (no.wait.count() > 0)
      out.headers.emplace_back("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(no.wait).count()));
    return out;
  }
  web_response out = json_answer(session_json(true, &in->who));
  set_cookie(out, from, request, in->cookie.reveal());
  return out;
}

web_response no_accounts() {
  return problem_answer(503, "no_accounts", "这里没有用户，无须登录",
                        "there are no users here, and no need to sign in");
}

web_response session(context& from, const question& q) {
  accounts::entrance* door = from.from.entrance;
  if (door == nullptr) return json_answer(session_json(false, nullptr));
  const auto who = signed_in(from, q.request);
  return json_answer(session_json(door->in_use() || names_users(from), who ? &*who : nullptr));
}

web_response login(context& from, const question& q) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto given = read_two(q.request, "name", "password");
  if (!given) return bad_body(given.error());
  return let_in(from, q.request, from.from.entrance->sign_in(given->first, given->second, q.request.peer));
}

web_response accept_invitation(context& from, const question& q) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto given = read_two(q.request, "key", "password");
  if (!given) return bad_body(given.error());
  return let_in(from, q.request, from.from.entrance->accept(given->first, given->second, q.request.peer));
}

/** Who signed in; else what to answer. */
std::optional<web_response> needs_session(const context& from, const web_request& request,
                                          std::optional<visitor>& who) {
  if (from.from.entrance == nullptr) return no_accounts();
  who = signed_in(from, request);
  if (!who) return not_signed_in(from);
  if (!repeats_csrf(request, *who)) return no_csrf();
  return std::nullopt;
}

web_response own_password(context& from, const question& q) {
  std::optional<visitor> who;
  if (auto no = needs_session(from, q.request, who)) return std::move(*no);
  const auto given = read_two(q.request, "old", "new");
  if (!given) return bad_body(given.error());
  return let_in(from, q.request,
                from.from.entrance->change_password(*who, secret(given->first), given->second, q.request.peer));
}

web_response logout(context& from, const question& q) {
  if (auto refused = unwanted(q.request.body)) return std::move(*refused);
  std::optional<visitor> who;
  if (auto no = needs_session(from, q.request, who)) return std::move(*no);
  from.from.entrance->sign_out(session_cookie(q.request, over_tls(from, q.request)), q.request.peer);
  web_response out = json_answer(session_json(from.from.entrance->in_use(), nullptr));
  set_cookie(out, from, q.request, {});
  return out;
}

route row(std::string_view path, std::string_view summary, std::string_view about, std::string_view body,
          std::vector<refusal> refusals, decltype(route::function) function) {
  refusals.push_back({503, "There are no users here, or they cannot be read"});
  return {.method = "POST",
          .path = path,
          .summary = summary,
          .about = about,
          .open = true,
          .body = body,
          .answer = "Session",
          .refusals = std::move(refusals),
          .function = function};
}

/** Open to anybody, and a password costs a tenth of a second. */
route of_strangers(route r) {
  r.lane = web_lane::knocking;
  return r;
}

}  // namespace

std::vector<route> account_routes() {
  constexpr std::string_view wrong = "Not known, wrong, disabled or over; which of them is not said";
  constexpr std::string_view again = "Too many attempts: Retry-After says when";
  return {
      {.path = "/api/v1/session",
       .summary = "谁已登录",
       .about = "`users`: whether one has to sign in here. Each change has to repeat `csrf` as X-CSRF-Token. "
                "What a page asks by itself says X-Changtong-Poll: 1 and keeps no session alive.",
       .open = true,
       .answer = "Session",
       .function = session},
      of_strangers(row("/api/v1/login", "登录", "Sets the cookie changtong_session, over TLS __Host-changtong_session.",
                       "Login", {{401, wrong}, {429, again}}, login)),
      row("/api/v1/logout", "退出", "Needs the session and its X-CSRF-Token.", "",
          {{401, "Nobody has signed in"}, {403, "X-CSRF-Token is not the session's"}}, logout),
      row("/api/v1/password", "修改自己的密码", "Needs the session and its X-CSRF-Token; the other sessions end.",
          "OwnPassword", {{401, wrong}, {403, "X-CSRF-Token is not the session's"}, {429, again}}, own_password),
      of_strangers(row("/api/v1/invitation", "凭一次性链接设置密码", "Sets the password and signs in.", "Invitation",
                       {{401, wrong}, {429, again}}, accept_invitation)),
  };
}

}  // namespace changtong::api
