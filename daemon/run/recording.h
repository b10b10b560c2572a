#pragma once
/** What the recorder does, decided without threads, disk and clock (promise 4: recorded before announced).
 *
 * Whoever drives it says what happened - given(), wanted(), returned(), stop() -, calls resume() and carries out the
 * orders it gets, in the order of their fields; nothing is decided anywhere else. One commit is under way at a time,
 * and nobody but the ledger touches what it holds until it has returned:
 *
 *     idle ----------> committing ----------------> idle        recorded: announced, people answered
 *                       |   \-- takes too long ---> hanging     announced 未入账, and so is what comes meanwhile
 *                       v                            |
 *                    waiting <---- fails ------------/          people refused, ours kept; 未入账 once patience is over
 *                       |------------------------> committing   after a pause, or at once for a person or the stop
 *
 * Running out of memory is a commit that failed. Not thread-safe. */
#include <cstdint>
#include <exception>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"

namespace changtong {

struct recorder_limits {
  milliseconds patience{2000};  ///< commits may fail so long before records are announced all the same
  milliseconds hang{5000};      ///< one commit may take so long before they are
  /** Records kept for a ledger that is not there (about 150 MB); what samples bring forth beyond them is announced and
   * lost, loudly. What people enter is always kept. */
  std::size_t most_queued = 500'000;
};

/** What a person enters, and where the answer goes. */
struct entry_request {
  std::vector<record> records;
  std::promise<result<void>> answer;
};

/** How a commit ended. */
struct commit_end {
  bool ok = true;
  phrase why{};  ///< it did not; empty: memory ran out even for that
};

/** What a commit says that threw. */
[[nodiscard]] phrase broken_off(const std::exception& e);

class recording {
 public:
  static constexpr milliseconds shortest_pause{200};  ///< between two tries of a ledger that failed
  static constexpr milliseconds longest_pause{5000};

  /** To be carried out from top to bottom. */
  struct orders {
    bool failed = false;                 ///< a commit did
    bool restate = false;                ///< the journal has a gap now: who believes something must say it again
    std::optional<phrase> alarm{};       ///< why the ledger takes no commits; empty: it does
    std::size_t recorded = 0, lost = 0;  ///< of the records given: so many wait no longer
    bool overflows = false;              ///< these are the first that are lost
    std::vector<record> tell{};          ///< to be announced …
    bool told_recorded = false;          ///< … with or without the ledger having them
    std::vector<entry_request> answer{};
    phrase refusal{};                      ///< of all these: nothing of it was kept; empty: recorded and announced
    const ledger_batch* commit = nullptr;  ///< to begin; stays as it is until returned()
    std::optional<mono_t> until{};         ///< resume() then, if nothing happens before; none: it can wait
    bool end = false;                      ///< never again
    std::size_t left = 0;                  ///< at the end: records that the ledger could not take
  };

  explicit recording(const recorder_limits& limits) : limits_(limits) {}

  /** What samples brought forth. Where memory runs out, nothing has left `batch` yet. */
  void given(ledger_batch&& batch);
  /** Of people. Where memory runs out, nothing has left `all` yet. */
  void wanted(std::vector<entry_request>&& all);
  /** The commit that was ordered is over. */
  void returned(commit_end how) noexcept { end_ = std::move(how); }
  /** What waits is committed once more, and then it ends. */
  void stop() noexcept { stopping_ = true; }

  [[nodiscard]] orders resume(mono_t now);
  /** After anything above threw, for want of memory: a little later it goes on from where it was. What a commit has
   * recorded is announced and answered now; who waits for another answer and cannot get one loses the promise. */
  [[nodiscard]] orders broke_off(mono_t now) noexcept;

 private:
  enum class state : std::uint8_t { idle, committing, hanging, waiting, ended };

  [[nodiscard]] orders begin(mono_t now);
  [[nodiscard]] orders committed(mono_t now);
  [[nodiscard]] orders failed(mono_t now);
  [[nodiscard]] orders overdue();
  [[nodiscard]] orders last();
  void fill_commit();
  [[nodiscard]] std::vector<record> untold(std::size_t until) const;
  [[nodiscard]] std::size_t drop();
  [[nodiscard]] bool under_way() const noexcept;

  recorder_limits limits_;
  state state_ = state::idle;
  bool stopping_ = false;

  ledger_batch batch_;                ///< the commit under way, or what waits for the next
  std::size_t own_ = 0;               ///< of its records: given; the rest is a gap and what people entered, of this try
  std::vector<entry_request> asked_;  ///< whose records are among that rest
  ledger_batch arrived_;              ///< given since the commit began
  bool anything_ = false;             ///< arrived, be it empty
  std::vector<entry_request> wanted_;
  std::size_t told_ = 0;  ///< of the records given and not recorded, batch_ before arrived_: so many were announced

  std::optional<commit_end> end_;  ///< not acted on yet
  mono_t began_{};                 ///< the last commit
  std::optional<mono_t> failing_since_;
  mono_t next_try_{};

  std::size_t lost_ = 0;          ///< records, since a commit last succeeded
  std::size_t kept_ = 0;          ///< of batch_, once something is lost
  wall_t lost_since_ = wall_max;  ///< from here on records are missing
};

}  // namespace changtong
