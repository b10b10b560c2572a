// One ledger, one writer: the lock belongs to the file, and every name of it means one set of files.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/reader.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string refusal_of(const std::string& name) {
  const auto w = writer::open(name);
  return w ? "" : to_string(w.error());
}

std::unique_ptr<writer> opened_as(const std::string& name) {
  auto w = writer::open(name);
  if (!w) ADD_FAILURE() << to_string(w.error());
  return std::move(*w);
}

ledger_batch a_second(double s) { return {.heartbeat = at(s), .records = {}, .memory = {}}; }

TEST(Lock, SecondWriterIsRefusedByEveryNameOfTheFile) {
  const folder f;
  const auto w = opened(f);
  const fs::path ledger = f.ledger(), there = ledger.parent_path();
  fs::create_symlink("ledger.db", there / "link.db");
  fs::create_symlink("link.db", there / "link2.db");
  fs::create_directory(there / "elsewhere");
  fs::create_symlink(ledger, there / "elsewhere" / "book");
  fs::create_directory_symlink(there, there / "elsewhere" / "folder");
  for (const fs::path& name :
       {there / "link.db", there / "link2.db", there / "elsewhere" / "book",
        there / "elsewhere" / "folder" / "ledger.db", there / "elsewhere" / ".." / "ledger.db", fs::relative(ledger)})
    EXPECT_THAT(refusal_of(name), HasSubstr("another process is writing this ledger")) << name;
  fs::create_hard_link(ledger, there / "hard.db");
  EXPECT_NE(refusal_of(there / "hard.db"), "");
  EXPECT_TRUE(w->commit(a_second(2))) << "and the first goes on";
}

TEST(LedgerFiles, WhatLiesBesideALedgerBelongsToIt) {
  const folder f;
  (void)opened(f);
  for (const char* end : {"", "-wal", ".lock", ".key", ".seals", ".seals.2026-03-14", ".users", ".users.lock", ".audit",
                          ".audit.lock", ".audit.000000000001"})
    EXPECT_TRUE(belongs_to_ledger(f.ledger() + end)) << end;
  for (const char* other : {".xlsx", ".aside", "x.audit.000000000001"})
    EXPECT_FALSE(belongs_to_ledger(f.ledger() + other)) << other;
}

TEST(Lock, AFileThatWasRenamedIsStillLocked) {
  const folder f;
  const auto w = opened(f);
  fs::rename(f.ledger(), f.ledger() + ".away");
  EXPECT_THAT(refusal_of(f.ledger() + ".away"), HasSubstr("another process"));
}

TEST(Lock, AFileOfTwoHardLinksIsNotWrittenAndTheRemedyIsSaid) {
  const folder f;
  opened(f).reset();
  fs::create_hard_link(f.ledger(), f.ledger() + ".other");
  for (const std::string& name : {f.ledger(), f.ledger() + ".other"}) {
    EXPECT_THAT(refusal_of(name), HasSubstr("hard links")) << name;
    EXPECT_THAT(refusal_of(name), HasSubstr("-samefile")) << name;
    EXPECT_FALSE(rebuild(name, {})) << name;
    EXPECT_FALSE(fs::exists(f.ledger() + ".other-wal"));
  }
  fs::remove(f.ledger() + ".other");
  EXPECT_EQ(refusal_of(f.ledger()), "");
}

TEST(Lock, AHardLinkMadeWhileWeWriteDoesNotStopTheBooks) {
  const folder f;
  const auto w = opened(f);
  fs::create_hard_link(f.ledger(), f.ledger() + ".other");
  EXPECT_TRUE(w->commit(a_second(2)));
}

TEST(Lock, ThroughASymbolicLinkTheFilesAreThoseOfTheRealName) {
  const folder f;
  const std::string link = fs::path(f.ledger()).parent_path() / "link.db";
  fs::create_symlink("ledger.db", link);  // leads to nothing yet
  opened_as(link)->commit(a_second(1)).value();
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::is_regular_file(f.ledger()));
  for (const char* end : {".key", ".pub"}) {
    EXPECT_TRUE(fs::exists(f.ledger() + end)) << end;
    EXPECT_FALSE(fs::exists(link + end)) << end;
  }
  EXPECT_EQ(seals_file_of(link), f.ledger() + ".seals");
  EXPECT_EQ(key_file_of(link), f.ledger() + ".key");
}

