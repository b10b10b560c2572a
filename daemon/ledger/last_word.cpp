#include "daemon/ledger/last_word.h"

#include <algorithm>

namespace changtong::ledger {

bool is_backward_step(const entry& e) {
  const auto* g = std::get_if<gap>(&e);
  return g != nullptr && g->why == cause::clock_step && g->from == g->to;
}

void last_word::word::hear(std::int64_t who, wall_t when) {
  if (when < at) return;
  at = when;
  seq = who;
}

void last_word::step(std::int64_t seq, wall_t label, const entry& e) {
  if (is_backward_step(e)) moved_ = {};
  const auto hear = [&](const transition& t) { moved_.hear(seq, std::max(t.at, t.confirmed)); };
  if (const auto* t = std::get_if<transition>(&e)) hear(*t);
  if (const auto* r = std::get_if<resumed>(&e)) std::ranges::for_each(r->lines, hear);
  if (const auto* s = std::get_if<stopped>(&e)) written_.hear(seq, s->at);
  // What a gap or a cause does not say itself is the heartbeat of its commit.
  const bool by_commit = std::holds_alternative<gap>(e) || std::holds_alternative<cause_found>(e);
  if (by_commit && label > label_of(e, wall_min)) written_.hear(seq, label);
}

std::optional<last_word::objection> last_word::against(wall_t heartbeat) const {
  if (written_.seq != 0 && heartbeat < written_.at)
    return objection{
        written_.seq,
        both("心跳早于第 {} 条入账时的心跳，而心跳从不倒退",
             "the heartbeat is before that of the commit of entry {}, and heartbeats never go back", written_.seq)};
  if (moved_.seq != 0 && heartbeat + heartbeat_behind < moved_.at)
    return objection{moved_.seq,
                     both("心跳早于第 {} 条已入账的状态变化",
                          "the heartbeat is before the transition in entry {}, which is in the journal", moved_.seq)};
  return std::nullopt;
}

}  // namespace changtong::ledger
