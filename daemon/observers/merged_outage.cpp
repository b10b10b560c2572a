#include "daemon/observers/merged_outage.h"

#include <algorithm>
#include <optional>

#include "daemon/availability/intervals.h"
#include "daemon/core/id_list.h"
#include "daemon/core/rules_version.h"
#include "daemon/observers/pieces.h"

namespace changtong::observers {
namespace {

using availability::outage;
using availability::state_span;

/** An observer's own outage, with who says it. */
struct told_outage {
  const testimony* by = nullptr;
  const outage* what = nullptr;
};

/** Its first outage that is not over then: they are in order, and none lies over another. */
std::vector<outage>::const_iterator first_after(const testimony& t, wall_t at) {
  return std::ranges::partition_point(t.history->outages, [&](const outage& o) { return o.ended <= at; });
}

/** The outage that an observer sees itself in at an instant; null where it does not say down. */
const outage* own_outage(const testimony& t, wall_t at) {
  if (!says(t, line_state::down, at)) return nullptr;
  const auto it = first_after(t, at);
  return it == t.history->outages.end() || it->began > at ? nullptr : &*it;
}

std::vector<told_outage> told_at(std::span<const testimony> of, wall_t at) {
  std::vector<told_outage> all;
  for (const testimony& t : of)
    if (const outage* o = own_outage(t, at); o != nullptr) all.push_back({&t, o});
  return all;
}

bool takes_part(const outage& o, const stretch& s) {
  const auto own = availability::without({{o.began, o.ended}}, availability::united(o.holes));
  return std::ranges::any_of(s.down, [&](const period& down) { return !availability::clipped(own, down).empty(); });
}

std::vector<told_outage> taking_part(std::span<const testimony> of, const stretch& s) {
  std::vector<told_outage> all;
  for (const testimony& t : of)
    for (auto o = first_after(t, s.begins()); o != t.history->outages.end() && o->began < s.ends(); ++o)
      if (takes_part(*o, s)) all.push_back({&t, &*o});
  return all;
}

/** The beginning of its last up time that began before then. */
std::optional<wall_t> last_up_before(const testimony& t, wall_t before) {
  const auto& all = t.history->spans;
  auto s = std::ranges::partition_point(all, [&](const state_span& each) { return each.when.from < before; });
  while (s != all.begin())
    if ((--s)->state == line_state::up) return s->when.from;
  return std::nullopt;
}

bracket beginning(std::span<const testimony> of, const std::vector<told_outage>& first, wall_t m) {
  std::optional<wall_t> lower;
  const auto raise = [&](wall_t to) { lower = std::max(lower.value_or(to), to); };
  wall_t upper = wall_max;
  for (const told_outage& o : first) {
    upper = std::min(upper, o.what->began_edge.until + o.by->width);
    if (o.what->began_edge.after != wall_min) raise(o.what->began_edge.after - o.by->width);
  }
  for (const testimony& t : of) {
    if (says(t, line_state::down, m)) continue;
    if (const auto up = last_up_before(t, m)) raise(*up - t.width);
  }
  return {lower ? std::min(*lower, m) : wall_min, std::max(upper, m)};
}

bracket end(std::span<const testimony> of, const std::vector<told_outage>& part, const stretch& s) {
  const wall_t e = s.ends();
  wall_t lower = wall_min, upper = wall_max;
  milliseconds least = milliseconds::max();
  for (const told_outage& o : told_at(of, e - milliseconds{1})) {
    least = std::min(least, o.by->width);
    // where its own end was silence, its word may have outlived the cut
    if (o.what->ended != wall_max && o.what->ended_edge.after < o.what->ended)
      lower = std::max(lower, o.what->ended_edge.after - o.by->width);
  }
  if (lower == wall_min) lower = e - least;
  for (const told_outage& o : part) {
    if (o.what->ended == wall_max) continue;
    if (const wall_t bound = o.what->ended_edge.until + o.by->width; bound >= s.up_again)
      upper = std::min(upper, bound);
  }
  return {std::min(lower, e), upper == wall_max ? s.up_again : upper};
}

/** `L1/icmp@node`, each once. */
std::string deciding(const std::vector<told_outage>& part) {
  std::string words;
  std::vector<std::string> all;
  for (const told_outage& o : part)
    for (const std::string& check : ids_in(o.what->decided_by)) {
      const std::string word = check + "@" + std::string(o.by->observer);
      if (!is_among(all, word)) all.push_back(word);
    }
  for (const std::string& word : all) words += (words.empty() ? "" : " ") + word;
  return words;
}

/** What the outage was found to be, by the first who found something. */
void explain(outage& o, const std::vector<told_outage>& part) {
  const auto it = std::ranges::find_if(part, [](const told_outage& t) { return t.what->found != cause::none; });
  if (it == part.end()) return;
  o.found = it->what->found;
  o.upstream = it->what->upstream;
}

std::vector<period> holes_of(const stretch& s) {
  auto holes = availability::without({{s.begins(), s.ends()}}, s.down);
  if (s.up_again == wall_max) holes.push_back({s.ends(), wall_max});
  return holes;
}

}  // namespace

outage merged_outage(std::span<const testimony> of, const stretch& s) {
  const wall_t m = s.begins();
  const auto first = told_at(of, m);
  const auto part = taking_part(of, s);
  outage o;
  o.target = of.front().history->target;
  o.began = o.confirmed = m;
  o.began_edge = beginning(of, first, m);
  if (s.up_again != wall_max) {
    o.ended = s.ends();
    o.ended_edge = end(of, part, s);
  }
  o.holes = holes_of(s);
  o.why = first.empty() ? cause::none : first.front().what->why;
  explain(o, part);
  o.decided_by = deciding(part);
  o.after_own_uplink = std::ranges::all_of(first, [](const told_outage& t) { return t.what->after_own_uplink; });
  o.rules = books_rules_version;
  for (const told_outage& t : first) o.confirmed = std::max(o.confirmed, t.what->confirmed);
  return o;
}

}  // namespace changtong::observers
