#include "daemon/run/daily_check.h"

#include <stdexcept>

#include "daemon/books/operation_days.h"
#include "daemon/core/log.h"
#include "daemon/ledger/reader.h"

namespace changtong {

daily_check::daily_check(std::string ledger, recorder& records, std::function<std::optional<wall_t>()> now,
                         milliseconds pause)
    : ledger_(std::move(ledger)),
      records_(records),
      now_(std::move(now)),
      thread_([this, pause](const std::stop_token&) {
        look();
        return host::background::pause{pause, pause};
      }) {}

void daily_check::look() {
  const auto now = now_();
  if (!now) return;
  try {
    const auto books = ledger::reader::open(ledger_);
    if (!books) return;  // the ledger's own alarm says so
    std::vector<record> due;
    for (duty_record& d : books::daily_checks_due(**books, *now)) {
      log::info("每日自动检查 {}：{} / daily check", d.day, d.text);
      due.emplace_back(std::move(d));
    }
    if (due.empty()) return;
    if (const auto done = records_.enter(std::move(due)); !done)
      log::warn("每日自动检查未入账，稍后再试 / the daily check was not entered, later again: {}",
                to_string(done.error()));
  } catch (const std::runtime_error& e) {
    log::warn("每日自动检查：账本不可读 / daily check: {}", e.what());
  }
}

}  // namespace changtong
