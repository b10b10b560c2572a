#include "daemon/run/reception.h"

#include <unistd.h>

#include <algorithm>

#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/run/exposure.h"
#include "daemon/settings/names.h"

namespace changtong {
namespace {

constexpr std::chrono::hours link_serves{24};

}  // namespace

result<void> is_new_name(const accounts::user_book& there, const std::string& name) {
  if (name.empty() || name.size() > 64)
    return said({"姓名应为 1 至 64 字节", "a name has 1 to 64 bytes"}, problem_class::usage);
  if (const auto why = unfit_name(name)) return said(*why, problem_class::usage);
  for (const std::string_view taken : {"uid ", "token:"})
    if (name.starts_with(taken))
      return said(
          both("“{}”开头的名字是审计日志自己用的", "names that begin with \"{}\" are the audit log's own", taken),
          problem_class::usage);
  for (const accounts::user& u : there.users())
    if (one_person(u.name, name))
      return said(both("已有用户 {}，与 {} 无法区分", "there is {} already, whom {} could be taken for", u.name, name),
                  problem_class::no);
  return {};
}

bool has_users(const settings& of) {
  const auto book = accounts::users_file(ledger::real_name(of.ledger)).get();
  return !book || (*book)->in_use() || of.directory != nullptr;
}

result<void> may_begin(const settings& of, bool in_clear, bool signing_in) {
  if (signing_in)
    if (const auto gone = accounts::users_file(ledger::real_name(of.ledger)).is_missing()) return *gone;
  const bool users = has_users(of);
  if (const auto why = too_open(of, !host::plain_file_exists(of.ledger), users, in_clear)) return said(*why);
  for (const phrase& open : exposures(of, ::geteuid() == 0, users)) log::warn("{}", to_string(open));
  return {};
}

result<void> may_take_effect(const settings& now, const settings& next) {
  if (now.directory == nullptr || has_users(next)) return {};
  return said({"去掉 accounts.ldap 之后没有用户能登录，阅读会对所有人开放：请先添加有密码的用户，或停机后再改",
               "without accounts.ldap nobody could sign in, and reading would be open to everybody: add a user with a "
               "password first, or change it with the daemon stopped"});
}

std::unique_ptr<accounts::entrance> open_entrance(
    const settings& of, daemon_tallies& tallies, std::function<std::shared_ptr<const directory_settings>()> directory) {
  auto door = std::make_unique<accounts::entrance>(accounts::entrance::doors{
      .ledger = ledger::real_name(of.ledger),
      .wall = system_clocks().wall,
      .mono = system_clocks().mono,
      .tell = accounts::tell_syslog,
      .audit = {.kept = [&tallies](bool kept) { tallies.audit_writable.store(kept, std::memory_order_relaxed); }},
      .directory = std::move(directory),
      .fits = is_new_name});
  door->note({.what = accounts::deed::start, .outcome = "ok"});
  return door;
}

namespace {

const accounts::user* namesake(const accounts::user_book& there, const person& p) {
  const auto it = std::ranges::find_if(there.users(), [&](const auto& u) { return one_person(u.name, p.name); });
  return p.token.empty() || it == there.users().end() ? nullptr : &*it;
}

bool is_denied(const accounts::user& u, right what) { return u.disabled || !accounts::grants(u.may, what); }

}  // namespace

std::vector<person> bound_by(const accounts::user_book& there, std::vector<person> people) {
  for (person& p : people) {
    const accounts::user* const u = namesake(there, p);
    if (u == nullptr) continue;
    std::erase_if(p.may, [&](right what) { return is_denied(*u, what); });
    if (u->disabled) p.token = secret();
  }
  return people;
}

std::vector<person> bound_by(accounts::entrance* door, std::vector<person> people) {
  if (door == nullptr || people.empty()) return people;
  const auto there = door->users();
  return there ? bound_by(**there, std::move(people)) : people;
}

std::vector<phrase> taken_from_people(const settings& of) {
  std::vector<phrase> all;
  const auto book = accounts::users_file(ledger::real_name(of.ledger)).get();
  if (!book) return all;
  for (const person& p : of.people) {
    const accounts::user* const u = namesake(**book, p);
    if (u == nullptr) continue;
    std::string lost;
    for (const right what : p.may)
      if (is_denied(*u, what))
        lost.append(lost.empty() ? "" : ", ").append(right_names.at(static_cast<std::size_t>(what)));
    if (u->disabled)
      all.push_back(both("api.people 的 {0} 与已停用的用户 {1} 是同一人：令牌无效",
                         "{0} of api.people is the user {1}, who is disabled: the token does not serve", p.name,
                         u->name));
    else if (!lost.empty())
      all.push_back(both(
          "api.people 的 {0} 与用户 {1} "
          "是同一人，令牌没有其角色（{2}）不给的权利：{3}；要用，就给用户相应的角色，或换一人",
          "{0} of api.people is the user {1}: the token has no right that their roles ({2}) do not grant: {3}; give "
          "the user a role that does, or name somebody else",
          p.name, u->name, u->may.empty() ? "-" : accounts::text_of(u->may), lost));
  }
  return all;
}

void welcome_first_user(const settings& of, accounts::entrance& door, const std::string& url,
                        const std::function<void(const std::string&)>& tell) {
  accounts::users_file users(ledger::real_name(of.ledger));
  const auto administers = [&](const accounts::user& u) {
    return of.directory != nullptr && u.directory && u.can_sign_in() &&
           std::ranges::find(u.may, accounts::role::administrator) != u.may.end();
  };
  if (const auto book = users.get(); !book || (*book)->in_use() || std::ranges::any_of((*book)->users(), administers)) {
    for (const phrase& taken : taken_from_people(of)) log::warn("{}", to_string(taken));
    return;
  }
  if (has_tokens(of))
    return log::warn(
        "没有用户：能到达端口的人都能读取；原有令牌照常有效。请运行 changtong user invite 姓名 --role administrator / "
        "there are no users: whoever reaches the port reads; tokens work as before. Run changtong user invite NAME "
        "--role administrator");
  const auto key =
      accounts::invite(users, "admin", {accounts::role::administrator}, system_clocks().wall() + link_serves);
  if (!key) return log::warn("{}", to_string(key.error()));
  door.note({.what = accounts::deed::user, .of = "invite administrator admin", .outcome = "ok"});
  tell(accounts::link_of(url, *key));
}

}  // namespace changtong
