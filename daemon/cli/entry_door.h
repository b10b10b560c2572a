#pragma once
/** Where the command line hands in entries: at the door of the ledger itself, or of a running daemon's API. */
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/entry_commands.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/result.h"

namespace changtong {

/** What came of it, for a terminal. */
struct counted {
  std::vector<std::string> lines;    ///< what was entered
  std::vector<std::string> notices;  ///< what one should know about it
  std::size_t known = 0;             ///< how many were there already and were skipped
  std::optional<problem> refusal;    ///< why nothing was; its class is the exit code
  std::size_t nth = 0;               ///< which entry it was about
  bool dry_run = false;
  bool withdrawn = false;  ///< what was entered takes something back

  /** To the terminal; the exit code. */
  [[nodiscard]] int print() const;
};

class entry_door {
 public:
  /** Fails with a sentence: which options are missing, or that a daemon writes this ledger (then use --api). */
  [[nodiscard]] static result<std::unique_ptr<entry_door>> open(const entry_place& place);
  virtual ~entry_door() = default;

  [[nodiscard]] virtual const civil_zone& zone() const = 0;
  /** Durable when it returns without refusal. All or nothing, but steps of several windows over an API go one by one.
   */
  [[nodiscard]] virtual counted enter(const std::vector<command>& what, const std::string& via) = 0;
  /** What enter() would say, as far as it is known here; enters nothing. */
  [[nodiscard]] virtual counted preview(const std::vector<command>& what, const std::string& via) = 0;
};

}  // namespace changtong
