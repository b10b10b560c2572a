#include "daemon/run/board_facts.h"

#include <algorithm>
#include <utility>

namespace changtong {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/** 2.5 regular intervals: two slots may be late or lost before a value is forgotten. */
mono_t lasts_until(const sample& s) { return s.sent + s.interval * 5 / 2; }

template <class Forget>
void retire_one(mono_t& until, mono_t never, mono_t now, Forget forget) {
  if (now < until) return;
  until = never;
  forget();
}

template <class T>
void copy(std::atomic<T>& to, const std::atomic<T>& from) {
  to.store(from.load(relaxed), relaxed);
}

std::int64_t value_of(const sample& s, fact_name name, std::uint32_t index) {
  for (const fact& f : s.facts)
    if (f.name == name && f.index == index) return f.value < row_of(name).least ? fact_view::none : f.value;
  return fact_view::none;
}

template <class F>
void each_shown(const board& b, const check& c, F take) {
  if (!c.settings) return;
  for (const fact_place& f : c.settings->facts())
    if (row_of(f.name).of == b.whose(c.target, f.index)) take(f);
}

}  // namespace

board_facts::board_facts(std::shared_ptr<const inventory> inv)
    : board_(std::make_shared<board>(std::move(inv))),
      lines_(board_->lines.size()),
      site_(board_->lines.size(), no_index) {
  make_views();
  make_sites();
  first_place_.reserve(board_->districts->checks.size() + 1);
  for (check_index c = 0; c < board_->districts->checks.size(); ++c) note_places(c);
  first_place_.push_back(static_cast<std::uint32_t>(places_.size()));
}

void board_facts::make_views() {
  const inventory& all = *board_->districts;
  std::vector<std::pair<target_index, std::uint32_t>> views;
  for (target_index i = 0; i < all.targets.size(); ++i) {
    const std::size_t first = views.size();
    first_view_.push_back(static_cast<std::uint32_t>(first));
    for (check_index c = all.targets[i].first_check; c < all.targets[i].first_check + all.targets[i].check_count; ++c)
      each_shown(*board_, all.checks[c], [&](const fact_place& f) {
        const std::pair one{i, f.index};
        if (std::find(views.begin() + static_cast<std::ptrdiff_t>(first), views.end(), one) == views.end())
          views.push_back(one);
      });
  }
  first_view_.push_back(static_cast<std::uint32_t>(views.size()));
  board_->facts = std::vector<fact_view>(views.size());
  for (std::size_t k = 0; k < views.size(); ++k) {
    board_->facts[k].target = views[k].first;
    board_->facts[k].index = views[k].second;
  }
  facts_.resize(views.size());
}

void board_facts::make_sites() {
  const auto& targets = board_->districts->targets;
  std::vector<target_index> sites;
  for (target_index i = 0; i < targets.size(); ++i) {
    if (targets[i].kind != target_kind::site) continue;
    site_[i] = static_cast<std::uint32_t>(sites.size());
    sites.push_back(i);
  }
  board_->sites = std::vector<site_view>(sites.size());
  for (std::size_t k = 0; k < sites.size(); ++k) board_->sites[k].target = sites[k];
  sites_.resize(sites.size());
}

std::uint32_t board_facts::view_of(target_index t, std::uint32_t index) const {
  std::uint32_t k = first_view_[t];
  while (k < first_view_[t + 1] && board_->facts[k].index != index) ++k;
  return k;
}

void board_facts::note_places(check_index c) {
  first_place_.push_back(static_cast<std::uint32_t>(places_.size()));
  const check& what = board_->districts->checks[c];
  each_shown(*board_, what, [&](const fact_place& f) { places_.push_back({view_of(what.target, f.index), f.name}); });
}

void board_facts::recall(const std::vector<ledger::restored::state>& states) {
  for (const auto& s : states) {
    const auto it = board_->districts->by_id.find(s.target);
    if (it == board_->districts->by_id.end() || s.believed != line_state::down) continue;
    line_view& v = board_->lines[it->second];
    v.outage_began_ms.store(ms_of(s.outage_began), relaxed);
    v.outage_why.store(s.why, relaxed);
    v.outage_open.store(true, relaxed);
  }
}

// -- a reload --------------------------------------------------------------------------------------------------------

void board_facts::carry(const board_facts& before) {
  const auto& known = before.board_->districts->by_id;
  for (target_index i = 0; i < board_->lines.size(); ++i) {
    const auto was = known.find(board_->districts->targets[i].id);
    if (was == known.end()) continue;
    carry_line(before, was->second, i);
    carry_facts(before, was->second, i);
    carry_site(before, was->second, i);
  }
}

void board_facts::carry_line(const board_facts& before, target_index was, target_index is) {
  const line_view& from = before.board_->lines[was];
  line_view& to = board_->lines[is];
  copy(to.state, from.state);
  copy(to.why, from.why);
  copy(to.undecided, from.undecided);
  copy(to.outage_began_ms, from.outage_began_ms);
  copy(to.outage_why, from.outage_why);
  copy(to.outage_open, from.outage_open);
  copy(to.degraded, from.degraded);
  copy(to.flapping, from.flapping);
  copy(to.unrecorded, from.unrecorded);
  copy(to.since_ms, from.since_ms);
  copy(to.last_sample_ms, from.last_sample_ms);
  copy(to.outages, from.outages);
  copy(to.rtt_seconds, from.rtt_seconds);
  copy(to.loss_ratio, from.loss_ratio);
  copy(to.answers, from.answers);
  lines_[is] = before.lines_[was];
}

