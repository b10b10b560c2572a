#include "daemon/core/proxies.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace changtong {
namespace {

std::size_t width_of(const ip_address& a) { return a.v6 ? 128 : 32; }

bool bit_of(const ip_address& a, std::size_t at) { return ((a.bytes.at(at / 8) >> (7 - at % 8)) & 1) != 0; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/** As proxies write it: with a port or without, IPv6 in brackets or without. */
std::optional<ip_address> listed_address(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  const auto address = parse_address(text);
  return address ? std::optional(unmapped(*address)) : std::nullopt;
}

bool is_trusted(const proxy_settings& by, const ip_address& address) {
  return std::ranges::any_of(by.trusted, [&](const ip_network& n) { return holds(n, address); });
}

/** The header may stand there several times: one list, in the order in which they came. */
std::string whole_list(const web_request& request, const std::string& name) {
  std::string out;
  const auto [from, to] = request.headers.equal_range(name);
  for (auto at = from; at != to; ++at) (out += out.empty() ? "" : ",") += at->second;
  return out;
}

}  // namespace

std::optional<ip_network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  if (!base || unmapped(*base) != *base) return std::nullopt;
  std::size_t bits = width_of(*base);
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > width_of(*base)) return std::nullopt;
  }
  for (std::size_t at = bits; at < width_of(*base); ++at)
    if (bit_of(*base, at)) return std::nullopt;
  return ip_network{.base = *base, .bits = static_cast<std::uint8_t>(bits)};
}

std::string to_string(const ip_network& network) { return fmt::format("{}/{}", to_string(network.base), network.bits); }

bool holds(const ip_network& network, const ip_address& address) {
  const ip_address own = unmapped(address);
  if (own.v6 != network.base.v6) return false;
  for (std::size_t at = 0; at < network.bits; ++at)
    if (bit_of(own, at) != bit_of(network.base, at)) return false;
  return true;
}

void hand_on(const proxy_settings& by, web_request& request) {
  const auto peer = parse_address(request.peer);
  if (!peer || !is_trusted(by, *peer)) return;
  const std::string list = whole_list(request, by.client_header);
  for (std::string_view rest = list; !rest.empty();) {
    const std::size_t comma = rest.rfind(',');
    const auto address = listed_address(trimmed(rest.substr(comma == std::string_view::npos ? 0 : comma + 1)));
    if (!address) break;
    request.peer = to_string(*address);
    if (comma == std::string_view::npos || !is_trusted(by, *address)) break;
    rest = rest.substr(0, comma);
  }
  if (by.user_header.empty() || !request.headers.contains(by.user_header)) return;
  const bool one = request.headers.count(by.user_header) == 1;
  request.vouched = one ? std::string(trimmed(request.header(by.user_header))) : std::string();
}

}  // namespace changtong
