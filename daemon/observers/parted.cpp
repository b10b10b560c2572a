#include "daemon/observers/parted.h"

#include <algorithm>
#include <map>
#include <string>

namespace changtong::observers {
namespace {

using availability::state_span;
using availability::target_history;
using ledger::known_target;

/** How far back it is looked for what somebody knew last. */
constexpr std::chrono::days looked_back{31};

/** When each line was last up or down, before then; without those that were not. */
std::map<std::string, wall_t> known_last(const ledger::reader& books, wall_t end) {
  std::map<std::string, wall_t> all;
  books.histories({end - looked_back, end}, end, {}, [&](const known_target& t, const target_history& h) {
    for (const state_span& s : h.spans)
      if (s.state != line_state::unknown && s.when.from < end)
        if (const auto [at, first] = all.try_emplace(t.id, std::min(s.when.to, end)); !first)
          at->second = std::max(at->second, std::min(s.when.to, end));
  });
  return all;
}

/** Whether all of these were known there just before. A restored backup knows nothing of what the original saw after
 * the backup was made, so that the last instant of each line tells. */
bool knows_all(const ledger::reader& books, const std::map<std::string, wall_t>& last, wall_t end) {
  std::size_t known = 0;
  books.histories({end - looked_back, end}, end, {}, [&](const known_target& t, const target_history& h) {
    const auto at = last.find(t.id);
    known += at != last.end() && std::ranges::any_of(h.spans, [&](const state_span& s) {
               return s.state != line_state::unknown && s.when.holds(at->second - milliseconds{1});
             });
  });
  return known == last.size();
}

}  // namespace

std::vector<std::optional<std::size_t>> same_books(std::span<const ledger::reader* const> all,
                                                   const std::vector<signature>& signatures) {
  auto of = beginnings(signatures);
  for (std::size_t i = 0; i < of.size(); ++i) {
    const wall_t end = signatures[i].heartbeat;
    if (of[i] && end != wall_t{} && !knows_all(*all[*of[i]], known_last(*all[i], end), end)) of[i].reset();
  }
  return of;
}

}  // namespace changtong::observers
