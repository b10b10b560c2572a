#include "daemon/books/month_effect.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace changtong::books {

std::optional<month_effect> effect_on_month(const ledger::reader& from, std::span<const std::string> targets,
                                            wall_t began, wall_t now) {
  constexpr std::size_t one_by_one = 20;  // more are read in one pass over all
  constexpr int digits = 4;
  const wall_t end = from.now(now);
  const period month{from.zone().around(end, civil_zone::unit::month).from, end};
  const period since{std::max(month.from, began), end};
  availability::seconds all;
  milliseconds lost{0};
  const auto add = [&](const ledger::known_target&, const availability::target_history& h) {
    all += availability::measure(h, month);
    if (since.from < since.to) lost += availability::measure(h, since).down;
  };
  if (targets.size() <= one_by_one) {
    for (const std::string& id : targets) from.histories(month, end, id, add);
  } else {
    const std::set<std::string_view> wanted(targets.begin(), targets.end());
    from.histories(month, end, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
      if (wanted.contains(t.id)) add(t, h);
    });
  }
  const std::int64_t observed = (all.up + all.down).count();
  if (observed == 0) return std::nullopt;
  return month_effect{.availability = availability::truncated_percent(all.up.count(), observed, digits),
                      .lost = availability::truncated_percent(lost.count(), observed, digits)};
}

}  // namespace changtong::books
