#include "daemon/recent/figures.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace changtong::recent {
namespace {

/** Beside its buckets a series takes itself, what its sharing counts, and two heads of the allocator. */
template <class Series>
constexpr std::size_t fixed_bytes = sizeof(Series) + sizeof(std::shared_ptr<Series>) + 48;
template <class Series>
constexpr std::size_t row_bytes = Series::columns * sizeof(packed);

std::optional<std::int64_t> value_of(const sample& s, fact_name name, std::uint32_t index) {
  for (const fact& f : s.facts)
    if (f.name == name && f.index == index) return f.value;
  return std::nullopt;
}

/** The same series where nothing but its place changed; with other rows a copy. */
template <class Series>
std::shared_ptr<Series> carried(const std::shared_ptr<Series>& before, std::size_t rows) {
  if (rows == 0) return nullptr;
  if (!before) return std::make_shared<Series>(rows);
  return before->rows() == rows ? before : std::make_shared<Series>(*before, rows);
}

}  // namespace

std::span<const figures::port> figures::shelf::ports_of(target_index t) const {
  const target& of = districts->targets[t];
  if (of.check_count == 0) return {};
  const std::uint32_t first = first_port[of.first_check];
  return {ports.data() + first, first_port[of.first_check + of.check_count] - first};
}

/** Makes the shelf of an inventory: first which series there are, then how many rows they get, then the series. */
class figures::building {
 public:
  explicit building(std::shared_ptr<const inventory> inv) {
    made_.districts = std::move(inv);
    const inventory& all = *made_.districts;
    made_.leads.assign(all.checks.size(), no_index);
    for (target_index t = 0; t < all.targets.size(); ++t)
      if (const check_index c = leading_check(all, all.targets[t]); kept(t) && c != no_index) made_.leads[c] = t;
    for (check_index c = 0; c < all.checks.size(); ++c) add_ports(c);
    made_.first_port.push_back(static_cast<std::uint32_t>(made_.ports.size()));
  }

  std::shared_ptr<const shelf> filled(std::size_t budget, const shelf* before) {
    made_.rows = rows_in(budget);
    if (budget == 0) {  // not even what says that nothing is kept: that is megabytes where there are many
      shelf empty;
      empty.districts = made_.districts;
      return std::make_shared<const shelf>(std::move(empty));
    }
    if (before != nullptr && before->is_bare()) before = nullptr;
    for (target_index t = 0; t < made_.districts->targets.size(); ++t) {
      const target_index was = before == nullptr ? no_index : before_of(t, *before);
      made_.delays.push_back(kept(t) ? carried(was == no_index ? nullptr : before->delays[was], made_.rows) : nullptr);
    }
    for (std::size_t k = 0; k < made_.ports.size(); ++k) fill(made_.ports[k], has_[k], before);
    return std::make_shared<const shelf>(std::move(made_));
  }

 private:
  struct brings {
    bool traffic = false, optics = false;
  };
  [[nodiscard]] bool kept(target_index t) const { return made_.districts->targets[t].kind != target_kind::anchor; }

  /** What two checks of a line bring is the first one's, as on the board. */
  void add_ports(check_index c) {
    const check& asked = made_.districts->checks[c];
    made_.first_port.push_back(static_cast<std::uint32_t>(made_.ports.size()));
    if (!asked.settings || !kept(asked.target)) return;
    const auto [at, fresh] = by_settings_.try_emplace(asked.settings.get());
    if (fresh) at->second = drawn(asked.settings->facts());
    for (const auto& [index, traffic] : at->second) note(asked, c, index, traffic);
  }

  /** Of all that a check may bring: which interface's traffic, or else its optical power. */
  using places = std::vector<std::pair<std::uint32_t, bool>>;
  static places drawn(const std::vector<fact_place>& all) {
    places out;
    for (const fact_place& f : all) {
      const bool traffic = f.name == fact_name::interface_in_use;
      const bool optics = f.name == fact_name::optical_receive_power || f.name == fact_name::optical_transmit_power;
      if (f.index != 0 && (traffic || optics)) out.emplace_back(f.index, traffic);
    }
    return out;
  }

  void note(const check& asked, check_index c, std::uint32_t index, bool traffic) {
    const std::uint32_t of_target = made_.first_port[made_.districts->targets[asked.target].first_check];
    std::size_t k = of_target;
    while (k < made_.ports.size() && made_.ports[k].index != index) ++k;
    if (k < made_.first_port[c]) return;
    if (k == made_.ports.size()) {
      made_.ports.push_back({asked.target, index, asked.bandwidth_mbps, nullptr, nullptr});
      has_.push_back({});
    }
    (traffic ? has_[k].traffic : has_[k].optics) = true;
  }

