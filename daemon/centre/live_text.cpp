#include "daemon/centre/live_text.h"

#include <algorithm>

#include "daemon/centre/read_open.h"
#include "daemon/core/json.h"
#include "daemon/core/utf8.h"
#include "daemon/host/digest.h"

namespace changtong::centre {
namespace {

namespace json = boost::json;

constexpr std::size_t most_beat_bytes = 1024, most_sheet_bytes = 4 << 20;

std::string words_in(const json::object& o, std::string_view key) {
  return std::string(shortened(std::string_view(o.at(key).as_string()), most_live_text));
}

ledger::digest digest_in(const json::object& o) {
  const auto bytes = host::from_hex(std::string_view(o.at("hash").as_string()));
  ledger::digest d{};
  if (!bytes || bytes->size() != d.size()) throw std::out_of_range("hash");
  std::ranges::copy(*bytes, d.begin());
  return d;
}

line_state state_in(const json::object& o) {
  const std::string_view word = o.at("state").as_string();
  for (const line_state s : {line_state::up, line_state::down})
    if (word == name_of(s)) return s;
  return line_state::unknown;
}

live_line line_in(const json::object& o) {
  return {.target = words_in(o, "target"),
          .name = words_in(o, "name"),
          .category = words_in(o, "category"),
          .town = words_in(o, "town"),
          .state = state_in(o),
          .since = instant_in(o, "since"),
          .why = cause_named(std::string_view(o.at("cause").as_string())).value_or(cause::none)};
}

}  // namespace

std::string text_of(const beat& b) {
  json_object o;
  o.add("clock", ms_of(b.clock));
  b.heartbeat ? o.add("heartbeat", ms_of(*b.heartbeat)) : o.add_null("heartbeat");
  return o.add("seq", b.head.seq).add("hash", host::hex(ledger::bytes_of(b.head.hash))).text();
}

std::optional<beat> read_beat(std::string_view text) {
  return read_open(text, most_beat_bytes, [](const json::object& o) {
    beat b{.clock = instant_in(o, "clock"), .heartbeat = {}, .head = {.seq = count_in(o, "seq"), .hash = digest_in(o)}};
    if (!o.at("heartbeat").is_null()) b.heartbeat = instant_in(o, "heartbeat");
    return b;
  });
}

std::string text_of(const live_sheet& s) {
  json_array lines;
  for (const live_line& l : s.lines)
    lines.add_raw(json_object()
                      .add("target", l.target)
                      .add("name", shortened(l.name, most_live_text))
                      .add("category", l.category)
                      .add("town", shortened(l.town, most_live_text))
                      .add("state", name_of(l.state))
                      .add("since", ms_of(l.since))
                      .add("cause", name_of(l.why))
                      .text());
  return json_object()
      .add("clock", ms_of(s.clock))
      .add_bool("whole", s.whole)
      .add("up", s.up)
      .add("down", s.down)
      .add("unknown", s.unknown)
      .add("left_out", s.left_out)
      .add_raw("lines", lines.text())
      .text();
}

std::optional<live_sheet> read_live_sheet(std::string_view text) {
  return read_open(text, most_sheet_bytes, [](const json::object& o) {
    live_sheet s{.clock = instant_in(o, "clock"),
                 .whole = o.at("whole").as_bool(),
                 .up = count_in(o, "up"),
                 .down = count_in(o, "down"),
                 .unknown = count_in(o, "unknown"),
                 .left_out = count_in(o, "left_out"),
                 .lines = {}};
    const json::array& lines = o.at("lines").as_array();
    if (lines.size() > most_live_lines) throw std::out_of_range("lines");
    for (const json::value& l : lines) s.lines.push_back(line_in(l.as_object()));
    return s;
  });
}

}  // namespace changtong::centre
