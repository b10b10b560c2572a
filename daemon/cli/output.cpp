#include "daemon/cli/output.h"

#include <filesystem>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"

namespace changtong {

result<void> may_write(const std::string& path) {
  namespace fs = std::filesystem;
  if (ledger::belongs_to_ledger(path))
    return said(both("{} 是账本或它的附属文件，不可覆盖", "{} is a ledger or belongs to one", path),
                problem_class::usage);
  std::error_code failed;
  const auto there = fs::symlink_status(path, failed).type();
  if (there == fs::file_type::none || there == fs::file_type::not_found || there == fs::file_type::regular) return {};
  if (fs::is_directory(path, failed)) return {};
  return said(both("{} 不是普通文件，写入会取代它，请换一个名字", "{} is not a plain file and would be replaced", path),
              problem_class::usage);
}

result<void> write_new(const std::string& path, const std::string& text) {
  if (const auto good = may_write(path); !good) return good;
  if (std::filesystem::exists(path))
    return said(both("{} 已存在，没有写入：请换一个文件名", "{} is there already: choose another name", path));
  if (const auto done = host::create_plain_file(path, text, 0644); !done)
    return said(both("{}：无法写入：{}", "{}: cannot be written: {}", path, words_of(done.error())));
  return {};
}

}  // namespace changtong
