#pragma once
/** What people ask of the running daemon, who may ask it, and what they are answered. publish/api and the command line
 * make commands; entries/entering.h turns them into records; main makes those durable before anybody is answered. */
#include <array>
#include <boost/system/result.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"

namespace changtong {

/** Reload the configuration: all or nothing. Blocks the caller (an HTTP thread) until done; the words say what changed.
 */
using reload_command = std::function<result<phrase>(std::string_view author)>;

/** What a person may do (rules.md L-5: roles are separated). */
enum class right : std::uint8_t {
  request,
  approve,
  duty,
  annotate,
  close,
  reload,
  import,
  evaluate,
  acknowledge,
  channels,  ///< to try a channel of alerts
  users,     ///< to say who may sign in
  audit,     ///< to read the audit log
};
inline constexpr std::array<std::string_view, 12> right_names{"request",     "approve",  "duty",   "annotate",
                                                              "close",       "reload",   "import", "evaluate",
                                                              "acknowledge", "channels", "users",  "audit"};
/** Those that a token may have, the first ones: who runs the system and who looks at it signs in, so that roles keep
 * the two apart. */
inline constexpr std::size_t rights_of_tokens = 10;

/** Somebody who acts over HTTP; whose token a request carries is its author. */
struct person {
  std::string name;
  secret token;
  std::vector<right> may;
  /** How alerts reach them; empty: not that way. The last three are their ids in those offices. */
  std::string phone{}, mail{}, wecom{}, dingtalk{}, feishu{};
  friend bool operator==(const person&, const person&) = default;
};

/** What a person may ask for, in the order of the declarations that come of it. */
using command = decltype(variant_with(commands_of(declarations{})));

inline constexpr std::size_t most_commands = 2000;  ///< at once, all or nothing
/** Entries are for ever: what one request may write (but for a step that takes a window as it stands), and what one
 * author may write over the API in a civil day. */
inline constexpr std::size_t most_entries = 2000, most_entries_a_day = 20'000;

/** Who enters. */
struct author {
  std::string name;
  std::string source{};  ///< by which way: "api", "cli", "duty.csv"
  /** What stands behind the name: "api: NAME@ADDRESS" (whose token, from which address), or via_file. */
  std::string via{};
};
/** The command line on the ledger's own file: nothing but --by says who it was. */
inline constexpr std::string_view via_file = "file, unauthenticated";
/** The name under which the token that is nobody's (api.token) enters. No person has it. */
inline constexpr std::string_view nobody = "api";
/** Whether two names may be one person's, however they are written. */
using same_person = std::function<bool(std::string_view, std::string_view)>;

/** Something that a person should know about what was entered, though it was accepted. */
struct notice {
  std::string code;
  std::string text;  ///< Chinese
  std::string text_en;
};
/** In the order of the commands; durable when the caller has it. */
struct entered {
  std::vector<record> records;
  std::vector<notice> notices;
};
/** Why nothing was entered. */
struct refused {
  enum class reason : std::uint8_t {
    invalid,      ///< it says nothing that could be entered
    unknown,      ///< it names something that is not there
    conflict,     ///< the books, or who asks, stand against it
    too_much,     ///< it would write more entries than one request, or one person in a day, may
    unavailable,  ///< the ledger does not take it just now; nothing of it was kept
  };
  reason why = reason::invalid;
  std::string code;
  std::string text;  ///< Chinese
  std::string text_en;
  std::size_t nth = 0;  ///< which of the commands, from 0
};
using entering = boost::system::result<entered, refused>;
/** Called by entering::value() on a refusal; reaching it is a bug of ours. */
[[noreturn]] void throw_exception_from_error(const refused& r, const boost::source_location&);

/** All or nothing; durable when it returns. Blocks the caller (an HTTP thread), never the probe thread. */
using enter_commands = std::function<entering(std::span<const command> what, const author& who)>;

}  // namespace changtong
