#include "daemon/host/file_rights.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::host {

unsigned mode_of(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0644U;
}

result<void> may_replace(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return {};
  return said(system_words(errno));
}

}  // namespace changtong::host
