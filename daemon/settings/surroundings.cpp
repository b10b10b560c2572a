// The real world behind load(): disk and environment.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "daemon/settings/settings.h"

namespace changtong {
namespace {

constexpr std::size_t most_bytes = 64u << 20;

problem why(int error) {
  switch (error) {
    case ENOENT:
      return {.text = "no such file"};
    case EACCES:
      return {.text = "no permission to read it"};
    case EISDIR:
      return {.text = "it is a directory"};
    default:
      return {.text = std::error_code(error, std::generic_category()).message()};
  }
}

/** Bounded by bytes read, not by the size the file claims: a pipe or a growing file ends here too. */
result<std::string> read_file(const std::string& path) {
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
  if (out.size() > most_bytes) return problem{.text = "it is larger than 64 MB"};
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

bool open_to_others(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody here calls setenv
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/** At most 64 bytes by Linux's own bound. */
std::string host_name() {
  std::array<char, 65> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace

surroundings real_surroundings(std::span<const kind> kinds) {
  return {.read = read_file,
          .environment = environment,
          .open_to_others = open_to_others,
          .kinds = kinds,
          .host = host_name()};
}

}  // namespace changtong
