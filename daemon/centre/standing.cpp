#include "daemon/centre/standing.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "daemon/books/books.h"

namespace changtong::centre {
namespace {

using availability::target_history;
using ledger::known_target;
using ledger::target_words;

/** Whether it has to do with time after `at`, brackets included. */
bool reaches(const availability::outage& o, wall_t at) {
  return std::max(o.ended, o.ended == wall_max ? wall_max : o.ended_edge.until) > at;
}

/** The one state in which it is from `at` on. */
std::optional<line_state> state_from(const target_history& h, wall_t at) {
  std::optional<line_state> one;
  wall_t done = at;
  for (const availability::state_span& s : h.spans) {
    if (s.when.to <= at) continue;
    if (s.when.from > done || s.state == line_state::down || (one && *one != s.state)) return std::nullopt;
    one = s.state;
    done = s.when.to;
  }
  return done == wall_max ? one : std::nullopt;
}

std::optional<steady_lines> steady_from(const known_target& t, const target_history& h, wall_t at) {
  if (h.scope.from > at || h.scope.to != wall_max) return std::nullopt;
  const auto later = [at](const period& p) { return p.to > at; };
  if (std::ranges::any_of(h.outside, later) || std::ranges::any_of(h.excluded, later)) return std::nullopt;
  if (std::ranges::any_of(h.outages, [at](const availability::outage& o) { return reaches(o, at); }) ||
      std::ranges::any_of(h.unconfirmed, [at](wall_t bad) { return bad >= at; }))
    return std::nullopt;
  const auto state = state_from(h, at);
  const auto same = [&](const target_words& a, const target_words& b) { return cell_of(t, a) == cell_of(t, b); };
  const auto words = books::stretches(t, {at, wall_max}, same);
  if (!state || words.size() != 1) return std::nullopt;
  return steady_lines{.words = cell_of(t, *words.front().words), .state = *state};
}

}  // namespace

std::uint16_t standing_made::place_of(const known_target& t, const target_history& h) {
  if (intersect(h.scope, {made_.at, wall_max}).empty()) return standing::no_line;
  auto cell = steady_from(t, h, made_.at);
  if (!cell) return standing::to_be_read;
  if (const auto had = places_.find(*cell); had != places_.end()) return had->second;
  if (made_.cells.size() == standing::most_cells) return standing::to_be_read;
  const std::size_t place = standing::first_cell + made_.cells.size();
  made_.cells.push_back(*cell);
  return places_.emplace(std::move(*cell), static_cast<std::uint16_t>(place)).first->second;
}

void standing_made::add(std::int64_t number, const known_target& t, const target_history& h) {
  const auto place = static_cast<std::size_t>(number - 1);
  if (made_.lines.size() <= place) made_.lines.resize(place + 1, standing::no_line);
  made_.lines[place] = place_of(t, h);
}

namespace {

template <class T>
concept of_all_lines = std::is_same_v<T, gap> || std::is_same_v<T, ledger::stopped> ||
                       std::is_same_v<T, policy_version> || std::is_same_v<T, period_closed> ||
                       std::is_same_v<T, inventory_version>;  // who was counted under which words would be forgotten

}  // namespace

std::optional<std::vector<std::string_view>> lines_of(const ledger::entry& e) {
  using lines = std::optional<std::vector<std::string_view>>;
  return std::visit(
      []<class T>(const T& one) -> lines {
        if constexpr (of_all_lines<T>)
          return std::nullopt;
        else if constexpr (requires { one.lines; }) {
          std::vector<std::string_view> all;
          for (const auto& line : one.lines) all.push_back(line.target);
          return all;
        } else if constexpr (requires { one.runs; }) {
          std::vector<std::string_view> all;
          for (const auto& run : one.runs) all.push_back(run.target);
          return all;
        } else if constexpr (requires { one.target; }) {
          if (one.target == every_target) return std::nullopt;
          return std::vector<std::string_view>{one.target};
        } else {
          return std::vector<std::string_view>{};
        }
      },
      e);
}

availability::seconds steady_seconds(line_state state, period cell, wall_t known) {
  target_history h;
  h.scope = cell;
  h.spans = {{{cell.from, std::max(cell.from, known)}, state, cause::none},
             {{std::max(cell.from, known), wall_max}, line_state::unknown, cause::monitor_stopped}};
  return availability::measure(h, cell);
}

availability::seconds times(availability::seconds one, std::int64_t lines) {
  for (milliseconds* sum :
       {&one.up, &one.down, &one.excluded, &one.unknown, &one.down_min, &one.down_mid, &one.down_max})
    *sum *= lines;
  one.outages *= lines;
  one.unconfirmed *= lines;
  return one;
}

}  // namespace changtong::centre
