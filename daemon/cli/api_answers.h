#pragma once
/** What a daemon's API answers, read for a terminal. The answer comes from outside: any bytes are read or said to be no
 * answer, and nothing that a terminal would obey is passed on. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/api_client.h"
#include "daemon/cli/entry_door.h"
#include "daemon/core/command.h"

namespace changtong {

/** `kind`: of what was handed in, and so of what was entered. */
[[nodiscard]] counted told(const api_answer& answer, const command& kind);
/** A list, and what of it does not hold. */
struct told_list {
  std::string text;
  std::vector<std::string> doubts;
};
/** The list that a GET of /api/v1/lists/… answers, with its lines as they are; what is wrong with the question is a
 * matter of the words that were given, as where a ledger is asked. */
[[nodiscard]] result<told_list> list_in(const api_answer& answer);
/** Why an answer that is no 200 refuses, Chinese first; what is the daemon's own trouble is no refusal of ours. */
[[nodiscard]] problem refusal_in(const api_answer& answer);

// The lines that both doors print of what was entered.
/** Each once, where it stood first: one line a window, however many targets it has. */
[[nodiscard]] std::vector<std::string> once_each(std::vector<std::string> lines);
[[nodiscard]] std::string closing_line(const std::string& from, const std::string& to, std::int64_t version,
                                       const std::string& sheet, const std::string& changes);
[[nodiscard]] std::string or_entered(const std::string& target);  ///< of a kind that has no line of its own
[[nodiscard]] std::string counter_line(const std::string& counter, const std::string& about, const std::string& amount);
[[nodiscard]] std::string acknowledgement_line(const std::string& alert, const std::string& line,
                                               const std::string& began, const std::string& author);
[[nodiscard]] std::string ticket_line(const std::string& number, std::string_view step, const std::string& carrier,
                                      const std::string& targets);
[[nodiscard]] std::string verdict_line(const std::string& plan, const std::string& indicator, std::string_view verdict);
/** Whether a notice says that it was there already and changes nothing; the codes are entering's. */
[[nodiscard]] bool says_known(std::string_view code);
/** Its acknowledgements are of what is over: nobody takes care of that, a note is kept. */
void say_noted_alone(counted& what);

}  // namespace changtong
