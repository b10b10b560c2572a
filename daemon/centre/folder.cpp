#include "daemon/centre/folder.h"

#include <algorithm>
#include <utility>

#include "daemon/centre/pg_cells.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/sheets.h"
#include "daemon/core/log.h"
#include "daemon/core/plain_text.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/refusal.h"

namespace changtong::centre {
namespace {

constexpr std::int64_t many_entries = 5'000;    // after which the rows are counted anew, whoever's they are
constexpr std::int64_t few_entries = 200;       // what fewer of a node make is read quickly however it is done
constexpr std::size_t most_reason_bytes = 500;  // it may quote what a node sent, and stands in every answer
constexpr std::string_view now_ms = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

constexpr milliseconds patience_with_new_tables{600'000};

/** The tables of this version: what an older one lacks is an index over all of its outages, which takes its time. */
result<void> laid(const database_place& where, database& db) {
  if (find(db)) return {};
  database_place at_length = where;
  at_length.patience = std::max(where.patience, patience_with_new_tables);
  const auto patient = database::open(at_length);
  if (!patient) return patient.error();
  const auto done = lay(**patient);
  return done ? result<void>() : done.error();
}

}  // namespace

result<std::unique_ptr<folder>> folder::open(const database_place& where, std::string holder, const bounds& within) {
  auto db = database::open(where);
  if (!db) return db.error();
  if (const auto done = laid(where, **db); !done) return done.error();
  const auto trusted = lay(**db);
  if (!trusted) return trusted.error();
  return std::unique_ptr<folder>(new folder(std::move(*db), where, std::move(holder), within));
}

folder::~folder() {
  give_up();
  if (epoch_ != 0 && db_->good()) (void)db_->ask(fmt::format("UPDATE folder SET until = 0 WHERE epoch = {}", epoch_));
}

void folder::give_up() {
  nodes_.clear();
  if (db_->good()) (void)db_->ask("ROLLBACK");
}

/** Or keeps it. What was known under an older one may be another's by now. */
result<bool> folder::take_lease() {
  if (epoch_ != 0) {
    const auto kept = db_->ask(fmt::format("UPDATE folder SET until = {} + {} WHERE epoch = {} RETURNING epoch", now_ms,
                                           within_.term.count(), epoch_));
    if (!kept) return kept.error();
    if (!kept->front().empty()) return true;
    log::warn("由另一个进程接着折算 / another process has taken the folding over");
    epoch_ = 0;
  }
  nodes_.clear();
  const auto taken =
      db_->ask(fmt::format("UPDATE folder SET epoch = epoch + 1, holder = $1, until = {0} + {1} WHERE until < {0} "
                           "RETURNING epoch",
                           now_ms, within_.term.count()),
               {holder_});
  if (!taken) return taken.error();
  if (taken->empty()) return false;
  epoch_ = whole_in(taken->front()[0]);
  return true;
}

bool folder::has_work(const folded_head& of) {
  if (of.version != projections_version) return true;
  if (const auto known = obstacles_.find(of.number); known != obstacles_.end()) {
    if (known->second.branch != of.branch)
      obstacles_.erase(known);
    else if (known->second.told && of.folded + 1 == known->second.seq)
      return false;
  }
  return of.folded < of.entries || of.folded_to < of.heartbeat;
}

result<bool> folder::fold(const std::stop_token& stop) {
  const auto ours = take_lease();
  if (!ours) return ours.error();
  if (!*ours) return false;
  const auto heads = folded_heads(*db_);
  if (!heads) return heads.error();
  bool more = false;
  for (const folded_head& one : *heads) {
    if (stop.stop_requested() || epoch_ == 0) break;
    if (!has_work(one)) continue;
    const auto done = step(one);
    if (!done) {
      give_up();
      if (!db_->good()) return done.error();
      if (ill_.insert(one.number).second)
        log::error("{} 折算不了，别的节点照常，稍后再试 / {} cannot be folded, the others go on, it is tried again: {}",
                   one.node, one.node, to_string(done.error()));
      continue;
    }
    ill_.erase(one.number);
    more = more || *done;
  }
  if (!more && grown_ && !stop.stop_requested()) count_rows();  // once for all nodes that came together
  return more;
}

result<bool> folder::round(const std::stop_token& stop) {
  const auto more = fold(stop);
  if (!more || *more || stop.stop_requested() || epoch_ == 0) return more;
  const auto heads = folded_heads(*db_);
  if (!heads) return heads.error();
  return make_sheets(*heads, stop);
}

result<bool> folder::step(const folded_head& seen) {
  const auto held = hold(seen);
  if (!held) return held.error();
  if (!*held) {
    give_up();
    return false;
  }
  return (*held)->version == projections_version ? fold_some(**held) : begin_anew(**held);
}

/** A transaction in which nobody else folds; nothing where the lease, or the branch, is not what it was. */
result<std::optional<folded_head>> folder::hold(const folded_head& seen) {
  const auto rows = db_->ask(
      fmt::format("BEGIN; UPDATE folder SET until = {0} + {1} WHERE epoch = {2} RETURNING epoch; INSERT INTO "
                  "folded(node, branch, version, seq, heartbeat) SELECT {3}, {4}, {5}, 0, 0 WHERE NOT EXISTS (SELECT 1 "
                  "FROM folded WHERE node = {3} AND branch = {4}); SELECT seq, heartbeat FROM heads WHERE node = {3} "
                  "AND branch = {4}; SELECT version, seq, heartbeat FROM folded WHERE node = {3} AND branch = {4}",
                  now_ms, within_.term.count(), epoch_, seen.number, seen.branch, projections_version));
  if (!rows) return rows.error();
  if ((*rows)[1].empty()) epoch_ = 0;
  if (epoch_ == 0 || (*rows)[3].empty() || (*rows)[4].empty()) return std::optional<folded_head>();
  folded_head now = seen;
  now.entries = whole_in((*rows)[3][0][0]);
  now.heartbeat = instant_in((*rows)[3][0][1]);
  now.version = static_cast<int>(whole_in((*rows)[4][0][0]));
  now.folded = whole_in((*rows)[4][0][1]);
  now.folded_to = instant_in((*rows)[4][0][2]);
  return std::optional(now);
}

/** What another version folded is taken away, piece by piece; meanwhile nothing of the node is known. */
result<bool> folder::begin_anew(const folded_head& of) {
  nodes_.erase(of.number);
  sheets_.look_again(of.number);
  const auto begun = db_->ask(
      fmt::format("UPDATE folded SET version = 0, seq = 0, heartbeat = 0, stuck = NULL, why_cn = '', why_en = '' WHERE "
                  "node = {} AND branch = {}",
                  of.number, of.branch));
  if (!begun) return begun.error();
  try {
    pg_tables rows(*db_, of.number, of.branch, pg_tables::transactions::of_caller);
    const bool more = rows.clear_some();
    const auto done = db_->ask(fmt::format("UPDATE folded SET version = {} WHERE node = {} AND branch = {}; COMMIT",
                                           more ? 0 : projections_version, of.number, of.branch));
    if (!done) return done.error();
  } catch (const ledger::refusal& e) {
    return said(e.words());
  }
  return true;
}

result<table_rows> folder::next_entries(const folded_head& of, std::int64_t last) {
  auto rows = db_->ask(
      fmt::format("SELECT seq, at, kind, body FROM (SELECT y.*, sum(octet_length(body)) OVER (ORDER BY seq) - "
                  "octet_length(body) AS before FROM (SELECT seq, at, kind, body FROM journal WHERE node = {} AND "
                  "branch = {} AND seq > {} AND seq <= {} ORDER BY seq LIMIT {}) y) x WHERE before < {} ORDER BY seq",
                  of.number, of.branch, of.folded, last, within_.entries, within_.bytes));
  if (!rows) return rows.error();
  return std::move(rows->front());
}

std::int64_t folder::apply(opened& to, const table_rows& entries, std::optional<obstacle>& wrong) const {
  std::int64_t seq = to.seq;
  for (const table_row& row : entries) {
    const std::int64_t next = whole_in(row[0]);
    if (next != seq + 1) break;  // what is missing there comes with nothing after it
    const auto e = ledger::decode(row[2].value_or(""), instant_in(row[1]), row[3].value_or(""));
    if (!e) {
      wrong = {.branch = to.branch, .seq = next, .why = words_of(e.error())};
      return seq;
    }
    try {
      to.fold.apply(next, *e);
    } catch (const database_refusal&) {
      throw;
    } catch (const ledger::refusal& r) {
      wrong = {.branch = to.branch, .seq = next, .why = r.words()};
      return seq;
    }
    seq = next;
  }
  return seq;
}

result<bool> folder::fold_some(const folded_head& of) {
  const auto known = obstacles_.find(of.number);
  const std::int64_t last = known == obstacles_.end() ? of.entries : known->second.seq - 1;
  if (known != obstacles_.end() && of.folded == last) {
    const auto noted = note(of);
    return noted ? result<bool>(false) : noted.error();
  }
  try {
    std::unique_ptr<opened>& to = nodes_[of.number];
    if (!to || to->branch != of.branch || to->seq != of.folded) to = std::make_unique<opened>(*db_, of);
    const auto entries = next_entries(of, last);
    if (!entries) return entries.error();
    std::optional<obstacle> wrong;
    to->seq = apply(*to, *entries, wrong);
    if (wrong) {  // what it began to change is not there; the next round ends before it
      obstacles_.insert_or_assign(of.number, std::move(*wrong));
      give_up();
      return true;
    }
    const wall_t changed = to->tables.changed_from();
    to->tables.flush();
    if (changed < wall_max && drop_sheets(*db_, {of.number, of.branch}, changed)) sheets_.look_again(of.number);
    const bool all = to->seq == of.entries;
    const auto done = db_->ask(
        fmt::format("UPDATE folded SET seq = {}, heartbeat = {}, stuck = NULL, why_cn = '', why_en = '' WHERE node = "
                    "{} AND branch = {}; COMMIT",
                    to->seq, all ? ms_of(of.heartbeat) : ms_of(of.folded_to), of.number, of.branch));
    if (!done) return done.error();
    uncounted_ += to->seq - of.folded;
    if (to->seq >= few_entries && to->seq >= 2 * to->counted) {
      grown_ = true;
      to->counted = to->seq;
    }
    if (all && uncounted_ >= many_entries) count_rows();
    return !all && to->seq > of.folded;
  } catch (const ledger::refusal& e) {
    return said(e.words());
  }
}

/** A hint for the database: nothing is lost without it. */
void folder::count_rows() {
  for (const char* table : {"targets", "states", "outages", "unknowns", "unconfirmed", "said"})
    if (db_->good()) (void)db_->ask(fmt::format("ANALYZE {}", table));
  uncounted_ = 0;
  grown_ = false;
}

/** Why it goes no further. */
result<void> folder::note(const folded_head& of) {
  obstacle& o = obstacles_.at(of.number);
  const auto named = db_->ask(
      "UPDATE folded SET stuck = $1::bigint, why_cn = $2, why_en = $3 WHERE node = $4::integer AND branch = "
      "$5::integer",
      {std::to_string(o.seq), as_seen(o.why.cn, most_reason_bytes), as_seen(o.why.en, most_reason_bytes),
       std::to_string(of.number), std::to_string(of.branch)});
  if (!named) return named.error();
  const auto done = db_->ask("COMMIT");
  if (!done) return done.error();
  if (!std::exchange(o.told, true))
    log::error("{} 的第 {} 条折算不了，其后的数字不算 / entry {} cannot be folded, and figures end before it: {}",
               of.node, o.seq, o.seq, to_string(o.why));
  return {};
}

}  // namespace changtong::centre
