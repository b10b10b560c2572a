#pragma once
/** journal.jsonl: the journal as lines of JSON, one an entry, and the walk that checks their chain. Pure. */
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/ledger/entry.h"

namespace changtong::audit {

struct journal_line {
  std::int64_t seq = 0;
  wall_t at{};
  std::string kind, body;
  ledger::digest hash{};
};

inline constexpr std::size_t most_line_bytes = 16 << 20;  ///< a closing's differences are the longest entries: 1 MB

/** {"seq":1,"at":1773417600000,"kind":"start","body":"…","hash":"…"}, without a line feed. */
[[nodiscard]] std::string line_of(const journal_line& l);
/** The inverse; refuses whatever is not byte for byte what line_of() writes. Any input is safe. */
[[nodiscard]] result<journal_line> read_line(std::string_view line);

/** Cuts bytes that come in pieces into lines. Holds at most one line and `most_line_bytes`. */
class line_cutter {
 public:
  /** Calls `each` (string_view without line feed -> bool) for every whole line; false stops. False too where a line is
   * longer than an entry can be. */
  template <class F>
  bool feed(std::string_view bytes, F each) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) {
        rest_ += bytes;
        return rest_.size() <= most_line_bytes;
      }
      const std::string_view piece = bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      if (rest_.size() + piece.size() > most_line_bytes) return false;
      const bool on = rest_.empty() ? each(piece) : each(std::string_view(rest_ += piece));
      rest_.clear();
      if (!on) return false;
    }
    return true;
  }
  /** What came after the last line feed: a whole file ends with one. */
  [[nodiscard]] bool whole() const { return rest_.empty(); }

 private:
  std::string rest_;
};

/** The chain over the lines from entry 1 on, and the hashes that seals ask for. */
class chain_check {
 public:
  /** Remember the hash of this entry when it comes by. */
  void want(std::int64_t seq) { wanted_[seq] = std::nullopt; }
  /** A problem says what is wrong with this entry; after one the walk is over. */
  [[nodiscard]] result<void> take(const journal_line& l);

  [[nodiscard]] std::int64_t seq() const { return seq_; }  ///< of the last good entry
  [[nodiscard]] const ledger::digest& hash() const { return hash_; }
  /** Of a wanted entry that came by. */
  [[nodiscard]] std::optional<ledger::digest> hash_at(std::int64_t seq) const;

 private:
  std::int64_t seq_ = 0;
  ledger::digest hash_{};
  std::map<std::int64_t, std::optional<ledger::digest>> wanted_;
};

}  // namespace changtong::audit
