#include "daemon/centre/journal_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/centre/pg_cells.h"
#include "daemon/host/digest.h"

namespace changtong::centre {

std::string hex_of(const ledger::digest& d) { return host::hex(ledger::bytes_of(d)); }

ledger::digest digest_in(const std::optional<std::string>& cell) {
  ledger::digest out{};
  const auto bytes = cell ? host::from_hex(*cell) : std::nullopt;
  if (bytes && bytes->size() == out.size()) std::ranges::copy(*bytes, out.begin());
  return out;
}

result<std::int64_t> read_journal(database& db, std::int32_t node, std::int32_t branch, std::int64_t after,
                                  std::int64_t last, std::int64_t most,
                                  const std::function<void(const ledger::shipped_entry&)>& each) {
  const auto rows = db.ask(
      fmt::format("SELECT seq, at, kind, body, encode(hash, 'hex') FROM journal WHERE node = {} AND branch = {} AND "
                  "seq > {} AND seq <= {} ORDER BY seq LIMIT {}",
                  node, branch, after, last, most));
  if (!rows) return rows.error();
  for (const table_row& row : rows->front()) {
    after = whole_in(row[0]);
    each({.seq = after,
          .at = instant_in(row[1]),
          .kind = row[2].value_or(""),
          .body = row[3].value_or(""),
          .hash = digest_in(row[4])});
  }
  return after;
}

}  // namespace changtong::centre
