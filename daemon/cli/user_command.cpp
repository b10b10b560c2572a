// `changtong user`: who may sign in. On the machine itself, beside the ledger, whether the daemon runs or not.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "daemon/accounts/key.h"
#include "daemon/accounts/password.h"
#include "daemon/accounts/trail.h"
#include "daemon/accounts/users_file.h"
#include "daemon/cli/accounts_place.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/password_prompt.h"
#include "daemon/core/json.h"
#include "daemon/host/clocks.h"
#include "daemon/report/columns.h"
#include "daemon/run/reception.h"
#include "daemon/settings/names.h"

namespace changtong {
namespace {

namespace ac = accounts;

struct user_options {
  accounts_place place;
  std::string name, role, url, format = "table";
  std::uint32_t hours = 24;
  bool must_change = false, even_the_last = false, directory = false;
};

/** What is done here is in the audit log as what it is: nobody proved who they are, the machine let them. */
void note(const std::string& ledger, const std::string& what, const std::string& name) {
  ac::trail log(ledger, ac::tell_syslog);
  log.append({.at = system_clocks().wall(),
              .who = fmt::format("uid {}", ::getuid()),
              .what = ac::deed::user,
              .of = what + " " + name,
              .outcome = "ok"});
}

/** Where they are, and who is there now. */
struct present_users {
  accounts_found at;
  std::shared_ptr<const ac::user_book> book;
};

result<present_users> users_at(const accounts_place& place) {
  auto at = find_accounts(place);
  if (!at) return at.error();
  auto book = ac::users_file(at->ledger).get();
  if (!book) return book.error();
  return present_users{.at = std::move(*at), .book = std::move(*book)};
}

using change = std::function<result<void>(ac::user_book&)>;

/** Changes the file, notes it, says it. */
int changed(const std::string& ledger, const std::string& what, const std::string& name, const change& how,
            const phrase& done) {
  ac::users_file users(ledger);
  if (const auto made = users.change(how); !made) return fail(made.error());
  note(ledger, what, name);
  fmt::print("{}\n", to_string(done));
  return exit_ok;
}

int edited(const user_options& o, const std::string& what, const change& how, const phrase& done) {
  const auto at = find_accounts(o.place);
  if (!at) return fail(at.error());
  return changed(at->ledger, what, o.name, how, done);
}

result<std::string> hash_of_new(const std::string& name) {
  const auto given = new_password();
  if (!given) return given.error();
  if (const auto fit = ac::may_be_password(*given, name); !fit) return fit.error();
  return result<std::string>(boost::system::in_place_value, ac::hashed(*given));
}

int add(const user_options& o) {
  const auto there = users_at(o.place);
  if (!there) return fail(there.error());
  const auto may = ac::roles_in(o.role);
  if (!may) return fail(may.error());
  if (const auto fine = is_new_name(*there->book, o.name); !fine) return fail(fine.error());
  auto hash = o.directory ? result<std::string>(boost::system::in_place_value, "") : hash_of_new(o.name);
  if (!hash) return fail(hash.error());
  const ac::user fresh{.name = o.name,
                       .password = std::move(*hash),
                       .may = *may,
                       .directory = o.directory,
                       .must_change = o.must_change,
                       .since = system_clocks().wall()};
  return changed(
      there->at.ledger, "add " + ac::text_of(*may), o.name, [&](ac::user_book& b) { return b.add(fresh); },
      both("已添加用户 {}（{}）", "added {} ({})", o.name, ac::text_of(*may)));
}

int set_password(const user_options& o) {
  const auto there = users_at(o.place);
  if (!there) return fail(there.error());
  if (there->book->find(o.name) == nullptr)
    return fail(said(both("没有用户 {}", "there is no user {}", o.name), problem_class::no));
  const auto given = new_password();
  if (!given) return fail(given.error());
  if (const auto fit = ac::may_be_password(*given, o.name); !fit) return fail(fit.error());
  const std::string hash = ac::hashed(*given);
  const wall_t now = system_clocks().wall();
  return changed(
      there->at.ledger, "password", o.name,
      [&](ac::user_book& b) { return b.set_password(o.name, hash, o.must_change, now); },
      both("已设置 {} 的密码，原有登录已失效", "the password of {} is set, and what it had opened is closed", o.name));
}

int invite(const user_options& o) {
  const auto there = users_at(o.place);
  if (!there) return fail(there.error());
  const bool known = there->book->find(o.name) != nullptr;
  if (known && !o.role.empty())
    return fail(said({"该用户已存在：角色用 user role 更改", "there is such a user: change roles by user role"},
                     problem_class::usage));
  if (!known)
    if (const auto fine = is_new_name(*there->book, o.name); !fine) return fail(fine.error());
  const auto may = known ? result<ac::roles>(ac::roles{}) : ac::roles_in(o.role);
  if (!may) return fail(may.error());
  ac::users_file users(there->at.ledger);
  const auto key = ac::invite(users, o.name, *may, system_clocks().wall() + std::chrono::hours{o.hours});
  if (!key) return fail(key.error());
  note(there->at.ledger, known ? "invite" : "invite " + ac::text_of(*may), o.name);
  fmt::print("{}\n", ac::link_of(o.url.empty() ? there->at.url : o.url + (o.url.ends_with('/') ? "" : "/"), *key));
  fmt::print(stderr, "{}\n",
             to_string(both("链接在 {} 小时内有效一次，请只交给 {} 本人",
                            "valid once within {} hours: hand it to {} alone", o.hours, o.name)));
  return exit_ok;
}

std::string_view chinese_of(std::string_view standing) {
  return standing == "disabled"  ? "停用"
         : standing == "invited" ? "待设密码"
         : standing == "active"  ? "可登录"
                                 : "须改密码";
}

std::string standing(const ac::user& u) {
  if (u.disabled) return "disabled";
  if (u.password.empty()) return "invited";
  return u.must_change ? "must_change" : "active";
}

int list(const user_options& o) {
  const auto there = users_at(o.place);
  if (!there) return fail(there.error());
  json_array all;
  std::vector<std::vector<std::string>> rows;
  for (const ac::user& u : there->book->users()) {
    all.add_raw(json_object().add("name", u.name).add("roles", ac::text_of(u.may)).add("state", standing(u)).text());
    std::string roles;
    for (const ac::role r : u.may) roles += (roles.empty() ? "" : "、") + ac::words_of(r).cn;
    rows.push_back({u.name, roles, std::string(chinese_of(standing(u)))});
  }
  if (o.format == "json")
    fmt::print("{}\n", all.text());
  else if (rows.empty())
    fmt::print("没有用户 / no users\n");
  else
    fmt::print("{}", report::in_columns({{"姓名"}, {"角色"}, {"状态"}}, rows));
  return exit_ok;
}

int add_token(const user_options& o) {
  const auto at = find_accounts(o.place);
  if (!at) return fail(at.error());
  const secret key = ac::new_key();
  const ac::read_token fresh{.name = o.name, .digest = ac::digest_of_key(key.reveal()), .made = system_clocks().wall()};
  ac::users_file users(at->ledger);
  if (const auto why = unfit_name(o.name)) return fail(said(*why, problem_class::usage));
  if (const auto made = users.change([&](ac::user_book& b) { return b.add_token(fresh); }); !made)
    return fail(made.error());
  note(at->ledger, "token", o.name);
  fmt::print("{}\n", key.reveal());
  fmt::print(stderr, "只读令牌，仅此一次显示 / it may read and nothing else; it is shown this once\n");
  return exit_ok;
}

using options = std::shared_ptr<user_options>;

grammar one(grammar user, const char* name, const char* help, const options& o) {
  auto sub = user.add_subcommand(name, help);
  sub.add_option("name", o->name, "姓名 / name").required();
  accounts_options(sub, o->place);
  return sub;
}

void even_the_last(grammar sub, const options& o) {
  sub.add_flag("--even-the-last", o->even_the_last, "即使是最后一个管理员 / although it is the last administrator");
}

constexpr const char* role_help =
    "角色，以逗号分开：viewer、operator、approver、auditor、administrator / roles, parted by commas";

void add_arguments(grammar user, int& code) {
  const auto o = std::make_shared<user_options>();
  auto sub =
      one(user, "add",
          "添加用户；密码从终端或标准输入读取 / adds one; the password is read from the terminal or standard input", o);
  sub.add_option("--role", o->role, role_help).required();
  sub.add_flag("--must-change", o->must_change, "首次登录须改密码 / must change it at the first login");
  sub.add_flag(
      "--directory", o->directory,
      "密码在单位的目录里（配置 accounts.ldap），这里只记角色 / the password is the directory's, here are the roles");
  sub.callback([o, &code] { code = add(*o); });
  for (const char* name : {"passwd", "password"}) {
    const auto p = std::make_shared<user_options>();
    auto set = one(user, name, "重设密码 / sets the password", p);
    set.add_flag("--must-change", p->must_change, "下次登录须改密码 / must change it at the next login");
    set.callback([p, &code] { code = set_password(*p); });
  }
  const auto i = std::make_shared<user_options>();
  auto link = one(user, "invite", "一次性链接，由本人设置密码 / a link by which they set their password, once", i);
  link.add_option("--role", i->role, std::string(role_help) + "（新用户 / of a new one）");
  link.add_option("--hours", i->hours, "有效小时数 / for so many hours").within(1, 168).shows_default();
  link.add_option("--url", i->url, "浏览器打开的地址 / what a browser opens");
  link.callback([i, &code] { code = invite(*i); });
}

void edit_arguments(grammar user, int& code) {
  const auto r = std::make_shared<user_options>();
  auto role = one(user, "role", "更改角色 / other roles", r);
  role.add_option("--role", r->role, role_help).required();
  even_the_last(role, r);
  role.callback([r, &code] {
    const auto may = ac::roles_in(r->role);
    code = !may ? fail(may.error())
                : edited(
                      *r, "role " + ac::text_of(*may),
                      [&](ac::user_book& b) { return b.give(r->name, *may, r->even_the_last); },
                      both("{} 的角色：{}", "the roles of {}: {}", r->name, ac::text_of(*may)));
  });
  for (const bool off : {true, false}) {
    const auto d = std::make_shared<user_options>();
    auto sub = one(user, off ? "disable" : "enable",
                   off ? "停用，登录立即失效 / nobody signs in by it" : "恢复 / signs in again", d);
    if (off) even_the_last(sub, d);
    sub.callback([d, off, &code] {
      code = edited(
          *d, off ? "disable" : "enable", [&](ac::user_book& b) { return b.disable(d->name, off, d->even_the_last); },
          off ? both("已停用 {}", "{} is disabled", d->name) : both("已恢复 {}", "{} is enabled", d->name));
    });
  }
  const auto g = std::make_shared<user_options>();
  auto gone = one(user, "remove", "删除 / removes one", g);
  even_the_last(gone, g);
  gone.callback([g, &code] {
    code = edited(
        *g, "remove", [&](ac::user_book& b) { return b.remove(g->name, g->even_the_last); },
        both("已删除 {}", "{} is removed", g->name));
  });
  const auto l = std::make_shared<user_options>();
  auto all = user.add_subcommand("list", "列出用户 / who there is");
  accounts_options(all, l->place);
  format_option(all, l->format, {"table", "json"});
  all.callback([l, &code] { code = list(*l); });
}

void token_arguments(grammar user, int& code) {
  auto token =
      user.add_subcommand("token", "只读令牌，供程序查询 / tokens of programs, which may read and nothing else");
  token.needs_subcommand();
  const auto a = std::make_shared<user_options>();
  one(token, "add", "新令牌，显示一次 / a new one, shown once", a).callback([a, &code] { code = add_token(*a); });
  const auto r = std::make_shared<user_options>();
  one(token, "remove", "作废 / voids one", r).callback([r, &code] {
    code = edited(
        *r, "token-remove", [&](ac::user_book& b) { return b.remove_token(r->name); },
        both("令牌 {} 已作废", "the token {} is void", r->name));
  });
}

}  // namespace

void user_arguments(grammar app, int& code) {
  auto user = app.add_subcommand("user", "用户、角色、密码 / users, roles, passwords");
  user.footer(
      "例 / examples:\n"
      "  changtong user invite 王工 --role operator --config changtong.yaml\n"
      "  changtong user passwd 王工 --must-change --config changtong.yaml\n"
      "  changtong user list --config changtong.yaml");
  user.needs_subcommand();
  add_arguments(user, code);
  edit_arguments(user, code);
  token_arguments(user, code);
}

}  // namespace changtong
