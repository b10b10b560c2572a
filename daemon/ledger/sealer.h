#pragma once
/** Makes seals while the journal is written: which day is due, the row, and the file beside the ledger. Internal to
 * daemon/ledger; belongs to a writer and its thread. A seal that cannot be made or filed never holds up a commit: it is
 * logged, counted, and tried again a minute of heartbeat later. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  /** Whether a day could be sealed now, by its hour. */
  [[nodiscard]] bool behind(wall_t heartbeat);
  /** When the ledger is opened, before the first commit signs anew: a file of seals that is this ledger's of a later
   * time is moved aside (set_aside.h), and what the ledger's files betray is told, see seal_status::found. Over an
   * entry that cannot be read, such as one whose label is not the instant in it, this run signs and seals nothing. */
  void look_around(wall_t heartbeat, std::int64_t seq);
  /** Inside the transaction, after the days: the state row's signed line. Nothing without a key, which is troubles. */
  [[nodiscard]] std::optional<std::string> sign_state(state_line s);
  [[nodiscard]] bool signs() const { return options_.sealing; }
  /** After the transaction, which stands whatever comes of it: the file gets the lines that it lacks. */
  void file_lines(wall_t heartbeat) noexcept;
  [[nodiscard]] const seal_status& status() const { return status_; }

 private:
  /** What a file of seals says beyond the rows, if it is the ledger's own of a later time. */
  struct later_file {
    std::vector<seal> seals;
    phrase doubt;  ///< why it does not show that this is a restored backup; empty: it does
  };
  [[nodiscard]] later_file later_in(const std::string& path, wall_t heartbeat, std::int64_t seq);
  [[nodiscard]] phrase doubt_of_backup(const seal& first_later);
  void tell_of_files_aside(wall_t heartbeat, std::int64_t seq);
  void set_newer_file_aside(wall_t heartbeat, std::int64_t seq);
  void check_state();
  void check_entries(wall_t heartbeat);
  [[nodiscard]] result<void> get_key();
  void publish_key();
  [[nodiscard]] std::optional<period> next_day();
  [[nodiscard]] bool add(period day, wall_t heartbeat, std::int64_t seq, const digest& hash);
  [[nodiscard]] std::string all_lines();
  void bring_file_up(wall_t heartbeat);
  void trouble(const phrase& words, wall_t heartbeat);
  void found(const std::string& words);
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
  std::int64_t covered_ = 0;  ///< the last entry that it covers
  wall_t made_ = wall_min;    ///< when it was made
  std::string last_key_;      ///< that signed it
  bool had_ = false;          ///< the file must be there
  const bool older_;          ///< the file was of format 3 when it was opened: nothing was signed but seals
  bool looking_ = false;      ///< what is troubling stands in the next start
  bool refuses_ = false;      ///< an entry that nobody can read: no signature of this run goes over it
  wall_t try_again_ = wall_min;
  seal_status status_;
};

}  // namespace changtong::ledger
