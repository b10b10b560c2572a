#include "daemon/observers/merge.h"

#include <algorithm>
#include <optional>

#include "daemon/availability/intervals.h"
#include "daemon/observers/merged_outage.h"
#include "daemon/observers/pieces.h"

namespace changtong::observers {
namespace {

using availability::outage;
using availability::state_span;
using availability::target_history;

constexpr milliseconds long_disagreement{30'000};

line_state state_of(const piece& p) {
  if (p.any(line_state::up)) return line_state::up;
  return p.any(line_state::down) ? line_state::down : line_state::unknown;
}

/** Of the first by rank that says so. */
cause why_of(const piece& p, line_state state) {
  for (const state_span* said : p.said)
    if (said != nullptr && said->state == state) return said->why;
  return cause::none;
}

std::vector<state_span> merged_spans(std::span<const testimony> of) {
  std::vector<state_span> spans;
  in_pieces(of, [&](const piece& p) {
    const line_state state = state_of(p);
    const state_span now{p.when, state, why_of(p, state)};
    if (!spans.empty() && spans.back().when.to == now.when.from && spans.back().state == now.state &&
        spans.back().why == now.why)
      spans.back().when.to = now.when.to;
    else
      spans.push_back(now);
  });
  return spans;
}

/** The longest stretches of down time without up. */
std::vector<stretch> stretches_in(const std::vector<state_span>& spans) {
  std::vector<stretch> all;
  bool open = false;  // nobody has said up since the last one
  for (const state_span& s : spans) {
    if (s.state == line_state::up) {
      if (open) all.back().up_again = s.when.from;
      open = false;
    }
    if (s.state != line_state::down) continue;
    if (!open) all.emplace_back();
    open = true;
    std::vector<period>& down = all.back().down;
    if (!down.empty() && down.back().to == s.when.from)
      down.back().to = s.when.to;
    else
      down.push_back(s.when);
  }
  return all;
}

struct run {
  wall_t at{};
  std::size_t rank = 0;
  bool taken = false;
  [[nodiscard]] auto order() const { return std::pair(at, rank); }
};

/** Takes the runs that are one with `all[first]`; by rank, who saw it. */
std::vector<bool> seen_by(std::vector<run>& all, std::size_t first, std::size_t observers) {
  std::vector<bool> saw(observers);
  saw[all[first].rank] = true;
  for (std::size_t i = first + 1; i < all.size() && all[i].at <= all[first].at + one_hiccup; ++i) {
    if (all[i].taken || saw[all[i].rank]) continue;
    all[i].taken = true;
    saw[all[i].rank] = true;
  }
  return saw;
}

std::vector<wall_t> merged_runs(std::span<const testimony> of, const std::vector<stretch>& down) {
  std::vector<run> all;
  for (std::size_t i = 0; i < of.size(); ++i)
    for (const wall_t at : of[i].history->unconfirmed) all.push_back({at, i});
  std::ranges::sort(all, {}, &run::order);
  const auto is_down = [&](wall_t at) {
    return std::ranges::any_of(down, [&](const stretch& s) {
      return std::ranges::any_of(s.down, [&](const period& p) { return p.holds(at); });
    });
  };
  std::vector<wall_t> counted;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].taken) continue;
    const std::vector<bool> saw = seen_by(all, i, of.size());
    bool denied = is_down(all[i].at);
    for (std::size_t other = 0; other < of.size() && !denied; ++other)
      denied = !saw[other] && says(of[other], line_state::up, all[i].at);
    if (!denied) counted.push_back(all[i].at);
  }
  return counted;
}

}  // namespace

target_history merge(std::span<const testimony> of) {
  target_history h;
  h.target = of.front().history->target;
  h.spans = merged_spans(of);
  const std::vector<stretch> down = stretches_in(h.spans);
  for (const stretch& s : down) h.outages.push_back(merged_outage(of, s));
  h.unconfirmed = merged_runs(of, down);
  return h;
}

std::vector<disagreement> disagreements(std::span<const testimony> of, period scope) {
  std::vector<disagreement> all;
  std::vector<bool> up, down;
  const auto close = [&] {
    if (all.empty() || !all.back().up.empty()) return;
    if (all.back().when.length() <= long_disagreement) return all.pop_back();
    all.back().target = of.front().history->target;
    for (std::size_t i = 0; i < of.size(); ++i) {
      if (up[i]) all.back().up.emplace_back(of[i].observer);
      if (down[i]) all.back().down.emplace_back(of[i].observer);
    }
  };
  in_pieces(of, [&](const piece& p) {
    const period when = intersect(p.when, scope);
    if (when.empty() || !p.any(line_state::up) || !p.any(line_state::down)) return;
    if (all.empty() || all.back().when.to != when.from) {
      close();
      all.push_back({{}, {when.from, when.from}, {}, {}});
      up.assign(of.size(), false), down.assign(of.size(), false);
    }
    all.back().when.to = when.to;
    for (std::size_t i = 0; i < of.size(); ++i) {
      up[i] = up[i] || (p.said[i] != nullptr && p.said[i]->state == line_state::up);
      down[i] = down[i] || (p.said[i] != nullptr && p.said[i]->state == line_state::down);
    }
  });
  close();
  return all;
}

}  // namespace changtong::observers
