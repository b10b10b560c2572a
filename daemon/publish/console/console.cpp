#include "daemon/publish/console/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"

namespace changtong::console {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
}};
constexpr std::string_view packing = ".gz";

/** Empty: no file of a page. */
std::string_view type_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(types, [&](const auto& t) { return name.ends_with(t.first); });
  return found == types.end() ? std::string_view{} : found->second;
}

std::string tag_of(std::string_view bytes) {
  constexpr std::size_t digits = 20;
  return host::hex(host::bytes_of(host::sha256_of(bytes))).substr(0, digits);
}

problem beyond_bounds(const std::string& folder) {
  return said(both("控制台目录 {} 超出限度：至多 {} 个文件，每个 {} MiB，共 {} MiB",
                   "the console's folder {} is beyond its bounds: {} files, {} MiB each, {} MiB together", folder,
                   most_files, most_file_bytes >> 20U, most_bytes >> 20U));
}

/** Names of plain files below, with '/' between folders; of links and hidden ones none. */
std::vector<std::string> names_in(const fs::path& folder, std::error_code& wrong) {
  std::vector<std::string> out;
  for (fs::recursive_directory_iterator at(folder, wrong), end; !wrong && at != end; at.increment(wrong)) {
    const fs::directory_entry& entry = *at;
    if (entry.path().filename().native().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code unknown;
    if (entry.symlink_status(unknown).type() == fs::file_type::regular)
      out.push_back(entry.path().lexically_relative(folder).generic_string());
    if (out.size() > most_files) break;
  }
  return out;
}

bool takes_gzip(const web_request& request) {
  const std::string_view accepted = request.header("accept-encoding");
  return accepted.find("gzip") != std::string_view::npos && accepted.find("gzip;q=0") == std::string_view::npos;
}

web_response shown(const std::string& name, const file& one, const web_request& request) {
  web_response out;
  const bool packed = !one.packed.empty() && takes_gzip(request);
  const std::string tag = fmt::format("\"{}{}\"", one.tag, packed ? "-gz" : "");
  out.content_type = one.type;
  out.headers = {{"ETag", tag},
                 {"Vary", "Accept-Encoding"},
                 {"Cache-Control", name.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (request.header("if-none-match") == tag) {
    out.status = 304;
    return out;
  }
  if (packed) out.headers.emplace_back("Content-Encoding", "gzip");
  out.body = packed ? one.packed : one.plain;
  return out;
}

web_response no_console() {
  web_response out;
  out.status = 404;
  out.content_type = "text/html; charset=utf-8";
  out.body =
      "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>畅通 · 控制台未安装</title>"
      "<link rel=\"stylesheet\" href=\"/status.css\"><body><main><h1>控制台未安装</h1>"
      "<p>控制台在安装时由 npm 编译（dashboards/console）；编译时若连不上 npm "
      "仓库，就没有控制台。监测、账本、告警与接口不受影响。首次设置管理员的密码：在主机上运行 "
      "<code>changtong user passwd admin --config 配置文件</code>。</p>"
      "<p><a href=\"/status\">状态页</a></p><p lang=\"en\">The console was not built: no npm registry could be "
      "reached, "
      "or the folder that <code>console:</code> names is not there. Watching goes on; the administrator's first "
      "password "
      "is set on the machine by <code>changtong user passwd admin</code>; see the "
      "<a href=\"/status\">status page</a>.</p></main></body></html>\n";
  return out;
}

}  // namespace

result<files> read_folder(const std::string& folder) {
  std::error_code wrong;
  const std::vector<std::string> names = names_in(folder, wrong);
  if (wrong)
    return said(both("无法读取控制台目录 {}：{}", "cannot read the console's folder {}: {}", folder, wrong.message()));
  if (names.size() > most_files) return beyond_bounds(folder);
  files out;
  std::size_t bytes = 0;
  for (const std::string& name : names) {
    const bool packed = name.ends_with(packing);
    const std::string plain = packed ? name.substr(0, name.size() - packing.size()) : name;
    if (type_of(plain).empty()) continue;
    const std::string path = fmt::format("{}/{}", folder, name);
    auto text = host::read_plain_file(path, most_file_bytes);
    if (!text) return said(both("无法读取 {}：{}", "cannot read {}: {}", path, words_of(text.error())));
    if ((bytes += text->size()) > most_bytes) return beyond_bounds(folder);
    file& one = out[plain];
    one.type = type_of(plain);
    text->shrink_to_fit();  // kept as long as the daemon runs
    (packed ? one.packed : one.plain) = std::move(*text);
  }
  std::erase_if(out, [](const auto& f) { return f.second.plain.empty(); });
  for (auto& [name, one] : out) one.tag = tag_of(one.plain);
  if (!out.contains("index.html"))
    return said(both("控制台目录 {} 中没有 index.html", "there is no index.html in the console's folder {}", folder));
  return result<files>(boost::system::in_place_value, std::move(out));
}

std::vector<web_route> routes(files all) {
  constexpr std::string_view root = "/console/";
  const auto shared = std::make_shared<const files>(std::move(all));
  const auto below = [shared, root](const web_request& request) {
    if (shared->empty()) return no_console();
    const std::string_view name = std::string_view(request.path).substr(root.size());
    const auto found = shared->find(name.empty() ? std::string_view("index.html") : name);
    if (found == shared->end()) return problem_answer(404, "not_found", "没有这个地址", "no such address");
    return shown(found->first, found->second, request);
  };
  const auto here = [root](const web_request&) {
    web_response out;
    out.status = 301;
    out.content_type = "text/plain; charset=utf-8";
    out.headers = {{"Location", std::string(root)}};
    return out;
  };
  return {{"GET", "/console", here}, {"GET", std::string(root), below}};
}

}  // namespace changtong::console
