#include "daemon/ledger/ledger_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"

namespace changtong::ledger {
namespace {

constexpr int most_links = 40;
constexpr std::array<const char*, 4> of_seals{".key", ".pub", ".seals", ".posted"};
constexpr std::array<const char*, 4> of_accounts{".users", ".users.lock", ".audit", ".audit.lock"};

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

bool is_ledger(const std::string& path) {
  constexpr std::string_view begins = "SQLite format 3";
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return false;  // to open a pipe is to wait
  std::string head(begins.size(), '\0');
  return std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size())) &&
         head == begins;
}

bool belongs_to_ledger(const std::string& path) {
  if (is_ledger(path)) return true;
  const auto of = [&](std::string_view end) {
    return path.ends_with(end) && is_ledger(path.substr(0, path.size() - end.size()));
  };
  const auto before = [&](std::string_view middle) {  // LEDGER.seals.DAY, LEDGER.audit.NUMBER
    const std::size_t at = path.rfind(middle);
    return at != std::string::npos && is_ledger(path.substr(0, at));
  };
  return std::ranges::any_of(of_seals, of) || std::ranges::any_of(of_accounts, of) || of("-wal") || of("-shm") ||
         of(".lock") || before(".seals.") || before(".audit.");
}

void bring_beside(const std::string& ledger) {
  const std::string real = real_name(ledger);
  for (const char* end : of_seals) {
    const std::string from = beside(ledger, end);
    if (from == real + end) continue;
    if (const auto moved = host::move_plain_file(from, real + end); moved)
      log::warn("{0} 已移到账本旁：{1} / {0} was brought beside the ledger: {1}", from, real + end);
    else
      log::error("{0} 应移到账本旁（{1}），请手工移动：{2} / {0} belongs beside the ledger ({1}), move it: {2}", from,
                 real + end, to_string(moved.error()));
  }
}

}  // namespace changtong::ledger
