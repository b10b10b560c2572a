#include "daemon/host/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::host {

result<scratch> scratch::make(const std::filesystem::path& where) {
  std::string name = ((where.empty() ? "." : where) / ".changtong-evidence-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return said(both("{} 写不了：{}", "{} cannot be written: {}", where.string(), system_words(errno)));
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
