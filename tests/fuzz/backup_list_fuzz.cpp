// The list of a backup that somebody keeps elsewhere: any bytes are refused or read, what was read is written as the
// same bytes, and no file of it lies outside.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "daemon/backup/list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong::backup;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto list = read_list(text);
  if (!list) return 0;
  if (list_text(*list) != text) std::abort();
  const std::filesystem::path folder("/kept/backup");
  for (const saved_file& f : list->files) {
    const std::string inside = (folder / f.stored).lexically_normal().native();
    if (!inside.starts_with("/kept/backup/") || inside.size() == folder.native().size() + 1) std::abort();
    if (f.path.front() != '/' || f.path.back() == '/' || inside.back() == '/') std::abort();
    if ((f.path + f.stored).find('\0') != std::string::npos) std::abort();
  }
  return 0;
}
