// Users whose passwords an office's directory knows: asked only of those, and nothing of it is believed but that.
#include "daemon/accounts/outside.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/accounts/entrance.h"
#include "daemon/accounts/password.h"
#include "tests/accounts/beside_ledger.h"

namespace changtong::accounts {
namespace {

const secret good("correct horse battery"), theirs("what the directory knows");
constexpr const char* peer = "192.0.2.7";
constexpr const char* noc = "cn=noc,dc=example";

struct OutsideTest : testing::Test {
  OutsideTest()
      : door({.ledger = d.ledger(),
              .wall = [this] { return wall; },
              .mono = [this] { return mono; },
              .tell = [this](const std::string& line) { told.push_back(entry_in(line).value().entry); },
              .audit = {.patience = std::chrono::hours{1}},
              .directory = [this] { return at; },
              .fits = [](const user_book&, const std::string& name) -> result<void> {
                if (name == "王 工") return said({"无法区分", "taken for another"});
                return {};
              },
              .ask = [this](const directory_settings&, const std::string& name, const secret& password,
                            milliseconds) { return answer(name, password); }}),
        users(d.ledger()) {
    at = std::make_shared<const directory_settings>(
        directory_settings{.url = "ldaps://x", .roles = {{"li", "", "operator"}, {"", noc, "viewer"}}});
    add({.name = "王工", .password = hashed(good), .may = {role::administrator}, .since = wall});
  }
  void add(user u) {
    ASSERT_TRUE(users.change([&](user_book& b) { return b.add(std::move(u)); }));
  }
  result<host::directory_answer> answer(const std::string& name, const secret& password) {
    ++asked;
    if (silent) return said({"没有应答", "no answer"});
    using out = result<host::directory_answer>;
    if (password != theirs) return out(boost::system::in_place_value, std::nullopt);
    return out(boost::system::in_place_value,
               name == "zhao" ? std::vector<std::string>{noc} : std::vector<std::string>{});
  }
  [[nodiscard]] std::string outcome_of(const std::string& name, const secret& password) {
    told.clear();
    const auto in = door.sign_in(name, password, peer);
    EXPECT_EQ(told.size(), 1U);
    return in ? "in" : told.empty() ? "" : told.front().outcome;
  }

