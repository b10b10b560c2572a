// What a trap's bindings say, for people.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "collectors/wire/ber.h"
#include "collectors/wire/trap.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_integer = 0x02, tag_text = 0x04, tag_null = 0x05, tag_name = 0x06, ip = 0x40;
constexpr std::size_t most_hex = 16;

struct known_object {
  std::string_view oid, name;
};
/** The objects that traps name; an instance follows. */
constexpr std::array<known_object, 24> known{{{"1.3.6.1.2.1.2.2.1.1", "ifIndex"},
                                              {"1.3.6.1.2.1.2.2.1.2", "ifDescr"},
                                              {"1.3.6.1.2.1.2.2.1.3", "ifType"},
                                              {"1.3.6.1.2.1.2.2.1.7", "ifAdminStatus"},
                                              {"1.3.6.1.2.1.2.2.1.8", "ifOperStatus"},
                                              {"1.3.6.1.2.1.31.1.1.1.1", "ifName"},
                                              {"1.3.6.1.2.1.31.1.1.1.18", "ifAlias"},
                                              {"1.3.6.1.2.1.1.5", "sysName"},
                                              {"1.3.6.1.2.1.14.10.1.1", "ospfNbrIpAddr"},
                                              {"1.3.6.1.2.1.14.10.1.3", "ospfNbrRtrId"},
                                              {"1.3.6.1.2.1.14.10.1.6", "ospfNbrState"},
                                              {"1.3.6.1.2.1.15.3.1.2", "bgpPeerState"},
                                              {"1.3.6.1.2.1.15.3.1.7", "bgpPeerRemoteAddr"},
                                              {"1.3.6.1.2.1.15.3.1.14", "bgpPeerLastError"},
                                              {"1.3.6.1.2.1.33.1.2.3", "upsEstimatedMinutesRemaining"},
                                              {"1.3.6.1.2.1.33.1.2.2", "upsSecondsOnBattery"},
                                              {"1.3.6.1.2.1.47.1.1.1.1.2", "entPhysicalDescr"},
                                              {"1.3.6.1.2.1.47.1.1.1.1.7", "entPhysicalName"},
                                              {"1.3.6.1.2.1.158.1.6.1.4", "dot3OamEventLogType"},
                                              {"1.3.6.1.4.1.2011.5.25.219.1.1", "hwEntityPhysicalIndex"},
                                              {"1.3.6.1.6.3.1.1.4.3", "snmpTrapEnterprise"},
                                              {"1.3.6.1.6.3.18.1.3", "snmpTrapAddress"},
                                              {"1.3.6.1.6.3.18.1.4", ""},  // the community
                                              {"1.3.6.1.2.1.10.166.11.1.2.2.1.1", "mplsL3VpnVrfName"}}};

bool is_of(std::string_view oid, std::string_view object) {
  return oid.starts_with(object) && (oid.size() == object.size() || oid[object.size()] == '.');
}

std::string hex_of(bytes v) {
  return fmt::format("0x{:02x}{}", fmt::join(v.first(std::min(v.size(), most_hex)), ""),
                     v.size() > most_hex ? "…" : "");
}

/** Text as it is if everybody sees it as it is; blanks around it and the zero behind it are the device's habit. */
std::string shown_text(bytes v) {
  std::string_view text = text_of(v);
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty()) return "\"\"";
  if (first_odd(text)) return hex_of(v);
  return std::string(text);
}

std::string_view status_word(std::int64_t n) {
  constexpr std::array<std::string_view, 8> words{"",        "up",      "down",       "testing",
                                                  "unknown", "dormant", "notPresent", "lowerLayerDown"};
  return n > 0 && n < static_cast<std::int64_t>(words.size()) ? words.at(static_cast<std::size_t>(n)) : "";
}

std::string value_of(const trap_binding& b, std::string_view name) {
  if (b.type == tag_text) return shown_text(b.value);
  if (b.type == tag_name) return dotted(b.value).value_or(hex_of(b.value));
  if (b.type == ip && b.value.size() == 4)
    return fmt::format("{}.{}.{}.{}", b.value[0], b.value[1], b.value[2], b.value[3]);
  if (b.type == tag_null || b.value.empty()) return "null";
  const bool is_number = b.type == tag_integer || (b.type >= 0x41 && b.type <= 0x47 && b.type != 0x44);
  const auto n = is_number ? signed_of(b.value) : std::nullopt;
  if (!n) return hex_of(b.value);
  const std::string_view word = name.ends_with("Status") ? status_word(n->value) : "";
  return word.empty() ? std::to_string(n->value) : std::string(word);
}

/** At most `most` bytes, whole characters. */
void cut(std::string& text, std::size_t most) {
  constexpr std::string_view more = "…";
  if (text.size() <= most) return;
  text.resize(whole_characters(text, most - more.size()));
  text += more;
}

}  // namespace

std::string trap_text(const trap_message& t, std::size_t most) {
  std::string out;
  for (std::size_t k = 0; k < t.count && out.size() <= most; ++k) {
    const trap_binding& b = t.bindings.at(k);
    const std::string oid = dotted(b.name).value_or(hex_of(b.name));
    const auto at = std::ranges::find_if(known, [&](const known_object& o) { return is_of(oid, o.oid); });
    const std::string_view name = at == known.end() ? std::string_view(oid) : at->name;
    if (!name.empty())
      fmt::format_to(std::back_inserter(out), "{}{}={}", out.empty() ? "" : " ", name, value_of(b, name));
  }
  if (t.left_out > 0 && out.size() <= most) out += out.empty() ? "…" : " …";
  cut(out, most);
  return out;
}

std::optional<std::int64_t> trap_number(const trap_message& t, std::string_view object) {
  for (std::size_t k = 0; k < t.count; ++k) {
    const trap_binding& b = t.bindings.at(k);
    const auto oid = dotted(b.name);
    if (!oid || !is_of(*oid, object)) continue;
    if (const auto n = signed_of(b.value)) return n->value;
  }
  return std::nullopt;
}

}  // namespace changtong::wire
