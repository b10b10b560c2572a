#include "daemon/accounts/trail.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "daemon/accounts/turn.h"
#include "daemon/core/log.h"
#include "daemon/core/system_words.h"
#include "daemon/core/utf8.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/whole_file.h"

namespace changtong::accounts {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t longest_line = 8 << 10;
constexpr std::size_t number_digits = 12;

/** The end of a file, by which the next line is chained. */
struct ending {
  std::string before = no_line_before();
  std::uint64_t number = 0, bytes = 0;
  bool whole = true;  ///< ends with a line end
};

problem ends_early() {
  return said(
      {"读到一半就没有了：文件被截短，或磁盘读不出", "it ends before its end: cut, or the disk does not give it"});
}

/** The last line there is, and the number of the last whole one. Only a file that is certainly not there is empty: a
 * chain that began anew because nobody could read would look as if somebody had cut it off. */
result<ending> ending_of(const std::string& path) {
  if (!host::plain_file_exists(path)) return ending{};
  if (const auto good = host::is_plain_file(path); !good) return about(path, good.error());
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return about(path, said(system_words(errno)));
  ending out{.bytes = static_cast<std::uint64_t>(in.tellg())};
  if (out.bytes == 0) return out;
  const std::uint64_t from = out.bytes > 4 * longest_line ? out.bytes - 4 * longest_line : 0;
  std::string tail(static_cast<std::size_t>(out.bytes - from), '\0');
  in.seekg(static_cast<std::streamoff>(from));
  if (!in.read(tail.data(), static_cast<std::streamsize>(tail.size()))) return about(path, ends_early());
  out.whole = tail.ends_with('\n');
  if (out.whole) tail.pop_back();
  bool last = true;
  while (!tail.empty()) {
    const std::size_t end = tail.rfind('\n');
    const std::string line = tail.substr(end == std::string::npos ? 0 : end + 1);
    if (std::exchange(last, false)) out.before = digest_of_line(line);
    if (const auto read = entry_in(line)) {
      out.number = read->entry.number;
      break;
    }
    tail.resize(end == std::string::npos ? 0 : end);
  }
  return out;
}

std::string bounded(std::string text) {
  text.resize(shortened(text, 512).size());
  return text;
}

std::string lock_of(const std::string& path) { return path + ".lock"; }

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto bytes = fs::file_size(path, failed);
  return failed ? 0 : bytes;
}

std::optional<trail_entry> first_of(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    if (const auto read = entry_in(line)) return read->entry;
  return std::nullopt;
}

}  // namespace

trail::trail(const std::string& ledger, std::function<void(const std::string&)> tell, trail_limits limits)
    : path_(ledger + ".audit"), tell_(std::move(tell)), limits_(limits) {}

std::vector<std::string> trail::older_files() const {
  std::vector<std::string> out;
  const fs::path own(path_);
  const std::string beginning = own.filename().string() + ".";
  std::error_code failed;
  const fs::path folder = own.parent_path().empty() ? fs::path(".") : own.parent_path();
  for (fs::directory_iterator one(folder, failed); !failed && one != fs::directory_iterator(); one.increment(failed)) {
    const std::string name = one->path().filename().string();
    if (name.size() == beginning.size() + number_digits && name.starts_with(beginning) &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(beginning.size()), name.end(),
                    [](char c) { return c >= '0' && c <= '9'; }))
      out.push_back(one->path().string());
  }
  std::ranges::sort(out);
  return out;
}

bool trail::append(trail_entry e) {
  e.who = bounded(std::move(e.who));
  e.of = bounded(std::move(e.of));
  e.outcome = bounded(std::move(e.outcome));
  const holding lock(mutex_);
  const auto done = write(e);
  if (!done)
    log::error("审计日志写不进去：{}：{} / the audit log cannot be written", path_, to_string(words_of(done.error())));
  return done.has_value();
}

result<void> trail::write(trail_entry& e) {
  const turn mine(lock_of(path_));
  const auto bytes = write_line(e);
  if (!bytes) return bytes.error();
  return *bytes >= limits_.file_bytes ? turn_over(e.at) : result<void>{};
}

