#include "daemon/core/url.h"

#include <algorithm>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "daemon/core/ascii.h"

namespace changtong {
namespace {

namespace urls = boost::urls;

/** Those that have a meaning; in a target also the percent sign, for what is encoded already stays. A name goes without
 * its dots: Boost 1.81 refuses one that begins as an IPv4 address does, `1.2.3.4.example`. */
constexpr urls::grammar::lut_chars standing_in_a_target = urls::pchars + urls::grammar::lut_chars("/?%");
constexpr urls::grammar::lut_chars standing_at_a_literal = urls::pchars + urls::grammar::lut_chars("[]");
constexpr urls::grammar::lut_chars standing_at_a_name = urls::pchars - urls::grammar::lut_chars(".");
constexpr urls::grammar::lut_chars visible([](char c) { return c > 0x20 && c < 0x7f; });

/** By hand, for Boost's own encodes every percent sign, and here one may stand for something already. */
std::string encoded(std::string_view text, const urls::grammar::lut_chars& staying) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (staying(byte))
      out += c;
    else
      ((out += '%') += hex[byte >> 4U]) += hex[byte & 15U];
  }
  return out;
}

}  // namespace

std::optional<url_origin> url_origin_of(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::size_t end = std::min(text.find_first_of("/?#", colon + 3), text.size());
  const std::string_view authority = text.substr(colon + 3, end - colon - 3);
  const bool literal = authority.find('[') != std::string_view::npos;
  const std::string written =
      std::string(text.substr(0, colon + 3)) + encoded(authority, literal ? standing_at_a_literal : standing_at_a_name);
  const auto read = urls::parse_uri(written);
  // Boost 1.81 takes what follows an empty port (`host:+8`) for a path.
  if (!read || !read->has_authority() || !read->encoded_path().empty()) return std::nullopt;
  url_origin out{.scheme = ascii::lower(read->scheme()),
                 .user = read->has_userinfo(),
                 .host = read->host(),
                 .port = {},
                 .rest = text.substr(end)};
  out.literal = literal && out.host.starts_with('[');
  if (out.literal) out.host = out.host.substr(1, out.host.size() - 2);
  if (read->has_port()) out.port = read->port();
  return out;
}

std::optional<url_target> url_target_of(std::string_view text) {
  const std::string written = encoded(text, standing_in_a_target);
  const auto read = urls::parse_origin_form(written);
  if (!read) return std::nullopt;
  url_target out{.path = read->path(), .query = {}};
  for (const auto& p : read->params())
    if (p.has_value || !p.key.empty()) out.query.emplace_back(p.key, p.value);
  return out;
}

std::string url_encoded(std::string_view text) { return encoded(text, visible); }

std::optional<std::uint16_t> port_number(std::string_view digits) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) return std::nullopt;
  return value;
}

}  // namespace changtong
