#include "daemon/lines/kept_copies.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "daemon/host/file_stamp.h"

namespace changtong::lines {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kept_anyway{30 * 24};

struct kept_copy {
  std::string stamp;
  int number = 1;  ///< of those within one second
  std::uintmax_t bytes = 0;
  fs::path path;
};

bool is_digits(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

/** Whether `rest` is 20260314-092653 or 20260314-092653-2, as replace_keeping_copy() names them: what people called
 * otherwise is theirs. */
bool read_name(std::string_view rest, kept_copy& into) {
  constexpr std::size_t day = 8, whole = 15;
  if (rest.size() < whole || rest[day] != '-' || !is_digits(rest.substr(0, day)) ||
      !is_digits(rest.substr(day + 1, whole - day - 1)))
    return false;
  into.stamp = rest.substr(0, whole);
  rest.remove_prefix(whole);
  if (rest.empty()) return true;
  if (rest[0] != '-' || rest.size() > 3 || !is_digits(rest.substr(1))) return false;
  std::from_chars(rest.data() + 1, rest.data() + rest.size(), into.number);
  return true;
}

/** The newest first. */
std::vector<kept_copy> copies_of(const fs::path& path) {
  std::vector<kept_copy> all;
  const std::string begin = path.filename().string() + ".";
  std::error_code none;
  for (fs::directory_iterator f(path.parent_path().empty() ? fs::path(".") : path.parent_path(), none), end;
       !none && f != end; f.increment(none)) {
    const std::string name = f->path().filename().string();
    kept_copy one;
    std::error_code gone;
    if (!name.starts_with(begin) || !read_name(std::string_view(name).substr(begin.size()), one)) continue;
    if (f->symlink_status(gone).type() != fs::file_type::regular) continue;
    one.bytes = f->file_size(gone);
    if (gone) continue;
    one.path = f->path();
    all.push_back(std::move(one));
  }
  std::ranges::sort(all, [](const kept_copy& a, const kept_copy& b) {
    return a.stamp != b.stamp ? a.stamp > b.stamp : a.number > b.number;
  });
  return all;
}

}  // namespace

std::size_t prune_copies(const std::string& path, const copy_bounds& most) {
  std::size_t seen = 0, gone = 0;
  std::uintmax_t bytes = 0;
  bool full = false;
  for (const kept_copy& c : copies_of(path)) {
    full = full || (seen > 0 && c.bytes > most.bytes - std::min(bytes, most.bytes));
    std::error_code failed;
    if (!full && (seen < most.newest || c.stamp >= most.since)) {
      ++seen;
      bytes += c.bytes;
    } else if (fs::remove(c.path, failed)) {
      ++gone;
    }
  }
  return gone;
}

std::size_t prune_copies(const std::string& path) {
  return prune_copies(path, {.since = host::file_stamp(kept_anyway)});
}

}  // namespace changtong::lines
