#include "collectors/wire/trap.h"

#include <fmt/format.h>

#include <algorithm>

#include "collectors/wire/ber.h"
#include "collectors/wire/snmp_rows.h"
#include "daemon/core/device_profile.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_sequence = 0x30;
constexpr std::size_t most_arcs = 64;
constexpr std::string_view up_time = "1.3.6.1.2.1.1.3.0", trap_oid = "1.3.6.1.6.3.1.1.4.1.0";
constexpr std::int64_t enterprise_specific = 6;

std::optional<std::int64_t> read_integer(ber_cursor& from) {
  const auto v = from.primitive();
  const auto number = v ? signed_of(v->value) : std::nullopt;
  if (!number) return std::nullopt;
  return number->value;
}

/** Of 32 bits without a sign, in as many bytes as its sender liked. */
std::optional<std::uint32_t> unsigned_32(bytes v) {
  if (v.empty()) return std::nullopt;
  while (v.size() > 1 && v[0] == 0) v = v.subspan(1);
  if (v.size() > 4) return std::nullopt;
  std::uint32_t x = 0;
  for (const std::uint8_t b : v) x = x << 8U | b;
  return x;
}

/** Adds what can be read of the list; of v2 and v3 the first two tell what it is about. */
void read_bindings(ber_cursor& in, trap_message& t) {
  const auto list = in.head();
  if (!list || list->tag != tag_sequence) {
    ++t.left_out;
    return;
  }
  for (ber_cursor all = in.inside(*list); !all.done();) {
    const auto head = all.head();
    if (!head || head->tag != tag_sequence || head->endless) {
      t.left_out += head && head->tag == 0 ? 0 : 1;  // an endless list ends with a zero
      return;
    }
    ber_cursor one = all.inside(*head);
    const auto name = one.primitive();
    const auto value = name ? one.any() : std::nullopt;
    if (!value || name->tag != snmp_object_name) {
      ++t.left_out;
      continue;
    }
    const auto object = dotted(name->value);
    if (object == up_time && !t.uptime) {
      t.uptime = unsigned_32(value->value);
    } else if (object == trap_oid && t.trap.empty() && value->tag == snmp_object_name) {
      t.trap = dotted(value->value).value_or("");
    } else if (t.count < trap_message::most_bindings) {
      t.bindings.at(t.count++) = {name->value, value->tag, value->value};
    } else {
      ++t.left_out;
    }
  }
}

/** RFC 3584 3.1: the generic ones have identifiers of their own, another is its enterprise's. */
bool read_v1(ber_cursor& in, trap_message& t) {
  const auto enterprise = in.primitive();
  if (!enterprise || enterprise->tag != snmp_object_name || !in.primitive())
    return false;  // the address is the proxy's word
  const auto generic = read_integer(in), specific = read_integer(in);
  const auto ticks = in.primitive();
  const auto whose = dotted(enterprise->value);
  if (!generic || !specific || !ticks || *generic < 0) return false;
  t.uptime = unsigned_32(ticks->value);
  read_bindings(in, t);
  if (*generic < enterprise_specific)
    t.trap = fmt::format("1.3.6.1.6.3.1.1.5.{}", *generic + 1);
  else if (whose && *specific >= 0 && *specific <= 0xffffffff)
    t.trap = fmt::format("{}.0.{}", *whose, *specific);
  return !t.trap.empty();
}

bool read_v2(ber_cursor& in, trap_message& t) {
  const auto id = read_integer(in);
  if (!id || !read_integer(in) || !read_integer(in)) return false;
  t.request_id = *id;
  read_bindings(in, t);
  return !t.trap.empty();
}

}  // namespace

std::optional<std::string> dotted(bytes name) {
  const auto parts = read_object_name(name);
  if (!parts || parts->size() > most_arcs) return std::nullopt;
  return object_text(*parts);
}

std::optional<trap_envelope> read_trap_envelope(bytes message) {
  ber_cursor all(message);
  const auto outer = all.head();
  if (!outer || outer->tag != tag_sequence || (!outer->endless && outer->length > all.left())) return std::nullopt;
  ber_cursor in = all.inside(*outer);
  trap_envelope e;
  e.end = all.at();
  const auto version = read_integer(in);
  if (!version) return std::nullopt;
  e.version = *version;
  if (e.version == 3) return e;
  const auto community = in.primitive();
  if (!community || e.version < 0 || e.version > 1) return std::nullopt;
  e.community = text_of(community->value);
  e.pdu_at = in.at();
  e.pdu = message.subspan(in.at(), in.left());
  return e;
}

std::optional<trap_message> read_trap(bytes pdu) {
  ber_cursor all(pdu);
  const auto head = all.head();
  if (!head || (head->tag != snmp_trap_v1 && head->tag != snmp_inform && head->tag != snmp_trap)) return std::nullopt;
  trap_message t;
  t.pdu = head->tag;
  ber_cursor in = all.inside(*head);
  if (!(t.pdu == snmp_trap_v1 ? read_v1(in, t) : read_v2(in, t))) return std::nullopt;
  return t;
}

std::vector<std::uint8_t> inform_answer(bytes message, const trap_envelope& e) {
  std::vector<std::uint8_t> out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(e.end));
  out.at(e.pdu_at) = 0xa2;
  return out;
}

}  // namespace changtong::wire
