#include "daemon/accounts/users_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/accounts/beside_ledger.h"

namespace changtong::accounts {
namespace {

namespace fs = std::filesystem;

result<void> add_li(users_file& f) {
  return f.change([](user_book& b) { return b.add({.name = "李工", .may = roles{role::viewer}}); });
}

TEST(UsersFile, OneThatIsGoneOpensTheHouseToNobody) {
  const beside_ledger beside("gone");
  users_file daemon(beside.ledger()), command(beside.ledger());
  ASSERT_TRUE(daemon.get());
  EXPECT_TRUE((*daemon.get())->users().empty());  // there were never any
  ASSERT_TRUE(add_li(command));
  EXPECT_EQ((*daemon.get())->users().size(), 1U);
  fs::rename(daemon.path(), daemon.path() + ".away");
  EXPECT_FALSE(daemon.get());
  fs::create_symlink("/nowhere", daemon.path());
  EXPECT_FALSE(daemon.get());
  EXPECT_FALSE(users_file(beside.ledger()).get());  // nor in a daemon that begins now
  EXPECT_FALSE(add_li(daemon)) << "nor is a house of one user made of it";
  fs::remove(daemon.path());
  fs::rename(daemon.path() + ".away", daemon.path());
  EXPECT_TRUE(daemon.get());
}

TEST(UsersFile, OneThatIsGoneWhileNobodyRunsOpensTheHouseToNobodyEither) {
  const beside_ledger beside("gone_while_down");
  users_file before(beside.ledger());
  ASSERT_TRUE(add_li(before));
  EXPECT_FALSE(before.is_missing());
  fs::rename(before.path(), before.path() + ".away");
  EXPECT_FALSE(users_file(beside.ledger()).is_missing()) << "nobody could sign in yet";
  fs::rename(before.path() + ".away", before.path());
  ASSERT_TRUE(before.change([](user_book& b) { return b.set_password("李工", "h", false, wall_from_ms(1)); }));
  fs::remove(before.path());
  users_file fresh(beside.ledger());
  EXPECT_TRUE(fresh.is_missing());
  EXPECT_FALSE(fresh.get());
  EXPECT_FALSE(add_li(fresh));
  fs::remove(before.path() + ".were");
  EXPECT_FALSE(users_file(beside.ledger()).is_missing()) << "whoever wants no users says so";
  EXPECT_TRUE(users_file(beside.ledger()).get());
}

TEST(UsersFile, UsersOfAnOlderVersionLeaveTheSignWhenTheyAreRead) {
  const beside_ledger beside("older");
  users_file before(beside.ledger());
  ASSERT_TRUE(
      before.change([](user_book& b) { return b.add({.name = "李工", .password = "h", .may = {role::viewer}}); }));
  fs::remove(before.path() + ".were");
  ASSERT_TRUE(users_file(beside.ledger()).get());
  EXPECT_TRUE(fs::exists(before.path() + ".were"));
}

TEST(UsersFile, OneThatCannotBeLookedAtIsNoneWithoutUsers) {
  const beside_ledger beside("unreachable");
  std::ofstream(beside.folder + "/plain") << "a file where a folder should be";
  users_file f(beside.folder + "/plain/ledger.db");
  EXPECT_FALSE(f.get());
  EXPECT_FALSE(add_li(f));
}

}  // namespace
}  // namespace changtong::accounts
