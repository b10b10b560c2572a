#include "daemon/host/plain_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/digest.h"
#include "daemon/host/open_file.h"

namespace changtong::host {
namespace {

problem system_says(int error) { return said(system_words(error)); }

const problem no_plain_file = said({"不是普通文件", "it is no regular file"});

/** Durable. */
bool write_text(int fd, std::string_view text) { return write_all(fd, text) && ::fsync(fd) == 0; }

constexpr std::size_t most_brought_bytes = 64 << 20;

}  // namespace

result<void> move_plain_file(const std::string& from, const std::string& to) {
  struct stat about{};
  if (::lstat(from.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return no_plain_file;
  if (::link(from.c_str(), to.c_str()) != 0) {
    if (errno != EXDEV) return system_says(errno);
    const auto text = read_plain_file(from, most_brought_bytes);
    if (!text) return text.error();
    if (const auto made = create_plain_file(to, *text, about.st_mode & 0777); !made) return made;
  }
  if (::unlink(from.c_str()) != 0 || !sync_folder_of(to)) return system_says(errno);
  return {};
}

bool plain_file_exists(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 || errno != ENOENT;
}

result<std::string> read_plain_file(const std::string& path, std::size_t most_bytes) {
  const open_file f(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (f.fd < 0 || ::fstat(f.fd, &about) != 0) return system_says(errno);
  if (!S_ISREG(about.st_mode)) return no_plain_file;
  std::array<char, 1 << 14> chunk{};
  std::string out;
  out.reserve(std::min(most_bytes, static_cast<std::size_t>(about.st_size)) + chunk.size());
  ssize_t got = 0;
  while ((got = ::read(f.fd, chunk.data(), chunk.size())) > 0 && out.size() <= most_bytes)
    out.append(chunk.data(), static_cast<std::size_t>(got));
  const int error = errno;
  wipe(chunk.data(), chunk.size());  // it may have been a key
  if (got < 0) return system_says(error);
  if (out.size() > most_bytes) return said({"文件过大", "it is too large"});
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

namespace {

/** What an administrator replaces still belongs to whoever reads it, such as the daemon's own user. Whoever may not
 * give files away keeps it. */
void keep_owner(int fd, const std::string& path) {
  struct stat was{};
  if (::stat(path.c_str(), &was) != 0) return;
  const bool ours = was.st_uid == ::geteuid() && was.st_gid == ::getegid();
  if (!ours && ::fchown(fd, was.st_uid, was.st_gid) != 0) return;
}

/** Writes a file of another name, and `place` then puts it where it belongs. */
template <class Place>
result<void> write_beside(const std::string& path, std::string_view text, unsigned mode, Place place) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  const open_file f(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (f.fd < 0) return system_says(errno);
  keep_owner(f.fd, path);
  const bool made = ::fchmod(f.fd, mode) == 0 && write_text(f.fd, text) && place(beside.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(beside.c_str());
  if (!made) return system_says(error);
  if (!sync_folder_of(path)) return system_says(errno);
  return {};
}

}  // namespace

result<void> create_plain_file(const std::string& path, std::string_view text, unsigned mode) {
  return write_beside(path, text, mode, [](const char* from, const char* to) { return ::link(from, to); });
}

result<void> replace_plain_file(const std::string& path, std::string_view text, unsigned mode) {
  return write_beside(path, text, mode, [](const char* from, const char* to) { return ::rename(from, to); });
}

result<void> append_plain_file(const std::string& path, std::string_view text, unsigned mode) {
  const bool fresh = !plain_file_exists(path);
  const open_file f(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode));
  if (f.fd < 0) return system_says(errno);
  if (fresh && ::fchmod(f.fd, mode) != 0) return system_says(errno);
  if (!write_text(f.fd, text)) return system_says(errno);
  if (fresh && !sync_folder_of(path)) return system_says(errno);
  return {};
}

namespace {

/** So long a pipe may have nothing to say before it is given up. */
constexpr int patience_ms = 5000;

/** Waits until there is something to read, or the end. A signal ends the wait: whoever pressed Ctrl-C is heard. */
result<void> await_more(int fd) {
  pollfd what{.fd = fd, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&what, 1, patience_ms);
  if (ready < 0) return system_says(errno);
  if (ready == 0)
    return said(both("等了 {} 秒，管道里没有内容", "nothing came through the pipe for {} s", patience_ms / 1000));
  return {};
}

}  // namespace

/** Bounded by bytes read, not by the size the file claims, and opened without waiting for a writer: a pipe, a device or
 * a growing file ends here too. */
result<std::string> read_any_file(const std::string& path, std::size_t most_bytes) {
  const open_file f(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (f.fd < 0 || ::fstat(f.fd, &about) != 0) return system_says(errno);
  std::string out;
  std::array<char, 1 << 16> chunk{};
  while (out.size() <= most_bytes) {
    const ssize_t got = ::read(f.fd, chunk.data(), chunk.size());
    if (got == 0) break;
    if (got > 0) {
      out.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (errno != EAGAIN) {
      return system_says(errno);
    } else if (const auto more = await_more(f.fd); !more) {
      return more.error();
    }
  }
  if (out.empty() && S_ISFIFO(about.st_mode))
    return said({"是管道，没有程序向里面写", "it is a pipe into which nobody writes"});
  if (out.size() > most_bytes) return said(both("超过 {} MB", "it is larger than {} MB", most_bytes >> 20));
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

result<void> is_plain_file(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return system_says(errno);
  if (S_ISDIR(about.st_mode)) return system_says(EISDIR);
  if (!S_ISREG(about.st_mode)) return said({"是管道或设备，不是普通文件", "it is a pipe or a device, no plain file"});
  if (::access(path.c_str(), R_OK) != 0) return system_says(errno);
  return {};
}

result<std::string> read_document(const std::string& path) {
  constexpr std::size_t most_document_bytes = 64u << 20;
  auto text = read_any_file(path, most_document_bytes);
  if (text) return text;
  problem p = said(both("无法读取：{}", "cannot read it: {}", words_of(text.error())));
  p.file = path;
  return p;
}

}  // namespace changtong::host
