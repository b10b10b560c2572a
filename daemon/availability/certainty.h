#pragma once
/** The shortest outage that the settings are certain to confirm (rules.md 4.8: state it in every report). Pure.
 *
 * n = down_after, T = interval, t = timeout, F = fast interval. Slot k lies at phase + k·T, each moved by up to ±T/10,
 * so two neighbours are at most 1.2·T apart, and n + 1 in a row at most n·T + 0.2·T. All n bad questions must be sent
 * inside the outage.
 *
 *   regular slots alone:  n·T + 0.2·T                 from just after a slot until the n-th slot after it
 *   with fast questions:  1.2·T + t + (n - 1)·F       the first at most 1.2·T after the outage began; known as bad when
 *                                                     its time is up, t later; then n - 1 more, each F after the one
 * before
 *
 * Both are enough, so the smaller one is the answer. Fast questions have a budget; where it is used up, the regular
 * slots are left. Every question may be sent up to one tick (10 ms) after it is due. A slot that our side could not
 * send in time is not_measured: unknown time, which the books show, not an outage that they missed. */
#include "daemon/core/check.h"

namespace changtong::availability {

struct certain_length {
  milliseconds confirmed{0};       ///< an outage at least so long is confirmed
  milliseconds without_budget{0};  ///< the same where no fast question is granted
};

[[nodiscard]] certain_length certain_outage(const timing& t);

}  // namespace changtong::availability
