#include "daemon/run/duty_roster.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/books/roster.h"
#include "daemon/core/log.h"
#include "daemon/ledger/reader.h"

namespace changtong {
namespace {

constexpr milliseconds holds{30'000};

class duty_records {
 public:
  duty_records(book_door books, books::duty_turns turns, const std::vector<person>& people)
      : books_(std::move(books)), turns_(std::move(turns)) {
    for (const person& p : people) people_.insert(p.name);
  }

  alerts::on_duty at(wall_t when) {
    const auto now =
        std::chrono::steady_clock::now();  // `when` may be any instant of a year: a start asks of its nights
    if (!read_ || now - *read_ > holds) read(now);
    auto who = books::roster_at(records_, turns_, when);
    // A name that nobody has (a slip, somebody who left) must not keep the phone of whoever takes turns from ringing.
    if (std::ranges::none_of(who.now, [&](const std::string& name) { return people_.contains(name); }))
      who = books::roster_at({}, turns_, when);
    return {.now = std::move(who.now), .next = std::move(who.next)};
  }

 private:
  void read(mono_t now) {
    read_ = now;
    try {
      const auto books = books_();
      if (!books) return;                            // the ledger's own alarm says so
      records_ = (*books)->declared<duty_record>();  // a few a day, in order of day
    } catch (const std::runtime_error& e) {
      log::warn("值班表：账本不可读 / roster: {}", e.what());
    }
  }

  book_door books_;
  books::duty_turns turns_;
  std::set<std::string> people_;  ///< whom alerts can reach
  std::vector<duty_record> records_;
  std::optional<mono_t> read_;
};

}  // namespace

alerts::roster duty_roster_of(book_door books, const settings& s) {
  auto records = std::make_shared<duty_records>(
      std::move(books), books::duty_turns{.zone = s.zone, .handover = s.alerts.handover, .staff = s.alerts.staff},
      s.people);
  return [records](wall_t when) { return records->at(when); };
}

}  // namespace changtong