void board_facts::carry_facts(const board_facts& before, target_index was, target_index is) {
  for (std::uint32_t k = before.first_view_[was]; k < before.first_view_[was + 1]; ++k) {
    const fact_view& from = before.board_->facts[k];
    const std::uint32_t to = view_of(is, from.index);
    if (to == first_view_[is + 1]) continue;
    for (std::size_t n = 0; n < fact_table.size(); ++n) copy(board_->facts[to].values[n], from.values[n]);
    facts_[to] = before.facts_[k];
  }
}

void board_facts::carry_site(const board_facts& before, target_index was, target_index is) {
  if (site_[is] == no_index || before.site_[was] == no_index) return;
  const site_view& from = before.board_->sites[before.site_[was]];
  site_view& to = board_->sites[site_[is]];
  copy(to.open_seconds, from.open_seconds);
  copy(to.visits_good, from.visits_good);
  copy(to.visits_failed, from.visits_failed);
  sites_[site_[is]] = before.sites_[before.site_[was]];
}

// -- samples ---------------------------------------------------------------------------------------------------------

void board_facts::take(const sample& s) {
  const check& c = board_->districts->checks[s.check];
  line_view& view = board_->lines[c.target];
  view.last_sample_ms.store(ms_of(s.at), relaxed);
  if (board_->districts->targets[c.target].kind == target_kind::anchor && s.what != outcome::not_measured)
    view.answers.store(s.what == outcome::good ? 1 : 0, relaxed);
  take_facts(s);
  if (site_[c.target] == no_index) return;
  count_visit(s, site_[c.target]);
  if (!brings_visits(s.check)) return;
  const float whole = s.what == outcome::good ? std::chrono::duration<float>(s.rtt).count() : -1.0F;
  board_->sites[site_[c.target]].open_seconds.store(whole, relaxed);
  sites_[site_[c.target]].visit = lasts_until(s);
}

void board_facts::take_facts(const sample& s) {
  for (std::uint32_t k = first_place_[s.check]; k < first_place_[s.check + 1]; ++k) {
    const auto [place, name] = places_[k];
    fact_view& v = board_->facts[place];
    const std::int64_t value = value_of(s, name, v.index);
    const bool for_a_day = row_of(name).for_a_day;
    if (for_a_day && value == fact_view::none) continue;
    v.values[place_of(name)].store(value, relaxed);
    if (for_a_day)
      facts_[place].day = s.sent + std::chrono::hours{24};
    else
      facts_[place].sample = lasts_until(s);
  }
}

bool board_facts::brings_visits(check_index c) const {
  return first_place_[c] < first_place_[c + 1] && row_of(places_[first_place_[c]].name).of == fact_of::site;
}

/** Regular slots lie at least 0.8 intervals apart (the phase jitters by 10 %). */
void board_facts::count_visit(const sample& s, std::uint32_t place) {
  mono_t& counted = sites_[place].counted;
  if (s.what == outcome::not_measured || s.sent - counted < s.interval * 8 / 10) return;
  counted = s.sent;
  site_view& v = board_->sites[place];
  (s.what == outcome::good ? v.visits_good : v.visits_failed).fetch_add(1, relaxed);
}

void board_facts::take_delay(const sample& s, float loss) {
  if (s.what == outcome::not_measured) return;
  const target_index t = board_->districts->checks[s.check].target;
  board_->lines[t].loss_ratio.store(loss, relaxed);
  lines_[t].loss = lasts_until(s);
  if (s.what != outcome::good) return;
  board_->lines[t].rtt_seconds.store(std::chrono::duration<float>(s.rtt).count(), relaxed);
  lines_[t].rtt = lasts_until(s);
}

void board_facts::retire(mono_t now) {
  for (target_index i = 0; i < lines_.size(); ++i) {
    line_view& v = board_->lines[i];
    retire_one(lines_[i].rtt, never, now, [&] { v.rtt_seconds.store(-1, relaxed); });
    retire_one(lines_[i].loss, never, now, [&] { v.loss_ratio.store(-1, relaxed); });
  }
  for (std::size_t k = 0; k < facts_.size(); ++k) {
    retire_one(facts_[k].sample, never, now, [&] { forget(board_->facts[k], false); });
    retire_one(facts_[k].day, never, now, [&] { forget(board_->facts[k], true); });
  }
  for (std::size_t k = 0; k < sites_.size(); ++k)
    retire_one(sites_[k].visit, never, now, [&] { board_->sites[k].open_seconds.store(-1, relaxed); });
}

void board_facts::forget(fact_view& v, bool for_a_day) {
  for (const fact_row& row : fact_table)
    if (row.for_a_day == for_a_day) v.values[place_of(row.name)].store(fact_view::none, relaxed);
}

bool board_facts::interfaces_well(target_index t) const {
  constexpr std::int64_t up = 1;
  for (std::uint32_t k = first_view_[t]; k < first_view_[t + 1]; ++k) {
    const std::int64_t oper = board_->facts[k].value(fact_name::interface_oper_status);
    if (oper != fact_view::none && oper != up) return false;
  }
  return true;
}

}  // namespace changtong
