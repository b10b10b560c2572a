#pragma once
/** The books as text: table (Chinese, for people), JSON and CSV (fields of design.md 6). Knows no formula: rows come
 * computed. JSON and CSV print seconds with at most three decimals, ratios at full precision, instants as ISO 8601 with
 * the zone's offset; what has no value is null, and an empty field in CSV. CSV is RFC 4180 in UTF-8 without a byte
 * order mark; no cell of it is a formula (columns.h). The table truncates to whole seconds and to 5 decimals of a
 * percentage, never rounds up. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/row.h"
#include "daemon/books/outage_notes.h"
#include "daemon/core/civil.h"
#include "daemon/core/result.h"

namespace changtong::report {

using availability::availability_row;

/** `sheet` is CSV for a person's spreadsheet: Chinese headings, and a byte order mark without which it would take them
 * for another encoding. Only the books and outages have it; other lists then give plain CSV. */
enum class format { table, json, csv, sheet };
[[nodiscard]] result<format> format_named(std::string_view name);

/** Whose books they are where several were laid together; nobody: those of one ledger. JSON and CSV then have, behind
 * the fields of a row, observers and observers_shown (whose clock is too far off), a table a line below it. */
struct book_observers {
  std::vector<std::string> merged, shown;
};
/** 合并账目，观测者：…；仅列出、未并入：… / … */
[[nodiscard]] std::string in_words(const book_observers& by);

[[nodiscard]] std::string write_availability(const std::vector<availability_row>& rows, format f,
                                             const civil_zone& zone, const book_observers& by = {});
/** An open outage is counted as far as it is known: a last hole that reaches to wall_max is in neither sum. */
[[nodiscard]] std::string write_outages(const std::vector<availability::outage>& rows, format f,
                                        const civil_zone& zone);
/** The same with names and towns, and what people and carriers said. JSON and CSV have, behind the fields of an outage:
 * id (what `ack` takes), name, town, carrier, alerts, acknowledged_by, tickets, carrier_tickets, carrier_cause,
 * carrier_cause_text, carrier_reply (of several tickets the last that says one), notes, traps (what its device said
 * near it), last_hop and path (how far that was seen at its beginning), observed (why its cause is what it is). */
[[nodiscard]] std::string write_outages(const std::vector<books::listed_outage>& rows, format f,
                                        const civil_zone& zone);

}  // namespace changtong::report
