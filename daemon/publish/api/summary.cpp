#include "daemon/publish/api/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "daemon/core/log.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/health.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

void count(state_counts& to, const line_view& v) {
  ++to.total;
  switch (v.shown_state()) {
    case line_state::up:
      ++(v.degraded.load(std::memory_order_relaxed) ? to.degraded : to.up);
      break;
    case line_state::down:
      ++to.down;
      break;
    case line_state::unknown:
      ++to.unknown;
      break;
  }
}

open_outage to_outage(const inventory& inv, const target& t, const line_view& v, const open_outages::by_target& books) {
  open_outage out;
  out.id = t.id;
  out.name = t.name;
  out.category = inv.category_name(t.category);
  out.town = t.town;
  out.carrier = t.carrier;
  out.began = wall_from_ms(v.outage_began_ms.load(std::memory_order_relaxed));
  out.why = v.outage_why.load(std::memory_order_relaxed);
  out.seen_now = v.shown_state() == line_state::down;
  out.unrecorded = v.unrecorded.load(std::memory_order_relaxed);
  const auto written = books.find(t.id);
  if (written == books.end()) return out;
  out.began = written->second.began;
  out.why = written->second.why;
  out.found = written->second.found;
  out.upstream = written->second.upstream;
  if (const target* parent = out.upstream.empty() ? nullptr : inv.find(out.upstream)) out.upstream_name = parent->name;
  return out;
}

/** In the inventory's display order; categories that a target names but nobody declared come last. */
std::vector<category_summary> empty_categories(const inventory& inv) {
  std::vector<category_summary> out;
  for (const category& c : inv.categories) out.push_back({c.id, c.name, {}, {}});
  for (const target& t : inv.targets) {
    const auto same = [&](const category_summary& c) { return c.id == t.category; };
    if (t.kind != target_kind::anchor && std::ranges::none_of(out, same))
      out.push_back({t.category, t.category, {}, {}});
  }
  return out;
}

void count_targets(summary& s, const board& now, const open_outages::by_target& books) {
  std::unordered_map<std::string_view, category_summary*> by_id;
  for (category_summary& c : s.categories) by_id[c.id] = &c;
  const inventory& inv = *now.districts;
  for (target_index i = 0; i < now.lines.size(); ++i) {
    const target& t = inv.targets[i];
    if (t.kind == target_kind::anchor) continue;
    const line_view& v = now.lines[i];
    if (!v.in_scope()) continue;
    count(by_id[t.category]->count, v);
    if (t.kind == target_kind::line)
      for (state_counts* to : {&s.lines.count, &s.towns[t.town], &s.carriers[t.carrier]}) count(*to, v);
    if (v.shows_outage()) s.outages.push_back(to_outage(inv, t, v, books));
  }
}

/** Truncated, never rounded up: 100 % only where it is exactly that. */
std::string percent_text(std::optional<double> ratio) {
  if (!ratio) return "—";
  constexpr double steps = 1e7;                             // five decimals of a percentage
  const double almost = std::floor(*ratio * steps + 1e-4);  // 0.99 is a little less than 0.99
  return fmt::format("{:.5f} %", (*ratio < 1 ? std::min(almost, steps - 1) : steps) / 1e5);
}

void add_counts(json_object& to, const state_counts& count) {
  const auto number = [&](std::string_view key, std::size_t n) { to.add(key, static_cast<std::int64_t>(n)); };
  number("lines", count.total);
  number("up", count.up);
  number("down", count.down);
  number("degraded", count.degraded);
  number("unknown", count.unknown);
}

std::string groups_json(const std::map<std::string, state_counts>& groups) {
  json_array out;
  for (const auto& [name, count] : groups) {
    json_object one;
    add_counts(one.add("name", name), count);
    out.add_raw(one.text());
  }
  return out.text();
}

std::string counts_json(json_object& to, const category_summary& c) {
  add_counts(to, c.count);
  if (!c.today) {
    to.add_null("today");
    return to.text();
  }
  const auto figures = availability::compute(*c.today, true);
  json_object day;
  add_ratio(day, "availability", figures.availability);
  add_ratio(day, "lower", figures.lower);
  add_ratio(day, "upper", figures.upper);
  add_ratio(day, "coverage", figures.coverage);
  day.add("formula", figures.formula).add("outages", c.today->outages);
  day.add("text", c.ratio_text()).add("bounds_text", c.bounds_text());
  return to.add_raw("today", day.text()).text();
}

