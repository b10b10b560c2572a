// Who may sign in, for the administrator, and the audit log, for the auditor.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "daemon/accounts/entrance.h"
#include "daemon/accounts/outcome_words.h"
#include "daemon/core/phrase.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

using accounts::user;
using accounts::user_book;

web_response no_accounts() {
  return problem_answer(503, "no_accounts", "这里没有用户：在主机上运行 changtong user invite",
                        "there are no users here: run changtong user invite on the machine");
}

web_response users_unavailable(const problem& p) {
  const phrase why = words_of(p);
  return problem_answer(503, "users_unavailable", "用户文件暂不可用：" + why.cn,
                        "the file of users is not available: " + why.en);
}

web_response refused(int status, std::string_view code, const problem& p) {
  const phrase why = words_of(p);
  return problem_answer(status, code, why.cn, why.en);
}

std::string_view standing(const user& u) {
  if (u.disabled) return "disabled";
  if (u.password.empty()) return "invited";
  return u.must_change ? "must_change" : "active";
}

std::string to_json(const user& u, const civil_zone& zone) {
  json_array roles;
  for (const accounts::role r : u.may) roles.add(accounts::role_names.at(static_cast<std::size_t>(r)));
  json_object out;
  out.add("name", u.name).add_raw("roles", roles.text()).add("state", standing(u));
  add_instant(out, "since", u.since, zone);
  return out.text();
}

web_response list_users(context& from, const question&) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto book = from.from.entrance->users();
  if (!book) return users_unavailable(book.error());
  json_array all;
  for (const user& u : (*book)->users()) all.add_raw(to_json(u, from.from.zone()));
  return json_answer(json_object().add_raw("users", all.text()).text());
}

/** The texts of a body, and its list of roles, which reads as `changtong user` takes them; nothing else. */
struct wanted {
  std::string name, step;
  std::optional<std::string> roles;
};
result<wanted> read_wanted(const web_request& request, std::string_view text_key) {
  const problem bad = said(both("内容无法读取：应为 {0} 与 roles", "the body cannot be read: {0} and roles", text_key));
  boost::system::error_code failed;
  const auto all = boost::json::parse(request.body, failed);
  const auto* o = failed ? nullptr : all.if_object();
  if (o == nullptr) return bad;
  wanted out;
  for (const auto& [key, value] : *o) {
    if (key == text_key && value.is_string()) {
      (text_key == "name" ? out.name : out.step) = value.get_string();
    } else if (key == "roles" && value.is_array()) {
      out.roles.emplace();
      for (const auto& one : value.get_array()) {
        if (!one.is_string()) return bad;
        *out.roles += (out.roles->empty() ? "" : ",") + std::string(one.get_string());
      }
    } else {
      return bad;
    }
  }
  return out;
}

accounts::trail_entry deed_of(const question& q, std::string of) {
  return {
      .who = q.who.name, .peer = q.request.peer, .what = accounts::deed::user, .of = std::move(of), .outcome = "ok"};
}

web_response invited(const context& from, const std::string& name, const result<secret>& key) {
  if (!key)
    return key.error().what == problem_class::cannot ? users_unavailable(key.error())
                                                     : refused(409, "not_possible", key.error());
  json_object out;
  out.add("name", name).add("key", key->reveal());
  add_instant(out, "until", from.from.now() + accounts::entrance::link_serves, from.from.zone());
  return json_answer(out.text());
}

web_response invite_user(context& from, const question& q) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto asked = read_wanted(q.request, "name");
  if (!asked) return refused(400, "bad_body", asked.error());
  const auto may = accounts::roles_in(asked->roles.value_or(""));
  if (!may) return refused(400, "unfit_roles", may.error());
  const auto fits = [&](const user_book& there) -> result<void> {
    result<void> fit =
        there.find(asked->name) != nullptr
            ? said(both("用户 {} 已经存在", "there is a user {} already", asked->name), problem_class::no)
        : from.from.fit_name ? from.from.fit_name(there, asked->name)
                             : result<void>();
    return fit;
  };
  return invited(from, asked->name,
                 from.from.entrance->invite(deed_of(q, "invite " + accounts::text_of(*may) + " " + asked->name),
                                            asked->name, *may, fits));
}