  beside_ledger d{"outside"};
  wall_t wall = wall_from_ms(1'790'000'000'000);
  mono_t mono{std::chrono::hours{1}};
  std::vector<trail_entry> told;
  std::shared_ptr<const directory_settings> at;
  int asked = 0;
  bool silent = false;
  entrance door;
  users_file users;
};

TEST_F(OutsideTest, SomebodyKnownThereComesInWithTheRolesThatTheConfigurationGives) {
  const auto in = door.sign_in("li", theirs, peer);
  ASSERT_TRUE(in);
  EXPECT_EQ(in->who.may, roles{role::operating});
  EXPECT_EQ(told.back().of, "directory");
  EXPECT_EQ(door.by_cookie(in->cookie.reveal())->may, roles{role::operating});
  EXPECT_EQ(door.sign_in("zhao", theirs, peer)->who.may, roles{role::viewer}) << "by the group";
}

TEST_F(OutsideTest, WhoHasNoRoleStaysOut) {
  EXPECT_EQ(outcome_of("sun", theirs), "no_role");
  EXPECT_EQ(door.sign_in("sun", theirs, peer).error().code, "wrong_password") << "a stranger learns no more";
  EXPECT_EQ(outcome_of("li", good), "wrong_password");
}

TEST_F(OutsideTest, OfAUserWithAPasswordHereNobodyElseIsAsked) {
  EXPECT_EQ(outcome_of("王工", theirs), "wrong_password");
  EXPECT_EQ(outcome_of("王工", good), "in");
  EXPECT_EQ(asked, 0);
}

TEST_F(OutsideTest, AUserWithoutOneHasTheRolesOfTheFile) {
  add({.name = "li", .may = {role::auditor}, .directory = true});
  const auto in = door.sign_in("li", theirs, peer);
  ASSERT_TRUE(in);
  EXPECT_EQ(in->who.may, roles{role::auditor});
  ASSERT_TRUE(users.change([](user_book& b) { return b.disable("li", true); }));
  EXPECT_FALSE(door.by_cookie(in->cookie.reveal())) << "disabled here holds at once";
  EXPECT_EQ(outcome_of("li", theirs), "disabled");
}

TEST_F(OutsideTest, WhoCouldBeTakenForAnotherIsNotEvenAskedFor) {
  EXPECT_EQ(outcome_of("王 工", theirs), "unknown_user");
  EXPECT_EQ(asked, 0);
}

TEST_F(OutsideTest, WhatTheConfigurationTakesAwayIsGoneAtOnce) {
  const auto in = door.sign_in("li", theirs, peer);
  ASSERT_TRUE(in);
  directory_settings less = *at;
  less.roles.erase(less.roles.begin());
  at = std::make_shared<const directory_settings>(less);
  EXPECT_FALSE(door.by_cookie(in->cookie.reveal()));
  const auto other = door.sign_in("zhao", theirs, peer);
  ASSERT_TRUE(other);
  at = nullptr;
  EXPECT_FALSE(door.by_cookie(other->cookie.reveal()));
  EXPECT_EQ(outcome_of("zhao", theirs), "wrong_password");
}

TEST_F(OutsideTest, ADirectoryThatIsSilentKeepsNoUserOfOursOut) {
  silent = true;
  EXPECT_EQ(door.sign_in("li", theirs, peer).error().status, 503);
  EXPECT_EQ(outcome_of("li", theirs), "directory_unavailable");
  EXPECT_EQ(outcome_of("王工", good), "in");
}

TEST_F(OutsideTest, WhileItIsSilentItIsLetAloneAndNobodyIsThrottledForIt) {
  silent = true;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(door.sign_in("li", theirs, peer).error().status, 503);
  EXPECT_EQ(asked, 1) << "those whose passwords are here wait for nobody meanwhile";
  EXPECT_EQ(outcome_of("王工", good), "in") << "nor is the neighbourhood throttled";
  silent = false;
  mono += std::chrono::seconds{10};
  EXPECT_EQ(outcome_of("li", theirs), "in");
  for (int i = 0; i < 5; ++i) (void)door.sign_in("li", good, peer);
  silent = true;
  (void)door.sign_in("li", good, peer);
  silent = false;
  mono += std::chrono::seconds{10};
  for (int i = 0; i < 3; ++i) (void)door.sign_in("li", good, peer);
  EXPECT_EQ(door.sign_in("li", theirs, peer).error().status, 429) << "and its silence forgives no guess";
}

TEST_F(OutsideTest, WhoIsInvitedAndHasNotComeYetIsOurs) {
  add({.name = "li", .may = {role::administrator}});
  EXPECT_EQ(outcome_of("li", theirs), "wrong_password") << "their namesake in the directory is somebody else";
  EXPECT_EQ(asked, 0);
}

TEST_F(OutsideTest, GuessesAreThrottledAsOurOwnAre) {
  for (int i = 0; i < 6; ++i) (void)door.sign_in("li", good, peer);
  EXPECT_EQ(door.sign_in("li", theirs, peer).error().status, 429);
  EXPECT_EQ(asked, 6) << "and whoever waits is not asked about";
}

TEST_F(OutsideTest, TheirPasswordIsNotChangedHere) {
  const auto in = door.sign_in("li", theirs, peer);
  ASSERT_TRUE(in);
  const auto no = door.change_password(in->who, theirs, secret("another horse entirely"), peer);
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().status, 400);
  EXPECT_EQ(door.sign_in("li", theirs, peer)->who.name, "li");
}

TEST_F(OutsideTest, RolesThatOnePersonMayNotHoldAreNone) {
  directory_settings both = *at;
  both.roles.push_back({"", noc, "auditor"});
  const user_book nobody;
  EXPECT_EQ(outside_roles(both, nobody, "zhao", {noc}), (roles{role::viewer, role::auditor}));
  EXPECT_EQ(outside_roles(both, nobody, "li", {noc}), roles{}) << "operator and auditor";
  EXPECT_EQ(outside_roles(both, nobody, "sun", {}), roles{});
}

TEST_F(OutsideTest, WithADirectoryReadingNeedsSomebody) { EXPECT_TRUE(door.in_use()); }

}  // namespace
}  // namespace changtong::accounts
