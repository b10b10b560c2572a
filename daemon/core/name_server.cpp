#include "daemon/core/name_server.h"

#include <fmt/format.h>

#include "daemon/core/url.h"

namespace changtong {
namespace {

constexpr std::uint16_t usual_port = 53;

}  // namespace

std::optional<name_server> parse_name_server(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && host_end == std::string_view::npos) return std::nullopt;
  const auto address = parse_address(text.substr(bracketed, host_end - bracketed));
  if (!address || address->v6 != bracketed) return std::nullopt;
  const std::string_view rest = bracketed                            ? text.substr(host_end + 1)
                                : host_end == std::string_view::npos ? std::string_view()
                                                                     : text.substr(host_end);
  if (rest.empty()) return name_server{*address, usual_port};
  const auto port = rest.starts_with(':') ? port_number(rest.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  return name_server{*address, *port};
}

std::string to_string(const name_server& s) {
  const std::string host = s.address.v6 ? fmt::format("[{}]", to_string(s.address)) : to_string(s.address);
  return s.port == usual_port ? host : fmt::format("{}:{}", host, s.port);
}

std::string to_string(std::span<const name_server> servers) {
  std::string out;
  for (const name_server& s : servers) out += (out.empty() ? "" : " ") + to_string(s);
  return out;
}

}  // namespace changtong