TEST(Lock, WhatAnOlderProgramLeftBesideALinkIsBroughtBesideTheFile) {
  const folder f;
  const std::string link = fs::path(f.ledger()).parent_path() / "link.db";
  opened(f).reset();
  const std::string key = host::read_plain_file(f.ledger() + ".key", 1 << 16).value();
  fs::create_symlink("ledger.db", link);
  for (const char* end : {".key", ".pub"}) fs::rename(f.ledger() + end, link + end);
  EXPECT_EQ(key_file_of(link), link + ".key") << "until a writer brings it, readers find it where it is";
  opened_as(link).reset();
  EXPECT_EQ(host::read_plain_file(f.ledger() + ".key", 1 << 16).value(), key);
  EXPECT_FALSE(fs::exists(link + ".key"));
  EXPECT_TRUE(fs::exists(f.ledger() + ".pub"));
}

TEST(Lock, AProgramOfVersion030IsKeptOutByItsOwnLockAndKeepsUsOut) {
  const folder f;
  const std::string link = fs::path(f.ledger()).parent_path() / "link.db";
  fs::create_symlink("ledger.db", link);
  auto w = opened_as(link);
  for (const std::string& name : {link, f.ledger()}) {
    const int fd = ::open((name + ".lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(fd, 0) << name;
    EXPECT_NE(::flock(fd, LOCK_EX | LOCK_NB), 0) << name;
    ::close(fd);
  }
  w.reset();
  for (const std::string& name : {link, f.ledger()}) {
    const int old = ::open((name + ".lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(old, LOCK_EX | LOCK_NB), 0) << name;
    EXPECT_THAT(refusal_of(link), HasSubstr("another process")) << name;
    ::close(old);
  }
  EXPECT_EQ(refusal_of(link), "");
}

TEST(Lock, AFileThatIsRemovedOrReplacedUnderUsTakesNoCommitUntilItIsBack) {
  for (const char* end : {"", "-wal", "-shm"}) {
    const folder f;
    const auto w = opened(f);
    w->commit(a_second(1)).value();
    fs::rename(f.ledger() + end, f.ledger() + end + ".away");
    const auto gone = w->commit(a_second(2));
    ASSERT_FALSE(gone) << end;
    EXPECT_THAT(gone.error().text_en, HasSubstr("put it back")) << end;
    fs::copy_file(f.ledger() + end + ".away", f.ledger() + end);
    EXPECT_FALSE(w->commit(a_second(2))) << "a copy is another file: " << end;
    fs::rename(f.ledger() + end + ".away", f.ledger() + end);
    EXPECT_TRUE(w->commit(a_second(2))) << end;
  }
}

/** A crash of the process, however it comes. */
TEST(Lock, IsGivenBackByAProcessThatIsKilled) {
  const folder f;
  std::array<int, 2> told{};
  ASSERT_EQ(::pipe(told.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto w = writer::open(f.ledger());
    (void)!::write(told[1], w ? "1" : "0", 1);
    ::pause();
    ::_exit(0);
  }
  char opened_there = '0';
  ASSERT_EQ(::read(told[0], &opened_there, 1), 1);
  EXPECT_EQ(opened_there, '1');
  EXPECT_THAT(refusal_of(f.ledger()), HasSubstr("another process"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(refusal_of(f.ledger()), "");
  for (const int fd : told) ::close(fd);
}

/** POSIX locks are the process's: closing any descriptor of the file would drop those of SQLite. */
TEST(Lock, AWriterThatEndsLeavesTheLocksOfReadersInThisProcess) {
  const folder f;
  opened(f).reset();
  const auto reader = reader::open(f.ledger()).value();
  (void)reader->heartbeat();
  const auto locked = [&] {  // seen from another process, whose own locks these are not
    const pid_t child = ::fork();
    if (child == 0) {
      const int fd = ::open(f.ledger().c_str(), O_RDWR | O_CLOEXEC);
      struct flock what{};
      what.l_type = F_WRLCK;
      what.l_whence = SEEK_SET;
      what.l_start = 0x40000002;  // SQLite's shared bytes
      what.l_len = 510;
      ::fcntl(fd, F_GETLK, &what);
      ::_exit(what.l_type == F_UNLCK ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 1;
  };
  ASSERT_TRUE(locked());
  {
    const auto w = opened(f);
    EXPECT_FALSE(writer::open(f.ledger()));
    EXPECT_TRUE(locked());
  }
  EXPECT_TRUE(locked());
  EXPECT_EQ(refusal_of(f.ledger()), "") << "and the lock itself is given back";
  EXPECT_TRUE(locked());
}

}  // namespace
}  // namespace changtong::ledger
