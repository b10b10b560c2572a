// A ledger that lies where nothing can be written: a backup's medium, a snapshot, an auditor's folder.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/ledger/journal.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

constexpr int not_allowed = 77;

/** In a child, which the mount goes with. */
bool mount_read_only(const folder& f) {
  const char* path = f.path.c_str();
  return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(path, path, nullptr, MS_BIND, nullptr) == 0 &&
         ::mount("none", path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
}

int read_where_nothing_can_be_written(const folder& f) {
  if (!mount_read_only(f)) return not_allowed;
  if (::access(f.path.c_str(), W_OK) == 0) return 1;
  const auto p = prove(f.ledger(), {}, {});
  if (!p || !p->ok) return 2;
  const auto r = reader::open(f.ledger());
  if (!r || (*r)->outages({at(0), at(100)}, "L1", 10).size() != 1) return 3;
  return journal::open(f.ledger()) ? 0 : 4;
}

/** A log lies beside it, so that a copy is read; what is left in the folder of temporary files afterwards. */
int copy_stays(const folder& f, const folder& temporary, bool opens) {
  if (!mount_read_only(f)) return not_allowed;
  ::setenv("TMPDIR", temporary.path.c_str(), 1);
  {
    const auto r = reader::open(f.ledger());
    if (r.has_value() != opens) return 1;
    if (opens && std::filesystem::is_empty(temporary.path)) return 2;
  }
  return std::filesystem::is_empty(temporary.path) ? 0 : 3;
}

/** Of `in_child`, run in a child of its own. */
template <class F>
void expect_zero(F in_child) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(in_child());
  int status = 0;
  ::waitpid(child, &status, 0);
  // A read-only mount needs root or user namespaces; where the kernel gives neither, tests/run lists it as skipped.
  if (WEXITSTATUS(status) == not_allowed) GTEST_SKIP() << "no mount namespaces here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(ReadOnly, AClosedLedgerIsVerifiedAndRead) {
  const folder f;
  commit(*opened(f), 100, {line("L1", 0), up("L1", 1), down("L1", 10, 9), up_again("L1", 20, 19)});
  expect_zero([&] { return read_where_nothing_can_be_written(f); });
}

TEST(ReadOnly, ATemporaryCopyIsRemovedAlsoWhereItDoesNotOpen) {
  const folder live, medium, temporary;
  const auto w = opened(live);
  commit(*w, 100, {line("L1", 0), up("L1", 1)});
  const auto copy = [&] {
    for (const char* part : {"", "-wal"})
      std::filesystem::copy_file(live.ledger() + part, medium.ledger() + part,
                                 std::filesystem::copy_options::overwrite_existing);
  };
  copy();
  ASSERT_GT(std::filesystem::file_size(medium.ledger() + "-wal"), 0U);
  expect_zero([&] { return copy_stays(medium, temporary, true); });
  store(live.ledger(), store::mode::write).execute("PRAGMA application_id=7");
  copy();
  expect_zero([&] { return copy_stays(medium, temporary, false); });
}

}  // namespace
}  // namespace changtong::ledger
