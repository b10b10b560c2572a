#include "daemon/ledger/plain_tables.h"

#include <fmt/format.h>

#include "daemon/ledger/refusal.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

phrase what_computes(store& s, const std::string& path, std::string_view among) {
  // By their text, since that is what SQLite goes by, not by their type.
  const std::string where = among.empty() ? std::string() : fmt::format(" AND t.name IN ({})", among);
  const std::int64_t strange =
      s.number(
          fmt::format("SELECT count(*) FROM sqlite_schema AS t WHERE sql IS NOT NULL AND NOT (sql LIKE 'CREATE TABLE "
                      "%' OR sql LIKE 'CREATE INDEX %' OR sql LIKE 'CREATE UNIQUE INDEX %' OR (sql LIKE 'CREATE "
                      "TRIGGER %' AND name IN ('journal_is_append_only_update', 'journal_is_append_only_delete', "
                      "'seals_are_append_only_update', 'seals_are_append_only_delete'))){}",
                      where)
              .c_str()) +
      s.number(
          fmt::format("SELECT count(*) FROM sqlite_schema AS t, pragma_table_xinfo(t.name) AS c WHERE c.hidden <> 0{}",
                      where)
              .c_str());
  if (strange == 0) return {};
  return both("{} 里有畅通账本没有的视图、触发器或计算列，不予读取",
              "{} has views, triggers or computed columns that no ledger of Changtong has: it is not read", path);
}

void refuse_what_computes(store& s, const std::string& path, std::string_view among) {
  if (const phrase why = what_computes(s, path, among); !why.empty()) throw refusal(why);
}

std::size_t place_of_target(std::int64_t number) {
  constexpr std::int64_t most = 4'000'000;  // twenty times the longest inventory
  if (number < 0 || number > most)
    throw refusal(both("线路编号 {} 不可能出自畅通，账本被改动过",
                       "no ledger of Changtong numbers a target {}: it was changed", number));
  return static_cast<std::size_t>(number);
}

bool is_copy(store& s) { return s.number("SELECT count(*) FROM sqlite_schema WHERE name = 'copied'") > 0; }

}  // namespace changtong::ledger
