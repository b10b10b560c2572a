#include "collectors/wire/snmp_answer.h"

#include <algorithm>
#include <optional>

#include "collectors/wire/ber.h"
#include "collectors/wire/snmp_envelope.h"
#include "daemon/core/stable_hash.h"

namespace changtong::wire {
namespace {

using sort = snmp_value::sort;

constexpr std::uint8_t tag_null = 0x05, tag_name = 0x06, tag_sequence = 0x30;
constexpr std::uint8_t opaque = 0x44, unsigned32 = 0x47;
constexpr std::uint8_t no_such_object = 0x80, no_such_instance = 0x81, end_of_mib_view = 0x82;
constexpr std::uint8_t opaque_head = 0x9f, opaque_counter64 = 0x76, opaque_unsigned64 = 0x7b;  // net-snmp's extension
constexpr std::uint64_t greatest_32 = 0xffffffff;
constexpr std::size_t most_others = 64;

/** An error field; without bytes it is 0. False if it is not there. */
bool read_field(ber_cursor& from, std::int64_t& to, snmp_oddities& odd) {
  const auto v = from.primitive();
  if (!v) return false;
  const auto number = signed_of(v->value);
  if (v->tag != snmp_integer || !number || !number->shortest) odd |= snmp_oddity::integer;
  to = number ? number->value : 0;
  return true;
}

snmp_value unsigned_value(bytes v, bool of_32, snmp_oddities& odd) {
  if (v.empty()) {
    odd |= snmp_oddity::empty_number;
    return {sort::useless};
  }
  // Without the zero byte before a high bit it reads as negative, which none of these types can be.
  if ((v[0] & 0x80U) != 0 || (v.size() > 1 && v[0] == 0 && (v[1] & 0x80U) == 0)) odd |= snmp_oddity::value_form;
  while (v.size() > 1 && v[0] == 0) v = v.subspan(1);
  if (v.size() > 8) {
    odd |= snmp_oddity::value_form;
    return {sort::useless};
  }
  std::uint64_t x = 0;
  for (const std::uint8_t b : v) x = x << 8U | b;
  if (of_32 && x > greatest_32) odd |= snmp_oddity::value_form;
  return {sort::number, x};
}

snmp_value signed_value(bytes v, snmp_oddities& odd) {
  const auto n = signed_of(v);
  if (!n) {
    odd |= v.empty() ? snmp_oddity::empty_number : snmp_oddity::value_form;
    return {sort::useless};
  }
  if (!n->shortest) odd |= snmp_oddity::value_form;
  if (n->value < 0) {
    odd |= snmp_oddity::meaningless;
    return {sort::useless};
  }
  return {sort::number, static_cast<std::uint64_t>(n->value)};
}

snmp_value opaque_value(bytes v, snmp_oddities& odd) {
  if (v.size() < 3 || v[0] != opaque_head || (v[1] != opaque_counter64 && v[1] != opaque_unsigned64) ||
      v[2] != v.size() - 3)
    return {sort::useless};
  return unsigned_value(v.subspan(3), false, odd);
}

snmp_value any_value(const ber_value& v, snmp_oddities& odd) {
  switch (v.tag) {
    case snmp_integer:
      return signed_value(v.value, odd);
    case snmp_counter32:
    case snmp_gauge32:
    case snmp_time_ticks:
    case unsigned32:
      return unsigned_value(v.value, true, odd);
    case snmp_counter64:
      return unsigned_value(v.value, false, odd);
    case opaque:
      return opaque_value(v.value, odd);
    default:
      return {sort::useless};
  }
}

snmp_value value_of(const ber_value& v, const snmp_object& of, snmp_oddities& odd) {
  if (v.tag == tag_null || v.tag == no_such_object || v.tag == no_such_instance || v.tag == end_of_mib_view)
    return {sort::missing};
  if (v.tag != of.type) odd |= snmp_oddity::value_type;
  if (of.type == snmp_text) {
    if (v.tag != snmp_text) return {sort::useless};
    return {sort::text, stable_hash(text_of(v.value))};
  }
  const snmp_value value = any_value(v, odd);
  if (value.what != sort::number || (value.number >= of.least && value.number <= of.greatest)) return value;
  odd |= snmp_oddity::meaningless;
  return {sort::useless};
}

/** The same object, even where an agent pads the parts of its name. */
bool same_name(bytes theirs, bytes ours) {
  std::size_t k = 0;
  bool begins = true;
  for (const std::uint8_t b : theirs) {
    if (begins && b == 0x80) continue;
    if (k == ours.size() || b != ours[k++]) return false;
    begins = (b & 0x80U) == 0;
  }
  return k == ours.size();
}

/** Where an object stands in the question; first where it is expected. */
std::size_t place_of(bytes name, std::span<const snmp_object> asked, std::size_t expected, snmp_oddities& odd) {
  const auto is = [&](std::size_t i) { return std::ranges::equal(name, asked[i].name); };
  if (expected < asked.size() && is(expected)) return expected;
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (is(i)) return i;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!same_name(name, asked[i].name)) continue;
    odd |= snmp_oddity::name;
    return i;
  }
  return asked.size();
}

