// What several sections share: ids, paths, peers, scope edges and secrets.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

secret from_file(const stated<std::string>& path, std::string_view key, const surroundings& world, findings& found) {
  const std::string file = beside(path.at.file, path.value);
  const auto text = world.read(file);
  if (!text) {
    found.error(path.at, both("{}_file：无法读取 {}：{}", "{}_file: cannot read {}: {}", key, quote(file),
                              words_of(text.error())));
    return {};
  }
  const std::string_view value = trim(*text);
  if (value.empty() || value.size() > 4096 || has_control_characters(value)) {
    found.error(path.at, both("{}_file：{} 应只含一行口令，最多 4096 字节",
                              "{}_file: {} must hold the secret on one line of at most 4096 bytes", key, quote(file)));
    return {};
  }
  if (world.open_to_others(file))
    found.warn(path.at, both("{} 中有口令，而本机任何人都能读取：请用 chmod o= 收回其他用户的权限",
                             "{} holds a secret and everybody on this host may read it: chmod o= it", quote(file)));
  return secret(std::string(value));
}

}  // namespace

result<std::string> with_environment(std::string_view text, const surroundings& world,
                                     std::span<const std::string_view> kept) {
  std::string out;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find("${"), text.size());
    out += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) break;
    const std::size_t end = text.find('}');
    const std::string_view name = end == std::string_view::npos ? "" : text.substr(2, end - 2);
    if (name.empty() || !std::ranges::all_of(name, name_character))
      return said({"中的 ${NAME} 写法有误：花括号内为字母、数字和 _",
                   "has a malformed ${NAME}: letters, digits and _ between the braces"});
    if (std::ranges::find(kept, name) != kept.end()) {
      out += text.substr(0, end + 1);
      text.remove_prefix(end + 1);
      continue;
    }
    const auto value = world.environment(std::string(name));
    if (!value || value->empty())
      return said(both("需要环境变量 {}，而它没有设置：请 export，或改用 *_file 键",
                       "needs the environment variable {}, which is not set: export it, or use a *_file key", name));
    out += *value;
    text.remove_prefix(end + 1);
  }
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

secret read_secret(const block& from, std::string_view key, const surroundings& world, findings& found) {
  const std::string file_key = fmt::format("{}_file", key);
  const auto in_file = from.text(file_key, 1024);
  const auto direct = from.text(key, 1024);
  if (in_file && direct) {
    from.error(in_file->at, both("{} 与 {} 只能写一个", "both {} and {} are given: keep one", key, file_key));
    return {};
  }
  if (in_file) return from_file(*in_file, key, world, found);
  if (!direct) {
    if (!from.strange() && from.find(key) == nullptr && from.find(file_key) == nullptr)
      from.error(from.begin(), both("缺少 {0}：请写 {0}: \"${{NAME}}\" 或 {0}_file: PATH",
                                    "{0} is missing: write {0}: \"${{NAME}}\" or {0}_file: PATH", key));
    return {};
  }
  const auto value = with_environment(direct->value, world);
  if (!value) {
    from.error(direct->at, both("{} {}", "{} {}", key, words_of(value.error())));
    return {};
  }
  if (direct->value.find("${") == std::string::npos && world.open_to_others(std::string(direct->at.file)))
    found.warn(
        direct->at,
        both("{0} 所在的文件本机任何人都能读取：请用 \"${{NAME}}\" 或 {0}_file，或用 chmod o= 收回其他用户的权限",
             "{0} stands in a file that everybody on this host may read: use \"${{NAME}}\" or "
             "{0}_file, or chmod o= the file",
             key));
  return secret(*value);
}

secret read_token(const block& from, const surroundings& world, findings& found) {
  secret token = read_secret(from, "token", world, found);
  if (!token.empty() && token.reveal().size() < 16)
    from.error(from.at("token"), {"令牌不足 16 字节：请用 `openssl rand -hex 32` 生成",
                                  "the token is shorter than 16 bytes: make one with `openssl rand -hex 32`"});
  return token;
}

