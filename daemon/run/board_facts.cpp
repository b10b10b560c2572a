#include "daemon/run/board_facts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/core/warm.h"

namespace changtong {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

template <class T>
void copy(std::atomic<T>& to, const std::atomic<T>& from) {
  to.store(from.load(relaxed), relaxed);
}

std::optional<std::int64_t> value_of(const sample& s, fact_name name, std::uint32_t index) {
  for (const fact& f : s.facts) {
    if (f.name != name || f.index != index) continue;
    const bool means_something = row_of(name).unit == fact_unit::counter || f.value >= row_of(name).least;
    return means_something ? std::optional(f.value) : std::nullopt;
  }
  return std::nullopt;
}

template <class F>
void each_shown(const board& b, const check& c, F take) {
  if (!c.settings) return;
  for (const fact_place& f : c.settings->facts())
    if (row_of(f.name).of == b.whose(c.target, f.index)) take(f);
}

}  // namespace

board_facts::board_facts(board& b) : board_(&b), site_(b.lines.size(), no_index) {
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
  facts_.assign(views.size(), never);
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

void board_facts::carry(const board_facts& before, target_index was, target_index is) {
  carry_facts(before, was, is);
  carry_site(before, was, is);
}

void board_facts::carry_facts(const board_facts& before, target_index was, target_index is) {
  for (std::uint32_t k = before.first_view_[was]; k < before.first_view_[was + 1]; ++k) {
    const fact_view& from = before.board_->facts[k];
    const std::uint32_t to = view_of(is, from.index);
    if (to == first_view_[is + 1]) continue;
    for (const fact_row& row : fact_table) board_->facts[to].set(row.name, from.value(row.name));
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

void board_facts::expect(check_index c) const { warm(&first_place_[c]); }

void board_facts::expect(check_index c, target_index of) const {
  warm(&site_[of]);
  const std::uint32_t view = first_view_[of];
  if (view == first_view_[of + 1]) return;
  warm(&board_->facts[view]);
  warm(&facts_[view]);
  warm(places_.data() + first_place_[c]);
}

void board_facts::take(const sample& s, target_index of) {
  take_facts(s);
  if (site_[of] == no_index) return;
  count_visit(s, site_[of]);
  if (brings_visits(s.check)) take_visit(s, site_[of]);
}

void board_facts::take_visit(const sample& s, std::uint32_t place) {
  const float whole = s.what == outcome::good ? std::chrono::duration<float>(s.rtt).count() : -1.0F;
  board_->sites[place].open_seconds.store(whole, relaxed);
  sites_[place].visit = lasts_until(s);
}

void board_facts::take_facts(const sample& s) {
  for (std::uint32_t k = first_place_[s.check]; k < first_place_[s.check + 1]; ++k) {
    const auto [place, name] = places_[k];
    fact_view& v = board_->facts[place];
    v.set(name, value_of(s, name, v.index));
    facts_[place] = lasts_until(s);
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

void board_facts::retire(mono_t now) {
  for (std::size_t k = 0; k < facts_.size(); ++k) retire_one(facts_[k], now, [&] { forget(board_->facts[k]); });
  for (std::size_t k = 0; k < sites_.size(); ++k)
    retire_one(sites_[k].visit, now, [&] { board_->sites[k].open_seconds.store(-1, relaxed); });
}

void board_facts::forget(fact_view& v) {
  for (const fact_row& row : fact_table) v.set(row.name, std::nullopt);
}

bool board_facts::interfaces_well(target_index t) const {
  constexpr std::int64_t up = 1;
  for (std::uint32_t k = first_view_[t]; k < first_view_[t + 1]; ++k) {
    if (board_->facts[k].value(fact_name::interface_oper_status).value_or(up) != up) return false;
  }
  return true;
}

}  // namespace changtong
