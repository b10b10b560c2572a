#include "daemon/cli/import_files.h"

#include <fmt/core.h>

#include "daemon/cli/ending.h"
#include "daemon/lines/kept_copies.h"

namespace changtong {
namespace {

void tell_of_copy(const std::string& path, const std::string& copy) {
  fmt::print(stderr, "已写入 {0}，原文件在 {1} / written to {0}, what it was is in {1}\n", path, copy);
}

}  // namespace

int write_inventory(const lines::inventory_on_disk& was, const sheets::preview& p) {
  const bool nothing = p.added.empty() && p.changed.empty() && p.closed.empty();
  const auto done = lines::write_inventory(was, nothing ? was.bytes : p.lines_csv, p.aside);
  if (!done) return fail(done.error());
  if (!done->aside.empty())
    fmt::print(stderr, "没有读的列另存在 {0} / columns that were not read are kept in {0}\n", done->aside);
  if (!done->wrote)
    fmt::print(stderr, "清单没有要写的 / nothing to write to the inventory\n");
  else if (done->copy.empty())
    fmt::print(stderr, "已写入 {0} / written to {0}\n", was.path);
  else
    tell_of_copy(was.path, done->copy);
  if (!done->copy.empty()) lines::prune_copies(was.path);
  return exit_ok;
}

int replace_keeping_copy(const std::string& path, const std::string& was, const std::string& text,
                         const std::string& stamp) {
  const auto copy = lines::replace_keeping_copy(path, was, text, stamp);
  if (!copy) return fail(copy.error());
  tell_of_copy(path, *copy);
  return exit_ok;
}

}  // namespace changtong
