#include "daemon/run/duty_roster.h"

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/books/roster.h"
#include "daemon/core/log.h"
#include "daemon/ledger/reader.h"

namespace changtong {
namespace {

constexpr milliseconds holds{30'000};
constexpr std::chrono::hours around_it{24 * 16};  ///< yesterday's duty, and as far ahead as the roster looks

class duty_records {
 public:
  duty_records(std::string ledger, books::duty_turns turns) : ledger_(std::move(ledger)), turns_(std::move(turns)) {}

  alerts::on_duty at(wall_t when) {
    if (when < read_ || when - read_ > holds) read(when);
    auto who = books::roster_at(records_, turns_, when);
    return {.now = std::move(who.now), .next = std::move(who.next)};
  }

 private:
  void read(wall_t when) {
    read_ = when;
    try {
      const auto books = ledger::reader::open(ledger_);
      if (!books) return;  // the ledger's own alarm says so
      const auto key = [&](wall_t at) { return turns_.zone.key(at, civil_zone::unit::day); };
      records_ = (*books)->duties(key(when - std::chrono::hours{48}), key(when + around_it));
    } catch (const std::runtime_error& e) {
      log::warn("值班表：账本不可读 / roster: {}", e.what());
    }
  }

  std::string ledger_;
  books::duty_turns turns_;
  std::vector<duty_record> records_;
  wall_t read_ = wall_min;
};

}  // namespace

alerts::roster duty_roster_of(std::string ledger, const alert_settings& s, civil_zone zone) {
  auto records = std::make_shared<duty_records>(
      std::move(ledger), books::duty_turns{.zone = std::move(zone), .handover = s.handover, .staff = s.staff});
  return [records](wall_t when) { return records->at(when); };
}

}  // namespace changtong
