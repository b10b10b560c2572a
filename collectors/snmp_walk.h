#pragma once
/** Reading one column of an agent's tables (RFC 3416: GetBulk, or GetNext of whoever has no GetBulk), decided without
 * a socket and a clock: it says what to ask next and takes what came back. One question is under way at a time.
 *
 * No agent keeps it going for ever: names must increase, and rows, questions and bytes are bounded. What was read
 * before something went wrong stays. One thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/wire/snmp_rows.h"
#include "daemon/core/phrase.h"

namespace changtong {

struct snmp_walk_limits {
  std::size_t rows = 4096;
  std::size_t questions = 1024;   ///< round trips, those without an answer too
  std::size_t bytes = 1U << 20U;  ///< of all answers together
  std::uint16_t repetitions = 20;
  std::size_t silences = 3;  ///< unanswered questions in a row that end it
};

class snmp_walk {
 public:
  enum class state : std::uint8_t { asking, finished, failed };
  /** Why it failed. */
  enum class trouble : std::uint8_t {
    none,
    not_increasing,      ///< a name that is not behind the one asked for
    too_many_rows,       ///< more than the limit; so are the next two
    too_many_questions,  ///< an agent that gives little at a time, for ever
    too_many_bytes,
    refused,     ///< an error-status that leaves nothing to try
    unreadable,  ///< an answer in which there is nothing
    silent,      ///< no answer, several times
    count
  };
  struct question {
    bool bulk = false;              ///< GetBulk with no non-repeaters; otherwise GetNext
    std::uint16_t repetitions = 0;  ///< of a GetBulk
    const wire::object_name* after = nullptr;
  };
  struct row {
    wire::object_name index;  ///< behind the column's name
    std::uint8_t type = 0;
    std::string value;  ///< bytes as the agent wrote them
    [[nodiscard]] std::optional<std::int64_t> number() const;
  };

  /** `bulk`: false for agents that are known not to have it. */
  explicit snmp_walk(wire::object_name column, bool bulk = true, snmp_walk_limits limits = {});

  [[nodiscard]] state now() const { return state_; }
  [[nodiscard]] trouble why() const { return why_; }
  /** What to ask; holds while asking, until the next change. */
  [[nodiscard]] question next() const { return {bulk_, repetitions_, &after_}; }
  /** Whether it came to do without GetBulk. */
  [[nodiscard]] bool bulk() const { return bulk_; }

  /** The answer to next(): what stands behind its request-id. */
  void take(wire::bytes pdu);
  /** An answer came that is longer than we take, or whose end is missing. */
  void take_too_long();
  /** None came in time. */
  void take_silence();

  [[nodiscard]] const std::vector<row>& rows() const { return rows_; }
  /** Of all answers so far. */
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const wire::object_name& column() const { return column_; }

 private:
  void fail(trouble why);
  [[nodiscard]] bool counted(std::size_t more_bytes);
  /** Asks for less at a time; false if it is as little as can be. */
  bool ask_less();
  void take_error(std::int64_t status);
  /** False where the walk ends. */
  bool take_row(wire::snmp_row& r);

  wire::object_name column_, after_;
  snmp_walk_limits limits_;
  bool bulk_;
  std::uint16_t repetitions_;
  state state_ = state::asking;
  trouble why_ = trouble::none;
  std::size_t questions_ = 0, bytes_ = 0, silences_ = 0;
  std::vector<row> rows_;
};

/** For a person; empty of `none`. Stays for ever. */
[[nodiscard]] const phrase& words_of(snmp_walk::trouble why);

}  // namespace changtong
