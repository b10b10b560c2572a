#pragma once
/** What nodes and centre call each other by at a broker. The node's name is in the subject, and the broker lets each
 * user publish below its own name only: that is who it is. Pure. */
#include <optional>
#include <string>
#include <string_view>

namespace changtong::centre {

inline constexpr std::string_view shipping_subject = "ct.ship", beat_subject = "ct.beat", live_subject = "ct.live",
                                  command_subject = "ct.cmd", answers_subject = "ct.answer";

/** `ct.ship.东城区`; what a subject may not hold (space, '.', '*', '>', '%', control characters) is %XX. */
[[nodiscard]] std::string subject_of(std::string_view what, std::string_view node);
/** The node's name; none where it is no subject of that kind. Any input is safe. */
[[nodiscard]] std::optional<std::string> node_in(std::string_view what, std::string_view subject);
/** Whether an answer to `subject` reaches `node` and nobody else: `ct.answer.东城区.` and a word of its own choice. The
 * centre may send to every subject that it was asked from, and who asks names it. Any input is safe. */
[[nodiscard]] bool answers_to(std::string_view node, std::string_view subject);

}  // namespace changtong::centre
