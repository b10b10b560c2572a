#include "daemon/publish/alerts/grouping_burst.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "daemon/publish/alerts/grouping_patience.h"

namespace changtong::alerts::fold {

namespace {

/** Union-find over the list. */
class unions {
 public:
  explicit unions(std::size_t n) : of_(n) { std::iota(of_.begin(), of_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (of_[i] != i) i = of_[i] = of_[of_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { of_[find(a)] = find(b); }
  /** Joins `i` with the one that had this key before. */
  void by(std::uint64_t key, std::size_t i) {
    const auto [at, is_new] = first_.try_emplace(key, i);
    if (!is_new) join(i, at->second);
  }

 private:
  std::vector<std::size_t> of_;
  std::unordered_map<std::uint64_t, std::size_t> first_;
};

constexpr std::uint64_t by_carrier = 1, by_town = 2, by_root = 3, by_site = 4;
constexpr std::uint64_t key(std::uint64_t what, std::uint64_t value) { return what << 32U | value; }

unions related(const terrain& land, std::span<const waiting> all) {
  unions u(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const target_index t = all[i].target;
    u.by(key(by_root, all[i].root), i);
    if (land.site(t)) {
      u.by(key(by_site, 0), i);
    } else {
      if (land.carrier[t] != 0) u.by(key(by_carrier, land.carrier[t]), i);
      if (land.town[t] != 0) u.by(key(by_town, land.town[t]), i);
    }
  }
  return u;
}

void add(burst& b, std::size_t i, const waiting& w) {
  b.of.push_back(i);
  b.first = std::min(b.first, w.seen);
  b.last = std::max(b.last, w.seen);
  b.bad = std::min(b.bad, w.bad);
  b.undecided = b.undecided || !w.decided;
}

/** Does something hang below one of them that is not among them? */
bool expects(const terrain& land, std::span<const waiting> all, const burst& b) {
  std::unordered_map<target_index, std::size_t> behind;
  for (const std::size_t i : b.of) ++behind[all[i].root];
  return std::any_of(behind.begin(), behind.end(), [&](const auto& r) { return r.second <= land.below[r.first]; });
}

/** Still coming in numbers, not one by one: a cut of thousands of lines is told once, a trickle is not waited for. */
bool streams(const burst& b, std::span<const waiting> all, const together_limits& limits) {
  const auto lately =
      std::count_if(b.of.begin(), b.of.end(), [&](std::size_t i) { return all[i].seen + limits.quiet > b.last; });
  return static_cast<std::size_t>(lately) >= std::max(limits.lines, b.of.size() / 10);
}

}  // namespace

std::vector<burst> bursts(const terrain& land, std::span<const waiting> all) {
  unions u = related(land, all);
  std::vector<burst> out;
  std::unordered_map<std::size_t, std::size_t> place;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [at, is_new] = place.try_emplace(u.find(i), out.size());
    if (is_new) out.emplace_back();
    add(out[at->second], i, all[i]);
  }
  if (out.size() > most_alerts) {  // so much at once has a cause, though we cannot name it
    burst one;
    for (std::size_t i = 0; i < all.size(); ++i) add(one, i, all[i]);
    out.clear();
    out.push_back(std::move(one));
  }
  for (burst& b : out) b.expects = expects(land, all, b);
  return out;
}

wall_t ripe(const burst& b, std::span<const waiting> all, const together_limits& limits, bool alone) {
  const wall_t latest = b.first + (streams(b, all, limits) ? limits.at_most * 3 / 2 : limits.at_most);
  if (b.undecided) return std::min(latest, std::max(b.first + patience_for_cause, b.last + limits.quiet));
  if (b.expects) return std::min(latest, b.last + limits.quiet * 2);
  if (!alone || b.of.size() > 1) return std::min(latest, std::max(b.last + limits.quiet, b.bad + neighbours_confirmed));
  const wall_t company = std::min(b.last + limits.quiet, b.bad + neighbours_asked);  // it was refused, not silent
  return std::min(latest, std::max(b.last + std::min(limits.quiet, nobody_in_doubt), company));
}

namespace {

/** The lines of one carrier or of one town, by its number. */
class tally {
 public:
  tally(const std::vector<std::uint32_t>& number, const std::vector<std::uint32_t>& other)
      : number_(number), other_(other) {}
  void count(target_index t) {
    if (number_[t] == 0) return;
    place& p = of_[number_[t]];
    ++p.lines;
    if (p.lines == 1) p.other = other_[t];
    p.several = p.several || p.other != other_[t] || other_[t] == 0;
  }
  /** The number and size of the largest; of equal ones the first in the inventory. Spread: over several others. */
  [[nodiscard]] std::pair<std::uint32_t, std::size_t> largest(bool spread) const {
    std::pair<std::uint32_t, std::size_t> best{0, 0};
    for (const auto& [number, p] : of_) {
      if (spread && !p.several) continue;
      if (p.lines > best.second || (p.lines == best.second && number < best.first)) best = {number, p.lines};
    }
    return best;
  }

