// A ledger that lies where nothing can be written: a backup's medium, a snapshot, an auditor's folder.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/ledger/journal.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

constexpr int not_allowed = 77;

/** In a child whose folder is mounted read-only. */
int read_where_nothing_can_be_written(const folder& f) {
  const char* path = f.path.c_str();
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount(path, path, nullptr, MS_BIND, nullptr) != 0 ||
      ::mount("none", path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0)
    return not_allowed;
  if (::access(path, W_OK) == 0) return 1;
  const auto p = prove(f.ledger(), {}, {});
  if (!p || !p->ok) return 2;
  const auto r = reader::open(f.ledger());
  if (!r || (*r)->outages({at(0), at(100)}, "L1", 10).size() != 1) return 3;
  return journal::open(f.ledger()) ? 0 : 4;
}

TEST(ReadOnly, AClosedLedgerIsVerifiedAndRead) {
  const folder f;
  commit(*opened(f), 100, {line("L1", 0), up("L1", 1), down("L1", 10, 9), up_again("L1", 20, 19)});
  const pid_t child = ::fork();
  if (child == 0) ::_exit(read_where_nothing_can_be_written(f));
  int status = 0;
  ::waitpid(child, &status, 0);
  // A read-only mount needs root or user namespaces; where the kernel gives neither, tests/run lists it as skipped.
  if (WEXITSTATUS(status) == not_allowed) GTEST_SKIP() << "no mount namespaces here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace changtong::ledger
