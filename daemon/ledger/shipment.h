#pragma once
/** A piece of a journal on its way to another node, which keeps a copy of it (second_book.h). Pure; any thread.
 *
 * Text: lines of JSON, parted by line feeds. The first one is
 *   {"after":12,"hash":"<64 hex>","heartbeat":1773417600000,"clock":-12,"clock_within":3}
 * the last entry that the receiver is believed to have (0 and 64 zeros: none), and the heartbeat of the commit that the
 * last entry belongs to; null where more follow, since only the end of a journal is as true as its heartbeat. The last
 * two (clock_exchanged, in milliseconds) are left out where the clocks were not compared. Then the entries in order,
 * each as it is stored:
 *   {"seq":13,"at":1773417600000,"kind":"transition","body":"{…}","hash":"<64 hex>"}
 *
 * To a receiver that has said that it reads so, the same as a gzip file: a third or less of it, for narrow links. */
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace changtong::ledger {

/** Bounds of one, as text: who ships stops adding where either is reached, who receives refuses more. A body may be a
 * megabyte (writer.cpp), so that one entry is always taken. */
inline constexpr std::size_t most_shipped_entries = 500, most_shipped_bytes = 8 * 1024 * 1024;

/** An entry as it is stored; neither decoded nor checked. */
struct shipped_entry {
  std::int64_t seq = 0;
  wall_t at{};
  std::string kind, body;
  digest hash{};
  friend bool operator==(const shipped_entry&, const shipped_entry&) = default;
};

/** How far the receiver's clock is ahead of the sender's, as the sender found by exchange. */
struct clock_exchanged {
  milliseconds ahead{0}, within{0};  ///< at most so far from that, not negative
  friend bool operator==(const clock_exchanged&, const clock_exchanged&) = default;
};

struct shipment {
  std::int64_t after = 0;
  digest hash{};  ///< of entry `after`
  std::optional<wall_t> heartbeat;
  std::vector<shipped_entry> entries;
  std::optional<clock_exchanged> clock{};  ///< none: not compared yet, or of a version that does not say
  /** Of its labels and the heartbeat; wall_min: it has none. */
  [[nodiscard]] wall_t latest() const;
  friend bool operator==(const shipment&, const shipment&) = default;
};

/** Where a receiver stands, which is what whoever ships goes on from, also backwards. */
struct shipped_head {
  std::int64_t seq = 0;
  digest hash{};
  friend bool operator==(const shipped_head&, const shipped_head&) = default;
};

[[nodiscard]] std::string text_of(const shipped_entry& e);  ///< without a line feed
[[nodiscard]] std::string text_of(const shipment& s);
/** The inverse, of the text or its gzip; a problem for entries that are not exactly that, or beyond the bounds. The
 * first line may say more, as a later version will. Any input is safe. */
[[nodiscard]] result<shipment> read_shipment(std::string_view bytes);

/** What a receiver answers: where it stands, and its clock, so that whoever ships knows how far apart the two are. */
struct shipment_answer {
  shipped_head head;
  wall_t clock{};
  bool reads_gzip = true;  ///< false: of a version before 0.9.0
  friend bool operator==(const shipment_answer&, const shipment_answer&) = default;
};
[[nodiscard]] std::string text_of(
    const shipment_answer& a);  ///< {"seq":13,"hash":"<64 hex>","clock":1773417600000,"gzip":true}
[[nodiscard]] std::optional<shipment_answer> read_shipment_answer(std::string_view text);
/** What it answers instead: the sentences of {"error":{"code":…,"text":…,"text_en":…}}, each as it may stand in a line
 * that we print. None for anything else. */
[[nodiscard]] std::optional<phrase> read_refusal(std::string_view text);

}  // namespace changtong::ledger
