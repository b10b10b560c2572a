#include "daemon/host/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/open_file.h"

namespace changtong::host {
namespace {

constexpr std::size_t chunk_bytes = 1 << 16;

problem last_error(const std::string& path) { return about(path, said(system_words(errno))); }

/** Each chunk, until `take` does not want more. */
result<void> each_chunk(const std::string& path, const std::function<bool(std::string_view)>& take) {
  const open_file f(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  struct stat is{};
  if (f.fd < 0 || ::fstat(f.fd, &is) != 0) return last_error(path);
  if (!S_ISREG(is.st_mode)) return about(path, said({"不是普通文件", "it is no regular file"}));
  std::vector<char> chunk(chunk_bytes);
  while (true) {
    const ssize_t got = ::read(f.fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_error(path);
    if (got == 0 || !take({chunk.data(), static_cast<std::size_t>(got)})) return {};
  }
}

}  // namespace

result<measure> measured(const std::string& path) {
  measure m;
  sha256 hash;
  const auto read = each_chunk(path, [&](std::string_view bytes) {
    m.size += bytes.size();
    hash.add(bytes);
    return true;
  });
  if (!read) return read.error();
  m.sha256 = hash.finish();
  return m;
}

result<void> copy_file(const std::string& from, const std::string& to, unsigned mode) {
  const open_file f(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (f.fd < 0) return last_error(to);
  int error = 0;
  auto copied = each_chunk(from, [&](std::string_view bytes) {
    if (write_all(f.fd, bytes)) return true;
    error = errno;
    return false;
  });
  if (copied && error == 0 && (::fchmod(f.fd, mode) != 0 || ::fsync(f.fd) != 0 || !sync_folder_of(to))) error = errno;
  if (copied && error == 0) return {};
  ::unlink(to.c_str());
  return copied ? about(to, said(system_words(error))) : copied;
}

result<void> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0 || !sync_folder_of(to)) return last_error(to);
  return {};
}

}  // namespace changtong::host
