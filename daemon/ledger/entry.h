#pragma once
/** A journal entry's text: records to canonical JSON and back, and the chain's hash. Pure; README.md gives the format
 * in prose. Knows no database, so that the auditor's pack can use it. */
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/host/digest.h"

namespace changtong::ledger {

/** Targets that go on as up, packed: transitions to up that end no outage. Their edge says nothing and is not kept. */
struct resumed {
  std::vector<transition> lines;
  friend bool operator==(const resumed&, const resumed&) = default;
};
/** The unconfirmed runs of one commit. */
struct unconfirmed_runs {
  std::vector<unconfirmed_run> runs;
  friend bool operator==(const unconfirmed_runs&, const unconfirmed_runs&) = default;
};
/** A clean stop: an open gap from `at`. */
struct stopped {
  wall_t at{};
  friend bool operator==(const stopped&, const stopped&) = default;
};

/** What the monitor writes, and what people declare. */
using entry =
    decltype(variant_with<transition, resumed, unconfirmed_runs, cause_found, gap, started, stopped>(declarations{}));

struct entry_text {
  std::string_view kind;
  wall_t at{};
  std::string body;
};

/** `now`: the label for entries that carry none of their own (gap, cause). Text that is not UTF-8 is mended with
 * U+FFFD. */
[[nodiscard]] entry_text encode(const entry& e, wall_t now);
/** What encode() gives as `at`: never before what the entry itself says, and that where it says an instant. */
[[nodiscard]] wall_t label_of(const entry& e, wall_t now);
/** The inverse of encode(); refuses what is not exactly an entry, and a row whose label is not the one that its body
 * asks for. Whoever reads a journal reads it so: labels are asked when something was entered, figures follow from
 * bodies, and no program has ever written two instants. Any input is safe. */
[[nodiscard]] result<entry> decode(std::string_view kind, wall_t at, std::string_view body);
/** Of a body alone, where the row is checked elsewhere. */
[[nodiscard]] result<entry> decode_body(std::string_view kind, std::string_view body);

using host::bytes_of;
using host::digest;
/** SHA-256 over: prev (32 bytes), seq and at (8 bytes each, big-endian, two's complement), kind, one zero byte, body.
 */
[[nodiscard]] digest chain(const digest& prev, std::int64_t seq, wall_t at, std::string_view kind,
                           std::string_view body);

}  // namespace changtong::ledger
