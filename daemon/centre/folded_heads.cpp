#include "daemon/centre/folded_heads.h"

#include "daemon/centre/pg_cells.h"

namespace changtong::centre {

result<std::vector<folded_head>> folded_heads(database& db) {
  const auto rows = db.ask(
      "SELECT n.name, h.node, h.branch, h.seq, h.heartbeat, f.version, f.seq, f.heartbeat, f.stuck, f.why_cn, "
      "f.why_en, n.retired, h.forked_first, h.clock_ahead, h.clock_within FROM nodes n JOIN heads h ON h.node = n.node "
      "LEFT JOIN folded f ON f.node = "
      "h.node AND "
      "f.branch = h.branch WHERE h.node > 0 AND h.branch = (SELECT max(branch) FROM heads x WHERE x.node = n.node) "
      "ORDER BY n.name "
      "COLLATE \"C\"");
  if (!rows) return rows.error();
  std::vector<folded_head> out;
  for (const table_row& row : rows->front()) {
    folded_head& one = out.emplace_back();
    one.node = row[0].value_or("");
    one.number = static_cast<std::int32_t>(whole_in(row[1]));
    one.branch = static_cast<std::int32_t>(whole_in(row[2]));
    one.entries = whole_in(row[3]);
    one.heartbeat = instant_in(row[4]);
    one.version = static_cast<int>(whole_in(row[5]));
    one.folded = whole_in(row[6]);
    one.folded_to = instant_in(row[7]);
    if (row[8]) one.stuck = whole_in(row[8]);
    one.why = {row[9].value_or(""), row[10].value_or("")};
    if (row[11]) one.retired = instant_in(row[11]);
    one.forked = row[12].has_value();
    if (row[13] && row[14]) one.clock = {milliseconds{whole_in(row[13])}, milliseconds{whole_in(row[14])}};
  }
  return out;
}

}  // namespace changtong::centre
