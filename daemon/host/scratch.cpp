#include "daemon/host/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace changtong::host {

result<scratch> scratch::make(const std::filesystem::path& where) {
  std::string name = ((where.empty() ? "." : where) / ".changtong-evidence-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return problem{where.string() + " 写不了：" + std::generic_category().message(errno) + " / cannot be written"};
  return scratch(name);
}

scratch::~scratch() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

passing_folder::~passing_folder() {
  std::error_code ignored;
  if (!path.empty()) std::filesystem::remove_all(path, ignored);
}

}  // namespace changtong::host
