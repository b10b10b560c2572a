#include "daemon/lines/inventory_file.h"

#include <filesystem>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/host/file_rights.h"
#include "daemon/host/file_stamp.h"
#include "daemon/host/plain_file.h"

namespace changtong::lines {
namespace {

namespace fs = std::filesystem;

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

result<replaced> write_inventory(const inventory_on_disk& was, const std::string& text, const std::string& aside) {
  const std::string at = host::file_stamp();
  if (const auto same = still_as_read(was); !same) return same.error();
  replaced done;
  if (!aside.empty()) {
    // What was not read may say more than the inventory: it is shown to nobody else.
    done.aside = was.path + "." + at + ".aside.csv";
    if (const auto kept = host::create_plain_file(done.aside, aside, host::mode_of(was.path)); !kept)
      return about(done.aside, kept.error());
  }
  if (text == was.bytes) return done;
  if (!was.there) {
    if (const auto made = host::create_plain_file(was.path, text, 0644); !made) return about(was.path, made.error());
  } else {
    auto copy = replace_keeping_copy(was.path, was.bytes, text, at, [&] { return still_as_read(was); });
    if (!copy) return copy.error();
    done.copy = std::move(*copy);
  }
  done.wrote = true;
  return done;
}

result<std::string> replace_keeping_copy(const std::string& path, const std::string& was, const std::string& text,
                                         const std::string& stamp, const std::function<result<void>()>& unchanged) {
  std::string copy = path + "." + stamp;
  // Two changes within a second each keep what they found.
  for (int n = 2; n < 100 && host::plain_file_exists(copy); ++n) copy = fmt::format("{}.{}-{}", path, stamp, n);
  if (const auto kept = host::create_plain_file(copy, was, host::mode_of(path)); !kept)
    return about(copy, kept.error());
  if (const auto same = unchanged(); !same) return same.error();  // keeping the copy took its time
  if (const auto done = host::replace_plain_file(path, text, host::mode_of(path)); !done)
    return about(path, done.error());
  return result<std::string>(boost::system::in_place_value, std::move(copy));
}

}  // namespace changtong::lines
