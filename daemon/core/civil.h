#pragma once
/** Civil time of a configured zone (P11): day, month and year edges come from zone data, never from adding 86,400 s.
 * Thread-safe; the zone database is the system's (Debian tzdata). */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong {

class civil_zone {
 public:
  /** An IANA name such as Asia/Shanghai. */
  [[nodiscard]] static result<civil_zone> named(std::string_view name);
  [[nodiscard]] const std::string& name() const { return name_; }

  enum class unit : std::uint8_t { day, month, year };
  /** The civil day, month or year that holds `at`. */
  [[nodiscard]] period around(wall_t at, unit u) const;
  /** `p` cut at civil edges, in order; nothing for an empty period. */
  [[nodiscard]] std::vector<period> split(period p, unit u) const;

  /** 2026-03-14T09:26:53.589+08:00 */
  [[nodiscard]] std::string format(wall_t at) const;
  /** 2026-03-14 09:26:53 */
  [[nodiscard]] std::string format_short(wall_t at) const;
  /** 2026-03-14, 2026-03 or 2026: the key of a civil bucket that begins at `at`. */
  [[nodiscard]] std::string key(wall_t at, unit u) const;

  /** An instant as people write it: `2026`, `2026-03`, `2026-03-14` (a civil period of this zone) or ISO 8601 with an
   * offset or Z, seconds and milliseconds optional (an empty period at that instant).
   * design.md 6: `.from` is what --from takes, `.to` what --to takes. */
  [[nodiscard]] result<period> parse(std::string_view text) const;
  /** An instant as people enter one: `2026-03-14 22:00` in this zone (seconds and a T allowed) or ISO 8601 with an
   * offset. A day alone is refused, for it could mean its begin or its end; so is a time that a change of the clocks
   * skips or repeats. */
  [[nodiscard]] result<wall_t> parse_instant(std::string_view text) const;
  /** A civil year, quarter, month or day: `2026`, `2026-Q1`, `2026-03`, `2026-03-14`. */
  [[nodiscard]] result<period> parse_period(std::string_view text) const;

 private:
  std::string name_;
  const void* zone_ = nullptr;  ///< date::time_zone, owned by the library for the whole run
};

/** Is it a day as 2026-03-14, and is there such a day? Needs no zone. */
[[nodiscard]] bool is_civil_day(std::string_view text);

}  // namespace changtong