/** A lock-out is mended on the machine alone, so nobody does it to themselves. */
std::optional<web_response> own_account(const question& q) {
  if (q.id != q.who.name) return std::nullopt;
  return problem_answer(409, "own_account", "不能停用自己，也不能更改自己的角色：请另一名管理员来做",
                        "nobody disables themselves or changes their own roles: another administrator does");
}

web_response changed(context& from, const question& q, const std::string& what,
                     const std::function<result<void>(user_book&)>& how) {
  accounts::entrance& door = *from.from.entrance;
  const auto done = door.change_users(deed_of(q, what + " " + q.id), how);
  if (!done)
    return done.error().what == problem_class::cannot ? users_unavailable(done.error())
                                                      : refused(409, "not_possible", done.error());
  const auto book = door.users();
  const user* who = book ? (*book)->find(q.id) : nullptr;
  if (who == nullptr) return problem_answer(404, "no_such_user", "没有这个用户", "there is no such user");
  return json_answer(to_json(*who, from.from.zone()));
}

web_response change_user(context& from, const question& q) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto asked = read_wanted(q.request, "step");
  if (!asked) return refused(400, "bad_body", asked.error());
  const bool roles = asked->step == "roles", off = asked->step == "disable";
  if (!roles && !off && asked->step != "enable")
    return refused(400, "bad_body", said("step 应为 roles、disable、enable", "step must be roles, disable or enable"));
  const auto book = from.from.entrance->users();
  if (!book) return users_unavailable(book.error());
  if ((*book)->find(q.id) == nullptr)
    return problem_answer(404, "no_such_user", "没有这个用户", "there is no such user");
  if (auto no = own_account(q)) return std::move(*no);
  if (!roles) return changed(from, q, asked->step, [&](user_book& b) { return b.disable(q.id, off); });
  const auto may = accounts::roles_in(asked->roles.value_or(""));
  if (!may) return refused(400, "unfit_roles", may.error());
  return changed(from, q, "role " + accounts::text_of(*may), [&](user_book& b) { return b.give(q.id, *may); });
}

web_response reset_user(context& from, const question& q) {
  if (auto no = unwanted(q.request.body)) return std::move(*no);
  if (from.from.entrance == nullptr) return no_accounts();
  const auto known = [&](const user_book& there) -> result<void> {
    if (there.find(q.id) != nullptr) return {};
    return said("没有这个用户", "there is no such user", problem_class::no);
  };
  return invited(from, q.id, from.from.entrance->invite(deed_of(q, "invite " + q.id), q.id, {}, known));
}

/** What the address of the API is for, as its row says in Chinese; empty for what is none. */
std::string_view tried(accounts::deed what, std::string_view path) {
  const bool reads = what == accounts::deed::read;
  if (!reads && what != accounts::deed::change) return {};
  const route* best = nullptr;  // the longest: /windows/{id} and /windows/due are both known
  for (const route& one : all_routes()) {
    const std::string_view before = prefix_of(one), after = ending_of(one);
    const bool fits =
        one.path.find('{') == std::string_view::npos
            ? path == one.path
            : path.size() > before.size() + after.size() && path.starts_with(before) && path.ends_with(after);
    if ((one.method == "GET") != reads || !fits) continue;
    if (best == nullptr || before.size() + after.size() > prefix_of(*best).size() + ending_of(*best).size())
      best = &one;
  }
  return best == nullptr ? std::string_view() : best->summary;
}

