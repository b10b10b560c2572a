#include "daemon/ledger/last_word.h"

#include <fmt/format.h>

#include <algorithm>

namespace changtong::ledger {

bool is_backward_step(const entry& e) {
  const auto* g = std::get_if<gap>(&e);
  return g != nullptr && g->why == cause::clock_step && g->from == g->to;
}

void last_word::hear(std::int64_t seq, const transition& t) {
  const wall_t at = std::max(t.at, t.confirmed);
  if (at < at_) return;
  at_ = at;
  seq_ = seq;
}

void last_word::step(std::int64_t seq, const entry& e) {
  if (is_backward_step(e)) *this = {};
  if (const auto* t = std::get_if<transition>(&e)) hear(seq, *t);
  if (const auto* r = std::get_if<resumed>(&e))
    for (const transition& t : r->lines) hear(seq, t);
}

std::string last_word::objection(wall_t heartbeat) const {
  if (seq_ == 0 || heartbeat + heartbeat_behind >= at_) return {};
  return fmt::format(
      "心跳早于第 {} 条已入账的状态变化 / the heartbeat is before the transition in entry {}, which is in the journal",
      seq_, seq_);
}

}  // namespace changtong::ledger
