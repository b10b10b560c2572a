#pragma once
/** What several subcommands ask for, declared and read in one place: periods, formats, where the books are. */
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/cli/api_client.h"
#include "daemon/cli/grammar.h"
#include "daemon/core/civil.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong {

/** --ledger of a command that reads one; it has to be there. */
void ledger_option(grammar sub, std::string& into);
/** --api with --token-file, which `token` describes, and --ca: of every command that speaks to a running daemon. */
void api_options(grammar sub, api_place& into, const std::string& token, bool required = false);
/** --format: one of `words`, the one that `into` holds by default; `note` stands behind them in the help. */
void format_option(grammar sub, std::string& into, std::initializer_list<std::string> words,
                   std::string_view note = {});
/** What an entry says for people: --text, and as some commands had it before, --note and --reason. */
grammar::option words_option(grammar sub, std::string& into, const std::string& help);
/** --from and --to; `required`: neither may be left out. */
void period_options(grammar sub, std::string& from, std::string& to, bool required);
/** --as-known-at and --reopened. */
void knowledge_options(grammar sub, std::string& as_known_at, bool& reopened);

/** A problem about an option: wrong usage, named; where it lies in a file, it says so still. */
[[nodiscard]] problem about_option(std::string_view option, const problem& why);

/** From the beginning of `from` to the end of `to`, each 2026, 2026-03, 2026-03-14 or an instant; an empty one leaves
 * that side open. */
[[nodiscard]] result<period> period_between(const civil_zone& zone, const std::string& from, const std::string& to);

/** A ledger opened for reading. */
struct opened_books {
  std::unique_ptr<ledger::reader> reader;
  wall_t now{};                      ///< scope is cut here
  std::optional<wall_t> known_at{};  ///< as --as-known-at says
};
/** `as_known_at` empty: as known now. `reopened`: as if nothing had been closed. */
[[nodiscard]] result<opened_books> open_books(const std::string& ledger, const std::string& as_known_at, bool reopened);

/** --line: the id of a target that the ledger knows, also of one that is gone, by its id, name, circuit or address;
 * empty: of any. Says on stderr that whom a name means is closed. */
[[nodiscard]] result<std::string> line_named(const ledger::reader& books, const std::string& word);

/** --step: `30s`, `5m`, `1h`, between 1 s and a day. */
[[nodiscard]] result<milliseconds> sampling_step(std::string_view text);

}  // namespace changtong