std::string to_json(const accounts::trail_entry& e, const civil_zone& zone) {
  json_object out;
  out.add("number", static_cast<std::int64_t>(e.number));
  add_instant(out, "at", e.at, zone);
  out.add("who", e.who).add("peer", e.peer).add("deed", accounts::deed_names.at(static_cast<std::size_t>(e.what)));
  out.add("of", e.of).add("outcome", e.outcome);
  const std::size_t colon = e.of.starts_with('/') ? e.of.find(": ") : std::string::npos;
  const phrase why = accounts::words_of_outcome(e.outcome);
  return out.add("tried", tried(e.what, e.of.substr(0, colon)))
      .add("rows", colon == std::string::npos ? std::string() : e.of.substr(colon + 2))
      .add("why", why.cn)
      .add("why_en", why.en)
      .text();
}

std::string to_json(const accounts::chain_walk& chain) {
  const phrase why = chain.broken().value_or(phrase{});
  json_object out;
  out.add_bool("whole", !chain.broken()).add("text", why.cn).add("text_en", why.en);
  out.add("first", static_cast<std::int64_t>(chain.first())).add("last", static_cast<std::int64_t>(chain.last()));
  out.add("cut_short", static_cast<std::int64_t>(chain.cut_short())).add("digest", chain.digest());
  return out.text();
}

web_response show_audit(context& from, const question& q) {
  if (from.from.entrance == nullptr) return no_accounts();
  const auto page = from.from.entrance->read_trail({.who = std::string(q.text("who")),
                                                    .word = std::string(q.text("word")),
                                                    .skip = q.number("offset"),
                                                    .most = q.number("limit")});
  if (!page) {
    web_response out = problem_answer(503, "busy", "另一人正在查阅审计日志，请稍后再试",
                                      "somebody else is reading the audit log: try again in a moment");
    out.headers.emplace_back("Retry-After", "2");
    return out;
  }
  if (!*page) return users_unavailable(page->error());
  json_array all;
  for (const accounts::trail_entry& e : (*page)->entries) all.add_raw(to_json(e, from.from.zone()));
  json_object out;
  out.add_raw("entries", all.text()).add("total", static_cast<std::int64_t>((*page)->found));
  return json_answer(out.add_raw("chain", to_json((*page)->chain)).text());
}

route of_administrator(std::string_view path, std::string_view summary, std::string_view about, std::string_view body,
                       std::string_view answer, decltype(route::function) function) {
  return {.method = "POST",
          .path = path,
          .summary = summary,
          .about = about,
          .needs = right::users,
          .body = body,
          .answer = answer,
          .refusals = {{404, "There is no such user"},
                       {409, "It may not be: one's own account, or a name that somebody has"},
                       {503, "There are no users here, or they cannot be read"}},
          .function = function};
}

}  // namespace

std::vector<route> user_routes() {
  constexpr std::string_view nobody = "There are no users here, or they cannot be read";
  return {
      {.path = "/api/v1/users",
       .summary = "用户",
       .needs = right::users,
       .answer = "Users",
       .refusals = {{503, nobody}},
       .function = list_users},
      of_administrator("/api/v1/users", "邀请新用户",
                       "`key` is shown this once: console/#/welcome?key=KEY is the link by which they set a password. "
                       "Roles of two powers are refused.",
                       "NewUser", "Invited", invite_user),
      of_administrator("/api/v1/users/{id}", "更改角色、停用、恢复", "Holds at the next request of that user.",
                       "UserStep", "User", change_user),
      of_administrator("/api/v1/resets/{id}", "一次性链接，由本人重设密码",
                       "The old password serves until then; whoever must not come in any more is disabled.", "",
                       "Invited", reset_user),
      {.path = "/api/v1/audit",
       .summary = "审计日志：谁登录、查阅证据、更改",
       .about = "Latest first. `chain`: whether every line that is kept is chained to the one before.",
       .needs = right::audit,
       .evidence = true,
       .parameters = {{"who", "only this person's"},
                      {"word", "only lines that hold it: deed, address, what it is about, how it ended"},
                      number("offset", 0, 100'000),
                      number("limit", 100, 500)},
       .answer = "Audit",
       .refusals = {{503, nobody}},
       .function = show_audit},
  };
}

}  // namespace changtong::api
