#include "daemon/audit/folded.h"

#include <fmt/format.h>

#include "daemon/audit/double_key.h"
#include "daemon/core/phrase.h"

namespace changtong::audit {

result<void> folding::take(const journal_line& l) {
  last_.reset();
  try {
    if (const auto key = double_key_in(l))
      return said(
          both("第 {} 条里键 {} 在一个对象里出现两次", "entry {}: the key {} stands twice in one object", l.seq, *key));
    if (l.seq == 1) rows_->set_first_entry(l.at);
    if (const auto what = strange_in(l)) strange_.try_emplace(*what, l.seq);
    if (!strange_.empty()) return {};  // what follows an unknown entry cannot be understood without it
    const auto rules = rules_in(l);
    if (!rules) return rules.error();
    if (const std::int64_t version = rules->value_or(rules_.back().version); version != rules_.back().version) {
      if (rules_.back().seq == l.seq) rules_.pop_back();  // nothing was recorded by the rules before the first entry
      rules_.push_back({l.seq, version});
    }
    result<ledger::entry> e = ledger::decode(l.kind, l.at, l.body);
    if (!e) return said(both("第 {} 条读不懂：{}", "entry {}: {}", l.seq, words_of(e.error())));
    fold_.apply(l.seq, *e);
    for (const std::string& field : unknown_fields(l, *e)) fields_.try_emplace(field, l.seq);
    if (const auto* p = std::get_if<policy_version>(&*e)) policies_.push_back({l.seq, *p});
    walk_branches(l, *e);
    spoken_.step(l.seq, l.at, *e);
    last_ = std::move(*e);
    return {};
  } catch (const std::runtime_error& contradiction) {
    return said(
        both("第 {} 条与前文矛盾：{}", "entry {} contradicts what is before it: {}", l.seq, words_of(contradiction)));
  }
}

/** A start that names an older entry is a second child of it. */
void folding::walk_branches(const journal_line& l, const ledger::entry& e) {
  branches_.step(l.seq, l.kind, l.body, l.hash);
  if (branches_.bad() != l.seq) return;
  const std::int64_t parent = std::get<started>(e).parent.seq;
  seam_ = branches_.problem();
  if (parent > 0 && parent < l.seq - 1)
    seam_ = fmt::format(
        "分叉：第 {} 条有两条后继，第 {} 条和这次启动 / a fork: entry {} has two children, entry {} and this start",
        parent, parent + 1, parent, parent + 1);
}

result<folded_books> folding::finish(wall_t heartbeat) {
  rows_->set_heartbeat(heartbeat);
  folded_books out;
  out.rows = rows_.get();
  out.policies = std::move(policies_);
  out.rules = std::move(rules_);
  out.branches = branches_.all();
  auto books = ledger::reader::over(std::move(rows_), true);
  if (!books) return books.error();
  out.books = std::move(*books);
  return result<folded_books>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::audit
