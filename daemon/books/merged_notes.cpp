#include "daemon/books/merged_notes.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <string_view>
#include <utility>

namespace changtong::books {
namespace {

constexpr std::size_t most_outages = 100'000;

/** A ticket has a number, an alert is an id; of what else is said the whole is compared. */
template <class T>
void add_unsaid(std::vector<T>& to, const std::vector<T>& more) {
  const auto is_same = [](const T& one, const T& other) {
    if constexpr (requires { one.number; })
      return one.number == other.number;
    else
      return one == other;
  };
  for (const T& m : more)
    if (std::ranges::none_of(to, [&](const T& one) { return is_same(one, m); })) to.push_back(m);
}

void add(outage_note& to, const outage_note& more) {
  add_unsaid(to.alerts, more.alerts);
  add_unsaid(to.taken, more.taken);
  add_unsaid(to.remarks, more.remarks);
  add_unsaid(to.tickets, more.tickets);
  add_unsaid(to.annotations, more.annotations);
  add_unsaid(to.traps, more.traps);
  if (!to.trace) to.trace = more.trace;
  if (to.observed.empty()) to.observed = more.observed;
}

}  // namespace

std::vector<merged_listed> merged_noted(const ledger::reader& merged, const ledger::reader& own,
                                        std::vector<availability::outage> outages) {
  if (outages.empty()) return {};
  period when{wall_max, wall_min}, begins = when;
  for (const availability::outage& o : outages) {
    when = {std::min(when.from, o.began), std::max({when.to, o.ended, o.began + milliseconds{1}})};
    begins = {when.from, std::max(begins.to, o.began + milliseconds{1})};
  }
  const std::string line = outages.front().target;
  const bool one = std::ranges::all_of(outages, [&](const availability::outage& o) { return o.target == line; });
  const std::string_view only = one ? std::string_view(line) : std::string_view();
  std::map<std::string, std::vector<availability::outage>, std::less<>> there;
  for (availability::outage& o : own.outages(when, only, most_outages)) {
    begins.to = std::max(begins.to, o.began + milliseconds{1});
    there[o.target].push_back(std::move(o));
  }
  const outage_notes notes(own, begins, only, outage_notes::with::traps);
  std::vector<merged_listed> all;
  for (listed_outage& row : named(merged, std::move(outages))) {
    merged_listed m{.row = std::move(row), .own = {}};
    add(m.row.note, notes.of(m.row.what));  // said of one that only the other node saw
    const period over{m.row.what.began, std::max(m.row.what.ended, m.row.what.began + milliseconds{1})};
    for (const availability::outage& o : std::views::reverse(there[m.row.what.target])) {  // they came latest first
      if (intersect({o.began, std::max(o.ended, o.began + milliseconds{1})}, over).empty()) continue;
      m.own.push_back(id_of(o, own.zone()));
      if (o.began != m.row.what.began) add(m.row.note, notes.of(o));
    }
    all.push_back(std::move(m));
  }
  return all;
}

}  // namespace changtong::books
