#include "daemon/run/duty_roster.h"

#include <chrono>
#include <memory>
#include <optional>
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
  duty_records(std::string ledger, books::duty_turns turns) : ledger_(std::move(ledger)), turns_(std::move(turns)) {}

  alerts::on_duty at(wall_t when) {
    const auto now =
        std::chrono::steady_clock::now();  // `when` may be any instant of a year: a start asks of its nights
    if (!read_ || now - *read_ > holds) read(now);
    auto who = books::roster_at(records_, turns_, when);
    return {.now = std::move(who.now), .next = std::move(who.next)};
  }

 private:
  void read(mono_t now) {
    read_ = now;
    try {
      const auto books = ledger::reader::open(ledger_);
      if (!books) return;                            // the ledger's own alarm says so
      records_ = (*books)->declared<duty_record>();  // a few a day, in order of day
    } catch (const std::runtime_error& e) {
      log::warn("值班表：账本不可读 / roster: {}", e.what());
    }
  }

  std::string ledger_;
  books::duty_turns turns_;
  std::vector<duty_record> records_;
  std::optional<mono_t> read_;
};

}  // namespace

alerts::roster duty_roster_of(std::string ledger, const alert_settings& s, civil_zone zone) {
  auto records = std::make_shared<duty_records>(
      std::move(ledger), books::duty_turns{.zone = std::move(zone), .handover = s.handover, .staff = s.staff});
  return [records](wall_t when) { return records->at(when); };
}

}  // namespace changtong
