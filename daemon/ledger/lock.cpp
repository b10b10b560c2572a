#include "daemon/ledger/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "daemon/ledger/store.h"

namespace changtong::ledger {

file_lock::file_lock(const std::string& ledger) : fd_(-1) {
  const std::string path = ledger + ".lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd_ < 0)
    throw refusal(fmt::format("锁文件 {} 建不了，请检查目录与权限 / cannot make the lock file: {}", path,
                              std::generic_category().message(errno)));
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(fd_);
  throw refusal(fmt::format(
      "账本 {} 正由另一个进程写入，请先停止它 / another process is writing this ledger: stop it first", ledger));
}

file_lock::~file_lock() { ::close(fd_); }

}  // namespace changtong::ledger