struct binding {
  bytes name;
  ber_value value;
};

/** The next binding; the cursor goes on behind it, or to the end of the list where that is not known. */
std::optional<binding> next_binding(ber_cursor& list, snmp_oddities& odd) {
  const auto head = list.head();
  if (!head || head->tag != tag_sequence) {
    odd |= snmp_oddity::unreadable;
    list = ber_cursor({});
    return std::nullopt;
  }
  if (head->endless) odd |= snmp_oddity::endless;
  if (head->length > list.left()) odd |= snmp_oddity::unreadable;
  ber_cursor start = list;
  ber_cursor in = list.inside(*head);
  const auto name = in.primitive();
  const auto value = name ? in.any() : std::nullopt;
  if (!name || name->tag != tag_name || !value) {
    odd |= snmp_oddity::unreadable;
    return std::nullopt;
  }
  if (head->endless) {
    in.skip_end_of_contents();
    start.go_to(in);
    list = start;
  } else if (!in.done()) {
    odd |= snmp_oddity::trailing;
  }
  return binding{name->value, *value};
}

void read_bindings(ber_cursor list, bool endless, std::span<const snmp_object> asked, snmp_answer& out) {
  std::size_t next = 0;
  for (std::size_t seen = 0; !list.done(); ++seen) {
    if (endless) {
      const std::size_t before = list.at();
      list.skip_end_of_contents();
      if (list.at() != before) return;
    }
    if (seen == asked.size() + most_others) {
      out.odd |= snmp_oddity::other_object;
      return;
    }
    const auto b = next_binding(list, out.odd);
    if (!b) continue;
    const std::size_t at = place_of(b->name, asked, next, out.odd);
    if (at == asked.size()) {
      out.odd |= snmp_oddity::other_object;
      continue;
    }
    snmp_value& place = out.values[at];
    if (place.what != sort::absent)
      out.odd |= snmp_oddity::repeated;
    else if (at < next)
      out.odd |= snmp_oddity::order;
    next = at + 1;
    if (place.what != sort::absent && place.what != sort::missing) continue;
    snmp_oddities unsaid;
    place = value_of(b->value, asked[at], asked[at].extra ? unsaid : out.odd);
  }
}

}  // namespace

void read_snmp_answer(bytes pdu, std::span<const snmp_object> asked, snmp_answer& out) {
  out.error_status = out.error_index = 0;
  std::fill_n(out.values.begin(), asked.size(), snmp_value{});
  ber_cursor in(pdu);
  const auto unreadable = [&out] { out.odd |= snmp_oddity::unreadable; };
  if (!read_field(in, out.error_status, out.odd) || !read_field(in, out.error_index, out.odd)) return unreadable();
  const auto list = in.head();
  if (!list || list->tag != tag_sequence) return unreadable();
  if (list->endless) out.odd |= snmp_oddity::endless;
  if (list->length > in.left()) unreadable();
  const ber_cursor bindings = in.inside(*list);
  if (!in.done()) out.odd |= snmp_oddity::trailing;
  read_bindings(bindings, list->endless, asked, out);
}

std::vector<bytes> snmp_names(bytes message) {
  std::vector<bytes> names;
  const snmp_envelope e = read_snmp_envelope(message);
  ber_cursor in(e.rest);
  static_cast<void>(in.any());  // the two error fields
  static_cast<void>(in.any());
  const auto list = in.head();
  if (!list) return names;
  snmp_oddities odd;
  for (ber_cursor bindings = in.inside(*list); !bindings.done();)
    if (const auto b = next_binding(bindings, odd)) names.push_back(b->name);
  return names;
}

}  // namespace changtong::wire
