#include "daemon/observers/parted.h"

#include <algorithm>
#include <set>
#include <string>

namespace changtong::observers {
namespace {

using availability::state_span;
using availability::target_history;
using ledger::known_target;

/** The lines that are up or down in the last instant before then. */
std::set<std::string> known_before(const ledger::reader& books, wall_t end) {
  std::set<std::string> all;
  books.histories({end - milliseconds{1}, end}, end, {}, [&](const known_target& t, const target_history& h) {
    if (std::ranges::any_of(h.spans, [&](const state_span& s) {
          return s.when.holds(end - milliseconds{1}) && s.state != line_state::unknown;
        }))
      all.insert(t.id);
  });
  return all;
}

}  // namespace

std::vector<std::optional<std::size_t>> same_books(std::span<const ledger::reader* const> all,
                                                   const std::vector<signature>& signatures) {
  auto of = beginnings(signatures);
  for (std::size_t i = 0; i < of.size(); ++i) {
    const wall_t end = signatures[i].heartbeat;
    if (of[i] && end != wall_t{} && !std::ranges::includes(known_before(*all[*of[i]], end), known_before(*all[i], end)))
      of[i].reset();
  }
  return of;
}

}  // namespace changtong::observers
