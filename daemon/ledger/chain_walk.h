#pragma once
/** The journal's hash chain, walked from the first entry to the last. Internal to daemon/ledger. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

/** As stored; nothing where there is no such entry. */
[[nodiscard]] std::optional<digest> hash_of_entry(store& s, std::int64_t seq);

/** The chain as far as it has been walked. */
struct chain_walk {
  std::int64_t seq = 0;
  digest hash{};
  std::int64_t bad = 0;  ///< the entry where it broke; 0 = nowhere yet
  std::string text{};
  /** Hears every entry that is good; may be empty. */
  std::function<void(std::int64_t seq, std::string_view kind, wall_t at, std::string_view body)> good{};

  /** The next entries, as one short read: a long one would hold the writer's log back. False once there are no more, or
   * the chain broke. Throws what the store throws. */
  bool some(store& s);
  /** What the state row says of the journal's end; in one transaction with the last some(). */
  void tail(store& s);
  void fail(std::int64_t at, std::string why);

 private:
  bool step(const statement& row);
};

}  // namespace changtong::ledger
