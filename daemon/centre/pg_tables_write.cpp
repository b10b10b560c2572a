// What the fold writes: rows wait here, and go to the database in the form of COPY. A row that changed is taken out and
// copied anew, for there is no ON CONFLICT.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "daemon/centre/pg_cells.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/ledger/projections.h"

namespace changtong::centre {
namespace {

using availability::outage;
using namespace ledger;

constexpr std::int64_t cleared_at_once = 20'000;  // rows
constexpr std::array<std::string_view, 11> all_tables{"sheets",         "sheet_cells", "sheet_outages", "standing",
                                                      "standing_cells", "targets",     "states",        "outages",
                                                      "unknowns",       "unconfirmed", "said"};
constexpr std::int16_t columns_of_targets = 4, columns_of_states = 9, columns_of_outages = 16, columns_of_unknowns = 6,
                       columns_of_unconfirmed = 5, columns_of_said = 7;

std::string_view kind_of_gap() { return "gap"; }

void instant(copied_rows& into, std::optional<wall_t> at) {
  if (at)
    into.cell(ms_of(*at));
  else
    into.null();
}

/** The numbers and instants of rows that are kept by both, as values of a question. */
template <class Rows>
std::vector<std::string> keys_of(const Rows& rows) {
  return {list_of(rows, [](const auto& row) { return row.first.first; }),
          list_of(rows, [](const auto& row) { return ms_of(row.first.second); })};
}

}  // namespace

pg_tables::pg_tables(database& db, std::int32_t node, std::int32_t branch, transactions by, part of)
    : db_(db),
      node_(node),
      branch_(branch),
      by_(by),
      part_(std::move(of)),
      targets_(columns_of_targets),
      said_(columns_of_said) {}

void pg_tables::copy(std::string_view into, copied_rows rows) const {
  if (rows.empty()) return;
  const auto done = db_.copy(fmt::format("COPY {} FROM STDIN (FORMAT binary)", into), rows.taken());
  if (!done) throw database_refusal(words_of(done.error()));
}

bool pg_tables::clear_some() {
  open_.reset();
  for (const std::string_view table : all_tables) {
    const auto gone = asked(
        fmt::format("WITH gone AS (DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0} WHERE {1} LIMIT {2})) "
                    "RETURNING 1) SELECT count(*) FROM gone",
                    table, here(), cleared_at_once));
    if (whole_in(gone[0][0]) > 0) return true;
  }
  return false;
}

void pg_tables::clear() {
  targets_ = copied_rows(columns_of_targets);
  said_ = copied_rows(columns_of_said);
  states_.clear();
  outages_.clear();
  unknowns_.clear();
  unconfirmed_.clear();
  while (clear_some()) {
  }
}

void pg_tables::add_target(std::int64_t number, const std::string& id) {
  targets_.row().cell(node_).cell(branch_).cell(number).cell(id);
}

// What is unknown until a transition was so before it, by the state or an open gap: only what follows it is new.
void pg_tables::put_state(const state_row& s) {
  reach_.from(s.since);
  states_.insert_or_assign(s.number, s);
}

void pg_tables::begin_outage(std::int64_t number, const outage& o) {
  reach_.from(o.began_edge.after == wall_min ? o.began : std::min(o.began, o.began_edge.after));
  if (!open_) (void)outage_at({number, o.began});
  outages_.insert_or_assign({number, o.began}, o);
  open_->insert_or_assign({number, o.began}, o);
}

/** To be changed; null where there is no such outage. */
outage* pg_tables::outage_at(const of_target& key) {
  if (!open_) {
    open_.emplace();
    for (const table_row& row :
         asked(fmt::format("SELECT {} FROM outages o WHERE {} AND o.ended IS NULL", outage_columns, here("o")))) {
      outage o = outage_in(row);
      open_->insert_or_assign({whole_in(row[0]), o.began}, std::move(o));
    }
  }
  if (const auto waits = outages_.find(key); waits != outages_.end()) return &waits->second;
  if (const auto open = open_->find(key); open != open_->end())
    return &outages_.emplace(key, open->second).first->second;
  const auto rows = asked(fmt::format("SELECT {} FROM outages o WHERE {} AND o.target = {} AND o.began = {}",
                                      outage_columns, here("o"), key.first, ms_of(key.second)));
  return rows.empty() ? nullptr : &outages_.emplace(key, outage_in(rows[0])).first->second;
}

void pg_tables::end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) {
  outage* const o = outage_at({number, began});
  if (o == nullptr) return;
  reach_.from(std::min(ended, edge.after));
  o->ended = ended;
  o->ended_edge = edge;
  open_->erase({number, began});
}

