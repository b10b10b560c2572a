#pragma once
/** How long things take that no setting says. */
#include "daemon/core/instant.h"

namespace changtong::alerts::fold {

/** An outage whose cause is not known by then is the line's own (verdict::causes::patience). */
inline constexpr milliseconds patience_for_cause{2'000};
/** Where no other line is in doubt nobody can be about to join: so long is waited instead of `quiet`. */
inline constexpr milliseconds nobody_in_doubt{100};
/** So long after its first bad sample every line that failed with it has been asked once (each second, design) … */
inline constexpr milliseconds neighbours_asked{1'100};
/** … and, where it is refused and not silent, so often that it is confirmed. Who is silent takes longer than both. */
inline constexpr milliseconds neighbours_confirmed{1'700};
/** What fell so long after the last of an alert fell by itself, unless nobody saw it well in between. */
inline constexpr milliseconds fell_together{5'000};
/** Growth is told when nothing was added for so long. */
inline constexpr milliseconds settles{5'000};
/** Some of an alert came back so long ago, the others did not: those that are well are told … */
inline constexpr milliseconds in_pieces{120'000};
/** … or when the first of them came back so long ago, though others followed. */
inline constexpr milliseconds in_pieces_at_most{600'000};
/** So often at most; then the rest is waited for. */
inline constexpr int most_pieces = 2;
/** A flapping line that has been down for so long does not flap any more: it is down. */
inline constexpr milliseconds down_for_good{300'000};
/** A fault of our own has ended when it has been away for so long. */
inline constexpr milliseconds own_away{10'000};
/** What was open before a restart and is not said again by then has ended. */
inline constexpr milliseconds said_again{60'000};
/** A storm of degraded lines is one alert for so long. */
inline constexpr milliseconds degraded_storm{600'000};
/** The same of degraded and certificate: they are measured anew after a restart, which takes its time. */
inline constexpr milliseconds measured_again{1'200'000};
/** A certificate that ends within so many days is told once more. */
inline constexpr int certificate_week = 7;
/** The same certificate is an alert again after so long. */
inline constexpr milliseconds certificate_again{86'400'000};

}  // namespace changtong::alerts::fold
