// The sheets of what is folded. They are made outside of any transaction that others wait for: that they are
// being made is written first, whatever is folded meanwhile and reaches into one takes it away, and what is left is
// kept.
#include <utility>

#include "daemon/centre/folder.h"
#include "daemon/centre/sheets.h"
#include "daemon/centre/standing_rows.h"
#include "daemon/core/log.h"
#include "daemon/host/background.h"
#include "daemon/host/clocks.h"

namespace changtong::centre {

result<bool> folder::in_transaction(const folded_head& of, const std::function<void()>& work) {
  const auto held = hold(of);
  if (!held) return held.error();
  if (!*held || (*held)->version != projections_version) {
    give_up();
    return false;
  }
  work();
  const auto done = db_->ask("COMMIT");
  if (!done) return done.error();
  return true;
}

result<bool> folder::make_sheets(const std::vector<folded_head>& of, const std::stop_token& stop) {
  for (const folded_head& one : of) {
    if (stop.stop_requested() || epoch_ == 0) break;
    bool ended = false;
    auto made = [&]() -> result<bool> {
      try {
        return make_sheets(one, stop, ended);
      } catch (const std::exception& e) {
        return ended ? result<bool>(false) : said(words_of(e));
      }
    }();
    if (!made) {
      give_up();
      sheets_.give_up(one);
      if (!db_->good()) return made.error();
      log::warn(
          "{} 的月账没有算成，数字照常由账算出，稍后再试 / the month sheets of {} were not made, figures come from the "
          "books as ever, it is tried again: {}",
          one.node, one.node, to_string(made.error()));
      continue;
    }
    if (*made) return true;
  }
  return false;
}

result<bool> folder::make_sheets(const folded_head& of, const std::stop_token& stop, bool& ended) {
  const sheet_maker::lacking lacks = sheets_.missing(*db_, of);
  if (lacks.sheets.empty()) return false;
  const branch_of_node branch{of.number, of.branch};
  const auto begun = in_transaction(of, [&] { begin_sheets(*db_, branch, lacks.sheets); });
  if (!begun || !*begun) return begun;
  const std::int64_t epoch = epoch_;
  mono_t folded = system_clocks().mono();
  const auto made = sheets_.made(of, lacks, [&] {
    ended = stop.stop_requested();
    if (!ended &&
        system_clocks().mono() - folded >= within_.sheets.folds_every) {  // the walk has a conversation of its own
      ended = !fold(stop) || epoch_ != epoch;
      folded = system_clocks().mono();
    }
    if (ended) throw host::ended_early();
  });
  return in_transaction(of, [&] {
    const bool last = finish_sheets(*db_, branch, made.sheets);
    forget_days(*db_, branch, lacks.days_from);
    // Where the last one was taken away the tables may be other ones by now.
    if (last && made.standing) keep_standing(*db_, branch, *made.standing);
  });
}

}  // namespace changtong::centre