std::string outage_json(const open_outage& o, wall_t now, const civil_zone& zone) {
  json_object out;
  out.add("id", o.id).add("name", o.name).add("category", o.category).add("town", o.town).add("carrier", o.carrier);
  add_instant(out, "began", o.began, zone);
  const milliseconds length = now > o.began ? now - o.began : milliseconds{0};
  out.add("began_text", zone.format_short(o.began));
  out.add("duration_s", static_cast<double>(length.count()) / 1e3).add("duration_text", duration_text(length));
  out.add("cause", name_of(o.why)).add("found", name_of(o.found)).add("cause_text", o.cause_text());
  out.add("upstream", o.upstream).add("upstream_name", o.upstream_name).add_bool("unrecorded", o.unrecorded);
  out.add_bool("seen_now", o.seen_now);
  return out.text();
}

/** Before the first figures they are nobody's. */
std::optional<pair_standing> standing_of(const context& from, const today_figures* today) {
  const peer_tallies* t = from.from.peer;
  if (t == nullptr) return std::nullopt;
  pair_standing p;
  p.view.of = shown_view::kind::own;
  p.view.why = phrase{"今日的数尚未算出", "today is not computed yet"};
  if (today != nullptr) p.view = today->view, p.as_of = today->cut;
  p.shipped = wall_from_ms(t->shipped_ms.load(std::memory_order_relaxed));
  p.received = wall_from_ms(t->received_ms.load(std::memory_order_relaxed));
  p.unshipped = t->unshipped.load(std::memory_order_relaxed);
  if (p.shipped > wall_from_ms(0)) p.offset = milliseconds{t->clock_offset_ms.load(std::memory_order_relaxed)};
  p.begun_anew = wall_from_ms(t->begun_anew_ms.load(std::memory_order_relaxed));
  p.left_out = t->left_out.load(std::memory_order_relaxed);
  p.forked = t->ours_forked.load(std::memory_order_relaxed) || t->theirs_forked.load(std::memory_order_relaxed);
  return p;
}

std::string pair_json(const pair_standing& p, const civil_zone& zone) {
  json_object out;
  p.view.name(out);
  add_instant(out, "as_of", p.as_of, zone);
  add_instant(out, "shipped", p.shipped, zone);
  add_instant(out, "received", p.received, zone);
  out.add("unshipped", p.unshipped);
  if (p.offset)
    out.add("clock_offset_s", static_cast<double>(p.offset->count()) / 1e3);
  else
    out.add_null("clock_offset_s");
  add_instant(out, "begun_anew", p.begun_anew, zone);
  return out.add("left_out", static_cast<std::int64_t>(p.left_out)).add_bool("forked", p.forked).text();
}

}  // namespace

