#include "daemon/accounts/entrance.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/accounts/key.h"
#include "daemon/accounts/outside.h"
#include "daemon/accounts/password.h"
#include "daemon/core/address.h"
#include "daemon/core/log.h"
#include "daemon/core/utf8.h"

namespace changtong::accounts {
namespace {

constexpr std::chrono::minutes one_reading{10};
constexpr std::size_t most_readings = 4096, longest_reading = 512;
constexpr milliseconds directory_patience{5'000};
constexpr milliseconds directory_rests{10'000};  // who was silent is not asked again at once
constexpr int most_asking = 4;                   // one that is silent must not hold every thread of those who knock

/** Whoever has one address of an IPv6 /64 has them all. Empty for this machine: behind a proxy on it everybody comes
 * from there, and a stranger must not be able to shut out the others. */
std::string neighbourhood(std::string_view peer) {
  auto address = parse_address(peer);
  if (!address) return peer.empty() ? "?" : std::string(peer);
  *address = unmapped(*address);
  if (is_loopback(*address)) return {};
  if (address->v6) std::fill(address->bytes.begin() + 8, address->bytes.end(), std::uint8_t{0});
  return to_string(*address);
}

not_admitted wrong() {
  return {.status = 401,
          .code = "wrong_password",
          .why = {"用户名或密码不对，或该用户已停用", "wrong name or password, or the user is disabled"}};
}

not_admitted too_often(milliseconds wait) {
  return {.status = 429,
          .code = "too_many_attempts",
          .why = {"尝试过多，请稍后再试", "too many attempts: try again later"},
          .wait = wait};
}

not_admitted no_invitation() {
  return {.status = 401,
          .code = "wrong_invitation",
          .why = {"链接无效：已用过或已过期；请在主机上运行 changtong user invite",
                  "the link is not valid: used or over; run changtong user invite on the machine"}};
}

not_admitted nobody_can_say() {
  return {.status = 503,
          .code = "users_unavailable",
          .why = {"用户文件现在无法读取，谁也不能登录：请管理员查看日志",
                  "the file of users cannot be read now, so nobody signs in: see the log"}};
}

not_admitted directory_is_silent() {
  return {.status = 503,
          .code = "directory_unavailable",
          .why = {"单位的目录现在没有应答，请稍后再试；本系统自己的用户照常登录",
                  "the office's directory does not answer now: try again later; users of this system sign in as ever"}};
}

not_admitted unfit(const problem& why) { return {.status = 400, .code = "unfit_password", .why = words_of(why)}; }

}  // namespace

void throw_exception_from_error(const not_admitted& n, const boost::source_location& /*at*/) {
  throw std::logic_error(to_string(n.why));
}

entrance::entrance(doors d)
    : doors_(std::move(d)), users_(doors_.ledger), trail_(doors_.ledger, doors_.tell), scribe_(trail_, doors_.audit) {}

/** Null where it cannot be read, which is said in the log. */
std::shared_ptr<const user_book> entrance::book() {
  const auto all = users_.get();
  if (all) return *all;
  if (unreadable_.note("users", doors_.mono()) != 0) log::error("{}", changtong::to_string(all.error()));
  return nullptr;
}

bool entrance::in_use() {
  const auto all = book();
  return all == nullptr || all->in_use() || directory() != nullptr;
}

std::shared_ptr<const directory_settings> entrance::directory() const {
  return doors_.directory ? doors_.directory() : nullptr;
}

std::optional<visitor> entrance::by_cookie(std::string_view cookie, bool by_itself) {
  if (cookie.empty()) return std::nullopt;
  const auto all = book();
  if (all == nullptr) return std::nullopt;
  const std::string digest = digest_of_key(cookie);
  const auto elsewhere = directory();
  const holding lock(mutex_);
  const session* found = sessions_.use(digest, doors_.mono(), !by_itself);
  if (found == nullptr) return std::nullopt;
  if (found->groups) {  // what it opens may have changed since, here or in the configuration
    roles may = elsewhere == nullptr ? roles{} : outside_roles(*elsewhere, *all, found->user, *found->groups);
    if (!may.empty()) return visitor{.name = found->user, .may = std::move(may), .csrf = found->csrf};
    sessions_.end(digest);
    return std::nullopt;
  }
  const user* who = all->find(found->user);
  if (who == nullptr || who->disabled || who->since != found->since) {
    sessions_.end(digest);
    return std::nullopt;
  }
  return visitor{.name = who->name, .may = who->may, .must_change = who->must_change, .csrf = found->csrf};
}

std::optional<visitor> entrance::by_token(std::string_view token) {
  const auto all = token.empty() ? nullptr : book();
  const read_token* found = all == nullptr ? nullptr : all->token_of(digest_of_key(token));
  if (found == nullptr) return std::nullopt;
  return visitor{.name = "token:" + found->name, .may = {role::viewer}};
}

std::optional<visitor> entrance::by_proxy(std::string_view name, std::string_view peer) {
  const auto all = book();
  if (all == nullptr) return std::nullopt;
  const user* who = name.empty() ? nullptr : all->find(name);
  if (who == nullptr || who->disabled) {
    refused(name, peer, who == nullptr ? refusal::unknown_user : refusal::disabled);
    return std::nullopt;
  }
  // No digest of a cookie has a line end in it: whoever knows this key signs in by nothing.
  const std::string key = fmt::format("proxy\n{}\n{}", who->name, peer);
  std::string csrf;
  bool begins = false;
  {
    const holding lock(mutex_);
    const session* found = sessions_.use(key, doors_.mono());
    begins = found == nullptr;
    csrf = begins ? new_key().reveal() : found->csrf;
    if (begins) sessions_.open(key, {.user = who->name, .csrf = csrf, .since = who->since}, doors_.mono());
  }
  if (begins) note({.who = who->name, .peer = std::string(peer), .what = deed::login, .of = "proxy", .outcome = "ok"});
  return visitor{.name = who->name, .may = who->may, .csrf = std::move(csrf)};
}

bool entrance::right_password(const secret& given, const std::string& hash) {
  const holding one_at_a_time(hashing_);
  return is_password(given, hash);
}

admitted entrance::let_in(const proof& of) {
  const user& who = of.who;
  secret cookie = new_key();
  const std::string csrf = new_key().reveal();
  session opened{.user = who.name, .csrf = csrf, .since = who.since};
  opened.groups = of.groups;
  const holding lock(mutex_);
  sessions_.open(digest_of_key(cookie.reveal()), std::move(opened), doors_.mono());
  return {.cookie = std::move(cookie),
          .who = {.name = who.name, .may = who.may, .must_change = who.must_change, .csrf = csrf}};
}

void entrance::refused(std::string_view name, std::string_view peer, refusal why) {
  constexpr std::array<std::string_view, 7> words{
      "throttled",    "disabled", "wrong_password",       "wrong_invitation",
      "unknown_user", "no_role",  "directory_unavailable"};
  const auto kind = static_cast<std::size_t>(why);
  if (strangers_.at(kind).note(neighbourhood(peer), doors_.mono()) == 0) return;
  note({.who = std::string(name),
        .peer = std::string(peer),
        .what = deed::login,
        .outcome = std::string(words.at(kind))});
}

admission<entrance::proof> entrance::proven_elsewhere(const user_book& all, const std::string& name,
                                                      const secret& password, std::string_view peer) {
  const auto no = [&](refusal why, not_admitted answer) {
    refused(name, peer, why);
    return answer;
  };
  const auto at = directory();
  const user* here = all.find(name);
  if (at == nullptr || (here == nullptr && doors_.fits && !doors_.fits(all, name)))
    return no(refusal::unknown_user, wrong());
  const auto end = [this](const void*) { --asking_; };
  const std::unique_ptr<const void, decltype(end)> turn(this, end);
  if (++asking_ > most_asking) return no(refusal::silent, directory_is_silent());
  const auto groups = doors_.ask(*at, name, password, directory_patience);
  if (!groups) {
    silent_until_.store(doors_.mono() + directory_rests);
    silent_.store(at.get());
    if (unreadable_.note("directory", doors_.mono()) != 0) log::error("{}", changtong::to_string(groups.error()));
    return no(refusal::silent, directory_is_silent());
  }
  if (!*groups) return no(refusal::wrong_password, wrong());
  roles may = outside_roles(*at, all, name, **groups);
  if (may.empty()) return no(here != nullptr && here->disabled ? refusal::disabled : refusal::no_role, wrong());
  return proof{.who = {.name = name, .may = std::move(may)}, .groups = **groups};
}

void entrance::undecided(const std::string& name, const std::string& from) {
  const holding lock(mutex_);
  mistakes_.undecided(name, from);
}

admission<entrance::proof> entrance::proven(const std::string& name, const secret& password, std::string_view peer) {
  if (name.empty()) return wrong();  // nobody's: nothing to count it under, and nothing to find out
  const auto all = book();
  if (all == nullptr) return nobody_can_say();
  const std::string from = neighbourhood(peer);
  milliseconds wait{0};
  {
    const holding lock(mutex_);
    wait = mistakes_.wait(name, from, doors_.mono());
    // Counted before it is judged: who asks a hundred times at once has a few tries, not a hundred.
    if (wait.count() == 0) mistakes_.failed(name, from, doors_.mono());
  }
  if (wait.count() > 0) {
    refused(name, peer, refusal::throttled);
    return too_often(wait);
  }
  const user* who = all->find(name);
  // Meanwhile those whose passwords are here wait for nobody.
  if (const auto at = directory();
      is_outside(who) && at != nullptr && at.get() == silent_.load() && doors_.mono() < silent_until_.load()) {
    undecided(name, from);
    refused(name, peer, refusal::silent);
    return directory_is_silent();
  }
  // Of those who are known elsewhere too: how long it takes must not tell who is whose.
  const bool good = right_password(password, who == nullptr ? std::string() : who->password);
  const bool elsewhere = is_outside(who) && directory() != nullptr;
  if (!elsewhere && (!good || who->disabled)) {
    refused(name, peer, good ? refusal::disabled : refusal::wrong_password);
    return wrong();
  }
  auto done = elsewhere ? proven_elsewhere(*all, name, password, peer) : admission<proof>(proof{.who = *who});
  if (!done && done.error().code != directory_is_silent().code) return done;
  if (!done) {
    undecided(name, from);
    return done;
  }
  const holding lock(mutex_);
  mistakes_.succeeded(name, from);
  return done;
}

admission<admitted> entrance::sign_in(const std::string& name, const secret& password, std::string_view peer) {
  const auto who = proven(name, password, peer);
  if (!who) return who.error();
  note({.who = name,
        .peer = std::string(peer),
        .what = deed::login,
        .of = who->groups ? "directory" : std::string(),
        .outcome = "ok"});
  return let_in(*who);
}

admission<admitted> entrance::set_password(const std::string& name, const secret& fresh, std::string_view peer,
                                           std::string_view how, const std::function<bool(const user_book&)>& may,
                                           const not_admitted& otherwise) {
  if (const auto fit = may_be_password(fresh, name); !fit) return unfit(fit.error());
  std::string hash;
  {
    const holding one_at_a_time(hashing_);
    hash = hashed(fresh);
  }
  std::optional<bool> allowed;  // none: nobody could ask
  const auto done = users_.change([&](user_book& b) -> result<void> {
    allowed = may(b);
    if (!*allowed) return said(otherwise.why);
    return b.set_password(name, std::move(hash), false, doors_.wall());
  });
  if (!done && allowed == false) {
    refused(name, peer, otherwise.code == "wrong_invitation" ? refusal::wrong_link : refusal::wrong_password);
    return otherwise;
  }
  if (!done) {
    log::error("{}", changtong::to_string(done.error()));
    return nobody_can_say();
  }
  note({.who = name, .peer = std::string(peer), .what = deed::password, .of = std::string(how), .outcome = "ok"});
  const auto all = book();
  const user* who = all == nullptr ? nullptr : all->find(name);
  if (who == nullptr) return wrong();
  {
    const holding lock(mutex_);
    sessions_.end_all_of(name);
  }
  return let_in({.who = *who});
}

admission<admitted> entrance::accept(std::string_view invitation, const secret& password, std::string_view peer) {
  const std::string from = neighbourhood(peer);
  {
    const holding lock(mutex_);
    if (const milliseconds wait = mistakes_.wait_of_peer(from, doors_.mono()); wait.count() > 0) return too_often(wait);
  }
  const std::string digest = digest_of_key(invitation);
  const auto all = book();
  if (all == nullptr) return nobody_can_say();
  const user* who = all->invited(digest, doors_.wall());
  if (who == nullptr) {
    {
      const holding lock(mutex_);
      mistakes_.failed_peer(from, doors_.mono());
    }
    refused({}, peer, refusal::wrong_link);
    return no_invitation();
  }
  return set_password(
      who->name, password, peer, "invitation",
      [&](const user_book& b) { return b.invited(digest, doors_.wall()) != nullptr; }, no_invitation());
}

admission<admitted> entrance::change_password(const visitor& who, const secret& old, const secret& fresh,
                                              std::string_view peer) {
  // The same throttle as at the door: a stolen session must not serve to find the password.
  const auto known = proven(who.name, old, peer);
  if (!known) return known.error();
  if (known->groups)
    return unfit(said({"这个密码在单位的目录里：请在那里修改", "this password is the directory's: change it there"}));
  if (old == fresh) return unfit(said({"新密码与原密码相同", "the new password is the old one"}));
  return set_password(
      who.name, fresh, peer, "own", [&](const user_book& b) { return b.still_opens(known->who); }, wrong());
}

void entrance::sign_out(std::string_view cookie, std::string_view peer) {
  const auto who = by_cookie(cookie);
  {
    const holding lock(mutex_);
    sessions_.end(digest_of_key(cookie));
  }
  if (who) note({.who = who->name, .peer = std::string(peer), .what = deed::logout, .outcome = "ok"});
}

result<void> entrance::change_users(const trail_entry& by, const std::function<result<void>(user_book&)>& what) {
  if (auto done = users_.change(what); !done) return done;
  note(by);
  return {};
}

result<secret> entrance::invite(const trail_entry& by, const std::string& name, const roles& may_if_new,
                                const std::function<result<void>(const user_book&)>& fits) {
  auto key = accounts::invite(users_, name, may_if_new, doors_.wall() + link_serves, fits);
  if (key) note(by);
  return key;
}

std::optional<result<trail_page>> entrance::read_trail(const trail_query& q) {
  if (reading_trail_.exchange(true)) return std::nullopt;
  const auto done = [this](const void*) { reading_trail_ = false; };
  const std::unique_ptr<const void, decltype(done)> turn(this, done);  // also where reading throws
  return read_page(trail_, q);
}

void entrance::note(trail_entry e) {
  e.at = doors_.wall();
  scribe_.write(std::move(e));
}

void entrance::note_change(std::string_view who, std::string_view peer, std::string_view of, int status,
                           std::string_view code) {
  const bool done = status == 200;
  if (!done && changes_.note(who, doors_.mono()) == 0) return;
  note({.who = std::string(who),
        .peer = std::string(peer),
        .what = deed::change,
        .of = std::string(of),
        .outcome = done           ? "ok"
                   : code.empty() ? std::to_string(status)
                                  : fmt::format("{} {}", status, code)});
}

void entrance::note_read(std::string_view who, std::string_view peer, std::string_view of) {
  {
    const mono_t now = doors_.mono();
    const std::string key = fmt::format("{}\n{}\n{}", who, peer, shortened(of, longest_reading));
    const holding lock(mutex_);
    if (const auto at = reads_.find(key); at != reads_.end() && now - at->second < one_reading) return;
    if (reads_.size() >= most_readings)
      std::erase_if(reads_, [&](const auto& one) { return now - one.second >= one_reading; });
    if (reads_.size() >= most_readings) reads_.clear();
    reads_[key] = now;
  }
  note(
      {.who = std::string(who), .peer = std::string(peer), .what = deed::read, .of = std::string(of), .outcome = "ok"});
}

}  // namespace changtong::accounts