void pg_tables::explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) {
  outage* const o = outage_at({number, began});
  if (o == nullptr) return;
  o->found = found;
  o->upstream = upstream;
  if (const auto open = open_->find({number, began}); open != open_->end()) open->second = *o;
}

void pg_tables::add_unknown(std::int64_t number, const unknown_row& u) {
  const auto [it, fresh] = unknowns_.try_emplace({number, u.when.from}, u);
  if (!fresh) it->second.when.to = std::max(it->second.when.to, u.when.to);
}

void pg_tables::add_unconfirmed(std::int64_t number, wall_t at) {
  reach_.from(at);
  ++unconfirmed_[{number, at}];
}

void pg_tables::say(std::string_view kind, std::int64_t seq, std::int64_t number, wall_t about, std::string_view key) {
  said_.row().cell(node_).cell(branch_).cell(kind).cell(seq).cell(number).cell(ms_of(about)).cell(key);
}

void pg_tables::add_gap(const gap_row& g) {
  reach_.from(g.when.from);
  say(kind_of_gap(), g.seq, 0);
}

void pg_tables::add_version(std::int64_t number, const version_row& v) {
  reach_.version(number, v);
  say(description<inventory_version>::kind, v.seq, number);
}

/** It may name another zone, and what windows take out of the books. */
void pg_tables::add_policy(const policy_row& p) {
  reach_.from(wall_min);
  say(description<policy_version>::kind, p.seq, 0);
}

void pg_tables::add_start(const start_row& s) { say("start", s.seq, 0); }

void pg_tables::add_declared(std::int64_t seq, std::int64_t number, const record& what) {
  std::visit(
      [&]<class T>(const T& one) {
        if constexpr (requires { description<T>::table; }) {
          if constexpr (std::is_same_v<T, window_record>) reach_.window(one);
          if constexpr (std::is_same_v<T, period_closed>) reach_.from(one.when.from);
          const said_key by = key_of_said(one);
          say(description<T>::kind, seq, number, by.about, by.key);
        }
      },
      what);
}

wall_t pg_tables::unknown_before(std::int64_t number, wall_t at) const {
  wall_t from = at;
  const auto touching =
      asked(fmt::format("SELECT min(at) FROM unknowns WHERE {} AND target = {} AND at < {} AND till >= {}", here(),
                        number, ms_of(at), ms_of(at)));
  if (touching[0][0]) from = instant_in(touching[0][0]);
  for (auto it = unknowns_.lower_bound({number, wall_min}); it != unknowns_.end() && it->first.first == number; ++it)
    if (it->second.when.from < from && it->second.when.to >= at) from = it->second.when.from;
  return from;
}

std::optional<std::string> pg_tables::newest_version(std::int64_t number) const {
  std::optional<std::string> newest;
  each_said(description<inventory_version>::kind, fmt::format(" AND s.target = {}", number), {},
            [&](std::int64_t, std::int64_t, entry&& e) { newest = std::get<inventory_version>(std::move(e)).json; });
  return newest;
}

// ---- to the database

void pg_tables::flush() {
  copy("targets(node, branch, target, id)", std::exchange(targets_, copied_rows(columns_of_targets)));
  flush_states();
  flush_outages();
  flush_unknowns();
  flush_unconfirmed();
  copy("said(node, branch, kind, seq, target, about, key)", std::exchange(said_, copied_rows(columns_of_said)));
  ahead_ = {};
}

