#include "daemon/publish/http/dispatch.h"

#include <algorithm>
#include <array>
#include <exception>

#include "daemon/core/address.h"
#include "daemon/core/ascii.h"
#include "daemon/core/json.h"
#include "daemon/core/log.h"

namespace changtong::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> security_headers{{
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ascii::small, ascii::small);
}

/** `Host` without its port: "[::1]:8080" -> "::1", "localhost:80" -> "localhost". */
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

web_response broken(const web_request& request, const std::exception& e) {
  log::error("http: {} {} failed: {}", request.method, request.path, e.what());
  return problem_answer(500, "internal", "内部错误，详见日志", "internal error, see the log");
}

}  // namespace

void add_security_headers(web_response& response) {
  for (const auto& [name, value] : security_headers) {
    const auto mine = [&](const auto& header) { return same_name(header.first, name); };
    if (std::ranges::none_of(response.headers, mine)) response.headers.emplace_back(name, value);
  }
}

dispatcher::dispatcher(std::vector<web_route> routes, std::optional<std::string> own_host)
    : routes_(std::move(routes)), own_host_(std::move(own_host)) {
  std::ranges::sort(routes_, std::ranges::greater{}, &web_route::length);
}

bool dispatcher::host_accepted(std::string_view host) const {
  if (!own_host_ || host.empty()) return true;  // none: an HTTP/1.0 client, never a browser
  const std::string_view name = without_port(host);
  if (same_name(name, "localhost") || same_name(name, *own_host_)) return true;
  const auto address = parse_address(name);
  if (!address) return false;
  if (!address->v6) return address->bytes[0] == 127;
  return *address == *parse_address("::1");
}

const web_route* dispatcher::found(std::string_view method, std::string_view path, std::string& allowed) const {
  const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
  std::size_t matched = 0;  // length of the longest matching path: a shorter prefix must not answer for it
  for (const web_route& route : routes_) {
    if (!route.matches(path)) continue;
    if (matched != 0 && route.length() < matched) break;
    matched = route.length();
    if (route.method == wanted) return &route;
    allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
  }
  return nullptr;
}

web_lane dispatcher::lane_of(std::string_view method, std::string_view path) const {
  std::string allowed;
  const web_route* const route = found(method, path, allowed);
  return route != nullptr ? route->lane : web_lane::reading;
}

std::uint64_t dispatcher::body_of(std::string_view method, std::string_view path) const {
  std::string allowed;
  const web_route* const route = found(method, path, allowed);
  return route != nullptr ? route->most_body : 0;
}

std::uint64_t dispatcher::largest_body() const {
  std::uint64_t most = 0;
  for (const web_route& route : routes_) most = std::max(most, route.most_body);
  return most;
}

web_response dispatcher::routed(const web_request& request) const {
  std::string allowed;
  if (const web_route* const route = found(request.method, request.path, allowed)) return route->answer(request);
  if (allowed.empty()) return problem_answer(404, "not_found", "没有这个地址", "no such address");
  web_response out = problem_answer(405, "method_not_allowed", "该地址不支持此方法", "method not allowed here");
  out.headers.emplace_back("Allow", allowed);
  return out;
}

std::optional<web_response> dispatcher::turned_away(const web_request& head) const {
  std::string allowed;
  const web_route* const route = found(head.method, head.path, allowed);
  if (route == nullptr || !route->keeper) return std::nullopt;
  std::optional<web_response> out;
  try {
    out = route->keeper(head);
  } catch (const std::exception& e) {
    out = broken(head, e);
  }
  if (out) add_security_headers(*out);
  return out;
}

web_response dispatcher::answer(const web_request& request) const {
  web_response out;
  if (!host_accepted(request.header("host"))) {
    out = problem_answer(421, "wrong_host", "Host 头不是本机地址，已拒绝",
                         "the Host header is not an address of this listener");
  } else {
    try {
      out = routed(request);
    } catch (const std::exception& e) {
      out = broken(request, e);
    }
  }
  add_security_headers(out);
  return out;
}

}  // namespace changtong::http
