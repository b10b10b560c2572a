#include "daemon/ledger/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/core/mutex.h"
#include "daemon/core/system_words.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/refusal.h"

namespace changtong::ledger {
namespace {

constexpr off_t our_byte = off_t{1} << 62;  // SQLite locks 512 bytes from 2^30 on
constexpr std::array<const char*, 3> parts{"", "-wal", "-shm"};

phrase last_error() { return system_words(errno); }

[[noreturn]] void refuse_second(const std::string& name) {
  throw refusal(both("账本 {} 正由另一个进程写入，请先停止它",
                     "another process is writing this ledger, {}: stop it first", name));
}

/** Descriptors that wait for the last connection of this process. */
struct closing_desk {
  mutex door;
  int connections GUARDED_BY(door) = 0;
  std::vector<int> waiting GUARDED_BY(door);
};
closing_desk& desk() {
  static closing_desk one;
  return one;
}

bool set_lock(int fd, short type) {
  struct flock what{};
  what.l_type = type;
  what.l_whence = SEEK_SET;
  what.l_start = our_byte;
  what.l_len = 1;
  return ::fcntl(fd, F_OFD_SETLK, &what) == 0;
}

/** A file that was mounted by itself has another name beside which its log would not lie. */
bool is_mounted_alone(const std::string& path) {
  struct statx about{};
  return ::statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &about) == 0 &&
         (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

}  // namespace

connection_mark::connection_mark() {
  closing_desk& d = desk();
  const holding lock(d.door);
  ++d.connections;
}

connection_mark::~connection_mark() {
  closing_desk& d = desk();
  const holding lock(d.door);
  if (--d.connections > 0) return;
  for (const int fd : std::exchange(d.waiting, {})) ::close(fd);
}

void close_ledger_file(int fd) {
  closing_desk& d = desk();
  const holding lock(d.door);
  if (d.connections > 0)
    d.waiting.push_back(fd);
  else
    ::close(fd);
}

/** SQLite would take the umask's mode; the log files beside the ledger inherit the mode of the ledger itself. */
int open_ledger_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0)
    throw refusal(both("账本 {} 打不开，请检查目录与权限：{}", "cannot open the ledger {}: {}", path, last_error()));
  struct stat s{};
  const bool known = ::fstat(fd, &s) == 0;
  if (known && !S_ISREG(s.st_mode)) {
    ::close(fd);
    throw refusal(
        both("账本 {} 是管道或设备，不是普通文件", "the ledger {} is a pipe or a device, no plain file", path));
  }
  if (known && s.st_size == 0) (void)::fchmod(fd, 0640);
  return fd;
}

file_lock::file_lock(const std::string& ledger) : name_(real_name(ledger)) {
  try {
    lock_older(name_ + ".lock", true);
    if (name_ != ledger) lock_older(ledger + ".lock", false);
    fd_ = open_ledger_file(name_);
    lock_file();
    refuse_other_names();
  } catch (...) {
    give_back();
    throw;
  }
}

file_lock::~file_lock() { give_back(); }

void file_lock::give_back() {
  if (fd_ >= 0) {
    (void)set_lock(fd_, F_UNLCK);  // the descriptor may have to stay open
    close_ledger_file(fd_);
  }
  for (const int fd : older_) ::close(fd);
}

/** Beside a link a lock file is only for a program of 0.3.0 there: where none can be made, none is there. */
void file_lock::lock_older(const std::string& path, bool needed) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0 && !needed) return;
  if (fd < 0)
    throw refusal(
        both("锁文件 {} 建不了，请检查目录与权限：{}", "cannot make the lock file {}: {}", path, last_error()));
  older_.push_back(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) refuse_second(name_);
}

void file_lock::lock_file() {
  if (!set_lock(fd_, F_WRLCK)) {
    if (errno == EAGAIN || errno == EACCES) refuse_second(name_);
    throw refusal(both("账本 {} 无法加锁，请放到本机磁盘上：{}",
                       "the ledger {} cannot be locked, put it on a disk of this machine: {}", name_, last_error()));
  }
  struct stat about{};
  if (::fstat(fd_, &about) == 0) known_[0] = {about.st_dev, about.st_ino};
  if (known_[0] != identity_of(name_))
    throw refusal(both("账本 {} 正被替换，请稍后再试", "the ledger {} is being replaced: try again", name_));
}

void file_lock::refuse_other_names() const {
  struct stat about{};
  if (::fstat(fd_, &about) == 0 && about.st_nlink > 1)
    throw refusal(
        both("账本 {0} 有 {1} 个硬链接，从另一个名字写入会毁掉账本：请只留下一直使用的名字（find / -xdev -samefile {0} "
             "可列出）",
             "the ledger has {1} hard links, and writing by another name would destroy it: keep only the name that was "
             "used so far (find / -xdev -samefile {0} lists them)",
             name_, about.st_nlink));
  if (is_mounted_alone(name_))
    throw refusal(both("账本 {} 是单独挂载的文件，它的日志不在旁边：请挂载所在的整个文件夹",
                       "the ledger {} is a file mounted by itself, its log does not lie beside it: mount the whole "
                       "folder",
                       name_));
}

file_lock::identity file_lock::identity_of(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return {};
  return {about.st_dev, about.st_ino};
}

void file_lock::still_there() {
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const identity now = identity_of(name_ + parts[k]);
    if (known_[k].node == 0) known_[k] = now;
    if (known_[k] != now)
      throw refusal(both("账本文件 {} 被移走、删除或替换，不再写入：请放回原文件，或重新启动服务",
                         "the file {} was moved, removed or replaced under us and nothing is written: put it back, or "
                         "restart the service",
                         name_ + parts[k]));
  }
  struct stat about{};
  const bool linked = ::fstat(fd_, &about) == 0 && about.st_nlink > 1;
  if (linked && !linked_)
    log::error(
        "账本 {} 多了一个硬链接，请删去；否则下次启动将拒绝写入 / the ledger got a second hard link: remove it, or the "
        "next start will refuse to write",
        name_);
  linked_ = linked;
}

}  // namespace changtong::ledger
