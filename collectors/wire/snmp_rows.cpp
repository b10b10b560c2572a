#include "collectors/wire/snmp_rows.h"

#include <algorithm>
#include <charconv>

#include "collectors/wire/ber.h"
#include "collectors/wire/page_text.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_sequence = 0x30, unsigned32 = 0x47;
constexpr std::size_t most_rows = 1024, most_parts = 128;

std::optional<std::int64_t> unsigned_number(bytes v) {
  while (v.size() > 1 && v[0] == 0) v = v.subspan(1);
  if (v.empty() || v.size() > 8) return std::nullopt;
  std::uint64_t x = 0;
  for (const std::uint8_t b : v) x = x << 8U | b;
  return static_cast<std::int64_t>(x);
}

std::optional<std::int64_t> written_number(bytes v) {
  std::string_view text = text_of(v);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0' || text.back() == '%')) text.remove_suffix(1);
  std::int64_t x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return x;
}

/** False where the list cannot be read on. */
bool read_row(ber_cursor& list, snmp_row& to) {
  const auto head = list.head();
  if (!head || head->tag != tag_sequence || head->length > list.left()) return false;
  ber_cursor start = list;
  ber_cursor in = list.inside(*head);
  const auto name = in.primitive();
  const auto value = name ? in.any() : std::nullopt;
  if (!name || name->tag != snmp_object_name || !value) return false;
  auto parts = read_object_name(name->value);
  if (!parts) return false;
  if (head->endless) {
    in.skip_end_of_contents();
    start.go_to(in);
    list = start;
  }
  to = {std::move(*parts), value->tag, value->value};
  return true;
}

}  // namespace

std::optional<object_name> read_object_name(bytes value) {
  object_name parts;
  for (std::size_t i = 0; i < value.size();) {
    std::uint64_t part = 0;
    for (bool more = true; more; ++i) {
      if (i == value.size()) return std::nullopt;
      part = part << 7U | (value[i] & 0x7fU);
      more = (value[i] & 0x80U) != 0;
      if (part > UINT32_MAX) return std::nullopt;
    }
    if (parts.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(part / 40, 2);
      parts.push_back(static_cast<std::uint32_t>(first));
      part -= first * 40;
    }
    parts.push_back(static_cast<std::uint32_t>(part));
    if (parts.size() > most_parts) return std::nullopt;
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

std::optional<std::int64_t> snmp_number(std::uint8_t type, bytes value) {
  switch (type) {
    case snmp_integer:
      if (const auto n = signed_of(value)) return n->value;
      return std::nullopt;
    case snmp_counter32:
    case snmp_gauge32:
    case snmp_time_ticks:
    case unsigned32:
    case snmp_counter64:
      return unsigned_number(value);
    case snmp_text:
      return written_number(value);
    default:
      return std::nullopt;
  }
}

std::string name_text(std::string_view raw) {
  const auto blank = [](char c) { return c == ' ' || c == '\0' || c == '\t' || c == '\r' || c == '\n'; };
  std::string text = page_text(raw, {});
  while (!text.empty() && blank(text.back())) text.pop_back();
  const auto first = std::ranges::find_if_not(text, blank);
  text.erase(text.begin(), first);
  return text;
}

snmp_rows read_snmp_rows(bytes pdu) {
  snmp_rows out;
  ber_cursor in(pdu);
  const auto status = in.primitive();
  const auto index = status ? in.primitive() : std::nullopt;
  if (!status || !index) return out;
  const auto number = signed_of(status->value);
  out.error_status = number ? number->value : 0;
  out.readable = true;
  const auto list = in.head();
  if (!list || list->tag != tag_sequence) return out;
  snmp_row row;
  for (ber_cursor bindings = in.inside(*list); !bindings.done() && out.rows.size() < most_rows;) {
    if (!read_row(bindings, row)) break;
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace changtong::wire
