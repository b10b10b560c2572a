#include "daemon/host/address_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "daemon/core/url.h"

namespace changtong::host {
namespace {

/** libcurl holds the line against the port that it will connect to. */
std::string_view usual_port(std::string_view scheme) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known{
      {{"https", "443"}, {"smtp", "25"}, {"smtps", "465"}}};
  const auto found = std::ranges::find(known, scheme, &std::pair<std::string_view, std::string_view>::first);
  return found == known.end() ? "80" : found->second;
}

}  // namespace

result<std::string> address_line(const std::string& url, const look_up& names, const std::stop_token& stop) {
  const result<std::string> nobody(boost::system::in_place_value);
  const auto to = url_origin_of(url);
  if (!names || !to || to->literal || to->host.empty() || parse_address(to->host)) return nobody;
  const auto found = names(to->host, stop);
  if (!found) return found.error();
  std::string all;
  for (const ip_address& a : *found) {
    if (!all.empty()) all += ',';
    all += a.v6 ? fmt::format("[{}]", to_string(a)) : to_string(a);
  }
  if (all.empty()) return nobody;
  const std::string port = to->port.value_or(std::string(usual_port(to->scheme)));
  return result<std::string>(boost::system::in_place_value, fmt::format("{}:{}:{}", to->host, port, all));
}

}  // namespace changtong::host
