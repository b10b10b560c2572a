#pragma once
/** Makes seals while the journal is written: which day is due, the row, and the file beside the ledger. Internal to
 * daemon/ledger; belongs to a writer and its thread. A seal that cannot be made or filed never holds up a commit: it is
 * logged, counted, and tried again a minute of heartbeat later. */
#include <optional>
#include <string>

#include "daemon/core/civil.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/state_row.h"
#include "daemon/ledger/store.h"
#include "daemon/ledger/writer.h"

namespace changtong::ledger {

class sealer {
 public:
  /** Makes the table and, where there is none, the key. Throws what the store throws. */
  sealer(store& s, std::string ledger, seal_options options);

  /** As the table has it: at the start, and after a commit that failed. */
  void load();
  /** A policy was written. */
  void zone_may_change() { zone_.reset(), next_.reset(); }
  /** Inside the writer's transaction, once its entries are there: seals every day that is due, up to entry `seq`. */
  void seal_days(wall_t heartbeat, wall_t decided, std::int64_t seq, const digest& hash);
  /** When the ledger is opened: a file that is this ledger's of a later time is moved aside (set_aside.h). */
  void set_newer_file_aside(wall_t heartbeat, std::int64_t seq);
  /** Inside the transaction, after the days: the state row's signed line. Nothing without a key, which is troubles. */
  [[nodiscard]] std::optional<std::string> sign_state(state_line s);
  [[nodiscard]] bool signs() const { return options_.sealing; }
  /** Before the first commit, which signs anew: says so if the file is not what was signed last. */
  void check_state();
  /** After the transaction: the file gets the lines that it lacks. */
  void file_lines(wall_t heartbeat);
  [[nodiscard]] const seal_status& status() const { return status_; }

 private:
  [[nodiscard]] result<void> get_key();
  void publish_key();
  [[nodiscard]] std::optional<period> next_day();
  [[nodiscard]] bool add(period day, wall_t heartbeat, std::int64_t seq, const digest& hash);
  [[nodiscard]] std::string all_lines();
  void trouble(std::string text, wall_t heartbeat);
  [[nodiscard]] bool waits(wall_t heartbeat) const { return heartbeat < try_again_; }

  store& store_;
  std::string ledger_;
  seal_options options_;
  std::optional<signing_key> key_;
  std::optional<civil_zone> zone_;
  std::optional<period> next_;  ///< the next day to be sealed; nothing before the first entry
  std::int64_t number_ = 0;     ///< of the last seal
  digest last_{};               ///< SHA-256 of its line
  bool file_behind_ = true;
  bool had_ = false;  ///< the file must be there
  wall_t try_again_ = wall_min;
  seal_status status_;
};

}  // namespace changtong::ledger
