#include "daemon/audit/folded.h"

#include <fmt/format.h>

namespace changtong::audit {

result<void> folding::take(const journal_line& l) {
  try {
    if (l.seq == 1) rows_->set_first_entry(l.at);
    const result<ledger::entry> e = ledger::decode(l.kind, l.body);
    if (!e) return problem{fmt::format("第 {} 条读不懂 / entry {}: {}", l.seq, l.seq, e.error().text)};
    fold_.apply(l.seq, *e);
    if (const auto* p = std::get_if<policy_version>(&*e)) policies_.push_back({l.seq, *p});
    return {};
  } catch (const std::runtime_error& contradiction) {
    return problem{fmt::format("第 {} 条与前文矛盾 / entry {}: {}", l.seq, l.seq, contradiction.what())};
  }
}

result<folded_books> folding::finish(wall_t heartbeat) {
  rows_->set_heartbeat(heartbeat);
  folded_books out;
  out.rows = rows_.get();
  out.policies = std::move(policies_);
  auto books = ledger::reader::over(std::move(rows_), true);
  if (!books) return books.error();
  out.books = std::move(*books);
  return result<folded_books>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::audit
