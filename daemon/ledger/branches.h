#pragma once
/** Branches of the journal: each start opens one and names the entry that it follows. Pure but for the random id.
 * README.md says what a branch, a history and a fork are. */
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

/** 32 hex digits, random; for a replay made from the hash of the entry before, so that a trace gives one journal. */
[[nodiscard]] std::string new_branch(const started& s, const digest& before);

/** One start as the journal has it. */
struct branch_seen {
  std::int64_t seq = 0;  ///< of the start
  wall_t at{};
  std::string node, branch;  ///< both empty for a start of format 3
  std::string version, text;
  std::int64_t entries = 0;  ///< from the start up to the next one
};

/** What the last starts found when they opened the ledger, each as one sentence, then how many more there are; `since`
 * puts an instant in words. A run signs the state row anew, so only its start still tells that it was not as signed. */
[[nodiscard]] std::vector<std::string> told_by_starts(const std::vector<branch_seen>& all,
                                                      const std::function<std::string(wall_t)>& since);

/** Follows a journal from its first entry on and asks of each start whether its parent is the entry before it. */
class branch_walk {
 public:
  /** In order of `seq`, without holes; `hash` is the entry's own. An entry that is no start costs nothing. */
  void step(std::int64_t seq, std::string_view kind, std::string_view body, const digest& hash);

  [[nodiscard]] const std::vector<branch_seen>& all() const { return all_; }
  [[nodiscard]] std::int64_t bad() const { return bad_; }  ///< the first start with another parent; 0 = none
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void start(std::int64_t seq, const started& s);
  [[nodiscard]] branch_point parent_of(std::int64_t seq) const;

  std::vector<branch_seen> all_;
  digest before_{};
  std::int64_t bad_ = 0;
  std::string problem_;
};

}  // namespace changtong::ledger
