#include "daemon/ledger/refold.h"

#include <fmt/format.h>

#include "daemon/core/log.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/projections.h"
#include "daemon/ledger/schema.h"
#include "daemon/ledger/sql_tables.h"

namespace changtong::ledger {
namespace {

constexpr std::int64_t entries_at_once = 2000;  // between two words of progress

}  // namespace

std::int64_t refold(store& s, const std::function<bool(std::int64_t, std::int64_t)>& progress) {
  sql_tables rows(s);
  projections p(rows);
  p.clear();
  const std::int64_t total = s.number("SELECT coalesce(max(seq), 0) FROM journal");
  std::int64_t done = 0;
  statement& row = s.prepared("SELECT seq, kind, at, body FROM journal ORDER BY seq");
  for (row.rows(); row.step(); ++done) {
    if (done % entries_at_once == 0 && progress && !progress(done, total)) throw refusal({"重建被中止", "stopped"});
    const result<entry> e = decode(row.text(1), row.instant(2), row.text(3));
    if (!e) throw refusal(both("第 {} 条读不懂：{}", "entry {}: {}", row.integer(0), words_of(e.error())));
    p.apply(row.integer(0), *e);
  }
  row.reset();
  return done;
}

void upgrade(store& s) {
  const std::int64_t version = s.format();
  if (version >= format_version) return;
  transaction t(s, "BEGIN IMMEDIATE");
  for (const kept_table& kept : kept_tables()) s.execute(fmt::format("DROP TABLE IF EXISTS {}", kept.name).c_str());
  s.execute(projection_schema().c_str());
  s.set_format(format_version);
  const std::int64_t entries = refold(s, {});
  t.commit();
  log::info("账本格式由 {} 升级到 {}，{} 条账目未动 / the ledger was brought from format {} to {}", version,
            format_version, entries, version, format_version);
}

}  // namespace changtong::ledger
