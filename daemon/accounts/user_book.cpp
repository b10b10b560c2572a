#include "daemon/accounts/user_book.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/core/json.h"

namespace changtong::accounts {
namespace {

constexpr std::size_t most_users = 1000, most_tokens = 1000;
using boost::json::object;
using boost::json::value;

problem refused(phrase why) { return said(std::move(why), problem_class::no); }
problem nobody_named(std::string_view name) { return refused(both("没有用户 {}", "there is no user {}", name)); }

std::string text_in(const object& from, std::string_view key) { return std::string(from.at(key).as_string()); }
wall_t instant_in(const object& from, std::string_view key) {
  return wall_from_ms(from.at(key).to_number<std::int64_t>());
}

user user_in(const object& from) {
  auto may = roles_in(text_in(from, "roles"));
  if (!may) throw spoken_error(changtong::words_of(may.error()));
  return {.name = text_in(from, "name"),
          .password = text_in(from, "password"),
          .may = std::move(*may),
          .disabled = from.at("disabled").as_bool(),
          .directory = from.contains("directory") && from.at("directory").as_bool(),
          .must_change = from.at("must_change").as_bool(),
          .since = instant_in(from, "since")};
}

}  // namespace

result<user_book> user_book::read(std::string_view text) {
  try {
    user_book out;
    const value all = boost::json::parse(text);
    const object& top = all.as_object();
    for (const value& one : top.at("users").as_array()) out.users_.push_back(user_in(one.as_object()));
    for (const value& one : top.at("invitations").as_array()) {
      const object& i = one.as_object();
      out.invitations_.push_back(
          {.user = text_in(i, "user"), .digest = text_in(i, "digest"), .until = instant_in(i, "until")});
    }
    for (const value& one : top.at("tokens").as_array()) {
      const object& t = one.as_object();
      out.tokens_.push_back(
          {.name = text_in(t, "name"), .digest = text_in(t, "digest"), .made = instant_in(t, "made")});
    }
    return out;
  } catch (const std::exception&) {  // its words would be the parser's own, about a file that no person wrote
    return said({"用户文件不完整或被改动：请从备份恢复，或移走后重新添加用户",
                 "the file of users is not whole: restore it from a backup, or move it away and add users anew"});
  }
}

std::string user_book::text() const {
  json_array users, invitations, tokens;
  for (const user& u : users_) {
    json_object one;
    one.add("name", u.name)
        .add("password", u.password)
        .add("roles", text_of(u.may))
        .add_bool("disabled", u.disabled)
        .add_bool("must_change", u.must_change)
        .add("since", ms_of(u.since));
    if (u.directory) one.add_bool("directory", true);
    users.add_raw(one.text());
  }
  for (const invitation& i : invitations_)
    invitations.add_raw(json_object().add("user", i.user).add("digest", i.digest).add("until", ms_of(i.until)).text());
  for (const read_token& t : tokens_)
    tokens.add_raw(json_object().add("name", t.name).add("digest", t.digest).add("made", ms_of(t.made)).text());
  json_object all;
  all.add_raw("users", users.text()).add_raw("invitations", invitations.text()).add_raw("tokens", tokens.text());
  return all.text() + "\n";
}

const user* user_book::find(std::string_view name) const {
  const auto at = std::ranges::find(users_, name, &user::name);
  return at == users_.end() ? nullptr : &*at;
}

bool user_book::still_opens(const user& then) const {
  const user* now = find(then.name);
  return now != nullptr && !now->disabled && now->since == then.since && now->password == then.password;
}

bool user_book::in_use() const {
  return std::ranges::any_of(users_, [](const user& u) { return !u.password.empty(); });
}

const read_token* user_book::token_of(std::string_view digest) const {
  const auto at = std::ranges::find(tokens_, digest, &read_token::digest);
  return at == tokens_.end() ? nullptr : &*at;
}

result<user*> user_book::known(std::string_view name) {
  const auto at = std::ranges::find(users_, name, &user::name);
  if (at == users_.end()) return nobody_named(name);
  return &*at;
}

result<void> user_book::add(user u) {
  if (find(u.name) != nullptr) return refused(both("用户 {} 已经存在", "there is a user {} already", u.name));
  if (users_.size() >= most_users) return refused(both("用户超过 {} 名", "more than {} users", most_users));
  users_.push_back(std::move(u));
  return {};
}

/** Whoever is invited has not come yet; where nobody has a password (a proxy says who they are) all count. */
result<void> user_book::is_not_last(std::string_view name, bool even_the_last) const {
  const bool passwords = in_use();
  const auto administers = [&](const user& u) {
    return !u.disabled && (!passwords || u.can_sign_in()) &&
           std::ranges::find(u.may, role::administrator) != u.may.end();
  };
  const user* who = find(name);
  if (even_the_last || who == nullptr || !administers(*who)) return {};
  if (std::ranges::any_of(users_, [&](const user& u) { return u.name != name && administers(u); })) return {};
  return refused(
      both("{} 是最后一个能登录的管理员：此后控制台上没有人能重新加载配置；请先添加另一个，确要如此请加 "
           "--even-the-last",
           "{} is the last administrator who can sign in: nobody could reload the configuration from the "
           "console; add another one before, or say --even-the-last",
           name));
}

result<void> user_book::remove(std::string_view name, bool even_the_last) {
  const auto who = known(name);
  if (!who) return who.error();
  if (auto fine = is_not_last(name, even_the_last); !fine) return fine;
  const bool others = std::ranges::any_of(users_, [&](const user& u) { return u.name != name && !u.password.empty(); });
  if (!others && !(*who)->password.empty())
    return refused({"不能删去最后一个用户：没有用户，谁都能读取；请先添加另一个",
                    "the last user stays: without users everybody may read; add another one before"});
  std::erase_if(invitations_, [&](const invitation& i) { return i.user == name; });
  std::erase_if(users_, [&](const user& u) { return u.name == name; });
  return {};
}

result<void> user_book::give(std::string_view name, roles may, bool even_the_last) {
  const auto who = known(name);
  if (!who) return who.error();
  if (std::ranges::find(may, role::administrator) == may.end())
    if (auto fine = is_not_last(name, even_the_last); !fine) return fine;
  (*who)->may = std::move(may);
  return {};
}

result<void> user_book::disable(std::string_view name, bool yes, bool even_the_last) {
  const auto who = known(name);
  if (!who) return who.error();
  if (yes)
    if (auto fine = is_not_last(name, even_the_last); !fine) return fine;
  (*who)->disabled = yes;
  if (yes) (*who)->since += milliseconds{1};  // whoever is in is out, also where nobody looks meanwhile
  return {};
}

result<void> user_book::set_password(std::string_view name, std::string hash, bool must_change, wall_t now) {
  const auto who = known(name);
  if (!who) return who.error();
  (*who)->password = std::move(hash);
  (*who)->directory = false;
  (*who)->must_change = must_change;
  (*who)->since = now;
  std::erase_if(invitations_, [&](const invitation& i) { return i.user == name; });
  return {};
}

result<void> user_book::invite(std::string_view name, std::string digest, wall_t until) {
  if (const auto who = known(name); !who) return who.error();
  std::erase_if(invitations_, [&](const invitation& i) { return i.user == name; });
  invitations_.push_back({.user = std::string(name), .digest = std::move(digest), .until = until});
  return {};
}

const user* user_book::invited(std::string_view digest, wall_t now) const {
  const auto at = std::ranges::find(invitations_, digest, &invitation::digest);
  if (at == invitations_.end() || at->until <= now) return nullptr;
  const user* who = find(at->user);
  return who != nullptr && !who->disabled ? who : nullptr;
}

result<void> user_book::add_token(read_token t) {
  if (std::ranges::find(tokens_, t.name, &read_token::name) != tokens_.end())
    return refused(both("令牌 {} 已经存在", "there is a token {} already", t.name));
  if (tokens_.size() >= most_tokens) return refused(both("令牌超过 {} 个", "more than {} tokens", most_tokens));
  tokens_.push_back(std::move(t));
  return {};
}

result<void> user_book::remove_token(std::string_view name) {
  if (std::erase_if(tokens_, [&](const read_token& t) { return t.name == name; }) == 0)
    return refused(both("没有令牌 {}", "there is no token {}", name));
  return {};
}

}  // namespace changtong::accounts
