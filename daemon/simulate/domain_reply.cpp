#include "daemon/simulate/domain_reply.h"

#include <algorithm>
#include <optional>

#include "daemon/core/ascii.h"

namespace changtong::simulate {
namespace {

constexpr std::size_t header_bytes = 12, longest_name = 255;
constexpr unsigned type_a = 1, any_type = 255, class_in = 1;
constexpr unsigned no_such_name = 3;       ///< NXDOMAIN
constexpr std::uint32_t seconds_kept = 5;  ///< by whoever keeps answers

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }
unsigned word_at(std::string_view text, std::size_t at) { return byte_at(text, at) << 8U | byte_at(text, at + 1); }
void put_word(std::string& out, unsigned word) {
  out += static_cast<char>(static_cast<unsigned char>(word >> 8U));
  out += static_cast<char>(static_cast<unsigned char>(word));
}

struct asked {
  std::string name;  ///< lower case, without the last dot; empty: the root
  unsigned type = 0;
  std::string_view bytes;  ///< the question as it was put
};

/** The one question of a datagram that is nothing but a question. */
std::optional<asked> read(std::string_view datagram) {
  if (datagram.size() < header_bytes) return std::nullopt;
  const bool query = (byte_at(datagram, 2) & 0xf8U) == 0;  // neither an answer nor another operation
  if (!query || word_at(datagram, 4) != 1) return std::nullopt;
  asked q;
  std::size_t at = header_bytes;
  for (;;) {
    if (at >= datagram.size()) return std::nullopt;
    const std::size_t length = byte_at(datagram, at++);
    if (length == 0) break;
    if (length > 63 || at + length > datagram.size() || q.name.size() + length > longest_name) return std::nullopt;
    if (!q.name.empty()) q.name += '.';
    q.name += ascii::lower(datagram.substr(at, length));
    at += length;
  }
  if (at + 4 > datagram.size() || word_at(datagram, at + 2) != class_in) return std::nullopt;
  q.type = word_at(datagram, at);
  q.bytes = datagram.substr(header_bytes, at + 4 - header_bytes);
  return q;
}

}  // namespace

std::string domain_reply(const district& d, std::string_view question) {
  const auto q = read(question);
  if (!q) return {};
  const auto site = std::ranges::find(d.sites, q->name, &district_site::host);
  const bool known = site != d.sites.end();
  if (known && site->manner == site_manner::silent_domain) return {};
  const bool address = known && (q->type == type_a || q->type == any_type);
  std::string out(question.substr(0, 2));
  // An answer with authority; recursion as it was wished for, and to be had.
  put_word(out, 0x8480U | (byte_at(question, 2) & 1U) << 8U | (known || q->name.empty() ? 0U : no_such_name));
  put_word(out, 1);
  put_word(out, address ? 1 : 0);
  put_word(out, 0);
  put_word(out, 0);
  out += q->bytes;
  if (!address) return out;
  put_word(out, 0xc000U | header_bytes);  // the question's name
  put_word(out, type_a);
  put_word(out, class_in);
  put_word(out, seconds_kept >> 16U);
  put_word(out, seconds_kept & 0xffffU);
  put_word(out, 4);
  put_word(out, site->address >> 16U);
  put_word(out, site->address & 0xffffU);
  return out;
}

}  // namespace changtong::simulate
