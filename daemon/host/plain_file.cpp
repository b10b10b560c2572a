#include "daemon/host/plain_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"

namespace changtong::host {
namespace {

problem system_says(int error) { return {.text = std::generic_category().message(error)}; }

/** A descriptor that is closed on every way out. */
struct open_file {
  int fd;
  explicit open_file(int descriptor) : fd(descriptor) {}
  ~open_file() {
    if (fd >= 0) ::close(fd);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ::fsync(fd) == 0;
}

/** A new name is durable only once its folder is. */
bool sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const open_file f(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return f.fd >= 0 && ::fsync(f.fd) == 0;
}

constexpr std::size_t most_brought_bytes = 64 << 20;

}  // namespace

result<void> move_plain_file(const std::string& from, const std::string& to) {
  struct stat about{};
  if (::lstat(from.c_str(), &about) != 0 || !S_ISREG(about.st_mode))
    return said({"不是普通文件", "it is no regular file"});
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
  if (!S_ISREG(about.st_mode)) return said({"不是普通文件", "it is no regular file"});
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

/** Writes a file of another name, and `place` then puts it where it belongs. */
template <class Place>
result<void> write_beside(const std::string& path, std::string_view text, unsigned mode, Place place) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  const open_file f(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (f.fd < 0) return system_says(errno);
  const bool made = ::fchmod(f.fd, mode) == 0 && write_all(f.fd, text) && place(beside.c_str(), path.c_str()) == 0;
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
  if (!write_all(f.fd, text)) return system_says(errno);
  if (fresh && !sync_folder_of(path)) return system_says(errno);
  return {};
}

namespace {

problem why(int error) {
  switch (error) {
    case ENOENT:
      return said({"没有这个文件", "no such file"});
    case EACCES:
      return said({"没有读取权限", "no permission to read it"});
    case EISDIR:
      return said({"这是目录", "it is a directory"});
    default:
      return {.text = std::error_code(error, std::generic_category()).message()};
  }
}

}  // namespace

/** Bounded by bytes read, not by the size the file claims: a pipe or a growing file ends here too. */
result<std::string> read_any_file(const std::string& path, std::size_t most_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return why(errno);
  std::string out;
  std::array<char, 1 << 16> chunk{};
  ssize_t got = 0;
  while ((got = ::read(fd, chunk.data(), chunk.size())) > 0 && out.size() <= most_bytes)
    out.append(chunk.data(), static_cast<std::size_t>(got));
  const int error = errno;
  ::close(fd);
  if (got < 0) return why(error);
  if (out.size() > most_bytes) return said(both("超过 {} MB", "it is larger than {} MB", most_bytes >> 20));
  return result<std::string>(boost::system::in_place_value, std::move(out));
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
