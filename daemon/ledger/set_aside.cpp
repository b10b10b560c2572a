#include "daemon/ledger/set_aside.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"

namespace changtong::ledger {
namespace {

namespace fs = std::filesystem;

constexpr int most_names = 1000;
constexpr std::string_view no_backup = "the file of seals is newer and this is not taken for a restored backup";
constexpr std::size_t most_posted_bytes = 64;

/** A number that is too large would leave the next lines unposted. */
result<void> lower_posted(const std::string& ledger, std::int64_t staying) {
  const std::string path = posted_file_of(ledger);
  if (!host::plain_file_exists(path)) return {};
  const auto text = host::read_plain_file(path, most_posted_bytes);
  if (!text) return text.error();
  std::int64_t posted = 0;
  std::from_chars(text->data(), text->data() + text->size(), posted);
  if (posted <= staying) return {};
  return host::replace_plain_file(path, std::to_string(staying) + "\n", 0640);
}

/** ".2026-03-17", ".2026-03-17.2" */
bool names_a_day(std::string_view end) {
  constexpr std::string_view form = ".0000-00-00";
  if (end.size() < form.size()) return false;
  const auto fits = [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; };
  return std::ranges::equal(end.substr(0, form.size()), form, fits) &&
         (end.size() == form.size() || end[form.size()] == '.');
}

/** The mark by which the words are known again. */
std::string moved_to(const std::string& path) {
  const std::string name = fs::path(path).filename().string();
  const std::size_t own = name.rfind(".seals.");
  return fmt::format("the newer seals were set aside as LEDGER{};", own == name.npos ? name : name.substr(own));
}

}  // namespace

std::vector<seal> later_seals(std::span<const std::string> lines, std::span<const public_key> keys,
                              const ledger_end& end) {
  const auto own = static_cast<std::size_t>(end.seals);
  if (end.seq == 0 || lines.size() <= own) return {};
  std::map<std::int64_t, digest> beyond;  // entries that the backup does not have
  for (const std::string& line : lines.subspan(own))
    if (const auto s = read_seal(line); s && s->seq > end.seq) beyond.emplace(s->seq, s->hash);
  seals_proof v = check_seals(lines, {.keys = keys, .fingerprints = {}}, [&](std::int64_t seq) {
    const auto later = beyond.find(seq);
    return later == beyond.end() ? end.hash_at(seq) : std::optional(later->second);
  });
  if (v.line != 0 || v.good[own].made <= end.heartbeat) return {};
  v.good.erase(v.good.begin(), v.good.begin() + end.seals);
  return std::move(v.good);
}

result<std::string> set_seals_aside(const std::string& ledger, const std::string& day, std::int64_t staying) {
  if (const auto lowered = lower_posted(ledger, staying); !lowered) return lowered.error();
  const std::string path = seals_file_of(ledger);
  std::string name = path + "." + day;
  for (int n = 2; host::plain_file_exists(name) && n < most_names; ++n) name = fmt::format("{}.{}.{}", path, day, n);
  if (const auto moved = host::move_plain_file(path, name); !moved) return moved.error();
  return result<std::string>(boost::system::in_place_value, std::move(name));
}

std::vector<file_aside> files_aside(const std::string& ledger, std::span<const std::string> rows) {
  const fs::path file = seals_file_of(ledger);
  const std::string base = file.filename().string();
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::directory_iterator each(file.has_parent_path() ? file.parent_path() : ".", failed), end;
       !failed && each != end; each.increment(failed)) {
    const std::string name = each->path().filename().string();
    if (name.starts_with(base) && names_a_day(std::string_view(name).substr(base.size())))
      found.push_back(each->path().string());
  }
  std::ranges::sort(found);
  std::vector<file_aside> out;
  for (std::string& path : found) {
    const auto text = host::read_plain_file(path, most_seals_file_bytes);
    if (!text) continue;
    const auto lines = lines_in(*text);
    const auto differs = std::ranges::mismatch(lines, rows).in1;
    if (differs == lines.end()) continue;
    const auto s = read_seal(*differs);
    out.push_back({std::move(path), s ? s->day : "?", static_cast<std::size_t>(differs - lines.begin()) + 1});
  }
  return out;
}

phrase remark_on(const file_aside& f) {
  return both(
      "账本由备份恢复而来，备份早于 {0} 的封存；此后原账本的封存见 {1}（第 {2} 行起），请保留，并可用 --against "
      "与原账本比对",
      "the ledger was restored from a backup made before {0} was sealed; what the old one sealed from then on stands "
      "in "
      "{1}, from line {2}: keep it, and compare with the old ledger by --against if it is still there",
      f.day, f.path, f.line);
}

std::string words_of_backup(const std::string& path, std::string_view day) {
  return fmt::format(
      "账本由备份恢复而来，备份早于 {} 的封存；较新的封存文件已移开 / restored from a backup made before {} "
      "was sealed; {}",
      day, day, moved_to(path));
}

bool tells_of_backup(std::string_view text, const std::string& path) {
  return text.find(moved_to(path)) != std::string_view::npos;
}

phrase why_not_excused(std::span<const file_aside> files, bool state_signed, std::span<const branch_seen> starts) {
  for (const file_aside& f : files) {
    const auto tells = [&](const branch_seen& b) { return tells_of_backup(b.text, f.path); };
    if (state_signed && std::ranges::any_of(starts, tells)) continue;
    const phrase why = state_signed ? phrase{"没有一次启动记载把它移开", "no start says that it was set aside"}
                                    : phrase{"状态行未签名", "the state row is not signed"};
    return both("{} 里有账本没有的封存，而{}：不能当作恢复的备份，可能被截断",
                "{} has seals that the ledger lacks, and {}: this is not taken for a restored backup", f.path, why);
  }
  return {};
}

phrase words_of_doubt(const phrase& why) {
  return {fmt::format("封存文件比账本新，但{}：不能当作恢复的备份，可能被截断，封存文件留在原处", why.cn),
          fmt::format("{}: {}", no_backup, why.en)};
}

bool tells_of_doubt(std::string_view text) { return text.find(no_backup) != std::string_view::npos; }

}  // namespace changtong::ledger
