#pragma once
/** The books of several observers as those of one: a reader over readers, so that figures, lists and reports need not
 * know of it. README.md holds the rules. Nothing in it is closed. Threads: as each of its readers, one at a time. */
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/ledger/reader.h"
#include "daemon/observers/merge.h"
#include "daemon/observers/observer.h"

namespace changtong::observers {

struct observed {
  observer who;
  std::unique_ptr<ledger::reader> books;  ///< opened as if nothing had been closed
  wall_t until = wall_max;                ///< what it says of later does not count
  [[nodiscard]] wall_t heartbeat() const { return std::min(books->heartbeat(), until); }
};

class merged_books final : public ledger::reader {
 public:
  /** In order of rank; at least one of them merged. Those that are not are named and never read. `step` is called
   * before each history is read (may be empty): what it throws ends the reading. `before`, ascending: how long before a
   * period the reading begins, then where that is not enough to say what all of it would; in the end all is read. */
  explicit merged_books(std::vector<observed> all, std::function<void()> step = {},
                        std::vector<milliseconds> before = {});

  [[nodiscard]] std::vector<std::string> merged_names() const;
  /** Who is only shown, because of its clock. */
  [[nodiscard]] const std::vector<observer>& shown() const { return shown_; }
  /** Those that touch `p`, by target, then in order of time; `only` empty: of all. */
  [[nodiscard]] std::vector<disagreement> disagreements_in(period p, wall_t now, std::string_view only) const;
  /** Calls `each` for every target in scope at an instant of what is known. No more than that instant is read. */
  void states_at(wall_t at, const std::function<void(const ledger::known_target&, line_state)>& each) const;
  /** Null for a name that is not merged. */
  [[nodiscard]] const ledger::reader* books_of(std::string_view observer) const;

  [[nodiscard]] const civil_zone& zone() const override { return all_.front().books->zone(); }
  [[nodiscard]] wall_t first_entry() const override;
  /** The earliest of those last heartbeats that lie within 5 s of the newest: the book ends there. */
  [[nodiscard]] wall_t heartbeat() const override;
  [[nodiscard]] wall_t now(wall_t wall) const override;
  [[nodiscard]] std::vector<ledger::known_target> targets() const override;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override {
    return all_.front().books->categories();
  }
  void histories(
      period p, wall_t now, std::string_view only,
      const std::function<void(const ledger::known_target&, const availability::target_history&)>& each) const override;
  [[nodiscard]] std::vector<availability::outage> outages(period p, std::string_view only,
                                                          std::size_t limit) const override;
  [[nodiscard]] std::vector<ledger::window_entry> windows() const override;
  [[nodiscard]] wall_t sealed_until() const override;
  [[nodiscard]] std::vector<policy_version> policies() const override { return all_.front().books->policies(); }
  [[nodiscard]] std::set<std::int32_t> rules() const override;
  void declared(std::string_view kind, const ledger::declared_query& q, std::string_view target,
                const std::function<void(record&&)>& each) const override {
    all_.front().books->declared(kind, q, target, each);
  }
  void alert_journal(std::string_view since, const std::function<void(record&&)>& each) const override {
    all_.front().books->alert_journal(since, each);
  }

 private:
  /** Of one target, what each observer that knows it says, by rank. */
  struct heard {
    ledger::known_target words;  ///< of the first
    std::vector<std::size_t> ranks;
    std::vector<availability::target_history> histories;
    std::vector<bool> accepted;  ///< whether its acceptance is stated
    availability::target_history merged{};
    [[nodiscard]] period scope() const;
  };
  using all_heard = std::map<std::string, heard>;
  /** What is enough for `p`, with what is merged of it. */
  [[nodiscard]] all_heard hear(period p, wall_t now, std::string_view only) const;
  void read(period p, wall_t now, std::string_view only, const std::set<std::string>* wanted, all_heard& into) const;
  [[nodiscard]] all_heard read_of(period p, wall_t now, const std::set<std::string>& wanted) const;
  [[nodiscard]] std::vector<testimony> testimonies(const heard& h) const;

  std::vector<observed> all_;
  std::vector<observer> shown_;
  std::function<void()> step_;
  std::vector<milliseconds> before_;
};

}  // namespace changtong::observers
