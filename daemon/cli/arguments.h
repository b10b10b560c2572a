#pragma once
/** The command line by topic: each function adds its subcommands to `app`, and the one that is called leaves its exit
 * code in `code`. Declares and wires, decides nothing. `code` outlives the app. */

namespace CLI {
class App;
}

namespace changtong {

void serve_arguments(CLI::App& app, int& code);        ///< serve
void demo_arguments(CLI::App& app, int& code);         ///< demo
void replay_arguments(CLI::App& app, int& code);       ///< replay
void check_arguments(CLI::App& app, int& code);        ///< check, probe
void books_arguments(CLI::App& app, int& code);        ///< availability, outages
void report_arguments(CLI::App& app, int& code);       ///< report
void evaluate_arguments(CLI::App& app, int& code);     ///< evaluate
void ledger_arguments(CLI::App& app, int& code);       ///< ledger verify, rebuild, close, closings
void evidence_arguments(CLI::App& app, int& code);     ///< evidence export, verify
void consistency_arguments(CLI::App& app, int& code);  ///< consistency

void clock_arguments(CLI::App& app, int& code);  ///< clock confirm
void entry_arguments(CLI::App& app, int& code);  ///< window, annotate, duty, counter, verdict

struct entry_place;
/** --ledger with --by, or --api with --token-file: where an entry goes. */
void place_options(CLI::App* sub, entry_place& o);

}  // namespace changtong
