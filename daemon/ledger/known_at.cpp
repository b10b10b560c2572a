#include "daemon/ledger/known_at.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/ledger/projections.h"
#include "daemon/ledger/sql_tables.h"

namespace changtong::ledger {
namespace {

entry decoded(std::int64_t seq, std::string_view kind, wall_t at, std::string_view body) {
  result<entry> e = decode(kind, at, body);
  if (!e) throw refusal(both("第 {} 条读不懂：{}", "entry {}: {}", seq, words_of(e.error())));
  return std::move(*e);
}

/** What of a replay's entries was decided at an instant or before it. */
class decided_by {
 public:
  explicit decided_by(wall_t at) : at_(at) {}

  /** Empty where nothing of it was. */
  std::optional<entry> part_of(entry e) {
    const bool any = std::visit([&](auto& what) { return keep(what); }, e);
    return any ? std::optional(std::move(e)) : std::nullopt;
  }

 private:
  bool keep(const transition& t) {
    wall_t& known = known_.try_emplace(t.target, wall_min).first->second;
    known = std::max(known, t.confirmed);
    if (t.to == line_state::down && !t.same_outage) outages_[{t.target, t.at}] = known;
    return known <= at_;
  }
  bool keep(resumed& r) {
    std::erase_if(r.lines, [&](const transition& t) { return !keep(t); });
    return !r.lines.empty();
  }
  bool keep(unconfirmed_runs& u) const {
    std::erase_if(u.runs, [&](const unconfirmed_run& r) { return r.last > at_; });
    return !u.runs.empty();
  }
  bool keep(const cause_found& c) const {
    const auto outage = outages_.find({c.target, c.began});
    return (outage == outages_.end() ? c.began : outage->second) <= at_;
  }
  bool keep(const gap& g) const { return g.from <= at_; }
  template <class Declared>
  bool keep(const Declared& what) const {
    return what.at <= at_;
  }

  wall_t at_;
  std::unordered_map<std::string, wall_t> known_;             ///< of each target, when its last belief was decided
  std::map<std::pair<std::string, wall_t>, wall_t> outages_;  ///< by target and began: when it was confirmed
};

/** Where a gap that was written later begins, if `at` lies in it: nobody observed then. */
wall_t observed_until(store& s, std::int64_t seq, wall_t at) {
  wall_t until = at;
  statement& row =
      s.prepared("SELECT seq, kind, at, body FROM journal WHERE seq > ? AND kind IN ('gap', 'stop') ORDER BY seq");
  for (row.rows(seq); row.step();) {
    const entry e = decoded(row.integer(0), row.text(1), row.instant(2), row.text(3));
    if (const auto* g = std::get_if<gap>(&e); g != nullptr && g->from <= at && at < g->to)
      until = std::min(until, g->from);
    if (const auto* t = std::get_if<stopped>(&e); t != nullptr && t->at <= at) until = std::min(until, t->at);
  }
  row.reset();
  return until;
}

}  // namespace

bool is_replay(store& s) {
  statement& first = s.prepared("SELECT at, body FROM journal WHERE kind = 'start' ORDER BY seq LIMIT 1");
  const auto start = first.rows().step() ? decode("start", first.instant(0), first.text(1)) : result<entry>(problem{});
  first.reset();
  return start && std::get<started>(*start).text.starts_with("replay");
}

std::unique_ptr<memory_tables> known_at(store& s, wall_t at) {
  auto rows = std::make_unique<memory_tables>();
  projections fold(*rows);
  const bool replayed = is_replay(s);
  decided_by decided(at);
  std::int64_t last = 0;
  statement& row = s.prepared("SELECT seq, at, kind, body FROM journal ORDER BY seq");
  for (row.rows(); row.step() && (replayed || row.instant(1) <= at);) {
    last = row.integer(0);
    if (last == 1) rows->set_first_entry(row.instant(1));
    entry e = decoded(last, row.text(2), row.instant(1), row.text(3));
    if (!replayed)
      fold.apply(last, e);
    else if (const auto part = decided.part_of(std::move(e)))
      fold.apply(last, *part);
  }
  row.reset();
  rows->set_heartbeat(std::min(observed_until(s, last, at), sql_tables(s).heartbeat()));
  return rows;
}

}  // namespace changtong::ledger
