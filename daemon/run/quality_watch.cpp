#include "daemon/run/quality_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "daemon/verdict/condition.h"

namespace changtong {

namespace {

constexpr double nobody_knows = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_sets = 255;
constexpr std::size_t hours_of_a_week = 7 * 24;
constexpr std::uint64_t least_visits = 140;  ///< a week's smallest sample that says anything (rules.md 2.3, W1-f)

std::uint16_t bit(std::size_t quality) { return static_cast<std::uint16_t>(1U << quality); }

bool is_beyond(const quality_limit& l, double value) {
  const quality_row& row = row_of(l.of);
  if (row.unit == quality_unit::state) return value > 0;
  return row.least ? value <= l.at : value >= l.at;
}
bool is_back(const quality_limit& l, double value) {
  const quality_row& row = row_of(l.of);
  if (row.unit == quality_unit::state) return value <= 0;
  return row.least ? value > l.clear : value < l.clear;
}

/** The larger of what is known. */
void raise(double& to, double value) {
  if (std::isnan(to) || value > to) to = value;
}
void lower(double& to, double value) {
  if (std::isnan(to) || value < to) to = value;
}

bool fits(const quality_limit& l, const target& t) {
  const auto among = [](const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::ranges::find(all, one) != all.end();
  };
  return among(l.categories, t.category) && among(l.grades, t.grade);
}

/** Whether sites have it at all, or lines. */
bool is_of(quality q, target_kind k) {
  const bool site = q == quality::open_time || q == quality::visits_failed;
  return k == target_kind::site ? site || q == quality::check : !site;
}

/** Each fact's quality, and what one of it is in that quality's unit. */
struct measure {
  fact_name fact;
  quality of;
  double one;
};
constexpr std::array measures{measure{fact_name::burst_loss, quality::loss, 1e-6},
                              measure{fact_name::burst_median_nanoseconds, quality::delay, 1e-6},
                              measure{fact_name::burst_jitter_nanoseconds, quality::jitter, 1e-6},
                              measure{fact_name::optical_receive_power, quality::receive_power, 1e-3},
                              measure{fact_name::interface_in_use, quality::use, 1e-6},
                              measure{fact_name::interface_out_use, quality::use, 1e-6},
                              measure{fact_name::processor_use, quality::processor, 1e-6},
                              measure{fact_name::memory_use, quality::memory, 1e-6},
                              measure{fact_name::temperature, quality::temperature, 1e-3},
                              measure{fact_name::fans_failed, quality::hardware, 1},
                              measure{fact_name::power_supplies_failed, quality::hardware, 1}};

std::string in_words(quality_unit unit, double value) {
  switch (unit) {
    case quality_unit::ratio:
      return fmt::format("{:.3g} %", value * 100);
    case quality_unit::milliseconds:
      return value >= 10'000 ? fmt::format("{:.4g} 秒", value / 1000) : fmt::format("{:.4g} 毫秒", value);
    case quality_unit::decibels:
      return fmt::format("{:.4g} dBm", value);
    case quality_unit::celsius:
      return fmt::format("{:.3g} ℃", value);
    case quality_unit::state:
      break;
  }
  return {};
}

}  // namespace

/** Of several interfaces the one that is worst. One that somebody has switched off says nothing. */
void quality_watch::add_facts(values& v, const fact_view& f) {
  if (f.value(fact_name::interface_admin_status).value_or(1) == 2) return;
  if (const auto status = f.value(fact_name::interface_oper_status))
    raise(v[place_of(quality::interface)], *status == 1 ? 0 : 1);
  for (const measure& m : measures)
    if (const auto value = f.value(m.fact))
      (row_of(m.of).least ? lower : raise)(v[place_of(m.of)], static_cast<double>(*value) * m.one);
}

void quality_watch::adopt(const alert_settings& s) {
  all_ = s.degraded ? s.limits : std::vector<quality_limit>{};
  certificate_days_ = s.certificate_days;
  sets_.clear();
  set_of_.clear();
  set_.clear();  // with the next board
}

void quality_watch::repeat() {
  std::ranges::fill(beyond_, std::uint16_t{0});
  certificates_.clear();
}

/** Limits depend on kind, category and grade, of which there are few. */
std::uint8_t quality_watch::limits_of(const target& t) {
  const std::string which = fmt::format("{}\n{}\n{}", static_cast<int>(t.kind), t.category, t.grade);
  if (const auto known = set_of_.find(which); known != set_of_.end()) return known->second;
  limits found{};
  for (const quality_limit& l : all_) {
    const quality_limit*& of = found[place_of(l.of)];
    if (of == nullptr && is_of(l.of, t.kind) && fits(l, t)) of = &l;
  }
  for (const quality_limit*& l : found)
    if (l != nullptr && l->off) l = nullptr;
  const auto same = std::ranges::find(sets_, found);
  const auto number = static_cast<std::size_t>(same - sets_.begin());
  if (same == sets_.end() && sets_.size() < most_sets) sets_.push_back(found);
  return set_of_[which] = static_cast<std::uint8_t>(std::min(number, most_sets - 1));
}

/** Another inventory, or other limits. */
void quality_watch::move_to(const board& b) {
  const std::vector<target>& all = b.districts->targets;
  if (seen_ != b.districts) {
    std::vector<std::uint16_t> beyond(all.size(), 0);
    for (target_index was = 0; was < beyond_.size(); ++was) {
      if (beyond_[was] == 0) continue;
      const auto is = b.districts->index_of(seen_->targets[was].id);
      if (is != no_index) beyond[is] = beyond_[was];
    }
    beyond_ = std::move(beyond);
    seen_ = b.districts;
    set_.clear();
    courses_.clear();  // by the places of before; what is beyond begins one anew
  }
  if (set_.size() == all.size()) return;
  set_.clear();
  set_.reserve(all.size());
  for (const target& t : all) set_.push_back(limits_of(t));
}

quality_watch::values quality_watch::values_of(const board& b, target_index t, std::span<const fact_view> facts) const {
  values v;
  v.fill(nobody_knows);
  const line_view& line = b.lines[t];
  const auto set = [&](quality q, float value, double scale) {
    if (value >= 0) v[place_of(q)] = static_cast<double>(value) * scale;
  };
  set(quality::loss, line.loss_ratio.load(std::memory_order_relaxed), 1);
  set(quality::delay, line.mean_rtt_seconds.load(std::memory_order_relaxed), 1000);
  // A device that gives no data may be asked with a wrong word: that is told, not that one kind of question is
  // filtered.
  const bool dataless = line.dataless.load(std::memory_order_relaxed);
  v[place_of(quality::data)] = dataless ? 1 : 0;
  v[place_of(quality::check)] = line.unwell.load(std::memory_order_relaxed) ? 1 : 0;
  v[place_of(quality::filter)] = line.filtered.load(std::memory_order_relaxed) && !dataless ? 1 : 0;
  for (const fact_view& f : facts) add_facts(v, f);
  if (b.districts->targets[t].kind != target_kind::site) return v;
  const auto site = std::ranges::lower_bound(b.sites, t, {}, &site_view::target);
  if (site == b.sites.end() || site->target != t) return v;
  set(quality::open_time, site->open_seconds.load(std::memory_order_relaxed), 1000);
  if (const auto w = weeks_.find(b.districts->targets[t].id); w != weeks_.end()) {
    std::uint64_t good = 0, failed = 0;
    for (const week::hour& h : w->second.hours) {
      good += h.good;
      failed += h.failed;
    }
    if (good + failed >= least_visits)
      v[place_of(quality::visits_failed)] = static_cast<double>(failed) / static_cast<double>(good + failed);
  }
  return v;
}

/** Loss is of the last samples, delay is smoothed: both stay beyond their limit for a while after the last bad sample.
 * Loss rises with a bad one alone; where it stays as it is for longer than its samples take, bad ones come and leave.
 */
void quality_watch::note_bad(const board& b, target_index t, const quality_limit& l, double value, wall_t now) {
  const line_view& line = b.lines[t];
  const auto [at, is_new] = courses_.try_emplace({t, l.of}, course{.value = value, .since = now, .bad = now});
  course& c = at->second;
  const double before = std::exchange(c.value, value);
  if (before != value) c.since = now;
  bool bad = true;
  if (l.of == quality::loss && value <= static_cast<double>(line.loss_ratio.load(std::memory_order_relaxed))) {
    const target& of = b.districts->targets[t];
    const milliseconds every =
        of.check_count > 0 ? b.districts->checks[of.first_check].when.interval : milliseconds{1'000};
    bad = is_new || value > before || now - c.since > verdict::samples_of_loss * every;
  } else if (l.of == quality::delay &&
             value <= 1000 * static_cast<double>(line.mean_rtt_seconds.load(std::memory_order_relaxed))) {
    const float newest = line.rtt_seconds.load(std::memory_order_relaxed);
    bad = newest < 0 || !is_back(l, 1000 * static_cast<double>(newest));
  }
  if (bad) c.bad = now;
}

void quality_watch::judge(const board& b, target_index t, const values& v, wall_t now, std::vector<change>& out) {
  const limits& limit = sets_[set_[t]];
  std::uint16_t& beyond = beyond_[t];
  for (std::size_t q = 0; q < qualities; ++q) {
    const bool was = (beyond & bit(q)) != 0;
    const quality_limit* l = limit[q];
    if (l == nullptr ? !was : std::isnan(v[q])) continue;
    const bool is = l != nullptr && (was ? !is_back(*l, v[q]) : is_beyond(*l, v[q]));
    if (is) note_bad(b, t, *l, v[q], now);
    if (is == was) continue;
    beyond = static_cast<std::uint16_t>(beyond ^ bit(q));
    change& c = out.emplace_back();
    c.target = b.districts->targets[t].id;
    c.name = quality_table[q].chinese;
    c.wrong = is;
    if (l != nullptr) {
      c.holds = l->holds;
      c.away = l->away;
    }
    const auto course_of_it = courses_.find({t, quality_table[q].of});
    if (is || course_of_it == courses_.end()) continue;
    c.since = course_of_it->second.bad;
    courses_.erase(course_of_it);
  }
}

/** Said when it comes within the days that are set, once more within a week, and when it has ended. */
void quality_watch::judge_certificate(const board& b, target_index t, std::span<const fact_view> facts, wall_t now,
                                      std::vector<change>& out) {
  constexpr std::array<int, 2> further{7, -1};
  for (const fact_view& f : facts) {
    const auto expires = f.value(fact_name::certificate_expiry_seconds);
    if (!expires) continue;
    const std::string& id = b.districts->targets[t].id;
    const auto left = std::chrono::floor<std::chrono::days>(wall_from_ms(*expires * 1000) - now).count();
    const bool ends = certificate_days_ > 0 && left <= certificate_days_;
    const auto known = certificates_.find(id);
    const auto say = [&](const std::string& name, bool wrong) {
      out.push_back({.about = alert_subject::certificate, .target = id, .name = name, .wrong = wrong});
    };
    if (!ends && known == certificates_.end()) continue;
    std::vector<std::string>& said = certificates_[id];
    if (ends) {
      std::size_t stage = 1;
      for (const int days : further) stage += left <= days ? 1 : 0;
      if (said.size() >= stage) continue;
      said.resize(stage, std::to_string(left));
      say(said.back(), true);
    } else {
      for (const std::string& name : said) say(name, false);  // said as it began, until it ends
      certificates_.erase(id);
    }
  }
}

void quality_watch::count_visits(const board& b, wall_t now) {
  for (const site_view& s : b.sites) {
    week& w = weeks_[b.districts->targets[s.target].id];
    const std::uint64_t good = s.visits_good.load(std::memory_order_relaxed);
    const std::uint64_t failed = s.visits_failed.load(std::memory_order_relaxed);
    if (good < w.good_before || failed < w.failed_before) w.good_before = w.failed_before = 0;  // another's place
    if (w.hours.empty() || now - w.hours.back().begins >= std::chrono::hours{1} || now < w.hours.back().begins)
      w.hours.push_back({.begins = now, .good = 0, .failed = 0});
    w.hours.back().good += good - w.good_before;
    w.hours.back().failed += failed - w.failed_before;
    w.good_before = good;
    w.failed_before = failed;
    while (w.hours.size() > hours_of_a_week) w.hours.pop_front();
  }
  if (weeks_.size() > b.sites.size())
    std::erase_if(weeks_, [&](const auto& one) { return b.districts->index_of(one.first) == no_index; });
}

std::vector<quality_watch::change> quality_watch::look(const board& b, wall_t now) {
  move_to(b);
  count_visits(b, now);
  std::vector<change> out;
  const std::vector<target>& all = b.districts->targets;
  auto next = b.facts.begin();
  for (target_index t = 0; t < all.size(); ++t) {
    while (next != b.facts.end() && next->target < t) ++next;
    const auto first = next;
    while (next != b.facts.end() && next->target == t) ++next;
    const std::span<const fact_view> facts(first, next);
    if (all[t].kind == target_kind::anchor) continue;
    if (!b.lines[t].in_scope()) {  // what was open of it is told to have left; opened again, it begins anew
      beyond_[t] = 0;
      certificates_.erase(all[t].id);
      continue;
    }
    if (b.lines[t].shown_state() == line_state::up) judge(b, t, values_of(b, t, facts), now, out);
    judge_certificate(b, t, facts, now, out);
  }
  return out;
}

std::string quality_watch::told(const board& b, std::span<const std::string> targets, quality q) const {
  const quality_row& row = row_of(q);
  const quality_limit* limit = nullptr;
  const target* whose = nullptr;
  double worst = nobody_knows;
  for (const std::string& id : targets) {
    const auto at = b.districts->index_of(id);
    if (at == no_index || at >= set_.size() || seen_ != b.districts) continue;
    const quality_limit* l = sets_[set_[at]][place_of(q)];
    const double v = values_of(b, at, b.facts_of(at))[place_of(q)];
    if (l == nullptr || std::isnan(v)) continue;
    const double before = worst;
    (row.least ? lower : raise)(worst, v);
    if (worst == before) continue;
    limit = l;
    whose = &b.districts->targets[at];
  }
  if (limit == nullptr) return {};
  std::string out = fmt::format("{} {}", row.chinese, in_words(row.unit, worst));
  if (targets.size() > 1) out += fmt::format("（最差，{}）", whose->name.empty() ? whose->id : whose->name);
  out += fmt::format("，限值 {}", in_words(row.unit, limit->at));
  return limit->source.empty() ? out : out + fmt::format("（{}）", limit->source);
}

/** What of a target is not well, and has no number that a limit is set for. */
std::string quality_watch::state_of(const board& b, target_index t, quality q) const {
  std::string out;
  const auto add = [&](const std::string& one) { out += (out.empty() ? "" : "、") + one; };
  const target& whose = b.districts->targets[t];
  if (q == quality::check || q == quality::data) {
    for (check_index c = whose.first_check; c < whose.first_check + whose.check_count; ++c) {
      const check& what = b.districts->checks[c];
      if (q == quality::check ? what.role != check_role::health : !what.tells_up_time()) continue;
      const std::string said = b.said.of(c);
      add(what.id + (said.empty() ? "" : "：" + said));
    }
    return out;
  }
  for (const fact_view& f : b.facts_of(t)) {
    const auto failed = [&](fact_name n, std::string_view part) {
      if (const auto count = f.value(n); q == quality::hardware && count.value_or(0) > 0)
        add(fmt::format("{} {} 个异常", part, *count));
    };
    failed(fact_name::fans_failed, "风扇");
    failed(fact_name::power_supplies_failed, "电源");
    if (q == quality::interface && f.value(fact_name::interface_admin_status).value_or(1) != 2 &&
        f.value(fact_name::interface_oper_status).value_or(1) != 1)
      add(b.interface_name(t, f.index) + " 未连通");
  }
  const quality_limit* hot = set_.size() > t ? sets_[set_[t]][place_of(quality::temperature)] : nullptr;
  for (const fact_view& f : b.facts_of(t))
    if (const auto heat = f.value(fact_name::temperature); q == quality::hardware && heat && !out.empty())
      add(fmt::format("温度 {}{}", in_words(quality_unit::celsius, static_cast<double>(*heat) / 1000),
                      hot == nullptr ? "" : fmt::format("（限值 {}）", in_words(quality_unit::celsius, hot->at))));
  return out;
}

std::string quality_watch::states(const board& b, std::span<const std::string> targets, quality q) const {
  constexpr std::size_t most = 3;
  std::string out;
  std::size_t n = 0;
  for (const std::string& id : targets) {
    const auto at = b.districts->index_of(id);
    if (at == no_index || seen_ != b.districts || at >= beyond_.size()) continue;
    if ((beyond_[at] & bit(place_of(q))) == 0 || n++ >= most) continue;
    const target& t = b.districts->targets[at];
    const std::string one = state_of(b, at, q);
    if (one.empty()) continue;
    const std::string whose = targets.size() > 1 ? (t.name.empty() ? t.id : t.name) + " " : "";
    out += (out.empty() ? "" : "；") + whose + one;
  }
  if (q == quality::data && !out.empty()) out += "；线路有应答，不算中断";
  return n > most ? out + fmt::format("；等 {} 条", n) : out;
}

std::string quality_watch::measured(const board& b, std::span<const std::string> targets, std::string_view name) const {
  std::string out;
  for (const quality_row& row : quality_table) {
    const auto at = name.find(row.chinese);
    if (at == std::string_view::npos) continue;
    const bool state = row.unit == quality_unit::state;
    if (const std::string one = state ? states(b, targets, row.of) : told(b, targets, row.of); !one.empty())
      out += (out.empty() ? "" : "；") + one;
  }
  return out;
}

}  // namespace changtong