std::size_t word(const block& from, std::string_view key, std::array<std::string_view, 2> words) {
  const auto t = from.text(key, 16);
  if (!t || t->value == words[0]) return 0;
  if (t->value != words[1])
    from.error(t->at,
               both("{} 应为 {} 或 {}，而不是 {}", "{} is {} or {}, not {}", key, words[0], words[1], quote(t->value)));
  return 1;
}

tls_settings read_tls(const yaml_node& node, std::string_view file, const surroundings& world, findings& found,
                      bool of_centre) {
  const block from = of_centre ? block(node, as_written("tls"), file, found, {"certificate", "key", "ca"})
                               : block(node, as_written("tls"), file, found, {"certificate", "key"});
  tls_settings made;
  const auto path = [&](std::string_view key, std::string& into) {
    from.require(key, fmt::format("{0}: server.{0}", key));
    const auto written = from.text(key, 1024);
    if (!written) return written;
    into = beside(file, written->value);
    if (const auto read = world.read(into); !read)
      from.error(written->at,
                 both("tls.{} {} 读不到：{}", "tls.{} {} cannot be read: {}", key, into, words_of(read.error())));
    return written;
  };
  path("certificate", made.certificate);
  const auto key = path("key", made.key);
  if (key && world.open_to_others(made.key))
    found.warn(key->at, both("tls.key {0} 本机任何人都能读取：请用 chmod o= 收回其他用户的权限",
                             "tls.key {0}: everybody on this host may read it: chmod o= it", quote(key->value)));
  if (const auto ca = from.text("ca", 1024)) {
    made.client_ca = beside(file, ca->value);
    const auto text = world.read(made.client_ca);
    if (!text)
      from.error(ca->at,
                 both("tls.ca {} 读不到：{}", "tls.ca {} cannot be read: {}", made.client_ca, words_of(text.error())));
    else if (text->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
      from.error(ca->at,
                 both("tls.ca {} 里没有 PEM 格式的证书", "tls.ca {} holds no certificate in PEM", made.client_ca));
  }
  return made;
}

std::string beside(std::string_view file, std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  const std::size_t slash = file.rfind('/');
  if (slash == std::string_view::npos) return std::string(path);
  return std::string(file.substr(0, slash + 1)) + std::string(path);
}

phrase told(oddity what) { return {std::string(chinese(what)), std::string(english(what))}; }

std::optional<phrase> bad_peer(const ip_address& a) {
  const bool zero = std::ranges::all_of(a.bytes, [](auto b) { return b == 0; });
  if (zero) return phrase{"是未指定地址，不会有应答", "is the unspecified address, which nobody answers"};
  if (a.v6 ? a.bytes[0] == 0xff : (a.bytes[0] >= 224 && a.bytes[0] < 240))
    return phrase{"是组播地址：请写单个主机", "is a multicast address: name one host"};
  if (!a.v6 && a.bytes[0] == 255) return phrase{"是广播地址：请写单个主机", "is the broadcast address: name one host"};
  return std::nullopt;
}

result<wall_t> parse_scope_edge(const civil_zone& zone, std::string_view text) {
  const auto read = zone.parse(text);
  const bool short_form = text.size() < 10;  // 2026 or 2026-03: which day is meant is a guess
  if (!read || short_form)
    return said(both("{} 不是日期：请写 2026-03-14（当日零点）或 2026-03-14T08:00:00+08:00",
                     "{} is no date: write 2026-03-14 (its midnight) or 2026-03-14T08:00:00+08:00", quote(text)));
  return read->from;
}

std::optional<std::string> read_text(const std::string& path, const surroundings& from, findings& found) {
  auto text = from.read(path);
  if (text) return std::move(*text);
  found.error({path, 1, 1}, both("无法读取配置文件：{}", "cannot read the configuration: {}", words_of(text.error())));
  return std::nullopt;
}

}  // namespace changtong::reading
