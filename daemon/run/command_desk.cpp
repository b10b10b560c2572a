#include "daemon/run/command_desk.h"

#include <new>
#include <stdexcept>

#include "daemon/core/log.h"
#include "daemon/entries/entering.h"
#include "daemon/ledger/day_entries.h"
#include "daemon/settings/names.h"

namespace changtong {

refused ledger_unavailable(const phrase& why) {
  return {.why = refused::reason::unavailable,
          .code = "ledger_unavailable",
          .text = "账本暂不可用，没有登记，请稍后再试：" + why.cn,
          .text_en = "the ledger does not take it just now, nothing was entered, try again later: " + why.en,
          .nth = 0};
}

command_desk::command_desk(std::string ledger, recorder& records, label now, remarks more, book_door books,
                           node_rank rank)
    : ledger_(std::move(ledger)),
      records_(records),
      now_(std::move(now)),
      remarks_(std::move(more)),
      open_(std::move(books)),
      rank_(rank) {}

entering command_desk::drafted(std::span<const command> what, const author& who, wall_t now) {
  if (!books_) {
    auto opened = open_ ? open_() : ledger::reader::open(ledger_);
    if (!opened) return ledger_unavailable(words_of(opened.error()));
    books_ = std::move(*opened);
  }
  try {
    if (!entries::of_one_ledger(what)) return entries::draft(*books_, what, who, now, one_person, rank_);
    const auto own = ledger::reader::open(ledger_);
    if (!own) return ledger_unavailable(words_of(own.error()));
    return entries::draft(**own, what, who, now, one_person, rank_);
  } catch (const std::runtime_error& e) {
    books_.reset();
    return ledger_unavailable(words_of(e));
  }
}

result<void> command_desk::count_the_day(wall_t now) {
  const wall_t begins = books_->zone().around(now, civil_zone::unit::day).from;
  if (begins == day_begins_) return {};
  auto written = ledger::entries_since(ledger_, begins);
  if (!written) return written.error();
  written_ = std::move(*written);
  day_begins_ = begins;
  return {};
}

entering command_desk::enter(std::span<const command> what, const author& who) {
  const holding lock(one_at_a_time_);
  try {
    return entered_now(what, who);
  } catch (const std::bad_alloc&) {
    books_.reset();
    return ledger_unavailable({"内存不足", "out of memory"});
  }
}

entering command_desk::entered_now(std::span<const command> what, const author& who) {
  const auto now = now_();
  if (!now) return ledger_unavailable({"监测正在停止", "the daemon is stopping"});
  entering made = drafted(what, who, *now);
  if (!made || made->records.empty()) return made;
  if (const auto counted = count_the_day(*now); !counted) return ledger_unavailable(words_of(counted.error()));
  if (written_[who.name] + made->records.size() > most_entries_a_day)
    return refused{.why = refused::reason::too_much,
                   .code = "too_many_entries_today",
                   .text = "今天由 " + who.name + " 登记的账目将超过 20000 条，请明天再登记",
                   .text_en = who.name + " would have entered more than 20000 entries today: go on tomorrow",
                   .nth = 0};
  if (const auto kept = records_.enter(made->records); !kept) return ledger_unavailable(words_of(kept.error()));
  written_[who.name] += made->records.size();
  if (remarks_) remarks_(*made);
  log::info("{} 登记 {} 条（{}）/ entered", who.name, made->records.size(), who.via);
  return made;
}

}  // namespace changtong
