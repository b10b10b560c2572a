#include "collectors/http.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "collectors/exchange.h"
#include "collectors/fetch.h"
#include "collectors/net/clock.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::uint64_t greatest_limit = 64ULL << 20U, most_redirects = 20;
constexpr std::size_t longest_text = 4096, most_texts = 32;

class http_collector final : public collector {
 public:
  http_collector(boost::asio::io_context& io, answer_sink& sink, const net::syscalls& calls, name_resolver* names)
      : sink_(sink), means_{io, calls, names, std::make_shared<net::trust>()} {}
  ~http_collector() override {
    for (auto& [ticket, v] : visits_) v->cancel();
  }

  void ask(std::span<question> burst) override {
    for (question& q : burst) {
      q.sent = net::mono_now();
      auto settings = std::static_pointer_cast<const http_settings>(q.what->settings);
      const std::uint32_t ticket = q.ticket;
      const auto v = make_visit(means_, std::move(settings), q.sent, [this, ticket](const visited& seen) {
        visits_.erase(ticket);
        sink_.answered(ticket, {seen.what, seen.why, seen.rtt, seen.facts, seen.detail});
      });
      visits_[ticket] = v;  // before it starts: it may be over at once
      v->start();
    }
  }

  /** Visits are moved on by the loop itself. */
  void drain() override {}

  cause forget(std::uint32_t ticket) override {
    const auto found = visits_.find(ticket);
    if (found == visits_.end()) return cause::timeout;
    const cause why = found->second->cancel();
    visits_.erase(found);
    return why;
  }

  [[nodiscard]] std::string describe() const override { return "HTTP/1.1, TLS 1.2 and up, certificates verified"; }

 private:
  answer_sink& sink_;
  visit_means means_;
  std::unordered_map<std::uint32_t, std::shared_ptr<visit>> visits_;
};

using maybe = std::optional<problem>;

maybe take_address(http_settings& s, std::string_view key, std::string_view text) {
  auto address = wire::parse_web_address(text);
  if (!address) return said(both("http: {}：{}", "http: {}: {}", key, words_of(address.error())));
  s.at = std::move(*address);
  return std::nullopt;
}

maybe take_number(std::string_view key, std::string_view text, std::uint64_t least, std::uint64_t greatest, auto& out) {
  const auto n = bounded_number(key, text, least, greatest);
  if (!n) return n.error();
  out = static_cast<std::remove_reference_t<decltype(out)>>(*n);
  return std::nullopt;
}

maybe take_allow(std::string_view key, std::string_view text, bool& out) {
  if (text != "allow" && text != "refuse")
    return said(both("http: {} 应为 allow 或 refuse，而不是 `{}`", "http: {}: allow or refuse, not `{}`", key, text));
  out = text == "allow";
  return std::nullopt;
}

maybe take_text(std::string_view key, const std::string& text, std::vector<std::string>& out) {
  if (text.empty() || text.size() > longest_text)
    return said(
        both("http: {} 应为 1 至 {} 字节的文字", "http: {}: a text of 1 to {} bytes is needed", key, longest_text));
  if (out.size() >= most_texts) return said(both("http: {} 最多 {} 条", "http: {}: at most {} texts", key, most_texts));
  out.push_back(text);
  return std::nullopt;
}

maybe take_ca(const std::string& path, http_settings& s) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || !std::ifstream(path))
    return said(both("http: ca 文件 `{}` 无法读取", "http: ca: the file `{}` cannot be read", path));
  s.ca_file = path;
  return std::nullopt;
}

maybe take_status(std::string_view text, http_settings& s) {
  auto ranges = wire::status_ranges::parse(text);
  if (!ranges) return said(both("http: status：{}", "http: status: {}", words_of(ranges.error())));
  s.status = std::move(*ranges);
  return std::nullopt;
}

maybe take(const kind_arguments::pair& p, http_settings& s) {
  if (p.key == "url") return take_address(s, "url", p.value);
  if (p.key == "ca") return take_ca(p.value, s);
  if (p.key == "redirects") return take_number("http: redirects", p.value, 0, most_redirects, s.redirects);
  if (p.key == "max_bytes") return take_number("http: max_bytes", p.value, 1, greatest_limit, s.limit);
  if (p.key == "downgrade") return take_allow("downgrade", p.value, s.downgrade_allowed);
  if (p.key == "empty") return take_allow("empty", p.value, s.empty_allowed);
  if (p.key == "status") return take_status(p.value, s);
  if (p.key == "contains") return take_text("contains", p.value, s.contains);
  if (p.key == "forbids") return take_text("forbids", p.value, s.forbids);
  return said(
      both("http: 键 `{}` 无法识别（可用 url=、ca=、redirects=、downgrade=、max_bytes=、status=、contains=、forbids=、"
           "empty=）",
           "http: unknown key `{}` (url=, ca=, redirects=, downgrade=, max_bytes=, status=, contains=, "
           "forbids=, empty= are known)",
           p.key));
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<http_settings>();
  if (!arguments.url.empty())
    if (auto wrong = take_address(*s, "url", arguments.url)) return *wrong;
  for (const auto& p : arguments.pairs) {
    if (p.key == "url" && !arguments.url.empty())
      return said({"http: url：网站已有地址", "http: url: the site has its address already"});
    if (auto wrong = take(p, *s)) return *wrong;
  }
  if (s->at.host.empty()) return said({"http: 缺少 url=", "http: url= is missing"});
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::vector<fact_place> http_settings::facts() const {
  return {{fact_name::resolve_nanoseconds}, {fact_name::connect_nanoseconds},
          {fact_name::tls_nanoseconds},     {fact_name::first_byte_nanoseconds},
          {fact_name::http_status},         {fact_name::page_bytes},
          {fact_name::redirects},           {fact_name::certificate_expiry_seconds}};
}

std::unique_ptr<collector> make_http(boost::asio::io_context& io, answer_sink& sink, const net::syscalls& calls,
                                     name_resolver* names) {
  return std::make_unique<http_collector>(io, sink, calls, names);
}

kind_entry http_kind() {
  return {parse,
          [](boost::asio::io_context& io, answer_sink& sink) { return make_http(io, sink, net::syscalls::kernel()); },
          false, "url=URL, status=200-399, contains=TEXT, forbids=TEXT, ca=FILE, redirects=5, max_bytes=8388608"};
}

}  // namespace changtong
