#pragma once
/** Journals of nodes that never were, as they would ship them. */
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

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

/** A journal of these records, in parts as they are shipped. */
struct told_records {
  std::vector<ledger::shipped_entry> all;
  std::size_t had = 0;           ///< of them shipped
  ledger::shipped_head before{}; /**< what was shipped and is not kept here */
  wall_t heartbeat{};

  void write(std::vector<record> records, std::int64_t now_ms) {
    heartbeat = std::max(heartbeat, wall_from_ms(now_ms));
    for (record& r : records) {
      ledger::entry what;
      std::visit(
          [&]<class T>(T& one) {
            if constexpr (std::is_same_v<T, unconfirmed_run>)
              what = ledger::unconfirmed_runs{{std::move(one)}};
            else
              what = std::move(one);
          },
          r);
      const auto text = ledger::encode(what, heartbeat);
      const ledger::shipped_head last = at(all.size());
      ledger::shipped_entry e{
          .seq = last.seq + 1, .at = text.at, .kind = std::string(text.kind), .body = text.body, .hash = {}};
      e.hash = ledger::chain(last.hash, e.seq, e.at, e.kind, e.body);
      all.push_back(std::move(e));
    }
  }
  /** What was not shipped yet. */
  [[nodiscard]] ledger::shipment rest() {
    const ledger::shipped_head last = at(had);
    ledger::shipment s{.after = last.seq,
                       .hash = last.hash,
                       .heartbeat = heartbeat,
                       .entries = {all.begin() + static_cast<std::ptrdiff_t>(had), all.end()}};
    had = all.size();
    return s;
  }
  /** For a journal that is too long to be kept: what was shipped is let go of. */
  void forget() {
    before = at(had);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::exchange(had, 0)));
  }

 private:
  [[nodiscard]] ledger::shipped_head at(std::size_t place) const {
    return place == 0 ? before : ledger::shipped_head{.seq = all[place - 1].seq, .hash = all[place - 1].hash};
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
