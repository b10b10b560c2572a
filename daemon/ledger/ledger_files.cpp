#include "daemon/ledger/ledger_files.h"

#include <filesystem>
#include <system_error>

#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"

namespace changtong::ledger {
namespace {

constexpr int most_links = 40;

}  // namespace

std::string real_name(const std::string& path) {
  namespace fs = std::filesystem;
  fs::path name = path;
  std::error_code failed;
  for (int hops = 0; hops < most_links && fs::is_symlink(fs::symlink_status(name, failed)); ++hops)
    name = name.parent_path() / fs::read_symlink(name, failed);  // an absolute one replaces the folder
  return name.string();
}

std::string beside(const std::string& ledger, const char* end) {
  std::string real = real_name(ledger) + end;
  std::string given = ledger + end;
  return !host::plain_file_exists(real) && host::plain_file_exists(given) ? given : real;
}

void bring_beside(const std::string& ledger) {
  const std::string real = real_name(ledger);
  for (const char* end : {".key", ".pub", ".seals", ".posted"}) {
    const std::string from = beside(ledger, end);
    if (from == real + end) continue;
    if (const auto moved = host::move_plain_file(from, real + end); moved)
      log::warn("{0} 已移到账本旁：{1} / {0} was brought beside the ledger: {1}", from, real + end);
    else
      log::error("{0} 应移到账本旁（{1}），请手工移动：{2} / {0} belongs beside the ledger ({1}), move it: {2}", from,
                 real + end, moved.error().text);
  }
}

}  // namespace changtong::ledger