 private:
  struct place {
    std::size_t lines = 0;
    std::uint32_t other = 0;
    bool several = false;
  };
  const std::vector<std::uint32_t>& number_;
  const std::vector<std::uint32_t>& other_;
  std::unordered_map<std::uint32_t, place> of_;
};

struct choice {
  alert_subject subject = alert_subject::many;
  std::uint32_t number = 0;
  std::size_t lines = 0;
};

choice largest(const terrain& land, std::span<const unit> units, const std::vector<std::size_t>& rest) {
  tally carriers(land.carrier, land.town), towns(land.town, land.carrier);
  for (const std::size_t i : rest) {
    carriers.count(units[i].root);
    towns.count(units[i].root);
  }
  const auto [carrier, of_carrier] = carriers.largest(true);
  const auto [town, of_town] = towns.largest(false);
  if (of_town >= of_carrier) return {alert_subject::town, town, of_town};
  return {alert_subject::carrier, carrier, of_carrier};
}

bool all_told(std::span<const unit> units, const cluster& c) {
  return std::all_of(c.of.begin(), c.of.end(), [&](std::size_t i) { return units[i].told; });
}

/** Takes the largest carrier or town out of `rest`, if it explains what happened; else all of it: many. */
cluster take_largest(const terrain& land, std::span<const unit> units, std::vector<std::size_t>& rest,
                     const choice& best) {
  cluster c;
  c.subject = best.lines * 3 >= rest.size() * 2 ? best.subject : alert_subject::many;
  const auto& number = best.subject == alert_subject::town ? land.town : land.carrier;
  std::erase_if(rest, [&](std::size_t i) {
    if (c.subject != alert_subject::many && number[units[i].root] != best.number) return false;
    c.of.push_back(i);
    return true;
  });
  const target& one = land.inv->targets[units[c.of.front()].root];
  if (c.subject == alert_subject::town) c.name = one.town;
  if (c.subject == alert_subject::carrier) c.name = one.carrier;
  return c;
}

/** What stands by itself becomes one. */
void pool(std::vector<cluster>& all) {
  cluster many{.subject = alert_subject::many, .name = {}, .of = {}};
  std::erase_if(all, [&](const cluster& c) {
    if (c.of.size() > 1) return false;
    many.of.push_back(c.of.front());
    return true;
  });
  if (many.of.size() > 0) all.push_back(std::move(many));
}

cluster everything(std::span<const unit> units) {
  cluster c{.subject = alert_subject::many, .name = {}, .of = {}};
  for (std::size_t i = 0; i < units.size(); ++i) c.of.push_back(i);
  return c;
}

}  // namespace

std::vector<cluster> together(const terrain& land, std::span<const unit> units, std::size_t enough) {
  if (units.empty()) return {};
  const bool sites = land.site(units[0].root);
  if (sites && units.size() >= enough) return {everything(units)};
  std::vector<std::size_t> rest(units.size());
  std::iota(rest.begin(), rest.end(), std::size_t{0});
  std::vector<cluster> out;
  while (!sites && rest.size() >= enough) {
    const choice best = largest(land, units, rest);
    if (best.lines < enough) break;
    out.push_back(take_largest(land, units, rest, best));
  }
  for (const std::size_t i : rest)
    out.push_back({.subject = sites ? alert_subject::site : alert_subject::line, .name = {}, .of = {i}});
  std::erase_if(out, [&](const cluster& c) { return all_told(units, c); });
  if (out.size() > most_alerts) pool(out);
  if (out.size() > most_alerts) return {everything(units)};
  return out;
}

}  // namespace changtong::alerts::fold
