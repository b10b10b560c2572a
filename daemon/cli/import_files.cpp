#include "daemon/cli/import_files.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "daemon/cli/ending.h"
#include "daemon/cli/file_stamp.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0644U;
}

}  // namespace

result<inventory_on_disk> read_inventory(const std::optional<std::string>& configured, bool to_write) {
  inventory_on_disk i;
  if (!configured) {
    i.path = "lines.csv";
    i.there = host::plain_file_exists(i.path);
    if (i.there && to_write)
      return said({"这里已有 lines.csv：请用 --config 写明配置文件，与它合并",
                   "there is a lines.csv here: name the configuration by --config, to merge with it"},
                  problem_class::usage);
    return i;
  }
  if (configured->empty()) {
    if (to_write)
      return said({"配置没有 inventory：请先写明清单文件，如 inventory: lines.csv",
                   "the configuration has no inventory: name the file first, as inventory: lines.csv"},
                  problem_class::usage);
    return i;
  }
  std::error_code none;
  const fs::path real = fs::weakly_canonical(*configured, none);
  i.path = none ? *configured : real.string();
  i.there = host::plain_file_exists(i.path);
  if (!i.there) return i;
  auto bytes = host::read_document(i.path);
  if (!bytes) return bytes.error();
  i.bytes = std::move(*bytes);
  return i;
}

result<void> write_words(const std::string& path, const std::string& was, const std::string& now) {
  const bool there = host::plain_file_exists(path);
  if (there) {
    const auto text = host::read_document(path);
    if (!text) return about(path, text.error());
    if (*text != was)
      return said(both("{} 在此期间被改过，用词没有记入", "{} was changed meanwhile: no word was kept", path));
  }
  const auto done = host::replace_plain_file(path, now, there ? mode_of(path) : 0644);
  return done ? result<void>{} : about(path, done.error());
}

namespace {

/** Empty if it is still what was read. */
result<void> still_as_read(const inventory_on_disk& was) {
  if (was.there != host::plain_file_exists(was.path))
    return said(both("{} 在此期间出现或不见了，没有写入", "{} came or went meanwhile: nothing was written", was.path),
                problem_class::no);
  if (!was.there) return {};
  const auto now = host::read_document(was.path);
  if (!now) return now.error();
  if (*now != was.bytes)
    return said(both("{} 在此期间被改过，没有写入：请重新预览",
                     "{} was changed meanwhile, nothing was written: preview it again", was.path),
                problem_class::no);
  return {};
}

/** What was not read may say more than the inventory: it is shown to nobody else. */
result<void> keep_aside(const inventory_on_disk& was, const std::string& aside, const std::string& at) {
  if (aside.empty()) return {};
  const std::string path = was.path + "." + at + ".aside.csv";
  if (const auto kept = host::create_plain_file(path, aside, was.there ? mode_of(was.path) : 0644U); !kept)
    return about(path, kept.error());
  fmt::print(stderr, "没有读的列另存在 {0} / columns that were not read are kept in {0}\n", path);
  return {};
}

}  // namespace

int write_inventory(const inventory_on_disk& was, const sheets::preview& p) {
  const auto refuse = [&was](const problem& why) { return fail(about(was.path, why)); };
  const std::string at = file_stamp();
  if (const auto same = still_as_read(was); !same) return fail(same.error());
  if (const auto kept = keep_aside(was, p.aside, at); !kept) return fail(kept.error());
  if (p.added.empty() && p.changed.empty() && p.closed.empty()) {
    fmt::print(stderr, "清单没有要写的 / nothing to write to the inventory\n");
    return exit_ok;
  }
  if (!was.there) {
    if (const auto done = host::create_plain_file(was.path, p.lines_csv, 0644); !done) return refuse(done.error());
    fmt::print(stderr, "已写入 {0} / written to {0}\n", was.path);
    return exit_ok;
  }
  return replace_keeping_copy(was.path, was.bytes, p.lines_csv, at);
}

int replace_keeping_copy(const std::string& path, const std::string& was, const std::string& text,
                         const std::string& stamp) {
  const std::string copy = path + "." + stamp;
  if (const auto kept = host::create_plain_file(copy, was, mode_of(path)); !kept)
    return fail(about(copy, kept.error()));
  if (const auto done = host::replace_plain_file(path, text, mode_of(path)); !done)
    return fail(about(path, done.error()));
  fmt::print(stderr, "已写入 {0}，原文件在 {1} / written to {0}, what it was is in {1}\n", path, copy);
  return exit_ok;
}

}  // namespace changtong
