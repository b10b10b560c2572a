#include "daemon/centre/schema.h"

#include "daemon/centre/schema_tables.h"
#include "daemon/core/phrase.h"

namespace changtong::centre {
namespace {

constexpr int version = 4;
constexpr std::int64_t maker = 0x6368616e67746f6e;  // any number, the same for all that make tables

std::string cell(const std::vector<table_rows>& all, std::size_t statement) {
  if (statement >= all.size() || all[statement].empty() || all[statement][0].empty()) return {};
  return all[statement][0][0].value_or("");
}

/** What is confirmed has to be there after a power cut. */
result<void> trustworthy(database& db) {
  const auto said_so = db.ask("SHOW fsync; SHOW synchronous_commit; SHOW server_encoding");
  if (!said_so) return said_so.error();
  if (cell(*said_so, 0) != "on")
    return said(
        {"数据库的 fsync 是关着的：断电会丢已确认的账，中心不用这样的库；请在 postgresql.conf 中写 fsync = on 并重启它",
         "the database runs with fsync off: a power cut loses what it has confirmed; set fsync = on in "
         "postgresql.conf and restart it"});
  if (cell(*said_so, 2) != "UTF8")
    return said({"数据库的编码不是 UTF8：请用 createdb -E UTF8 -T template0 另建一个",
                 "the database's encoding is not UTF8: make one with createdb -E UTF8 -T template0"});
  if (cell(*said_so, 1) == "remote_apply") return {};  // waits for more than we ask for
  const auto set = db.ask("SET synchronous_commit = on");
  if (!set) return set.error();
  return {};
}

result<bool> there(database& db) {
  const auto found = db.ask("SELECT to_regclass('lease') IS NOT NULL");
  if (!found) return found.error();
  return cell(*found, 0) == "t";
}

result<foundation> known(database& db) {
  const auto row = db.ask("SELECT version FROM lease; SELECT epoch FROM lease");
  if (!row) return row.error();
  const std::int64_t is = whole_in(cell(*row, 0));
  if (is >= 1 && is < version)
    return said({"数据库里的表是旧版的：请先启动一次本版的 changtong serve --centre，它会补上新表",
                 "the tables in the database are an older version's: start this version's `changtong serve --centre` "
                 "once, which adds the new ones"});
  if (is != version)
    return said(both("数据库里的表是第 {} 版，本程序只认第 {} 版：请更新本程序",
                     "the tables in the database are of version {}, this program knows {}: update it", cell(*row, 0),
                     version));
  return foundation{.epoch = whole_in(cell(*row, 1))};
}

}  // namespace

result<foundation> lay(database& db) {
  if (const auto fine = trustworthy(db); !fine) return fine.error();
  const auto one_at_a_time = db.ask(fmt::format("BEGIN; SELECT pg_advisory_xact_lock({})", maker));
  if (!one_at_a_time) return one_at_a_time.error();
  const auto made = there(db);
  if (!made) return made.error();
  const auto old = *made ? db.ask("SELECT version FROM lease") : db.ask(std::string(journal_tables));
  if (!old) return old.error();
  const std::int64_t was = *made ? whole_in(cell(*old, 0)) : 1;
  std::string rest;
  if (was == 1) rest += projection_tables;
  if (was == 1 || was == 2) rest += fmt::format("{}{}", sheet_tables, own_journal);
  if (was >= 1 && was < version) rest += standing_tables;
  // Who still believes in the tables of before writes nothing any more.
  if (!rest.empty()) rest += fmt::format(" UPDATE lease SET version = {}, epoch = epoch + 1; ", version);
  const auto done = db.ask(rest + "COMMIT");
  if (!done) return done.error();
  return known(db);
}

result<foundation> find(database& db) {
  if (const auto fine = trustworthy(db); !fine) return fine.error();
  const auto made = there(db);
  if (!made) return made.error();
  if (!*made)
    return said({"数据库里还没有中心的表：请先启动 changtong serve --centre",
                 "there are no tables of a centre in the database: start `changtong serve --centre` first"});
  return known(db);
}

result<void> ask_by_index(database& db) {
  const auto set =
      db.ask("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off");
  if (!set) return set.error();
  return {};
}

}  // namespace changtong::centre
