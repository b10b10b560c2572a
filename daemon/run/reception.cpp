#include "daemon/run/reception.h"

#include <unistd.h>

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

/** Rights of tokens are not parted as roles are: who has both may do what the role forbids. */
void tell_of_namesakes(const settings& of) {
  const auto book = accounts::users_file(ledger::real_name(of.ledger)).get();
  if (!book) return;
  for (const person& p : of.people)
    if (!p.token.empty() && (*book)->find(p.name) != nullptr)
      log::warn(
          "用户 {0} 在 api.people 里还有令牌：令牌的权利不受角色分立的约束，请删去 token 和 may（电话、邮箱留下）/ the "
          "user {0} has a token in api.people too: its rights are not bound by the roles, take out token and may "
          "(phone "
          "and mail stay)",
          p.name);
}

}  // namespace

void welcome_first_user(const settings& of, accounts::entrance& door, const std::string& url,
                        const std::function<void(const std::string&)>& tell) {
  accounts::users_file users(ledger::real_name(of.ledger));
  const auto administers = [&](const accounts::user& u) {
    return of.directory != nullptr && u.directory && u.can_sign_in() &&
           std::ranges::find(u.may, accounts::role::administrator) != u.may.end();
  };
  if (const auto book = users.get(); !book || (*book)->in_use() || std::ranges::any_of((*book)->users(), administers))
    return tell_of_namesakes(of);
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
