#include "daemon/accounts/entrance.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "daemon/accounts/key.h"
#include "daemon/accounts/password.h"
#include "tests/accounts/beside_ledger.h"

namespace changtong::accounts {
namespace {

const secret good("correct horse battery"), fresh("another horse entirely");
constexpr const char* peer = "192.0.2.7";

struct EntranceTest : testing::Test {
  EntranceTest()
      : door({.ledger = d.ledger(),
              .wall =
                  [this] {
                    if (asked_for_time) asked_for_time();
                    return wall;
                  },
              .mono = [this] { return mono; },
              .tell = tell(),
              .audit = {.patience = std::chrono::hours{1}}}),
        users(d.ledger()) {}
  std::function<void(const std::string&)> tell() {
    return [this](const std::string& line) { told.push_back(entry_in(line).value().entry); };
  }
  void add(const std::string& name, roles may = {role::viewer}) {
    static const std::string hash = hashed(good);
    ASSERT_TRUE(users.change(
        [&](user_book& b) { return b.add({.name = name, .password = hash, .may = std::move(may), .since = wall}); }));
  }
  void change(const std::function<result<void>(user_book&)>& what) { ASSERT_TRUE(users.change(what)); }

  beside_ledger d{"entrance"};
  wall_t wall = wall_from_ms(1'790'000'000'000);
  mono_t mono{std::chrono::hours{1}};
  std::function<void()> asked_for_time;  ///< called then; may be empty
  std::vector<trail_entry> told;
  entrance door;
  users_file users;  ///< as `changtong user` has it
};

TEST_F(EntranceTest, IsOpenUntilThereAreUsers) {
  EXPECT_FALSE(door.in_use());
  add("王工");
  EXPECT_TRUE(door.in_use());
  struct stat about{};
  ASSERT_EQ(::stat(users.path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(EntranceTest, AFileThatCannotBeReadOpensNothing) {
  add("王工");
  std::filesystem::resize_file(users.path(), 5);
  EXPECT_TRUE(door.in_use());
  EXPECT_FALSE(door.can_tell());
  EXPECT_EQ(door.sign_in("王工", good, peer).error().status, 503) << "nobody can say that the password is wrong";
  EXPECT_EQ(door.accept("link", fresh, peer).error().status, 503);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(door.sign_in("王工", good, peer).error().status, 503) << "and it is no mistake";
}

TEST_F(EntranceTest, AChangeThatNobodyCouldJudgeIsNoWrongLink) {
  const secret key = invite(users, "admin", {role::administrator}, wall + milliseconds{1'000}).value();
  asked_for_time = [this] { std::filesystem::resize_file(users.path(), 5); };  // once the link was found to be good
  const auto no = door.accept(key.reveal(), fresh, peer);
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().status, 503);
  EXPECT_EQ(no.error().code, "users_unavailable");
}

TEST_F(EntranceTest, LetsInByPasswordAndKnowsTheCookie) {
  add("王工", {role::operating});
  const auto in = door.sign_in("王工", good, peer);
  ASSERT_TRUE(in);
  const auto who = door.by_cookie(in->cookie.reveal());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "王工");
  EXPECT_EQ(who->may, roles{role::operating});
  EXPECT_EQ(who->csrf, in->who.csrf);
  EXPECT_FALSE(door.by_cookie("0123"));
  door.sign_out(in->cookie.reveal(), peer);
  EXPECT_FALSE(door.by_cookie(in->cookie.reveal()));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].what, deed::login);
  EXPECT_EQ(told[1].what, deed::logout);
}

TEST_F(EntranceTest, SaysNoInOneWayWhoeverItIsAndKeepsEveryTry) {
  add("王工");
  change([](user_book& b) { return b.disable("王工", true); });
  const auto disabled = door.sign_in("王工", good, peer), unknown = door.sign_in("nobody", good, peer);
  add("李工");
  const auto wrong = door.sign_in("李工", secret("wrong"), peer);
  for (const auto& no : {disabled, unknown, wrong}) {
    ASSERT_FALSE(no);
    EXPECT_EQ(no.error().status, 401);
    EXPECT_EQ(no.error().code, "wrong_password");
  }
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].outcome, "disabled");
  EXPECT_EQ(told[1].outcome, "wrong_password");
}

TEST_F(EntranceTest, AfterAFewMistakesTheRightPasswordWaitsToo) {
  add("王工");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(door.sign_in("王工", secret("wrong"), peer).error().status, 401);
  const auto no = door.sign_in("王工", good, peer);
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().status, 429);
  EXPECT_EQ(no.error().wait, milliseconds{1'000});
  mono += milliseconds{1'000};
  EXPECT_TRUE(door.sign_in("王工", good, peer));
}

TEST_F(EntranceTest, AStrangerWhoGuessesAtANameKeepsItsOwnerNotOut) {
  add("王工");
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(door.sign_in("王工", secret("wrong"), peer));
  EXPECT_EQ(door.sign_in("王工", good, peer).error().status, 429);
  EXPECT_TRUE(door.sign_in("王工", good, "198.51.100.1"));
}

/** Strangers from many networks at once, each until they have to wait: the owner, elsewhere, is let in all the while.
 */
TEST_F(EntranceTest, AmongManyStrangersAtOncePeopleStillGetIn) {
  for (const char* who : {"王工", "李工", "赵工"}) add(who);
  std::atomic<bool> over{false};
  std::vector<std::thread> strangers;
  for (int n = 0; n < 4; ++n)
    strangers.emplace_back([this, n, &over] {
      for (int i = 0; !over; ++i)
        EXPECT_FALSE(door.sign_in(i % 2 == 0 ? "王工" : fmt::format("nobody{}", i), secret("wrong"),
                                  fmt::format("203.0.113.{}", n)));
    });
  for (const char* who : {"王工", "李工", "赵工"}) {
    const auto in = door.sign_in(who, good, "198.51.100.1");
    ASSERT_TRUE(in) << who;
    EXPECT_TRUE(door.by_cookie(in->cookie.reveal()));
  }
  over = true;
  for (std::thread& one : strangers) one.join();
}

TEST_F(EntranceTest, AFloodOfOneKindOfRefusalHidesNoOther) {
  add("王工", {role::administrator});
  for (int i = 0; i < 300; ++i) {
    EXPECT_FALSE(door.accept("guess", fresh, fmt::format("203.0.{}.7", i)));
    door.note_change(fmt::format("visitor{}", i), peer, "/api/v1/windows", 403, "");
  }
  told.clear();
  EXPECT_FALSE(door.sign_in("王工", secret("wrong"), "203.0.113.7"));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].outcome, "wrong_password");
}

TEST_F(EntranceTest, ADiskThatHangsHoldsUpNobodyForLong) {
  add("王工");
  std::promise<void> opens;
  std::atomic<int> failed{0};
  entrance slow({.ledger = d.ledger(),
                 .wall = [this] { return wall; },
                 .mono = [this] { return mono; },
                 .tell = [is_open = opens.get_future().share()](const std::string&) { is_open.wait(); },
                 .audit = {.patience = milliseconds{1}, .most_waiting = 2, .kept = [&failed](bool kept) {
                             failed += kept ? 0 : 1;
                           }}});
  const auto in = slow.sign_in("王工", good, peer);
  ASSERT_TRUE(in);
  EXPECT_TRUE(slow.by_cookie(in->cookie.reveal()));
  slow.note_read("王工", peer, "/api/v1/outages");
  EXPECT_EQ(failed, 2);
  opens.set_value();
}

TEST_F(EntranceTest, WhomATrustedProxyNamesIsAUserOfOursOrNobody) {
  add("王工", {role::approver});
  change([](user_book& b) { return b.add({.name = "李工", .may = {role::operating}}); });
  add("赵工");
  change([](user_book& b) { return b.disable("赵工", true); });
  const auto first = door.by_proxy("王工", peer), again = door.by_proxy("王工", peer);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->may, roles{role::approver});
  EXPECT_FALSE(first->csrf.empty());
  EXPECT_EQ(first->csrf, again->csrf) << "a page goes on";
  EXPECT_TRUE(door.by_proxy("李工", peer)) << "whether they have a password here does not matter";
  for (const char* nobody : {"", "赵工", "admin", "王工 ", "王工\n192.0.2.7"})
    EXPECT_FALSE(door.by_proxy(nobody, peer));
  EXPECT_FALSE(door.by_cookie("proxy\n王工\n192.0.2.7")) << "no cookie is taken for such a session";
  EXPECT_EQ(told[0].what, deed::login);
  EXPECT_EQ(told[0].of, "proxy");
  EXPECT_EQ(std::ranges::count(told, "unknown_user", &trail_entry::outcome), 4);
  EXPECT_EQ(std::ranges::count(told, "ok", &trail_entry::outcome), 2) << "one login each";
}