/** Within a turn; the file's size then. */
result<std::uint64_t> trail::write_line(trail_entry& e) {
  // Whoever may write in the folder could lead root's hand elsewhere, or let it wait at a pipe.
  if (struct stat is{}; ::lstat(path_.c_str(), &is) == 0 && !S_ISREG(is.st_mode)) {
    tell_only(e);
    return said({"不是普通文件", "it is no regular file"});
  }
  auto end = ending_of(path_);
  if (const auto older = older_files(); end && end->bytes == 0 && !older.empty()) {
    end = ending_of(older.back());
    if (end) end->bytes = 0;
  }
  if (!end) {
    tell_only(e);
    return end.error();
  }
  ending& last = *end;
  e.number = last.number + 1;
  const std::string line = line_of(e, last.before);
  if (tell_) tell_(line);
  if (last.bytes == 0) last.whole = true;
  if (auto done = host::append_plain_file(path_, (last.whole ? "" : "\n") + line + "\n", 0600); !done)
    return done.error();
  give_to_owner_of_folder(path_);
  return last.bytes + line.size();
}

/** The file gets the number of its first line for a name. */
result<void> trail::turn_over(wall_t now) {
  const auto first = first_of(path_);
  const std::string to = fmt::format("{}.{:0{}}", path_, first ? first->number : 0, number_digits);
  if (host::plain_file_exists(to)) return about(to, said({"已经存在", "it is there already"}));
  if (auto moved = host::rename_file(path_, to); !moved) return moved;  // at once: a crash leaves one of the two names
  return give_up_old(now);
}

/** Files whose successor began long enough ago, and the oldest of too many: those are missed, so a line says it before
 * they go. A crash between the two leaves a line too many, never a hole that nobody told of. */
result<void> trail::give_up_old(wall_t now) {
  const std::vector<std::string> files = older_files();
  std::uint64_t bytes = 0;
  for (const std::string& one : files) bytes += size_of(one);
  std::uint64_t missed_from = 0, missed_before = 0;
  std::size_t gone = 0;
  for (; gone + 1 < files.size(); ++gone) {
    const auto next = first_of(files[gone + 1]);
    const bool old = next && now - next->at >= limits_.kept;
    if (!old && bytes <= limits_.all_bytes) break;
    bytes -= size_of(files[gone]);
    const auto own = first_of(files[gone]);
    if (old || !own || !next) continue;
    if (missed_from == 0) missed_from = own->number;
    missed_before = next->number;
  }
  if (missed_from != 0)
    if (const auto told = tell_of_missed(now, missed_from, missed_before - 1); !told) return told;
  std::error_code failed;
  for (std::size_t i = 0; i < gone && !failed; ++i) fs::remove(files[i], failed);
  return {};
}

result<void> trail::tell_of_missed(wall_t now, std::uint64_t from, std::uint64_t to) {
  log::warn(
      "审计日志超过 {0} 字节，第 {1} 至 {2} 条已放弃 / the audit log is larger than {0} bytes: lines {1} to {2} are "
      "given up",
      limits_.all_bytes, from, to);
  trail_entry line{.at = now, .what = deed::given_up, .of = fmt::format("{}-{}", from, to), .outcome = "size"};
  if (const auto written = write_line(line); !written) return written.error();
  return {};
}

result<void> trail::each_line(const std::function<void(std::string_view)>& take) const {
  struct open_then {
    std::string file;
    std::ifstream in;
    std::uint64_t bytes = 0;
  };
  std::vector<open_then> at_one_moment;
  {
    std::optional<turn> mine;
    if (!older_files().empty() || host::plain_file_exists(path_)) mine.emplace(lock_of(path_));
    std::vector<std::string> files = older_files();
    if (host::plain_file_exists(path_)) files.push_back(path_);
    if (files.empty()) return about(path_, said({"没有审计日志", "there is no audit log"}));
    for (const std::string& one : files) {
      if (const auto good = host::is_plain_file(one); !good) return about(one, good.error());
      at_one_moment.push_back({one, std::ifstream(one, std::ios::binary), size_of(one)});
    }
  }
  for (auto& [file, in, bytes] : at_one_moment) {
    for (std::string line; bytes > 0 && std::getline(in, line);
         bytes -= std::min<std::uint64_t>(bytes, line.size() + 1))
      take(line);
    if (bytes > 0) return about(file, ends_early());  // what cannot be read is not the log's end
  }
  return {};
}

void tell_syslog(const std::string& line) { ::syslog(LOG_AUTHPRIV | LOG_NOTICE, "changtong audit: %s", line.c_str()); }

}  // namespace changtong::accounts
