#pragma once
/** Samples of checks as one text (samples_record::packed): small, since an outage has thousands, and plain, since an
 * auditor unpacks it without us. daemon/ledger/README.md, *Samples*, describes it, with the lines of Python that do. */
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/sample.h"

namespace changtong {

/** What is kept of a sample. */
struct kept_sample {
  wall_t at{};
  outcome what = outcome::good;
  cause why = cause::none;
  std::uint32_t rtt = 0;  ///< good ones only: hundredths of a millisecond, rounded down
  friend bool operator==(const kept_sample&, const kept_sample&) = default;
};

/** Some of one check, none earlier than the one before it. Where labels go back, the check has another stretch. */
struct kept_stretch {
  std::string check;  ///< its id: no blank and no `;`
  std::vector<kept_sample> samples;
  friend bool operator==(const kept_stretch&, const kept_stretch&) = default;
};

/** Instants that the text can say: year 1970 to 5138, for a label is never anything else. */
inline constexpr std::int64_t most_packed_ms = 100'000'000'000'000;

/** Stretches without samples leave no trace. */
[[nodiscard]] std::string pack(std::span<const kept_stretch> stretches);
/** The inverse; refuses what is no such text, and any one longer than 256 KiB. Any input is safe. */
[[nodiscard]] result<std::vector<kept_stretch>> unpack(std::string_view packed);

}  // namespace changtong
