#include "daemon/accounts/user_book.h"

#include <gtest/gtest.h>

#include "daemon/accounts/password.h"

namespace changtong::accounts {
namespace {

constexpr wall_t now = wall_from_ms(1'000'000);

user_book with(const std::string& name, const std::string& hash) {
  user_book b;
  EXPECT_TRUE(b.add({.name = name, .password = hash, .may = {role::viewer}}));
  return b;
}

TEST(UserBook, IsReadAsItWasWritten) {
  user_book b = with("王\"工", "$argon2id$x");
  ASSERT_TRUE(b.add({.name = "b", .may = {role::operating, role::approver}, .disabled = true, .must_change = true}));
  ASSERT_TRUE(b.invite("b", "d1", now));
  ASSERT_TRUE(b.add_token({.name = "grafana", .digest = "d2", .made = now}));
  EXPECT_EQ(user_book::read(b.text()).value(), b);
  EXPECT_FALSE(user_book::read("{\"users\":[]}"));
  EXPECT_FALSE(user_book::read(""));
}

TEST(UserBook, IsInUseWhenSomebodyHasAPassword) {
  user_book b = with("a", "");
  EXPECT_FALSE(b.in_use()) << "invited, and nobody yet";
  ASSERT_TRUE(b.set_password("a", "h", false, now));
  EXPECT_TRUE(b.in_use());
  ASSERT_TRUE(b.disable("a", true));
  EXPECT_TRUE(b.in_use()) << "disabling the last one opens nothing";
}

TEST(UserBook, TheLastUserStays) {
  user_book b = with("a", "h");
  ASSERT_TRUE(b.add({.name = "invited", .may = {role::viewer}}));
  EXPECT_FALSE(b.remove("a"));
  EXPECT_TRUE(b.remove("invited"));
  ASSERT_TRUE(b.add({.name = "b", .password = "h", .may = {role::viewer}}));
  EXPECT_TRUE(b.remove("a"));
  EXPECT_FALSE(b.remove("nobody"));
}

TEST(UserBook, TheLastAdministratorStays) {
  user_book b = with("reader", "h");
  ASSERT_TRUE(b.add({.name = "a", .password = "h", .may = {role::administrator}}));
  ASSERT_TRUE(b.add({.name = "invited", .may = {role::administrator}}));
  ASSERT_TRUE(b.add({.name = "off", .password = "h", .may = {role::administrator}, .disabled = true}));
  const auto no = b.disable("a", true);
  ASSERT_FALSE(no);
  EXPECT_NE(words_of(no.error()).cn.find("最后一个能登录的管理员"), std::string::npos);
  EXPECT_FALSE(b.give("a", {role::viewer}));
  EXPECT_FALSE(b.remove("a"));
  EXPECT_TRUE(b.give("a", {role::viewer, role::administrator}));
  EXPECT_TRUE(b.disable("invited", true));
  ASSERT_TRUE(b.disable("off", false));
  EXPECT_TRUE(b.disable("a", true)) << "there is another one";
  EXPECT_FALSE(b.give("off", {role::auditor}));
  EXPECT_TRUE(b.give("off", {role::auditor}, true));
}

TEST(UserBook, AnInvitationServesOnceAndForATime) {
  user_book b = with("a", "");
  ASSERT_TRUE(b.invite("a", "old", now));
  ASSERT_TRUE(b.invite("a", "new", now + milliseconds{10}));
  EXPECT_EQ(b.invited("old", now - milliseconds{1}), nullptr) << "the newer one voids it";
  ASSERT_NE(b.invited("new", now), nullptr);
  EXPECT_EQ(b.invited("new", now + milliseconds{10}), nullptr) << "over";
  ASSERT_TRUE(b.disable("a", true));
  EXPECT_EQ(b.invited("new", now), nullptr) << "disabled";
  ASSERT_TRUE(b.disable("a", false));
  ASSERT_TRUE(b.set_password("a", "h", false, now));
  EXPECT_EQ(b.invited("new", now), nullptr) << "used";
}

TEST(UserBook, APasswordOpensUntilAnotherOneIsSetOrItsUserIsDisabled) {
  user_book b = with("a", "h");
  const user then = *b.find("a");
  EXPECT_TRUE(b.still_opens(then));
  ASSERT_TRUE(b.disable("a", true));
  EXPECT_FALSE(b.still_opens(then));
  ASSERT_TRUE(b.disable("a", false));
  ASSERT_TRUE(b.set_password("a", "other", false, then.since));
  EXPECT_FALSE(b.still_opens(then)) << "in the same millisecond too";
  EXPECT_FALSE(user_book{}.still_opens(then));
}

TEST(UserBook, ATokenIsKnownByItsDigestUntilItIsRemoved) {
  user_book b;
  ASSERT_TRUE(b.add_token({.name = "t", .digest = "d", .made = now}));
  EXPECT_FALSE(b.add_token({.name = "t", .digest = "e", .made = now}));
  EXPECT_NE(b.token_of("d"), nullptr);
  ASSERT_TRUE(b.remove_token("t"));
  EXPECT_EQ(b.token_of("d"), nullptr);
  EXPECT_FALSE(b.remove_token("t"));
}

TEST(Password, IsLongOrOfSeveralKinds) {
  for (const char* good : {"twelve lower case", "Abcdef12", "abc-DEF-9", "政务专线监测二零二六年夏"})
    EXPECT_TRUE(may_be_password(secret(good), "wang")) << good;
  for (const char* bad : {"", "short", "abcdefgh", "abcdefg1", "wang-is-the-password", "line\nfeed-Aa1"})
    EXPECT_FALSE(may_be_password(secret(bad), "wang")) << bad;
  EXPECT_FALSE(may_be_password(secret(std::string(257, 'x')), "wang"));
}

TEST(Password, IsKeptAsArgon2idAndFoundAgain) {
  const std::string hash = hashed(secret("correct horse battery"));
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_NE(hash, hashed(secret("correct horse battery"))) << "a salt of its own";
  EXPECT_TRUE(is_password(secret("correct horse battery"), hash));
  EXPECT_FALSE(is_password(secret("correct horse batterz"), hash));
  EXPECT_FALSE(is_password(secret(""), hash));
  EXPECT_FALSE(is_password(secret("nobody has this password"), "")) << "who has no password has none";
  EXPECT_FALSE(is_password(secret("x"), "no hash"));
}

}  // namespace
}  // namespace changtong::accounts
