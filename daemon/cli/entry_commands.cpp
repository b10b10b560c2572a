#include "daemon/cli/entry_commands.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "daemon/audit/manifest.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/entry_door.h"
#include "daemon/cli/options.h"
#include "daemon/cli/recurring.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "daemon/settings/entry_files.h"

namespace changtong {
namespace {

/** The instant that an option says; `into` stays empty where it says nothing. */
result<void> read_instant(const civil_zone& zone, const std::string& text, const char* option,
                          std::optional<wall_t>& into) {
  if (text.empty()) return {};
  const auto at = zone.parse_instant(text);
  if (!at) return about_option(option, at.error());
  into = *at;
  return {};
}

struct entry_file_kind {
  std::string_view via;
  filed_commands (*read)(std::string bytes, const std::string& file, const civil_zone& zone);
};
/** In the order of entry_file. */
constexpr std::array<entry_file_kind, 3> entry_file_kinds{
    {{"windows.csv", read_windows_csv}, {"duty.csv", read_duty_csv}, {"counters.csv", read_counters_csv}}};

/** Of a plain file's bytes, however many: a device has no end. */
result<std::string> sha256_of(const std::string& path) {
  if (const auto plain = host::is_plain_file(path); !plain) {
    problem p = said(both("无法读取：{}", "cannot be read: {}", words_of(plain.error())));
    p.file = path;
    return p;
  }
  std::ifstream file(path, std::ios::binary);
  audit::running_digest digest;
  std::array<char, 65536> piece{};
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0)
    digest.add({piece.data(), static_cast<std::size_t>(file.gcount())});
  if (!file.eof()) {
    problem p = said({"读不了", "cannot be read"});
    p.file = path;
    return p;
  }
  return result<std::string>(boost::system::in_place_value, host::hex(ledger::bytes_of(digest.finish(path).sha256)));
}

int entered_at(entry_door& door, const std::vector<command>& what) {
  counted done = door.enter(what, "cli");
  done.withdrawn = std::ranges::all_of(what, [](const command& c) {
    const auto* duty = std::get_if<duty_command>(&c);
    return duty != nullptr && duty->withdraw;
  });
  return done.print();
}

result<std::vector<command>> each_id(window_command w, const std::vector<std::string>& ids) {
  std::vector<command> all;
  for (const std::string& id : ids) {
    w.id = id;
    all.emplace_back(w);
  }
  if (ids.empty()) all.emplace_back(w);
  return all;
}

/** A window that comes again is so many windows, each approved, revised and counted by itself. */
result<std::vector<command>> each_time(window_command w, const window_options& o, const civil_zone& zone) {
  const repeated every = o.every == "day" ? repeated::day : o.every == "week" ? repeated::week : repeated::month;
  const std::uint32_t times = o.times == 0 ? usual_times : o.times;
  const auto periods = occurrences(zone, {*w.from, *w.to}, every, times);
  if (!periods) return about_option("--every", periods.error());
  std::vector<command> all;
  for (const period& p : *periods) {
    if (!o.ids.empty()) w.id = numbered_id(o.ids.front(), static_cast<std::uint32_t>(all.size()) + 1, times);
    w.from = p.from;
    w.to = p.to;
    all.emplace_back(w);
  }
  return all;
}

}  // namespace

int window_command_line(const window_options& o) {
  if (o.times != 0 && o.every.empty())
    return fail(said("--times 只与 --every 同用", "--times goes with --every alone", problem_class::usage));
  auto door = entry_door::open(o.place);
  if (!door) return fail(door.error());
  window_command w;
  w.what = o.act;
  w.targets = o.targets;
  w.text = o.text;
  w.below = o.below;
  for (const auto& [text, option, into] : {std::tuple{&o.from, "--from", &w.from}, {&o.to, "--to", &w.to}})
    if (const auto read = read_instant((*door)->zone(), *text, option, *into); !read) return fail(read.error());
  auto all = o.every.empty() ? each_id(w, o.ids) : each_time(w, o, (*door)->zone());
  if (!all) return fail(all.error());
  if (!o.dry_run) return entered_at(**door, *all);
  counted shown = (*door)->preview(*all, "cli");
  shown.dry_run = true;
  return shown.print();
}

int enter_command(const entry_place& place, command what, const std::string& about, const char* option) {
  auto door = entry_door::open(place);
  if (!door) return fail(door.error());
  const auto read = std::visit(
      [&](auto& one) -> result<void> {
        if constexpr (requires { one.about; }) return read_instant((*door)->zone(), about, option, one.about);
        return {};
      },
      what);
  if (!read) return fail(read.error());
  return entered_at(**door, {what});
}

int verdict_add_command(const verdict_options& o) {
  verdict_command v{.plan = o.plan,
                    .indicator = o.indicator,
                    .verdict = o.verdict,
                    .points = o.points,
                    .text = o.text,
                    .document = {},
                    .sha256 = {}};
  if (!o.document.empty()) {
    auto digest = sha256_of(o.document);
    if (!digest) return fail(digest.error());
    v.document = std::filesystem::path(o.document).filename();
    v.sha256 = std::move(*digest);
  }
  return enter_command(o.place, v);
}

int import_command(const import_options& o) {
  auto bytes = host::read_document(o.file);
  if (!bytes) return fail(bytes.error());
  auto door = entry_door::open(o.place);
  if (!door) return fail(door.error());
  const civil_zone& zone = (*door)->zone();
  const entry_file_kind& kind = entry_file_kinds.at(static_cast<std::size_t>(o.holds));
  const auto read = kind.read(std::move(*bytes), o.file, zone);
  if (!read) return fail(read.error());
  std::vector<command> all;
  for (const filed_command& f : *read) all.push_back(f.what);
  const std::string via(kind.via);
  counted done = o.dry_run ? (*door)->preview(all, via) : (*door)->enter(all, via);
  if (done.refusal && done.nth < read->size()) {
    done.refusal->file = o.file;
    done.refusal->line = (*read)[done.nth].line;
    done.refusal->column = 1;
  }
  done.dry_run = o.dry_run;
  return done.print();
}

}  // namespace changtong