std::shared_ptr<const open_outages::by_target> open_outages::get() {
  constexpr std::size_t most = 5'000;
  const holding lock(mutex_);
  const wall_t now = now_();
  if (now - read_at_ < milliseconds{2'000} && now >= read_at_) return last_;
  read_at_ = now;
  try {
    const auto reader = readers_.borrow();
    if (!reader) return last_;
    auto fresh = std::make_shared<by_target>();
    for (auto& o : (*reader)->outages({now - milliseconds{1'000}, now + milliseconds{1'000}}, {}, most)) {
      if (o.ended == wall_max) fresh->insert_or_assign(o.target, std::move(o));
    }
    last_ = std::move(fresh);
  } catch (const std::runtime_error& e) {  // damaged: the board is right all the same
    log::warn("open outages: {}", e.what());
  }
  return last_;
}

std::string open_outage::cause_text() const {
  std::string out(chinese(why));
  if (found == cause::none) return out;
  out += " · ";
  out += chinese(found);
  if (!upstream.empty()) out += "（" + (upstream_name.empty() ? upstream : upstream_name) + "）";
  return out;
}

std::string category_summary::ratio_text() const { return today ? availability::chinese_ratio(*today) : "—"; }

std::string category_summary::bounds_text() const {
  if (!today) return {};
  const auto figures = availability::compute(*today, true);
  const std::string coverage = "覆盖 " + percent_text(figures.coverage);
  // With no outage seen, the ratio's own text has the lower bound, and the upper one would read 100 %: not for figures.
  if (today->down == milliseconds{0}) return coverage;
  return fmt::format("下限 {} · 上限 {} · {}", percent_text(figures.lower), percent_text(figures.upper), coverage);
}

summary summarize(context& from) {
  constexpr std::size_t shown = 200;
  summary s;
  s.now = from.from.now();
  s.started = from.from.started;
  s.version = from.from.version;
  s.heartbeat = wall_from_ms(from.from.tallies->heartbeat_ms.load(std::memory_order_relaxed));
  s.remarks = remarks_on_ledger(from);
  s.lines.name = "全部专线";
  const auto now = from.from.boards->get();
  if (!now) return s;
  s.categories = empty_categories(*now->districts);
  count_targets(s, *now, *from.open.get());
  std::erase_if(s.categories, [](const category_summary& c) { return c.count.total == 0; });
  s.outages_open = s.outages.size();
  std::ranges::sort(s.outages,
                    [](const auto& a, const auto& b) { return std::tie(b.began, a.id) < std::tie(a.began, b.id); });
  if (s.outages.size() > shown) s.outages.resize(shown);
  const auto today = from.figures.get();
  s.pair = standing_of(from, today.get());
  if (!today) return s;
  s.day = today->day;
  s.lines.today = today->lines.scope ? std::optional(today->lines) : std::nullopt;
  for (category_summary& c : s.categories) {
    const auto sums = today->by_category.find(c.id);
    if (sums != today->by_category.end() && sums->second.scope) c.today = sums->second;
  }
  return s;
}

std::string to_json(const summary& s, const civil_zone& zone) {
  json_object out;
  add_instant(out, "now", s.now, zone);
  out.add("now_text", zone.format_short(s.now)).add("version", s.version);
  add_instant(out, "started", s.started, zone);
  add_instant(out, "heartbeat", s.heartbeat, zone);
  if (s.heartbeat > wall_from_ms(0))
    out.add("heartbeat_age_s", static_cast<double>(s.heartbeat_age().count()) / 1e3);
  else
    out.add_null("heartbeat_age_s");
  out.add_bool("stale", s.stale());
  add_instant(out, "today_from", s.day ? s.day->from : wall_min, zone);
  add_instant(out, "today_to", s.day ? s.day->to : wall_min, zone);
  json_array categories;
  for (const category_summary& c : s.categories) {
    json_object one;
    one.add("id", c.id).add("name", c.name);
    categories.add_raw(counts_json(one, c));
  }
  out.add_raw("categories", categories.text());
  json_object total;
  out.add_raw("total", counts_json(total, s.lines));
  out.add_raw("towns", groups_json(s.towns)).add_raw("carriers", groups_json(s.carriers));
  json_array outages;
  for (const open_outage& o : s.outages) outages.add_raw(outage_json(o, s.now, zone));
  out.add_raw("outages", outages.text()).add("outages_open", static_cast<std::int64_t>(s.outages_open));
  out.add_raw("ledger_remarks", to_json(s.remarks));
  if (s.pair) out.add_raw("pair", pair_json(*s.pair, zone));
  return out.text();
}

std::string duration_text(milliseconds length) {
  const auto total = length.count() / 1'000;
  const auto days = total / 86'400;
  const auto hours = total / 3'600 % 24;
  const auto minutes = total / 60 % 60;
  if (days > 0) return fmt::format("{} 天 {:02}:{:02}:{:02}", days, hours, minutes, total % 60);
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
  return fmt::format("{}:{:02}", minutes, total % 60);
}

std::vector<route> summary_routes() {
  const auto show_summary = [](context& from, const question&) {
    return json_answer(to_json(summarize(from), from.from.zone()));
  };
  return {
      {.path = "/api/v1/summary", .summary = "全网一览", .answer = "Summary", .function = show_summary},
  };
}

}  // namespace changtong::api
