// The real world behind load(): disk and environment.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "daemon/host/plain_file.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

constexpr std::size_t most_bytes = 256u << 20;  ///< a list of two million lines

result<std::string> read_file(const std::string& path) { return host::read_any_file(path, most_bytes); }

result<std::string> read_plain(const std::string& path) {
  if (const auto plain = host::is_plain_file(path); !plain) return plain.error();
  return read_file(path);
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

surroundings plain_surroundings(std::span<const kind> kinds) {
  surroundings s = real_surroundings(kinds);
  s.read = read_plain;
  return s;
}

}  // namespace changtong
