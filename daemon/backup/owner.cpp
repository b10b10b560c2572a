#include "daemon/backup/owner.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace changtong::backup {

using room = std::array<char, 4096>;  // of one entry of the system's lists

owner owner_of(const struct stat& about) {
  owner o;
  room space{};
  passwd who{}, *user = nullptr;
  if (::getpwuid_r(about.st_uid, &who, space.data(), space.size(), &user) == 0 && user != nullptr)
    o.user = user->pw_name;
  ::group which{}, *of = nullptr;
  if (::getgrgid_r(about.st_gid, &which, space.data(), space.size(), &of) == 0 && of != nullptr) o.group = of->gr_name;
  return o;
}

bool give_to(const std::string& path, const owner& to) {
  room space{};
  passwd who{}, *user = nullptr;
  if (::getpwnam_r(to.user.c_str(), &who, space.data(), space.size(), &user) != 0 || user == nullptr) return false;
  const uid_t uid = user->pw_uid;
  ::group which{}, *of = nullptr;
  if (::getgrnam_r(to.group.c_str(), &which, space.data(), space.size(), &of) != 0 || of == nullptr) return false;
  // Whoever may write in the folder could put a link in its place meanwhile.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat is{};
  const bool plain = fd >= 0 && ::fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_nlink == 1;
  const bool given = plain && ((is.st_uid == uid && is.st_gid == of->gr_gid) || ::fchown(fd, uid, of->gr_gid) == 0);
  if (fd >= 0) ::close(fd);
  return given;
}

}  // namespace changtong::backup
