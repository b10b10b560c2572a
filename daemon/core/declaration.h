#pragma once
/** What people declare and no probe can see: settings, inventory, maintenance windows, annotations, duty, closings,
 * readings of counters, verdicts on indicators; and what comes of outages: alerts, acknowledgements, tickets, traces,
 * samples.
 * Each is a journal entry of its own, made at `at`, and never changed: a later one says it anew (promise 6).
 *
 * A kind has one header, declared_KIND.h: the command that asks for it, the record that is entered, and their tables.
 * From there follow the journal's text and its reading, the rows of the ledger, bodies and answers of the API with
 * their schemas, lists, and the papers of an auditor's pack. The table of a record (fields.h) says
 *   kind            its name in the journal, for ever
 *   fields          names and order are those of the journal (`at` first) and never change, for its text is hashed: a
 *                   new field is appended, as `if_any`, and no figure may depend on it (daemon/ledger/README.md)
 * and, where it has any,
 *   table           of the ledger; `since`: the first format of the ledger that has it, where that is not the oldest
 *   whole_rows      its rows have also what may be left out, so that they are read without their entries; a field that
 *                   is appended later has no column, and ends that
 *   rows_by         the fields by which its rows are stored, before the entry's number; else by that alone
 *   key, order      the field of which a query asks for a range; the field by which rows are listed
 *   command         what asks for it
 *   schema, list    names in openapi.json of one and of a list
 *   path            of the list, where no command says it
 *   counts          what it means that one of a list counts
 * and a command's table
 *   path, schema    where the API takes it, and the name of its body
 *   always          what has to be said
 *   cli, cli_means  what `changtong` calls it, and its sentence in the help;
 *                   without them its options are written by hand
 *   nothing_else    openapi.json says that a body has no other members
 */
#include <algorithm>

#include "daemon/core/declared_acknowledgement.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/declared_annotation.h"
#include "daemon/core/declared_closing.h"
#include "daemon/core/declared_counter.h"
#include "daemon/core/declared_duty.h"
#include "daemon/core/declared_inventory.h"
#include "daemon/core/declared_policy.h"
#include "daemon/core/declared_samples.h"
#include "daemon/core/declared_ticket.h"
#include "daemon/core/declared_trace.h"
#include "daemon/core/declared_trap.h"
#include "daemon/core/declared_verdict.h"
#include "daemon/core/declared_window.h"

namespace changtong {

/** All of them; a new one is added at the end, and becomes a `record` and an entry of the journal by it. */
using declarations =
    types<policy_version, inventory_version, window_record, annotation, duty_record, period_closed, counter_record,
          indicator_verdict, alert_record, acknowledgement, ticket_record, trace_record, trap_record, samples_record>;

template <class T>
constexpr bool has_table = requires { description<T>::table; };
/** Of which somebody may ask that it be entered; what the settings say, or the monitor, is not. */
template <class T>
constexpr bool has_command = requires { typename description<T>::command; };

template <class... T>
constexpr bool is_of_people(std::string_view kind, types<T...> /*all*/) {
  return ((has_command<T> && kind == description<T>::kind) || ...);
}
/** Whether people enter that kind, also while no daemon runs. */
constexpr bool is_of_people(std::string_view kind) { return is_of_people(kind, declarations{}); }

constexpr int oldest_format = 3;  ///< of a ledger that this program reads
template <class T>
constexpr int since_format() {
  if constexpr (requires { description<T>::since; }) return description<T>::since;
  return oldest_format;
}
/** The format that has a table for each. */
template <class... T>
constexpr int format_with_all(types<T...> /*all*/) {
  return std::max({since_format<T>()...});
}

template <class T>
constexpr auto command_of() {
  if constexpr (has_command<T>)
    return types<typename description<T>::command>{};
  else
    return types<>{};
}
template <class... T>
constexpr auto commands_of(types<T...> /*all*/) {
  return (types<>{} + ... + command_of<T>());
}

}  // namespace changtong
