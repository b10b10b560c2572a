#pragma once
/** Which outages the carriers have to be told of now, by tickets 报障单 that nobody had to write: the contract names an
 * address (`report_to`) and, mostly, until when (`report_deadline`). Reads, enters nothing, asks for no time. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/books/policy.h"
#include "daemon/books/tickets.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::books {

/** A line on a ticket. */
struct reported_line {
  std::string id, name, town, unit, circuit;
  wall_t began{}, confirmed{};
  cause why = cause::none;  ///< of the first bad sample
  std::string trace;        ///< how far its path is seen; empty: not known
};

struct due_ticket {
  ticket_record what;  ///< `reported`, ready to be entered: with its number, its deadline and its text
  contract terms;      ///< `report_to` is where it goes
  std::vector<reported_line> lines;
};

/** What the caller knows besides the books. */
struct due_request {
  wall_t now{};
  std::string office;               ///< who reports; may be empty
  std::optional<node_rank> pair{};  ///< of a pair: which node this is; the second one makes them a minute later
};

/** One ticket a contract, its lines in order of their ids, tickets in order of the contracts' ids. A line is on it
 * whose outage is open, is its own fault (not an upstream's, not the user's power; the cause is decided, or was not
 * within a minute), is in no window that leaves the books, and on no ticket yet. A ticket is due as soon as one of its
 * outages has lasted for five minutes, or half of the contract's deadline if that is shorter; all others that may be on
 * it then are. The deadline counts from the first discovery, or from the end of the window in which it fell. A problem:
 * the policies cannot be read. Throws as the reader does. */
[[nodiscard]] result<std::vector<due_ticket>> due_tickets(const ledger::reader& from, const due_request& asked);

/** A ticket that went by itself and that no channel has taken yet. */
struct unsent_ticket {
  ticket_record what;     ///< as it was reported
  std::string to;         ///< where it goes; empty: no contract that covers its lines says so any more
  std::size_t tries = 0;  ///< deliveries that failed
  wall_t last_try{};      ///< the last of them
};
/** In order of their numbers; of those that were reported in the 24 hours before `now`: what is older is a person's. Of
 * a pair those that this node made, and the other's when it has not sent them for ten minutes. */
[[nodiscard]] result<std::vector<unsent_ticket>> unsent_tickets(const ledger::reader& from, wall_t now,
                                                                std::optional<node_rank> pair = {});

/** A ticket that was reported, with its lines as they were then: for page and table. Throws as the reader does. */
[[nodiscard]] due_ticket reported_ticket(const ledger::reader& from, const ticket_record& reported);

/** The step that says what came of the delivery; `answer` is cut at 200 bytes. */
[[nodiscard]] ticket_record sent_step(const ticket_record& reported, wall_t at, bool taken, std::string_view answer);

/** 报障单 for the carrier. Plain text of at most 100 lines' faults, lines end with "\n"; a whole HTML page; CSV (RFC
 * 4180, with a byte order mark for spreadsheets), a line a row. Civil time of the zone. */
[[nodiscard]] std::string ticket_title(const ticket_record& t);  ///< 【报障】移动 2 条专线中断（T20260314-0003）
[[nodiscard]] std::string ticket_text(const due_ticket& t, std::string_view office, const civil_zone& zone);
/** Heading and value of what is said above the lines, and what the carrier is asked for below them. */
[[nodiscard]] std::vector<std::pair<std::string, std::string>> ticket_head(const due_ticket& t, std::string_view office,
                                                                           const civil_zone& zone);
inline constexpr std::string_view ticket_request =
    "请回复：贵方单号、故障原因（光缆、停电、设备、迁改、数据配置、其他）、预计恢复时间；恢复后请告知处理结果。";

}  // namespace changtong::books
