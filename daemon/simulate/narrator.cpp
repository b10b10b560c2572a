#include "daemon/simulate/narrator.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/simulate/site_pages.h"

namespace changtong::simulate {
namespace {

std::string seconds_text(milliseconds m) { return fmt::format("{:.1f} 秒", static_cast<double>(m.count()) / 1000); }

/** How far the booked edge is from the true one. */
milliseconds distance(wall_t a, wall_t b) { return a < b ? b - a : a - b; }

/** After packets have been lost, verdicts on them may still come for this long. */
constexpr milliseconds loss_echo{10'000};

}  // namespace

narrator::narrator(const district& d, civil_zone zone, milliseconds patience)
    : d_(d), zone_(std::move(zone)), patience_(patience) {
  for (const auto& l : d.lines) names_[l.id] = fmt::format("{}({})", l.name, l.id);
  for (const auto& s : d.sites) names_[s.id] = fmt::format("{}({})", s.name, s.id);
}

std::string narrator::clock(wall_t at) const {
  const std::string text = zone_.format_short(at);
  return text.size() > 11 ? text.substr(11) : text;
}

std::string narrator::name_of_target(std::string_view id) const {
  const auto it = names_.find(id);
  return it == names_.end() ? std::string(id) : it->second;
}

std::string narrator::title(const trouble& t) const {
  using enum trouble_kind;
  if (t.site != no_line) return name_of_target(d_.sites[t.site].id);
  if (t.lines.empty()) return "监测程序";
  const district_line& first = d_.lines[t.lines.front()];
  if (t.kind == township_cut) return fmt::format("{}及其下 {} 条", name_of_target(first.id), t.lines.size() - 1);
  if (t.kind == carrier_cut) return fmt::format("{}的 {} 条线路", first.carrier, t.lines.size());
  return name_of_target(first.id);
}

std::string narrator::began(const trouble& t, std::span<const wall_t> edges, wall_t now) {
  using enum trouble_kind;
  under_way u{.what = t, .outages = {}};
  if (is_outage(t.kind)) {
    for (std::size_t n = 0; n < edges.size(); ++n) {
      const std::string& id = t.site != no_line ? d_.sites[t.site].id : d_.lines[t.lines[n]].id;
      u.outages.push_back(reckoning_.outages.size());
      latest_[id] = reckoning_.outages.size();
      caused_outage o;
      o.trouble = t.number;
      o.kind = t.kind;
      o.target = id;
      o.name = name_of_target(id);
      o.began = edges[n];
      reckoning_.outages.push_back(std::move(o));
    }
  }
  if (t.kind == lossy_line) lossy_until_[d_.lines[t.lines.front()].id] = wall_max;
  std::string how;
  if (t.loss > 0) how = fmt::format(" 丢包 {:.0f}%", t.loss * 100);
  if (t.delay.count() > 0) how = fmt::format(" 应答延迟 {}", seconds_text(t.delay));
  if (t.kind == site_error || t.kind == silent_domain) how = fmt::format("({})", failure_of(d_.sites[t.site]));
  const std::string until = t.kind == silent_domain ? "一直如此" : "计划 " + seconds_text(t.lasts);
  std::string text = fmt::format("{} {}  {}  {}{} {}\n", clock(now), is_outage(t.kind) ? "切断" : "扰动", title(t),
                                 chinese(t.kind), how, until);
  under_way_.emplace(t.number, std::move(u));
  return text;
}

std::string narrator::ended(const trouble& t, std::span<const wall_t> edges, wall_t now) {
  const auto it = under_way_.find(t.number);
  if (it == under_way_.end()) return {};
  under_way& u = it->second;
  u.over = true;
  for (std::size_t n = 0; n < u.outages.size() && n < edges.size(); ++n)
    reckoning_.outages[u.outages[n]].ended = edges[n];
  if (t.kind == trouble_kind::lossy_line) lossy_until_[d_.lines[t.lines.front()].id] = now + loss_echo;
  std::string text = fmt::format("{} 恢复  {}  {}结束\n", clock(now), title(t), chinese(t.kind));
  if (u.outages.empty() || u.seen_up == u.outages.size()) under_way_.erase(it);
  return text;
}

std::string narrator::announced(const transition& said, wall_t now) {
  if (said.to == line_state::down) return said.same_outage ? std::string() : went_down(said, now);
  return said.to == line_state::up ? came_up(said, now) : std::string();
}

std::string narrator::went_down(const transition& said, wall_t now) {
  const auto it = latest_.find(said.target);
  caused_outage* o = it == latest_.end() ? nullptr : &reckoning_.outages[it->second];
  // An announcement belongs to the outage that was going on at its first bad sample; `confirmed` may come after the
  // end.
  const bool blamed = o == nullptr || o->kind != trouble_kind::silent_domain || said.why == cause::name_not_found;
  const bool caused = o != nullptr && !o->seen && blamed && said.edge.until + milliseconds{1} >= o->began &&
                      (!o->ended || said.at <= *o->ended + milliseconds{1});
  if (!caused) {
    const auto loss = lossy_until_.find(said.target);
    if (loss != lossy_until_.end() && said.at <= loss->second) {
      ++reckoning_.excused;
      return fmt::format("{} 监测报告 {} 中断：该线路正在丢包，不计误报\n", clock(now), name_of_target(said.target));
    }
    reckoning_.false_alarms.push_back({said, now});
    return fmt::format("{} 误报      {} 并未被切断（{}）\n", clock(now), name_of_target(said.target),
                       chinese(said.why));
  }
  o->down = said;
  o->seen = now;
  const auto u = under_way_.find(o->trouble);
  if (u == under_way_.end() || ++u->second.seen < u->second.outages.size()) return {};
  return all_seen(u->second, now);
}

std::string narrator::came_up(const transition& said, wall_t now) {
  const auto it = latest_.find(said.target);
  if (it == latest_.end()) return {};
  caused_outage& o = reckoning_.outages[it->second];
  if (!o.seen || o.up) return {};  // the first belief, or back from unknown
  o.up = said;
  o.seen_up = now;
  const auto u = under_way_.find(o.trouble);
  if (u == under_way_.end() || ++u->second.seen_up < u->second.outages.size()) return {};
  std::string text = all_seen_up(u->second, now);
  if (u->second.over) under_way_.erase(u);
  return text;
}

std::string narrator::all_seen(const under_way& u, wall_t now) const {
  milliseconds slowest{0}, error{0};
  for (const std::size_t n : u.outages) {
    const caused_outage& o = reckoning_.outages[n];
    slowest = std::max(slowest, *o.seen - o.began);
    error = std::max(error, distance(o.down->at, o.began));
  }
  return fmt::format("{} 监测已发现 {}{} 用时 {}（断线起点误差 {}）\n", clock(now), title(u.what),
                     u.outages.size() > 1 ? "，全部，最慢" : "", seconds_text(slowest), seconds_text(error));
}

std::string narrator::all_seen_up(const under_way& u, wall_t now) const {
  milliseconds slowest{0}, error{0};
  for (const std::size_t n : u.outages) {
    const caused_outage& o = reckoning_.outages[n];
    if (!o.ended || !o.up) continue;
    slowest = std::max(slowest, *o.seen_up - *o.ended);
    error = std::max(error, distance(o.up->at, *o.ended));
  }
  return fmt::format("{} 监测已见恢复 {}{} 用时 {}（恢复点误差 {}）\n", clock(now), title(u.what),
                     u.outages.size() > 1 ? "，全部，最慢" : "", seconds_text(slowest), seconds_text(error));
}

std::string narrator::summary(wall_t now) const {
  const reckoning a = so_far(now);
  if (a.outages.empty()) return {};
  std::string text = fmt::format("{} 小结：已造成中断 {} 次，监测发现 {} 次", clock(now), a.outages.size(), a.seen);
  if (a.pending > 0) text += fmt::format("（{} 次刚发生）", a.pending);
  text += fmt::format("，漏报 {}，误报 {}", a.missed, a.false_alarms.size());
  if (a.median_detection)
    text +=
        fmt::format("；发现用时 中位 {}，最长 {}", seconds_text(*a.median_detection), seconds_text(*a.worst_detection));
  return text + "\n";
}

reckoning narrator::so_far(wall_t now) const {
  reckoning a = reckoning_;
  settle(a, now, patience_);
  return a;
}

std::string write_reckoning(const reckoning& a, const civil_zone& zone) {
  const auto time = [&](wall_t at) { return zone.format(at).substr(11, 12); };
  const auto edge = [&](const std::optional<transition>& t, std::optional<wall_t> truth) -> std::string {
    if (!truth) return "仍在中断";
    if (!t) return fmt::format("{} 账上无", time(*truth));
    return fmt::format("{} 账上 ({}, {}]{}", time(*truth), t->edge.after == wall_min ? "—" : time(t->edge.after),
                       time(t->edge.until), inside(t->edge, *truth) ? "" : " ✗ 不在区间内");
  };
  std::string out = "\n对账：每次中断的真实起止与账上区间\n";
  for (const caused_outage& o : a.outages)
    out += fmt::format("  #{} {}  起 {}  止 {}\n", o.trouble, o.name, edge(o.down, o.began), edge(o.up, o.ended));
  for (const false_alarm& f : a.false_alarms)
    out += fmt::format("  误报 {} {} {}\n", f.said.target, time(f.said.at), chinese(f.said.why));
  out += fmt::format("合计：造成中断 {} 次，发现 {}，漏报 {}，未及判断 {}，恢复未见 {}，误报 {}，丢包期间 {}\n",
                     a.outages.size(), a.seen, a.missed, a.pending, a.unended, a.false_alarms.size(), a.excused);
  out += fmt::format("真实起止落在账上区间内：{} / {}\n", a.edges_inside, a.edges);
  if (a.median_detection)
    out += fmt::format("发现用时：中位 {}，最长 {}\n", seconds_text(*a.median_detection),
                       seconds_text(*a.worst_detection));
  return out;
}

}  // namespace changtong::simulate
