#include "daemon/centre/live_view.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/centre/newest_states.h"
#include "daemon/core/json.h"

namespace changtong::centre {
namespace {

/** Whether what says so at `clock` comes after what was kept. What was kept by a clock of the centre that was set back
 * since holds nothing up. */
bool comes_after(wall_t clock, const std::optional<wall_t>& kept, wall_t now) {
  return clock <= now + most_ahead && (!kept || clock >= *kept || *kept > now + most_ahead);
}

std::string to_json(const live_line& l, bool heard, const civil_zone& zone) {
  return json_object()
      .add("target", l.target)
      .add("name", l.name)
      .add("category", l.category)
      .add("town", l.town)
      .add("state", name_of(heard ? l.state : line_state::unknown))
      .add("last_state", name_of(l.state))
      .add("since", zone.format(l.since))
      .add("cause", name_of(l.why))
      .text();
}

}  // namespace

live_view::live_view(std::vector<std::string> nodes) {
  for (std::string& name : nodes) nodes_.emplace_back().node = std::move(name);
}

live_view::known* live_view::find(const std::string& node) {
  const auto at = std::ranges::find(nodes_, node, &known::node);
  return at == nodes_.end() ? nullptr : &*at;
}

void live_view::take(const std::string& node, const beat& b, wall_t now) {
  const holding lock(mutex_);
  known* const k = find(node);
  if (k == nullptr) return;
  const auto kept = k->last_beat ? std::optional(k->last_beat->clock) : std::nullopt;
  if (!comes_after(b.clock, kept, now) || b.heartbeat > now + most_ahead) return;
  k->heard = now;
  k->last_beat = b;
}

void live_view::take(const std::string& node, live_sheet s, wall_t now) {
  const holding lock(mutex_);
  known* const k = find(node);
  if (k == nullptr) return;
  if (!comes_after(s.clock, k->sheet ? std::optional(k->counts.clock) : std::nullopt, now)) return;
  k->heard = now;
  // A change is worth something only to who has the whole.
  if (!s.whole && !k->sheet) return;
  if (s.whole) k->lines.clear();
  for (live_line& l : s.lines) {
    if (l.state == line_state::up)
      k->lines.erase(l.target);
    else if (k->lines.contains(l.target) || k->lines.size() < most_live_lines)
      k->lines[l.target] = std::move(l);
  }
  s.lines.clear();
  s.left_out = std::max<std::int64_t>(0, s.down + s.unknown - static_cast<std::int64_t>(k->lines.size()));
  k->sheet = now;
  k->counts = std::move(s);
}

std::string live_view::to_json(const known& k, const civil_zone& zone, wall_t now) {
  json_object o;
  const auto instant = [&](std::string_view key, const std::optional<wall_t>& at) {
    at ? o.add(key, zone.format(*at)) : o.add_null(key);
  };
  const auto number = [&](std::string_view key, bool known, std::int64_t n) {
    known ? o.add(key, n) : o.add_null(key);
  };
  const std::optional<wall_t> beaten = k.last_beat ? k.last_beat->heartbeat : std::nullopt;
  o.add("node", k.node);
  instant("heard", k.heard);
  instant("heartbeat", beaten);
  number("lag_ms", beaten.has_value(), beaten ? std::max<std::int64_t>(0, (now - *beaten).count()) : 0);
  number("entries", k.last_beat.has_value(), k.last_beat ? k.last_beat->head.seq : 0);
  instant("sheet", k.sheet);
  const live_sheet& c = k.counts;
  const bool lately = k.sheet && now - *k.sheet <= heard_lately && *k.sheet <= now + most_ahead;
  number("up", lately, c.up);
  number("down", lately, c.down);
  number("unknown", k.sheet.has_value(), lately ? c.unknown : c.up + c.down + c.unknown);
  number("left_out", k.sheet.has_value(), c.left_out);
  std::vector<const live_line*> sorted;
  for (const auto& [id, line] : k.lines) sorted.push_back(&line);
  std::ranges::sort(sorted, {}, [](const live_line* l) { return std::tie(l->since, l->target); });
  json_array lines;
  for (const live_line* l : sorted) lines.add_raw(centre::to_json(*l, lately, zone));
  return o.add_raw("lines", lines.text()).text();
}

std::string live_view::to_json(const civil_zone& zone, wall_t now) const {
  json_array list;
  const holding lock(mutex_);
  for (const known& k : nodes_) list.add_raw(to_json(k, zone, now));
  return json_object().add("at", zone.format(now)).add_raw("nodes", list.text()).text();
}

}  // namespace changtong::centre
