#include "daemon/ledger/chain_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace changtong::ledger {
namespace {

constexpr std::int64_t entries_at_once = 2000;

}  // namespace

std::optional<digest> hash_of_entry(store& s, std::int64_t seq) {
  statement& row = s.prepared("SELECT hash FROM journal WHERE seq = ?");
  std::optional<digest> hash;
  if (row.rows(seq).step() && row.text(0).size() == sizeof(digest))
    std::ranges::copy(row.text(0), hash.emplace().begin());
  row.reset();
  return hash;
}

void chain_walk::fail(std::int64_t at, std::string why) {
  bad = at;
  text = std::move(why);
}

bool chain_walk::step(const statement& row) {
  const std::int64_t next = row.integer(0);
  if (next != seq + 1) {
    fail(seq + 1, fmt::format("缺少第 {} 条，下一条是第 {} 条 / entry {} is missing, the next one is {}", seq + 1, next,
                              seq + 1, next));
    return false;
  }
  const wall_t at = row.instant(1);
  if (row.text(4) != bytes_of(hash)) {
    fail(next, fmt::format("第 {} 条不接续上一条 / entry {} does not follow from the one before", next, next));
    return false;
  }
  const digest own = chain(hash, next, at, row.text(2), row.text(3));
  if (row.text(5) != bytes_of(own)) {
    fail(next, fmt::format("第 {} 条被改动过 / entry {} was changed", next, next));
    return false;
  }
  hash = own;
  seq = next;
  if (good) good(seq, row.text(2), at, row.text(3));
  return true;
}

bool chain_walk::some(store& s) {
  statement& row = s.prepared("SELECT seq, at, kind, body, prev, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?");
  const std::int64_t before = seq;
  bool whole = true;
  for (row.rows(seq, entries_at_once); whole && row.step();) whole = step(row);
  row.reset();
  return whole && seq > before;
}

/** The state row is written with every commit: it knows how far the journal went. */
void chain_walk::tail(store& s) {
  statement& head = s.prepared("SELECT seq, hash FROM head");
  const bool any = head.rows().step();
  const std::int64_t written = any ? head.integer(0) : 0;
  const bool same = any ? head.text(1) == bytes_of(hash) : seq == 0;
  head.reset();
  if (written > seq)
    fail(seq + 1,
         fmt::format("末尾缺失：应有 {} 条，只有 {} 条 / the tail is cut: {} entries were written, {} are there",
                     written, seq, written, seq));
  else if (written < seq || !same)
    fail(written < seq ? written + 1 : seq,
         fmt::format("状态行只记到第 {} 条，与账目末尾（第 {} 条）不符 / the state row ends with entry {} and does not "
                     "agree with the journal, which ends with {}",
                     written, seq, written, seq));
}

}  // namespace changtong::ledger
