#pragma once
/** Journals of nodes that never were, as they would ship them. */
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "daemon/ledger/entry.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre::fakes {

/** A node that writes and ships. */
struct told_journal {
  std::vector<ledger::shipped_entry> all;

  [[nodiscard]] ledger::shipped_head at(std::int64_t seq) const {
    if (seq == 0) return {};
    return {.seq = seq, .hash = all[static_cast<std::size_t>(seq - 1)].hash};
  }
  [[nodiscard]] ledger::shipped_head end() const { return at(static_cast<std::int64_t>(all.size())); }
  void write(int entries, const std::string& what = "通") {
    for (int i = 0; i < entries; ++i) {
      const ledger::shipped_head before = end();
      ledger::shipped_entry e{.seq = before.seq + 1,
                              .at = wall_from_ms(1'773'417'600'000 + before.seq * 1'000),
                              .kind = "annotation",
                              .body = fmt::format("{{\"text\":\"{} {}\"}}", what, before.seq + 1),
                              .hash = {}};
      e.hash = ledger::chain(before.hash, e.seq, e.at, e.kind, e.body);
      all.push_back(std::move(e));
    }
  }
  /** What follows `after`, at most so many; with the heartbeat where it reaches the end. */
  [[nodiscard]] ledger::shipment after(std::int64_t after, std::size_t most = 500) const {
    ledger::shipment s{.after = after, .hash = at(after).hash, .heartbeat = {}, .entries = {}};
    for (std::size_t i = static_cast<std::size_t>(after); i < all.size() && s.entries.size() < most; ++i)
      s.entries.push_back(all[i]);
    if (after + static_cast<std::int64_t>(s.entries.size()) == end().seq)
      s.heartbeat = wall_from_ms(1'773'417'600'000 + end().seq * 1'000 + 999);
    return s;
  }
};

/** All of a real ledger, as its node ships it. */
inline ledger::shipment all_of(const std::string& file) {
  const auto book = ledger::journal::open(file).value();
  const auto head = book->head().value();
  ledger::shipment s{.after = 0, .hash = {}, .heartbeat = head.heartbeat, .entries = {}};
  (void)book->read(0, head.seq, [&](const ledger::stored_entry& e) {
    s.entries.push_back(
        {.seq = e.seq, .at = e.at, .kind = std::string(e.kind), .body = std::string(e.body), .hash = {}});
    std::ranges::copy(e.hash, s.entries.back().hash.begin());
  });
  return s;
}

}  // namespace changtong::centre::fakes
