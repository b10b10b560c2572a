#include "daemon/run/board_facts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
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

}  // namespace

/** What checks may bring, asked once of settings that many of them share. */
class brought_facts {
 public:
  explicit brought_facts(const board& b) : board_(b) {}
  template <class F>
  void each_shown(const check& c, F take) {
    if (!c.settings) return;
    const auto [at, fresh] = by_settings_.try_emplace(c.settings.get());
    if (fresh) at->second = c.settings->facts();
    for (const fact_place& f : at->second)
      if (row_of(f.name).of == board_.whose(c.target, f.index)) take(f);
  }

 private:
  const board& board_;
  std::unordered_map<const check_settings*, std::vector<fact_place>> by_settings_;
};

board_facts::board_facts(board& b) : board_(&b), site_(b.lines.size(), no_index) {
  brought_facts brought(b);
  make_views(brought);
  make_sites();
  note_places(brought);
}

void board_facts::make_views(brought_facts& brought) {
  struct wanted {
    target_index target;
    std::uint32_t index;
    std::uint64_t facts;
  };
  const inventory& all = *board_->districts;
  std::vector<wanted> views;
  for (target_index i = 0; i < all.targets.size(); ++i) {
    const std::size_t first = views.size();
    first_view_.push_back(static_cast<std::uint32_t>(first));
    for (check_index c = all.targets[i].first_check; c < all.targets[i].first_check + all.targets[i].check_count; ++c)
      brought.each_shown(all.checks[c], [&](const fact_place& f) {
        auto at = std::find_if(views.begin() + static_cast<std::ptrdiff_t>(first), views.end(),
                               [&](const wanted& w) { return w.index == f.index; });
        if (at == views.end()) at = views.insert(at, {i, f.index, 0});
        at->facts |= fact_view::bit(f.name);
        if (!f.called.empty()) board_->interface_names.try_emplace({i, f.index}, f.called);
      });
  }
  first_view_.push_back(static_cast<std::uint32_t>(views.size()));
  board_->facts = std::vector<fact_view>(views.size());
  for (std::size_t k = 0; k < views.size(); ++k) {
    board_->facts[k].target = views[k].target;
    board_->facts[k].index = views[k].index;
    board_->facts[k].make_room(views[k].facts);
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

/** By check; what two of them bring is shown by the first. */
std::vector<board_facts::places> board_facts::places_of(target_index t, brought_facts& brought) const {
  const target& of = board_->districts->targets[t];
  std::vector<places> out(of.check_count);
  for (std::uint32_t k = 0; k < of.check_count; ++k)
    brought.each_shown(board_->districts->checks[of.first_check + k], [&](const fact_place& f) {
      const shown_at place{view_of(t, f.index) - first_view_[t], f.name};
      if (std::ranges::none_of(out, [&](const places& p) { return std::ranges::find(p, place) != p.end(); }))
        out[k].push_back(place);
    });
  return out;
}

void board_facts::note_places(brought_facts& brought) {
  std::map<places, std::uint32_t> known;
  has_places_.resize(board_->districts->checks.size());
  for (target_index t = 0; t < board_->districts->targets.size(); ++t) {
    check_index c = board_->districts->targets[t].first_check;
    for (places& p : places_of(t, brought)) {
      const auto [at, fresh] = known.try_emplace(std::move(p), static_cast<std::uint32_t>(places_.size()));
      if (fresh) places_.push_back(at->first);
      has_places_[c++] = at->second;
    }
  }
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

void board_facts::expect(check_index c) const { warm(&has_places_[c]); }

void board_facts::expect_target(target_index of) const {
  warm(&site_[of]);
  const std::uint32_t view = first_view_[of];
  if (view == first_view_[of + 1]) return;
  warm(&board_->facts[view]);
  warm(&facts_[view]);
}

void board_facts::take(const sample& s, target_index of) {
  take_facts(s, of);
  if (site_[of] == no_index) return;
  count_visit(s, site_[of]);
  if (brings_visits(s.check)) take_visit(s, site_[of]);
}

void board_facts::take_visit(const sample& s, std::uint32_t place) {
  const float whole = s.what == outcome::good ? std::chrono::duration<float>(s.rtt).count() : -1.0F;
  board_->sites[place].open_seconds.store(whole, relaxed);
  sites_[place].visit = lasts_until(s);
}

void board_facts::take_facts(const sample& s, target_index of) {
  for (const auto [view, name] : places_[has_places_[s.check]]) {
    const std::uint32_t place = first_view_[of] + view;
    fact_view& v = board_->facts[place];
    v.set(name, value_of(s, name, v.index));
    facts_[place] = lasts_until(s);
  }
}

bool board_facts::brings_visits(check_index c) const {
  const places& of = places_[has_places_[c]];
  return !of.empty() && row_of(of.front().name).of == fact_of::site;
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
  for (std::size_t k = 0; k < facts_.size(); ++k) retire_one(facts_[k], now, [&] { board_->facts[k].forget(); });
  for (std::size_t k = 0; k < sites_.size(); ++k)
    retire_one(sites_[k].visit, now, [&] { board_->sites[k].open_seconds.store(-1, relaxed); });
}

bool board_facts::interfaces_well(target_index t) const {
  constexpr std::int64_t up = 1;
  for (std::uint32_t k = first_view_[t]; k < first_view_[t + 1]; ++k) {
    if (board_->facts[k].value(fact_name::interface_oper_status).value_or(up) != up) return false;
  }
  return true;
}

}  // namespace changtong
