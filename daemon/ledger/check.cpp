#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/lock.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/sql_tables.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

using progress_fn = std::function<bool(std::int64_t, std::int64_t)>;
constexpr std::int64_t entries_at_once = 2000;  // a read transaction must stay short: it holds the writer's log back

/** The chain as far as it has been walked. */
struct walk {
  std::int64_t seq = 0;
  digest hash{};
  std::int64_t bad = 0;
  std::string text{};

  bool fail(std::int64_t at, std::string why) {
    bad = at;
    text = std::move(why);
    return false;
  }

  bool step(const statement& row) {
    const std::int64_t next = row.integer(0);
    if (next != seq + 1)
      return fail(seq + 1, fmt::format("缺少第 {} 条，下一条是第 {} 条 / entry {} is missing, the next one is {}",
                                       seq + 1, next, seq + 1, next));
    const wall_t at = row.instant(1);
    if (row.text(4) != bytes_of(hash))
      return fail(next, fmt::format("第 {} 条不接续上一条 / entry {} does not follow from the one before", next, next));
    const digest own = chain(hash, next, at, row.text(2), row.text(3));
    if (row.text(5) != bytes_of(own))
      return fail(next, fmt::format("第 {} 条被改动过 / entry {} was changed", next, next));
    hash = own;
    seq = next;
    return true;
  }
};

std::int64_t entries_in(store& s) { return s.number("SELECT coalesce(max(seq), 0) FROM journal"); }

/** The state row is written with every commit: it knows how far the journal went. */
void check_tail(store& s, walk& w) {
  statement& head = s.prepared("SELECT h.seq, h.hash FROM head h");
  if (head.rows().step()) {
    const std::int64_t seq = head.integer(0);
    if (seq > w.seq)
      w.fail(w.seq + 1,
             fmt::format("末尾缺失：应有 {} 条，只有 {} 条 / the tail is cut: {} entries were written, {} are there",
                         seq, w.seq, seq, w.seq));
  }
  head.reset();
}

bool walk_some(store& s, walk& w) {
  statement& row = s.prepared("SELECT seq, at, kind, body, prev, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?");
  const std::int64_t before = w.seq;
  bool whole = true;
  for (row.rows(w.seq, entries_at_once); whole && row.step();) whole = w.step(row);
  row.reset();
  return whole && w.seq > before;
}

verification answer(const walk& w) {
  if (w.bad != 0) return {false, w.seq, w.bad, w.text};
  return {true, w.seq, 0, fmt::format("{} 条记录，哈希链完整 / {} entries, the hash chain is whole", w.seq, w.seq)};
}

}  // namespace

result<verification> verify(const std::string& path, const progress_fn& progress) {
  if (sodium_init() < 0) return problem{"libsodium 初始化失败 / libsodium does not start"};
  walk w;
  const auto done = guarded([&]() -> verification {
    store s(path, store::mode::read);
    const std::int64_t total = entries_in(s);
    try {
      while (walk_some(s, w))
        if (progress && !progress(w.seq, std::max(total, w.seq))) return {false, w.seq, 0, "校验被中止 / stopped"};
      if (w.bad == 0) check_tail(s, w);
    } catch (...) {
      if (!is_damage()) throw;
      w.fail(w.seq + 1, fmt::format("第 {} 条读不出来，文件已损坏 / entry {} cannot be read, the file is damaged",
                                    w.seq + 1, w.seq + 1));
    }
    return answer(w);
  });
  return done;
}

result<std::int64_t> rebuild(const std::string& path, const progress_fn& progress) {
  return guarded([&] {
    const file_lock lock(path);
    store s(path, store::mode::write);
    transaction t(s, "BEGIN IMMEDIATE");
    sql_tables rows(s);
    projections p(rows);
    p.clear();
    const std::int64_t total = entries_in(s);
    std::int64_t done = 0;
    statement& row = s.prepared("SELECT seq, kind, body FROM journal ORDER BY seq");
    for (row.rows(); row.step(); ++done) {
      if (done % entries_at_once == 0 && progress && !progress(done, total)) throw refusal("重建被中止 / stopped");
      const result<entry> e = decode(row.text(1), row.text(2));
      if (!e)
        throw refusal(fmt::format("第 {} 条读不懂 / entry {}: {}", row.integer(0), row.integer(0), e.error().text));
      p.apply(row.integer(0), *e);
    }
    row.reset();
    t.commit();
    return done;
  });
}

}  // namespace changtong::ledger
