#include "daemon/lines/desk.h"

#include <filesystem>
#include <limits>
#include <stdexcept>
#include <system_error>

#include "daemon/core/log.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/host/file_rights.h"
#include "daemon/host/plain_file.h"
#include "daemon/lines/inventory_file.h"
#include "daemon/lines/kept_copies.h"
#include "daemon/lines/office_words.h"

namespace changtong::lines {
namespace {

using reason = refusal::reason;

/** What people looked at is kept for a while, so that what changed since can be told. */
constexpr std::size_t most_versions = 8, most_version_bytes = 64 * 1024 * 1024;

refusal no(reason why, phrase text) { return {.why = why, .text = std::move(text)}; }
refusal unreadable(const problem& p) { return no(reason::unreadable, words_of(p)); }

refusal of_configuration(const problems& found) {
  return no(reason::configuration,
            both("配置现在通不过检查，请先改好：{}", "the configuration does not pass check now, mend it first: {}",
                 placed_words_of(found.list.front())));
}

/** Why the file cannot be replaced, and what to do. */
std::optional<phrase> read_only(const std::string& path, const reading::table_columns& of) {
  const auto may = host::may_replace(path);
  if (may) return std::nullopt;
  return both(
      "{0} 所在的文件夹对本程序只读（{1}）：请把清单移到程序可写的地方并留一个链接，"
      "如 mv {0} /var/lib/changtong/{2}、ln -s /var/lib/changtong/{2} {0}，并使其归 changtong 所有",
      "the folder of {0} is read-only for this program ({1}): move the inventory to where it may write and "
      "leave a link, as mv {0} /var/lib/changtong/{2}, ln -s /var/lib/changtong/{2} {0}, owned by changtong",
      path, words_of(may.error()), of.file);
}

/** There is no file that could be changed, and how to come to one. */
refusal no_file(const sheets::rules& known, const reading::table_columns& of, const std::string& config) {
  if (of.of == target_kind::site && known.sites_listed > 0)
    return no(
        reason::no_inventory,
        both("网站列在配置文件里，在这里只能看：要在这里改，请运行 changtong export sites --config {} --out "
             "sites.csv，存到配置旁边，再把配置里的列表换成 sites: sites.csv",
             "the sites are listed in the configuration, and can only be read here: to change them here, run "
             "changtong export sites --config {} --out sites.csv beside it, and write sites: sites.csv instead of "
             "the list",
             config));
  return no(reason::no_inventory,
            both("配置没有 {0}：请先写明清单文件，如 {0}: {1}",
                 "the configuration has no {0}: name the file first, as {0}: {1}", of.key, of.file));
}

/** Counts one of what is dear while it lives. */
struct turn {
  explicit turn(std::atomic<int>& of) : of_(of), first(of.fetch_add(1) == 0) {}
  ~turn() { of_.fetch_sub(1); }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

 private:
  std::atomic<int>& of_;

