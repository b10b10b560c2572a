#include "daemon/audit/back_dated.h"

#include <fmt/format.h>

#include "daemon/core/declaration.h"
#include "daemon/ledger/last_word.h"

namespace changtong::audit {

std::optional<std::string> back_dated::step(const journal_line& l, const ledger::entry& e) {
  for (; passed_ < seals_.size() && seals_[passed_].seq < l.seq; ++passed_) excused_ = false;
  if (const auto* s = std::get_if<started>(&e)) {
    branched_ = branched_ || !s->branch.empty();
    excused_ = excused_ || (passed_ > 0 && s->at < seals_[passed_ - 1].made);
  }
  excused_ = excused_ || ledger::is_backward_step(e);
  if (passed_ == 0 || !branched_ || excused_ || !is_of_people(l.kind)) return std::nullopt;
  const ledger::seal& sealed = seals_[passed_ - 1];
  if (l.at + overtaken >= sealed.made) return std::nullopt;
  return fmt::format(
      "人工登记的这一条（{}）所写的时间早于 {} 的封存，却不在该封存之内：倒填日期 / this entry of a person ({}) is "
      "dated "
      "before the seal of {} was made, which does not cover it: back-dated",
      l.kind, sealed.day, l.kind, sealed.day);
}

}  // namespace changtong::audit