TEST_F(EntranceTest, WhatIsChangedOnTheMachineHoldsAtOnce) {
  add("王工");
  const std::string cookie = door.sign_in("王工", good, peer)->cookie.reveal();
  change([](user_book& b) { return b.give("王工", {role::approver}); });
  EXPECT_EQ(door.by_cookie(cookie)->may, roles{role::approver});
  wall += milliseconds{1};
  change([this](user_book& b) { return b.set_password("王工", "h", false, wall); });
  EXPECT_FALSE(door.by_cookie(cookie)) << "a new password ends what the old one opened";
}

TEST_F(EntranceTest, ALinkSetsAPasswordOnce) {
  const secret key = invite(users, "admin", {role::administrator}, wall + milliseconds{1'000}).value();
  EXPECT_FALSE(door.in_use());
  EXPECT_TRUE(link_of("http://127.0.0.1:8080/", key).starts_with("http://127.0.0.1:8080/console/#/"));
  EXPECT_EQ(door.accept("guess", fresh, peer).error().code, "wrong_invitation");
  EXPECT_EQ(door.accept(key.reveal(), secret("short"), peer).error().code, "unfit_password");
  ASSERT_TRUE(door.accept(key.reveal(), fresh, peer));
  EXPECT_EQ(door.accept(key.reveal(), good, peer).error().code, "wrong_invitation");
  EXPECT_TRUE(door.in_use());
  EXPECT_TRUE(door.sign_in("admin", fresh, peer));
}

TEST_F(EntranceTest, ANewPasswordNeedsTheOldOneAndEndsTheOtherSessions) {
  add("王工");
  const auto in = door.sign_in("王工", good, peer), other = door.sign_in("王工", good, peer);
  EXPECT_EQ(door.change_password(in->who, secret("wrong"), fresh, peer).error().status, 401);
  EXPECT_EQ(door.change_password(in->who, good, good, peer).error().code, "unfit_password");
  wall += milliseconds{1};
  const auto done = door.change_password(in->who, good, fresh, peer);
  ASSERT_TRUE(done);
  EXPECT_FALSE(door.by_cookie(other->cookie.reveal()));
  EXPECT_TRUE(door.by_cookie(done->cookie.reveal()));
  EXPECT_EQ(told.back().what, deed::password);
}

TEST_F(EntranceTest, NobodysNameShutsOutNoInvitation) {
  const secret key = invite(users, "admin", {role::administrator}, wall + milliseconds{1'000}).value();
  for (int i = 0; i < 9; ++i) EXPECT_EQ(door.sign_in("", secret("wrong"), "203.0.113.5").error().status, 401);
  EXPECT_TRUE(door.accept(key.reveal(), fresh, peer));
}

TEST_F(EntranceTest, AGuesserOfLinksWaitsAndNobodyElse) {
  const secret key = invite(users, "admin", {role::administrator}, wall + milliseconds{1'000}).value();
  for (int i = 0; i < 21; ++i) EXPECT_EQ(door.accept("guess", fresh, peer).error().status, 401);
  EXPECT_EQ(door.accept(key.reveal(), fresh, peer).error().status, 429);
  EXPECT_TRUE(door.accept(key.reveal(), fresh, "203.0.113.5"));
}

TEST_F(EntranceTest, BehindAProxyOfThisMachineAGuesserShutsOutNobodyElse) {
  add("王工");
  for (const char* here : {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
    for (int i = 0; i < 25; ++i) EXPECT_EQ(door.accept("guess", fresh, here).error().status, 401);
  EXPECT_TRUE(door.sign_in("王工", good, "127.0.0.1"));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(door.sign_in("王工", secret("wrong"), "127.0.0.1").error().status, 401);
  EXPECT_EQ(door.sign_in("王工", good, "127.0.0.1").error().status, 429) << "the account is throttled all the same";
}

TEST_F(EntranceTest, GuessesDoNotFillTheAuditLog) {
  for (int i = 0; i < 500; ++i) EXPECT_FALSE(door.accept("guess", fresh, "127.0.0.1"));
  EXPECT_EQ(told.size(), 11U) << "ten, and the hundredth";
  mono += std::chrono::minutes{1};
  EXPECT_FALSE(door.accept("guess", fresh, "127.0.0.1"));
  EXPECT_EQ(told.size(), 12U);
}

TEST_F(EntranceTest, APageThatAsksByItselfKeepsNoSessionAlive) {
  add("王工");
  const std::string cookie = door.sign_in("王工", good, peer)->cookie.reveal();
  mono += std::chrono::minutes{29};
  EXPECT_TRUE(door.by_cookie(cookie, true));
  mono += std::chrono::minutes{1};
  EXPECT_FALSE(door.by_cookie(cookie, true));
}

TEST_F(EntranceTest, AReadTokenIsAViewer) {
  const secret key = new_key();
  change([&](user_book& b) { return b.add_token({.name = "grafana", .digest = digest_of_key(key.reveal())}); });
  const auto who = door.by_token(key.reveal());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->may, roles{role::viewer});
  EXPECT_EQ(who->name, "token:grafana") << "in the audit log nobody is taken for a user of that name";
  EXPECT_FALSE(door.by_token("guess"));
}

TEST_F(EntranceTest, APageThatStaysOpenIsOneReading) {
  for (int i = 0; i < 5; ++i) door.note_read("王工", peer, "/api/v1/outages");
  door.note_read("王工", peer, "/api/v1/availability");
  EXPECT_EQ(told.size(), 2U);
  mono += std::chrono::minutes{10};
  door.note_read("王工", peer, "/api/v1/outages");
  EXPECT_EQ(told.size(), 3U);
}

}  // namespace
}  // namespace changtong::accounts