 public:
  const bool first;
};

refusal busy() {
  return no(reason::busy, {"正在读另一张表，请稍后再试", "another sheet is being read, try again in a moment"});
}

/** Of all of it: what is told of 2,000 lines is short. */
std::vector<std::string> touched_between(const std::string& before, const std::string& after,
                                         const reading::table_columns& of) {
  std::vector<std::string> ids;
  const auto was = sheets::table_file::read(before, of), now = sheets::table_file::read(after, of);
  if (!was || !now) return ids;
  for (const sheets::row_difference& d : sheets::differences(*was, *now, std::numeric_limits<std::size_t>::max()))
    if (ids.empty() || ids.back() != d.id) ids.push_back(d.id);  // those of one row stand together
  return ids;
}

phrase first_of(std::size_t count, const phrase& first) {
  return both("有 {} 处问题，没有写入：{}", "{} problems, nothing was written: {}", count, first);
}

}  // namespace

void throw_exception_from_error(const refusal& r, const boost::source_location&) {
  throw std::logic_error(to_string(r.text));
}

/** The inventory as it is read for one question. */
struct desk::opened {
  sheets::rules known;
  inventory_on_disk on_disk;
  sheets::table_file table;
  std::string hash;
  const table_columns* of;
};

answer<desk::opened> desk::open(const table_columns& of) {
  auto known = sheets::rules_of(doors_.config, doors_.disk, of);
  if (!known) return of_configuration(known.error());
  if (known->file.empty()) return no_file(*known, of, doors_.config);
  auto on_disk = read_inventory(known->file, true);
  if (!on_disk) return unreadable(on_disk.error());
  auto table = sheets::table_file::read(on_disk->bytes, of);
  if (!table) return unreadable(table.error());
  const host::digest digest = host::sha256_of(on_disk->bytes);
  opened all{std::move(*known), std::move(*on_disk), std::move(*table), host::hex(host::bytes_of(digest)), &of};
  remember(all.hash, all.on_disk.bytes);
  return all;
}

answer<desk::opened> desk::open_as(const table_columns& of, const std::string& hash) {
  auto now = open(of);
  if (!now || now->hash == hash) return now;
  refusal r = no(reason::changed, {"清单在此期间被改过，没有写入：请看改了什么，再预览一次",
                                   "the inventory was changed meanwhile, nothing was written: see what changed, and "
                                   "preview it again"});
  r.hash = now->hash;
  if (const auto before = remembered(hash))
    if (const auto was = sheets::table_file::read(*before, of)) {
      r.told = true;
      r.meanwhile = sheets::differences(*was, now->table, most_differences);
    }
  return r;
}

answer<standing> desk::look(const table_columns& of) {
  auto now = open(of);
  if (!now) return now.error();
  return standing{.file = now->known.file,
                  .hash = now->hash,
                  .count = now->table.count(),
                  .categories = std::move(now->known.categories),
                  .read_only = read_only(now->on_disk.path, of)};
}

answer<looked_at<std::optional<sheets::row_cells>>> desk::row(const table_columns& of, const std::string& id) {
  const auto now = open(of);
  if (!now) return now.error();
  looked_at<std::optional<sheets::row_cells>> out{now->hash, std::nullopt};
  for (std::size_t row = 0; row < now->table.count() && !out.what; ++row) {
    if (id.empty() || now->table.cell(row, of.id) != id) continue;
    out.what.emplace();
    for (std::size_t c = 0; c < of.headings.size(); ++c) out.what->push_back(now->table.cell(row, c));
  }
  return out;
}

answer<looked_at<sheets::edit_preview>> desk::preview(const table_columns& of,
                                                      const std::vector<sheets::row_edit>& edits) {
  auto now = open(of);
  if (!now) return now.error();
  return looked_at<sheets::edit_preview>{
      now->hash, sheets::edited(std::move(now->table), edits, now->known.check, host::wall_now())};
}

answer<looked_at<sheets::preview>> desk::preview(std::string sheet, const sheets::sheet_wish& wish) {
  const turn mine(sheets_under_way_);
  if (!mine.first) return busy();
  auto now = open(reading::columns_of_lines());
  if (!now) return now.error();
  const auto words = read_words(doors_.config);
  if (!words) return unreadable(words.error());
  return looked_at<sheets::preview>{
      now->hash, sheets::preview_of_sheet(std::move(sheet), wish, std::move(now->table), now->known, words->list)};
}

answer<applied> desk::apply(const table_columns& of, const std::vector<sheets::row_edit>& edits,
                            const std::string& hash, const std::string& by) {
  const holding one_at_a_time(changing_);
  auto now = open_as(of, hash);
  if (!now) return now.error();
  const sheets::edit_preview p = sheets::edited(std::move(now->table), edits, now->known.check);
  if (!p.problems.empty()) return no(reason::problems, first_of(p.problems.size(), p.problems.front().text));
  if (p.nothing()) return no(reason::nothing, {"与清单相同，没有要写的", "it says what the inventory says"});
  return write(*now, p.text, {}, by);
}

answer<applied> desk::apply(std::string sheet, const sheets::sheet_wish& wish, bool confirm, const std::string& hash,
                            const std::string& by) {
  const turn mine(sheets_under_way_);
  if (!mine.first) return busy();
  const holding one_at_a_time(changing_);
  auto now = open_as(reading::columns_of_lines(), hash);
  if (!now) return now.error();
  const auto words = read_words(doors_.config);
  if (!words) return unreadable(words.error());
  const auto p = sheets::preview_of_sheet(std::move(sheet), wish, std::move(now->table), now->known, words->list);
  if (!p.problems.empty()) return no(reason::problems, first_of(p.problems.size(), sheets::placed(p.problems.front())));
  if (!p.to_confirm.empty() && !confirm)
    return no(reason::to_confirm, {"有猜出的类别，没有写入：请看过并确认",
                                   "categories were guessed, nothing was written: "
                                   "look at them and confirm"});
  if (p.added.empty() && p.changed.empty() && p.closed.empty())
    return no(reason::nothing, {"与清单相同，没有要写的", "it says what the inventory says"});
  auto done = write(*now, p.lines_csv, p.aside, by);
  if (!done || p.to_confirm.empty()) return done;
  // The lines are in; a word that could not be kept is asked again with the next sheet.
  if (const auto kept = keep_words(*words, p); !kept)
    done->remark = both("确认的用词没有记入，下次还会问：{}",
                        "the confirmed words were not kept and will be asked again: {}", words_of(kept.error()));
  return done;
}

answer<applied> desk::write(const opened& from, const std::string& text, const std::string& aside,
                            const std::string& by) {
  if (auto why = read_only(from.on_disk.path, *from.of)) return no(reason::read_only, std::move(*why));
  auto written = write_inventory(from.on_disk, text, aside);
  if (!written)
    return no(written.error().what == problem_class::no ? reason::changed : reason::unreadable,
              words_of(written.error()));
  auto loaded = doors_.reload(by);
  if (!loaded) {
    phrase why = both("新清单未生效，文件已改回原样：{}",
                      "the new inventory is refused, and the file is what it was: {}", placed_words_of(loaded.error()));
    if (const auto failed = put_back(from.on_disk, text, written->copy)) why = *failed;
    return no(reason::configuration, std::move(why));
  }
  const host::digest digest = host::sha256_of(text);
  applied done{.hash = host::hex(host::bytes_of(digest)), .copy = written->copy, .text = std::move(*loaded)};
  done.touched = touched_between(from.on_disk.bytes, text, *from.of);
  prune_copies(from.on_disk.path);
  log::info("清单已由 {} 改写，原样留在 {} / the inventory was changed by {}, what it was is in {}", by, done.copy, by,
            done.copy);
  remember(done.hash, text);
  return done;
}

/** Says why it could not; never over what somebody wrote meanwhile. */
std::optional<phrase> desk::put_back(const inventory_on_disk& was, const std::string& ours, const std::string& copy) {
  const auto failed = [&](const problem& p) {
    return both("新清单未生效，而文件没能改回原样（{}）：原来的在 {}",
                "the new inventory is refused, and the file could not be put back ({}): what it was is in {}",
                words_of(p), copy);
  };
  const auto now = host::read_document(was.path);
  if (!now) return failed(now.error());
  if (*now != ours) return failed(said({"在此期间又被改过", "it was changed again meanwhile"}));
  std::error_code ignored;
  if (!was.there) {
    std::filesystem::remove(was.path, ignored);
    return std::nullopt;
  }
  if (const auto done = host::replace_plain_file(was.path, was.bytes, host::mode_of(was.path)); !done)
    return failed(done.error());
  std::filesystem::remove(copy, ignored);
  return std::nullopt;
}

void desk::remember(const std::string& hash, const std::string& bytes) {
  const holding lock(remembering_);
  std::erase_if(versions_, [&](const version& v) { return v.hash == hash; });
  versions_.push_back({hash, bytes});
  std::size_t total = 0;
  for (const version& v : versions_) total += v.bytes.size();
  while (versions_.size() > 1 && (versions_.size() > most_versions || total > most_version_bytes)) {
    total -= versions_.front().bytes.size();
    versions_.pop_front();
  }
}

std::optional<std::string> desk::remembered(const std::string& hash) {
  const holding lock(remembering_);
  for (const version& v : versions_)
    if (v.hash == hash) return v.bytes;
  return std::nullopt;
}

}  // namespace changtong::lines
