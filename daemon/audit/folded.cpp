#include "daemon/audit/folded.h"

#include <fmt/format.h>

namespace changtong::audit {

result<void> folding::take(const journal_line& l) {
  try {
    if (l.seq == 1) rows_->set_first_entry(l.at);
    if (const auto what = strange_in(l)) strange_.try_emplace(*what, l.seq);
    if (!strange_.empty()) return {};  // what follows an unknown entry cannot be understood without it
    const auto rules = rules_in(l);
    if (!rules) return rules.error();
    if (const std::int64_t version = rules->value_or(rules_.back().version); version != rules_.back().version)
      rules_.push_back({l.seq, version});
    const result<ledger::entry> e = ledger::decode(l.kind, l.body);
    if (!e) return problem{fmt::format("第 {} 条读不懂 / entry {}: {}", l.seq, l.seq, e.error().text)};
    fold_.apply(l.seq, *e);
    for (const std::string& field : unknown_fields(l, *e)) fields_.try_emplace(field, l.seq);
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
  out.rules = std::move(rules_);
  auto books = ledger::reader::over(std::move(rows_), true);
  if (!books) return books.error();
  out.books = std::move(*books);
  return result<folded_books>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::audit
