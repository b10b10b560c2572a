#pragma once
/** What people enter for an evaluation 绩效自评: readings of counters and verdicts on indicators. What such an entry
 * must look like, and what it is to those before it. Pure. */
#include <boost/system/result.hpp>
#include <optional>

#include "daemon/core/command.h"

namespace changtong::entries {

inline constexpr std::size_t most_unit = 16, most_source = 256, most_plan = 64, most_reason = 2000,
                             most_document = 255;  ///< characters

/** The record of a reading that is entered at `now`, or why there is none. */
[[nodiscard]] boost::system::result<counter_record, refused> counter_from(const counter_command& c, const author& who,
                                                                          wall_t now);
/** The record of a verdict that is entered at `now`, or why there is none. */
[[nodiscard]] boost::system::result<indicator_verdict, refused> verdict_from(const verdict_command& v,
                                                                             const author& who, wall_t now);

/** What an entry is to the last one about the same thing: the same again, which is not entered, or another word on it,
 * which counts from now on. */
enum class succession : std::uint8_t { known, correction };
/** Values are compared as numbers (10 is 10.0); a reading that names no source says nothing against one that does. */
[[nodiscard]] succession after(const counter_record& last, const counter_record& next);
/** Known only from the same person: somebody else's equal verdict is a word of its own. */
[[nodiscard]] succession after(const indicator_verdict& last, const indicator_verdict& next);

/** What to say of it; `instant` is the reading's, for people. */
[[nodiscard]] notice notice_of(succession s, const counter_record& last, const counter_record& next,
                               const std::string& instant);
[[nodiscard]] notice notice_of(succession s, const indicator_verdict& last, const indicator_verdict& next);

}  // namespace changtong::entries
