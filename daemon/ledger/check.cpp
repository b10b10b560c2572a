#include <fmt/format.h>

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

std::int64_t entries_in(store& s) { return s.number("SELECT coalesce(max(seq), 0) FROM journal"); }

}  // namespace

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
