// A restoration by hand-made backups of a few bytes: what it decides of each file, and that nothing is lost by it.
#include "daemon/backup/restoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "daemon/host/plain_file.h"

namespace changtong::backup {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class Restoring : public testing::Test {
 protected:
  Restoring() {
    std::string name = (fs::temp_directory_path() / "changtong-restore-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    fs::create_directories(folder() + "/ledger");
    saved(part::ledger, "the.db", "a book");
    on_the_machine("the.db", "a book");
  }
  ~Restoring() override { fs::remove_all(root_); }
  Restoring(const Restoring&) = delete;
  Restoring& operator=(const Restoring&) = delete;

  [[nodiscard]] std::string folder() const { return root_ + "/backup"; }
  [[nodiscard]] std::string home(const std::string& name) const { return root_ + "/home/" + name; }

  void saved(part what, const std::string& name, const std::string& text) {
    ASSERT_TRUE(host::create_plain_file(folder() + "/ledger/" + name, text, 0600));
    list_.files.push_back({.what = what,
                           .path = home(name),
                           .stored = "ledger/" + name,
                           .size = text.size(),
                           .sha256 = host::sha256_of(text),
                           .mode = 0640,
                           .whose = {}});
  }
  void on_the_machine(const std::string& name, const std::string& text) {
    fs::create_directories(root_ + "/home");
    ASSERT_TRUE(host::create_plain_file(home(name), text, 0600));
  }
  result<restoration> previewed(const std::string& below = {}) {
    (void)host::replace_plain_file(folder() + "/backup.json", list_text(list_), 0600);
    return preview(folder(), below, [](const char*, std::int64_t, std::int64_t) { return true; });
  }
  std::vector<fate> fates() {
    const auto r = previewed();
    std::vector<fate> out;
    for (const restored_file& f : r.value().files)
      if (f.what.stored != "ledger/the.db") out.push_back(f.how);
    return out;
  }
  static std::string text_of(const std::string& path) { return host::read_plain_file(path, 1000).value(); }

  std::string root_;
  backup_list list_{.version = "1", .made = "20261129", .node = {}, .variables = {}, .files = {}};
};

TEST_F(Restoring, EachFileIsCreatedReplacedOrLeft) {
  saved(part::settings, "new", "a");
  saved(part::settings, "other", "b");
  saved(part::settings, "same", "c");
  on_the_machine("other", "B");
  on_the_machine("same", "c");
  EXPECT_THAT(fates(), ElementsAre(fate::create, fate::replace, fate::same));
  const auto done = apply(*previewed(), "1");
  ASSERT_TRUE(done);
  EXPECT_THAT(done->aside, ElementsAre(home("other.before-restore-1")));
  EXPECT_EQ(text_of(home("new")) + text_of(home("other")) + text_of(home("same")), "abc");
  EXPECT_EQ(text_of(home("other.before-restore-1")), "B");
  EXPECT_EQ(fs::status(home("new")).permissions(), fs::perms(0640));
  EXPECT_THAT(fates(), ElementsAre(fate::same, fate::same, fate::same));
}

TEST_F(Restoring, LinksLeadNowhere) {
  fs::create_directories(root_ + "/secret");
  ASSERT_TRUE(host::create_plain_file(root_ + "/secret/shadow", "root", 0600));
  saved(part::settings, "shadow", "root");
  fs::create_directory_symlink(root_ + "/secret", folder() + "/files");
  list_.files.back().stored = "files/shadow";
  EXPECT_FALSE(previewed());
  list_.files.pop_back();
  fs::create_directories(root_ + "/below" + root_);
  fs::create_directory_symlink(root_ + "/secret", root_ + "/below" + root_ + "/home");
  EXPECT_FALSE(previewed(root_ + "/below"));
}

TEST_F(Restoring, ALogOfAnotherBookNeverStaysBesideTheOneThatComes) {
  fs::remove(home("the.db"));
  on_the_machine("the.db-wal", "a restoration that ended half way has left it");
  EXPECT_EQ(previewed()->files[0].how, fate::create);
  ASSERT_TRUE(apply(*previewed(), "1"));
  EXPECT_FALSE(fs::exists(home("the.db-wal")));
  EXPECT_TRUE(fs::exists(home("the.db.before-restore-1-wal")));
  on_the_machine("the.db-wal", "later entries");
  EXPECT_EQ(previewed()->files[0].how, fate::replace);  // the same bytes, and yet another book
}

TEST_F(Restoring, SealsThatTheMachineHasBeyondTheBackupStay) {
  saved(part::seals, "l.seals", "one\n");
  saved(part::posted, "l.posted", "1\n");
  on_the_machine("l.seals", "one\ntwo\n");
  on_the_machine("l.posted", "2\n");
  EXPECT_THAT(fates(), ElementsAre(fate::longer, fate::longer));
  ASSERT_TRUE(apply(*previewed(), "1"));
  EXPECT_EQ(text_of(home("l.seals")) + text_of(home("l.posted")), "one\ntwo\n2\n");
}

TEST_F(Restoring, SealsOfAnotherHistoryGoAside) {
  saved(part::seals, "l.seals", "one\n");
  saved(part::posted, "l.posted", "1\n");
  on_the_machine("l.seals", "another\n");
  on_the_machine("l.posted", "2\n");
  EXPECT_THAT(fates(), ElementsAre(fate::replace, fate::replace));
}

TEST_F(Restoring, ByteThatChangedStopsAllOfIt) {
  saved(part::settings, "good", "a");
  saved(part::settings, "bad", "b");
  ASSERT_TRUE(host::replace_plain_file(folder() + "/ledger/bad", "B", 0600));
  EXPECT_FALSE(previewed());
  EXPECT_FALSE(fs::exists(home("good")));
}

TEST_F(Restoring, BelowAnotherFolderNothingOfThisMachineIsTouched) {
  saved(part::settings, "other", "b");
  on_the_machine("other", "B");
  const auto r = previewed(root_ + "/below");
  ASSERT_TRUE(r);
  ASSERT_TRUE(apply(*r, "1"));
  EXPECT_EQ(text_of(root_ + "/below" + home("other")) + text_of(home("other")), "bB");
}

}  // namespace
}  // namespace changtong::backup
