#include "daemon/centre/live_text.h"

#include "daemon/core/json.h"
#include "daemon/core/line_state_named.h"
#include "daemon/core/utf8.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/read_open.h"

namespace changtong::centre {
namespace {

namespace json = boost::json;
using ledger::count_in, ledger::instant_at;

constexpr std::size_t most_beat_bytes = 1024, most_sheet_bytes = 4 << 20;

std::string words_in(const json::object& o, std::string_view key) {
  return std::string(shortened(std::string_view(o.at(key).as_string()), most_live_text));
}

live_line line_in(const json::object& o) {
  return {.target = words_in(o, "target"),
          .name = words_in(o, "name"),
          .category = words_in(o, "category"),
          .town = words_in(o, "town"),
          .state = line_state_named(std::string_view(o.at("state").as_string())),
          .since = instant_at(o, "since"),
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
  return ledger::read_open(text, most_beat_bytes, [](const json::object& o) {
    beat b{.clock = instant_at(o, "clock"),
           .heartbeat = {},
           .head = {.seq = count_in(o, "seq"), .hash = ledger::digest_at(o, "hash")}};
    if (!o.at("heartbeat").is_null()) b.heartbeat = instant_at(o, "heartbeat");
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
  return ledger::read_open(text, most_sheet_bytes, [](const json::object& o) {
    live_sheet s{.clock = instant_at(o, "clock"),
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
