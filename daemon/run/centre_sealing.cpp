#include "daemon/run/centre_sealing.h"

#include <utility>

#include "daemon/centre/own_journal.h"
#include "daemon/centre/seal_key.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"

namespace changtong {
namespace {

constexpr std::chrono::seconds looked_every{60}, tried_again{5};

}  // namespace

centre_sealing::centre_sealing(const centre_file& s, centre::conversations& books)
    : name_(s.name), key_file_(s.seal_key_file), zone_(s.zone), books_(books), thread_([this](const std::stop_token&) {
        return round();
      }) {}

host::background::pause centre_sealing::round() {
  const auto done = seal_today();
  const std::string why = done ? std::string() : to_string(done.error());
  if (!why.empty() && why != said_)
    log::error("封存有问题，稍后再看 / sealing is not as it should be, it is tried again: {}", why);
  said_ = why;
  sealed_.store(done.has_value(), std::memory_order_relaxed);
  return done ? host::background::pause{looked_every, looked_every} : host::background::pause{tried_again, tried_again};
}

result<void> centre_sealing::seal_today() {
  const wall_t now = system_clocks().wall();
  std::string day = zone_.key(now, civil_zone::unit::day);
  if (day == day_) return {};
  if (!key_) {
    auto key = centre::seal_key(key_file_);
    if (!key) return key.error();
    key_ = std::move(*key);
  }
  const auto before = books_.with([](centre::database& db) { return centre::newest_seal(db); });
  if (!before) return before.error();
  if (*before && (*before)->unread.en.empty() && (*before)->key != key_->half().fingerprint())
    log::warn(
        "上次封存由另一把密钥签名，指纹 {}，这一次用 {}：除非另有一台中心，密钥曾经丢失或换过 / the last seal is "
        "another key's: unless there is another centre, the key was lost or changed",
        ledger::short_form((*before)->key), ledger::short_form(key_->half().fingerprint()));
  const auto done = books_.with([&](centre::database& db) {
    return centre::seal_heads(db, {.key = *key_, .centre = name_, .zone = zone_}, centre::sealed_when::once_a_day, now);
  });
  if (!done) return done.error();
  // A copy outside the database: what was before it is proved by its hash.
  if (const auto& s = *done)
    log::info("已封存 {}，第 {} 次，摘要 {}，密钥指纹 {} / sealed, its hash, its key's fingerprint", s->day, s->number,
              host::hex(ledger::bytes_of(s->hash)), ledger::short_form(s->key));
  const auto ahead = books_.with([&](centre::database& db) { return centre::sealed_ahead(db, now); });
  if (!ahead) return ahead.error();
  if (*ahead)
    return said(
        both("账里有一次封存的时刻 {} 在现在之后：某台机器的时钟曾经快过，或本机的慢；今天的封存已有。查明后用 "
             "changtong centre seal --over-ahead 说明",
             "a seal is labelled {}, which is still to come: a clock was ahead, or this one is behind; today is "
             "sealed all the same; say why with `changtong centre seal --over-ahead`",
             zone_.format(**ahead)));
  day_ = std::move(day);
  return {};
}

}  // namespace changtong
