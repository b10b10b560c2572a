#include "daemon/accounts/turn.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "daemon/core/log.h"

namespace changtong::accounts {

turn::turn(const std::string& file) : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) return;
  give_to_owner_of_folder(file);
  while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

turn::~turn() {
  if (fd_ >= 0) ::close(fd_);
}

void give_to_owner_of_folder(const std::string& file) {
  struct stat folder{}, own{};
  const std::string at = std::filesystem::path(file).parent_path().string();
  if (::geteuid() != 0 || ::stat(at.empty() ? "." : at.c_str(), &folder) != 0 || ::lstat(file.c_str(), &own) != 0)
    return;
  if (!S_ISREG(own.st_mode) || own.st_uid == folder.st_uid) return;
  if (::lchown(file.c_str(), folder.st_uid, folder.st_gid) != 0)
    log::warn("{} 的属主未能改为目录的属主 / its owner could not be made that of its folder", file);
}

}  // namespace changtong::accounts