  [[nodiscard]] std::size_t rows_in(std::size_t budget) const {
    const auto lines = static_cast<std::size_t>(
        std::ranges::count_if(made_.districts->targets, [](const target& t) { return t.kind != target_kind::anchor; }));
    const auto traffic = static_cast<std::size_t>(std::ranges::count_if(has_, &brings::traffic));
    const auto optics = static_cast<std::size_t>(std::ranges::count_if(has_, &brings::optics));
    const std::size_t row =
        lines * row_bytes<delay_series> + traffic * row_bytes<traffic_series> + optics * row_bytes<optics_series>;
    const std::size_t fixed = lines * fixed_bytes<delay_series> + traffic * fixed_bytes<traffic_series> +
                              optics * fixed_bytes<optics_series> + has_.size() * sizeof(port) +
                              made_.leads.size() * (sizeof(target_index) + sizeof(std::uint32_t));
    return row == 0 || budget < fixed ? 0 : std::min(whole_span, (budget - fixed) / row);
  }

  [[nodiscard]] target_index before_of(target_index t, const shelf& before) const {
    const target& now = made_.districts->targets[t];
    const target_index was = before.districts->index_of(now.id);
    return was != no_index && before.districts->targets[was].kind == now.kind ? was : no_index;
  }

  void fill(port& p, const brings& has, const shelf* before) const {
    const target_index was = before == nullptr ? no_index : before_of(p.target, *before);
    const port* old = was == no_index ? nullptr : port_of(*before, was, p.index);
    if (has.traffic) p.traffic = carried(old == nullptr ? nullptr : old->traffic, made_.rows);
    if (has.optics) p.optics = carried(old == nullptr ? nullptr : old->optics, made_.rows);
  }

  static const port* port_of(const shelf& in, target_index t, std::uint32_t index) {
    for (const port& p : in.ports_of(t))
      if (p.index == index) return &p;
    return nullptr;
  }

  shelf made_;
  std::vector<brings> has_;                                        ///< by port
  std::unordered_map<const check_settings*, places> by_settings_;  ///< many checks share settings
};

figures::figures(std::shared_ptr<const inventory> inv, std::size_t budget) {
  show(building(std::move(inv)).filled(budget, nullptr));
}

void figures::adopt(std::shared_ptr<const inventory> inv, std::size_t budget) {
  show(building(std::move(inv)).filled(budget, mine_.get()));
}

void figures::show(std::shared_ptr<const shelf> next) {
  mine_ = std::move(next);
  const holding lock(mutex_);
  shown_ = mine_;
}

void figures::take(const sample& s) {
  if (mine_->is_bare()) return;
  const target_index t = mine_->leads[s.check];
  if (t != no_index && mine_->delays[t]) mine_->delays[t]->take(s);
}

/** Millionths of Mbit/s are bit/s. */
void figures::take_facts(const sample& s) {
  if (mine_->is_bare()) return;
  for (std::uint32_t k = mine_->first_port[s.check]; k < mine_->first_port[s.check + 1]; ++k) {
    const port& p = mine_->ports[k];
    const auto in = value_of(s, fact_name::interface_in_use, p.index);
    const auto out = value_of(s, fact_name::interface_out_use, p.index);
    const double speed = static_cast<double>(value_of(s, fact_name::interface_speed_bits, p.index).value_or(0)) / 1e6;
    const double mbps = p.mbps > 0 ? static_cast<double>(p.mbps) : speed;
    if (p.traffic && in && out && *in >= 0 && *out >= 0)
      p.traffic->take(s.at, static_cast<double>(*in) * mbps, static_cast<double>(*out) * mbps);
    if (p.optics)
      p.optics->take(s.at, value_of(s, fact_name::optical_receive_power, p.index),
                     value_of(s, fact_name::optical_transmit_power, p.index));
  }
}

std::optional<recent_target> figures::of(std::string_view id, wall_t now) const {
  holding lock(mutex_);
  const std::shared_ptr<const shelf> from = shown_;
  lock.unlock();
  const target_index t = from->districts->index_of(id);
  if (t == no_index || from->districts->targets[t].kind == target_kind::anchor) return std::nullopt;
  const slot newest = slot_of(now);
  const slot first = newest + 1 - static_cast<slot>(std::min<std::size_t>(from->rows, newest + 1));
  const std::size_t count = newest + 1 - first;
  recent_target out{.from = begin_of(first), .to = now, .delays = {}, .interfaces = {}};
  if (from->is_bare()) return out;
  if (from->delays[t]) out.delays = from->delays[t]->read(first, count);
  for (const port& p : from->ports_of(t))
    out.interfaces.push_back({.index = p.index,
                              .traffic = p.traffic ? p.traffic->read(first, count) : std::vector<traffic_bucket>{},
                              .optics = p.optics ? p.optics->read(first, count) : std::vector<optics_bucket>{}});
  return out;
}

}  // namespace changtong::recent
