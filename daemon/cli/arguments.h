#pragma once
/** The command line by topic: each function adds its subcommands to `app`, and the one that is called leaves its exit
 * code in `code`. Declares and wires, decides nothing. `code` outlives the app. */

#include "daemon/cli/grammar.h"

namespace changtong {

void serve_arguments(grammar app, int& code);        ///< serve
void demo_arguments(grammar app, int& code);         ///< demo
void replay_arguments(grammar app, int& code);       ///< replay
void check_arguments(grammar app, int& code);        ///< check
void probe_arguments(grammar app, int& code);        ///< probe
void discover_arguments(grammar app, int& code);     ///< discover
void import_arguments(grammar app, int& code);       ///< import lines
void export_arguments(grammar app, int& code);       ///< export sites
void books_arguments(grammar app, int& code);        ///< availability, outages
void report_arguments(grammar app, int& code);       ///< report
void evaluate_arguments(grammar app, int& code);     ///< evaluate
void ledger_arguments(grammar app, int& code);       ///< ledger verify, rebuild, close, closings
void evidence_arguments(grammar app, int& code);     ///< evidence export, verify
void consistency_arguments(grammar app, int& code);  ///< consistency
void backup_arguments(grammar app, int& code);       ///< backup, restore
void pair_arguments(grammar app, int& code);         ///< pair
void centre_arguments(grammar app,
                      int& code);  ///< centre nodes, verify, export, branch, retire, seal, close, closings, probe,
                                   ///< window, approvals, approve, refuse
void centre_orders_arguments(grammar centre, int& code);

void plan_arguments(grammar app, int& code);  ///< plan import, plan export
void form_arguments(grammar app, int& code);  ///< form check

void clock_arguments(grammar app, int& code);  ///< clock confirm
void entry_arguments(grammar app, int& code);  ///< window, annotate, duty, counter, verdict

void alert_arguments(grammar app, int& code);  ///< ack, ticket, alerts

/** user add, list, passwd (password), invite, role, disable, enable, remove, token */
void user_arguments(grammar app, int& code);
void audit_arguments(grammar app, int& code);  ///< audit show, verify

struct entry_place;
/** --ledger with --by, or --api with --token-file: where an entry goes. */
void place_options(grammar sub, entry_place& o);

}  // namespace changtong
