#include "collectors/wire/ber.h"

#include <algorithm>

namespace changtong::wire {
namespace {

constexpr std::uint8_t long_tag = 0x1f, endless_length = 0x80, reserved_length = 0xff;
constexpr std::size_t beyond_any_datagram = 0xffffffff;

}  // namespace

std::optional<ber_head> ber_cursor::head() {
  if (left() < 2 || (all_[at_] & long_tag) == long_tag) return std::nullopt;
  ber_head h{.tag = all_[at_]};
  const std::uint8_t first = all_[at_ + 1];
  std::size_t after = at_ + 2;
  if (first < endless_length) {
    h.length = first;
  } else if (first == endless_length && h.constructed()) {
    h.endless = true;
    h.length = end_ - after;
  } else {
    const std::size_t count = first & 0x7fU;
    if (first == endless_length || first == reserved_length || count > end_ - after) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) h.length = std::min(h.length << 8U | all_[after++], beyond_any_datagram);
  }
  at_ = after;
  return h;
}

std::optional<ber_value> ber_cursor::any() {
  const auto h = head();
  if (!h || h->length > left()) return std::nullopt;
  const bytes value = all_.subspan(at_, h->length);
  at_ += h->length;
  return ber_value{h->tag, value};
}

std::optional<ber_value> ber_cursor::primitive() {
  const auto v = any();
  if (!v || ber_head{.tag = v->tag}.constructed()) return std::nullopt;
  return v;
}

ber_cursor ber_cursor::inside(const ber_head& h) {
  ber_cursor in = *this;
  in.end_ = at_ + std::min(h.length, left());
  at_ = in.end_;
  return in;
}

void ber_cursor::skip_end_of_contents() {
  if (left() >= 2 && all_[at_] == 0 && all_[at_ + 1] == 0) at_ += 2;
}

std::optional<ber_number> signed_of(bytes value) {
  if (value.empty()) return std::nullopt;
  const std::size_t written = value.size();
  const std::uint8_t sign = value[0] & 0x80U ? 0xff : 0;
  while (value.size() > 1 && value[0] == sign && ((value[1] ^ sign) & 0x80U) == 0) value = value.subspan(1);
  if (value.size() > 8) return std::nullopt;
  std::uint64_t x = sign != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t b : value) x = x << 8U | b;
  return ber_number{static_cast<std::int64_t>(x), value.size() == written};
}

}  // namespace changtong::wire
