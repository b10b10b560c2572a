#include "daemon/run/console_routes.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"
#include "daemon/publish/console/console.h"

namespace changtong {
namespace {

std::string folder_of(const settings& s) {
  if (!s.console.empty()) return s.console;
  std::error_code unknown;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  for (const char* beside : {"../share/changtong/console", "../../dashboards/console/dist"})
    if (std::string folder = (program / beside).lexically_normal().string();
        host::plain_file_exists(folder + "/index.html"))
      return folder;
  return {};
}

std::string url_at(const settings& s, const ip_address& address, std::uint16_t port) {
  return (s.tls.certificate.empty() ? "http://" : "https://") +
         (address.v6 ? "[" + to_string(address) + "]" : to_string(address)) + ":" + std::to_string(port) + "/";
}

}  // namespace

std::string url_of(const settings& s, std::uint16_t port) { return url_at(s, s.listen.address, port); }

std::string api_here(const settings& s) {
  const bool v6 = s.listen.address.v6;
  const bool everywhere = s.listen.address == ip_address{.bytes = {}, .v6 = v6};
  std::string url = url_at(s, everywhere ? *parse_address(v6 ? "::1" : "127.0.0.1") : s.listen.address, s.listen.port);
  url.pop_back();
  return url;
}

console_pages find_console(const settings& s) {
  const std::string folder = folder_of(s);
  console::files all;
  if (folder.empty()) {
    log::info("没有控制台的文件，/console/ 说明如何得到；状态页在 /status / the console was not built");
  } else if (auto found = console::read_folder(folder)) {
    log::info("控制台：{}，{} 个文件 / the console's files", folder, found->size());
    all = std::move(*found);
  } else {
    log::warn("{}", to_string(found.error()));
  }
  const bool there = !all.empty();
  return {.routes = console::routes(std::move(all)), .there = there};
}

}  // namespace changtong
