#include "daemon/simulate/demo_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <random>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"

namespace changtong::simulate {
namespace {

namespace fs = std::filesystem;

result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  int why = file < 0 ? errno : 0;
  while (why == 0 && !text.empty()) {
    const ssize_t put = ::write(file, text.data(), text.size());
    if (put < 0)
      why = errno;
    else
      text.remove_prefix(static_cast<std::size_t>(put));
  }
  if (file >= 0 && close(file) != 0 && why == 0) why = errno;
  if (why != 0) return about(path, said(system_words(why)));
  return {};
}

result<std::string> temporary_dir() {
  std::error_code e;
  std::string pattern = (fs::temp_directory_path(e) / "changtong-demo-XXXXXX").string();
  if (e || mkdtemp(pattern.data()) == nullptr) return about(pattern, said(system_words(e ? e.value() : errno)));
  return result<std::string>(boost::system::in_place_value, std::move(pattern));
}

std::string new_secret() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

}  // namespace

result<demo_files> demo_files::write(const district& d, std::string_view listen, std::string_view year,
                                     const std::string& dir, std::string_view webhook) {
  demo_files f;
  f.community_ = new_secret();
  if (dir.empty()) {
    auto made = temporary_dir();
    if (!made) return made.error();
    f.dir_ = *made;
    f.temporary_ = true;
  } else {
    std::error_code e;
    fs::create_directories(dir, e);
    if (e) return about(dir, said(system_words(e.value())));
    f.dir_ = dir;
  }
  f.config_ = f.dir_ + "/changtong.yaml";
  if (auto ok = write_file(f.dir_ + "/community", f.community_ + "\n", 0600); !ok) return ok.error();
  for (const char* name : {"/li.token", "/wang.token"})
    if (auto ok = write_file(f.dir_ + name, new_secret() + "\n", 0600); !ok) return ok.error();
  if (auto ok = write_file(f.dir_ + "/lines.csv", lines_csv(d), 0644); !ok) return ok.error();
  if (auto ok = write_file(f.dir_ + "/sites.csv", sites_csv(d), 0644); !ok) return ok.error();
  if (const std::string map = map_geojson(d); !map.empty())
    if (auto ok = write_file(f.dir_ + "/map.geojson", map, 0644); !ok) return ok.error();
  if (auto ok = write_file(f.dir_ + "/plan.yaml", plan_yaml(d, year), 0644); !ok) return ok.error();
  if (auto ok = write_file(f.config_, config_yaml(d, listen, webhook), webhook.empty() ? 0644 : 0600); !ok)
    return ok.error();
  return f;
}

demo_files::demo_files(demo_files&& from) noexcept
    : dir_(std::move(from.dir_)),
      config_(std::move(from.config_)),
      community_(std::move(from.community_)),
      temporary_(std::exchange(from.temporary_, false)) {}

demo_files::~demo_files() {
  std::error_code ignored;
  if (temporary_) fs::remove_all(dir_, ignored);
}

}  // namespace changtong::simulate
