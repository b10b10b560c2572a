#include "daemon/centre/folded_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/centre/journal_rows.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/own_journal.h"
#include "daemon/centre/pg_cells.h"
#include "daemon/centre/row_check.h"
#include "daemon/centre/sheet_check.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/projections.h"

namespace changtong::centre {
namespace {

constexpr std::int64_t page = 2'000;  // entries of one reading

problem interrupted() { return said({"已中断", "interrupted"}); }

/** A journal, folded as far as it was read. */
class refold {
 public:
  refold() : rows_(std::make_unique<ledger::memory_tables>()), fold_(*rows_) {}

  /** Up to `last`, or to the first entry that cannot be folded. */
  [[nodiscard]] result<void> read(database& db, const folded_head& of, std::int64_t last,
                                  const told_progress& progress) {
    while (seq_ < last && !bad_) {
      const std::int64_t before = seq_;
      const auto read =
          read_journal(db, of.number, of.branch, seq_, last, page, [&](const ledger::shipped_entry& e) { take(e); });
      if (!read) return read.error();
      if (!progress(seq_, last)) return interrupted();
      if (seq_ == before) bad_ = seq_ + 1;  // it is not there
    }
    return {};
  }
  [[nodiscard]] std::int64_t seq() const { return seq_; }
  /** As if what was said last went on for ever: what was before the end of what is known is the same. */
  [[nodiscard]] std::unique_ptr<ledger::memory_tables> rows() {
    rows_->set_heartbeat(wall_max);
    return std::move(rows_);
  }

 private:
  void take(const ledger::shipped_entry& e) {
    if (bad_) return;
    const auto read = e.seq == seq_ + 1 ? ledger::decode(e.kind, e.at, e.body) : said({"缺条目", "it is missing"});
    bad_ = read ? std::nullopt : std::optional(seq_ + 1);
    if (bad_) return;
    if (e.seq == 1) rows_->set_first_entry(e.at);
    try {
      fold_.apply(e.seq, *read);
      seq_ = e.seq;
    } catch (const ledger::refusal&) {
      bad_ = e.seq;
    }
  }

  std::unique_ptr<ledger::memory_tables> rows_;
  ledger::projections fold_;
  std::int64_t seq_ = 0;
  std::optional<std::int64_t> bad_;
};

/** As it is now; none: it is not folded, or another branch goes on. */
result<std::optional<folded_head>> head_now(database& db, const folded_head& of) {
  const auto all = folded_heads(db);
  if (!all) return all.error();
  const auto it = std::ranges::find(*all, of.number, &folded_head::number);
  if (it == all->end() || it->branch != of.branch || it->version != projections_version)
    return std::optional<folded_head>();
  return std::optional(*it);
}

/** What a head says of itself. */
void check_head(const folded_head& h, std::int64_t folded_here, row_differences& into) {
  if (h.folded > h.entries)
    into.add(both("表 folded：折算到第 {} 条，而账只有 {} 条", "folded: up to entry {}, and the journal has {}",
                  h.folded, h.entries));
  if (h.folded_to > h.heartbeat)
    into.add(both("表 folded：数字知道到 {}，而账只到 {}（毫秒）",
                  "folded: figures know all up to {}, and the journal only up to {} (ms)", ms_of(h.folded_to),
                  ms_of(h.heartbeat)));
  if (folded_here < h.folded && h.folded <= h.entries)
    into.add(both("表 folded：折算到第 {} 条，而第 {} 条不能折算", "folded: up to entry {}, and {} cannot be folded",
                  h.folded, folded_here + 1));
}

result<folded_found> compared(database& db, const folded_head& h, refold& anew, const told_progress& progress) {
  folded_found out{.entries = anew.seq(), .first = {}, .stuck = h.stuck};
  row_differences all;
  check_head(h, anew.seq(), all);
  const std::function<bool()> goes_on = [&] { return progress(anew.seq(), anew.seq()); };
  auto rows = anew.rows();
  if (all.count == 0) {
    auto differ = row_check(db, h.number, h.branch, *rows, goes_on).compare();
    if (!differ) return differ.error();
    all = std::move(*differ);
    const auto sheets = check_sheets(db, h, std::move(rows), goes_on, all);
    if (!sheets) return sheets.error();
    out.sheets = *sheets;
  }
  out.first = std::move(all.first);
  out.differences = all.count;
  return out;
}

}  // namespace

result<folded_found> verify_folded(database& db, const folded_head& of, const told_progress& progress) {
  try {
    const auto before = head_now(db, of);
    if (!before) return before.error();
    folded_found in_the_making{.first = {}, .in_the_making = true, .stuck = {}};
    if (!*before) return in_the_making;
    refold anew;
    if (const auto read = anew.read(db, of, std::min((*before)->folded, (*before)->entries), progress); !read)
      return read.error();
    // What was folded meanwhile is little; from here on nothing moves.
    const one_state held(db);
    const auto now = head_now(db, of);
    if (!now) return now.error();
    if (!*now || (*now)->folded < (*before)->folded) return in_the_making;
    if (const auto read = anew.read(db, of, std::min((*now)->folded, (*now)->entries), progress); !read)
      return read.error();
    return compared(db, **now, anew, progress);
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
}

result<std::int64_t> fold_anew(database& db, const std::string& node) {
  return written(db, [&]() -> result<std::int64_t> {
    // Whoever folds renews its lease first in each of its transactions: none of them is under way.
    if (const auto held = db.ask("SELECT epoch FROM folder FOR UPDATE"); !held) return held.error();
    const auto done = db.ask(
        "UPDATE folded f SET version = 0, seq = 0, heartbeat = 0, stuck = NULL, why_cn = '', why_en = '' FROM nodes n "
        "WHERE n.node = f.node AND (n.name = $1 OR $1 = '') AND f.branch = (SELECT max(branch) FROM heads h WHERE "
        "h.node = f.node) RETURNING 1",
        {node});
    if (!done) return done.error();
    return static_cast<std::int64_t>(done->size());
  });
}

}  // namespace changtong::centre