void pg_tables::flush_states() {
  if (states_.empty()) return;
  (void)asked(fmt::format("DELETE FROM states WHERE {} AND target = ANY ($1::bigint[])", here()),
              {list_of(states_, [](const auto& row) { return row.first; })});
  copied_rows rows(columns_of_states);
  for (const auto& [number, s] : states_) {
    rows.row().cell(node_).cell(branch_).cell(number).cell(name_of(s.state)).cell(ms_of(s.since)).cell(name_of(s.why));
    instant(rows.cell(s.seq).cell(ms_of(s.first)), s.outage);
  }
  copy("states(node, branch, target, state, since, why, seq, first, outage)", std::move(rows));
  states_.clear();
}

void pg_tables::flush_outages() {
  if (outages_.empty()) return;
  (void)asked(fmt::format("DELETE FROM outages WHERE {} AND (target, began) IN (SELECT unnest($1::bigint[]), "
                          "unnest($2::bigint[]))",
                          here()),
              keys_of(outages_));
  copied_rows rows(columns_of_outages);
  for (const auto& [key, o] : outages_) {
    const bool over = o.ended != wall_max;
    rows.row().cell(node_).cell(branch_).cell(key.first).cell(ms_of(o.began));
    instant(rows, over ? std::optional(o.ended) : std::nullopt);
    rows.cell(ms_of(o.confirmed)).cell(ms_of(o.began_edge.after)).cell(ms_of(o.began_edge.until));
    instant(rows, over ? std::optional(o.ended_edge.after) : std::nullopt);
    instant(rows, over ? std::optional(o.ended_edge.until) : std::nullopt);
    rows.cell(name_of(o.why)).cell(name_of(o.found)).cell(o.upstream).cell(o.decided_by);
    rows.cell(std::int64_t{o.after_own_uplink}).cell(std::int64_t{o.rules});
  }
  copy("outages", std::move(rows));
  outages_.clear();
}

void pg_tables::flush_unknowns() {
  if (unknowns_.empty()) return;
  const auto were = asked(fmt::format("DELETE FROM unknowns WHERE {} AND (target, at) IN (SELECT unnest($1::bigint[]), "
                                      "unnest($2::bigint[])) RETURNING target, at, till, why",
                                      here()),
                          keys_of(unknowns_));
  for (const table_row& row : were) {  // of equal beginnings the longer one stays, with the first one's reason
    unknown_row& now = unknowns_.at({whole_in(row[0]), instant_in(row[1])});
    now.when.to = std::max(now.when.to, instant_in(row[2]));
    now.why = cause_in(row[3]);
  }
  copied_rows rows(columns_of_unknowns);
  for (const auto& [key, u] : unknowns_)
    rows.row()
        .cell(node_)
        .cell(branch_)
        .cell(key.first)
        .cell(ms_of(u.when.from))
        .cell(ms_of(u.when.to))
        .cell(name_of(u.why));
  copy("unknowns", std::move(rows));
  unknowns_.clear();
}

void pg_tables::flush_unconfirmed() {
  if (unconfirmed_.empty()) return;
  const auto were = asked(fmt::format("DELETE FROM unconfirmed WHERE {} AND (target, at) IN (SELECT "
                                      "unnest($1::bigint[]), unnest($2::bigint[])) RETURNING target, at, runs",
                                      here()),
                          keys_of(unconfirmed_));
  for (const table_row& row : were) unconfirmed_.at({whole_in(row[0]), instant_in(row[1])}) += whole_in(row[2]);
  copied_rows rows(columns_of_unconfirmed);
  for (const auto& [key, runs] : unconfirmed_)
    rows.row().cell(node_).cell(branch_).cell(key.first).cell(ms_of(key.second)).cell(runs);
  copy("unconfirmed", std::move(rows));
  unconfirmed_.clear();
}

}  // namespace changtong::centre
