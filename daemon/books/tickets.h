#pragma once
/** Tickets 报障单 as they stand, folded from their steps; numbers and deadlines of new ones. Pure. */
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/books/policy.h"
#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/core/id_list.h"
#include "daemon/core/node_rank.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** One ticket. */
struct ticket {
  std::string number, carrier, alert;
  std::vector<std::string> targets;
  wall_t began{}, reported{};
  std::optional<wall_t> deadline;
  std::optional<wall_t> sent;                 ///< a channel took it
  std::string answer;                         ///< of the last delivery, whether it was taken or not
  std::optional<wall_t> closed;               ///< when it was
  std::string theirs;                         ///< the carrier's number: the last one said
  fault_cause cause = fault_cause::unstated;  ///< the last one said
  std::string reply;                          ///< the last words of a reply or closing; of none: empty
  std::string reported_by;
  std::vector<ticket_record> steps;  ///< in the order in which they were entered
};
/** A `sent` step whose `answer` begins so is a delivery that failed. */
inline constexpr std::string_view not_delivered = "! ";

/** In the order of their numbers; a step of a ticket that was never reported is left out. */
[[nodiscard]] std::vector<ticket> fold_tickets(std::vector<ticket_record> steps);

/** "T20260314-0003": the next one of the civil day of `now`. `known`: every step of that day's tickets. People and the
 * monitor enter by different ways at the same time, so each has numbers of its own: 0001 to 4999, and from 5001 on; the
 * second node of a pair those from 2501 and 7501 on. */
[[nodiscard]] std::string next_number(const civil_zone& zone, wall_t now, std::span<const ticket_record> known,
                                      bool automatic = false, node_rank rank = node_rank::first);
/** Of a number that the monitor made in a pair: which of the two did. */
[[nodiscard]] node_rank rank_of_automatic(std::string_view number);

/** Until when the contract that covers the line then wants its outage reported: `discovered` and the contract's
 * report_deadline. None: there is no contract, or it says nothing. */
[[nodiscard]] std::optional<wall_t> report_deadline(const std::vector<dated_policy>& policies,
                                                    const ledger::known_target& line, wall_t discovered);

}  // namespace changtong::books
