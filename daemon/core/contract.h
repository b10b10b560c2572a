#pragma once
/** What a contract with a carrier says (rules.md 5.5): data from the configuration, kept in the journal with the
 * policy. No default stands in for a value that the contract does not state: the answer is then "no target", never
 * "met". */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong {

/** An exact share: 99.95 % is 9995/10000. Compared by integers alone (rules.md E-23). */
struct share {
  std::int64_t part = 0;
  std::int64_t whole = 1;
  friend bool operator==(const share&, const share&) = default;
};
/** `99.9`, `99.95%`, `10 %`: 0 to 100, at most 9 decimals, no exponent; as short as it can be. */
[[nodiscard]] std::optional<share> parse_percent(std::string_view text);
/** `99.95`: digits of a percentage, without the sign. The inverse of parse_percent(). */
[[nodiscard]] std::string percent_text(share s);
/** part/whole >= target, exactly; `whole` > 0, all up to 2^62. */
[[nodiscard]] bool reaches(std::int64_t part, std::int64_t whole, share target);

/** Money in fen (1/100 yuan). */
using fen = std::int64_t;
/** `1200`, `1200.50`: up to 10^12 yuan, at most two decimals. */
[[nodiscard]] std::optional<fen> parse_yuan(std::string_view text);
[[nodiscard]] std::string yuan_text(fen amount);
/** amount · part / whole, rounded half up (四舍五入) to a whole fen; nothing negative. */
[[nodiscard]] fen portion(fen amount, std::int64_t part, std::int64_t whole);

/** amount · part / whole, rounded down; nothing negative. */
[[nodiscard]] std::int64_t portion_below(std::int64_t amount, std::int64_t part, std::int64_t whole);

enum class contract_period : std::uint8_t { month, year };
/** removed: windows leave the figure. counted: what happened in them counts. shown: removed, and the figure that
 * counting would have given is printed beside it. */
enum class window_treatment : std::uint8_t { removed, counted, shown };
enum class repair_clock : std::uint8_t { discovery, report };  ///< where the time of a repair begins (rules.md S-8)
enum class power_treatment : std::uint8_t { excluded, counted };

/** Exactly one condition and exactly one credit. */
struct credit_band {
  std::optional<share> below{};                      ///< availability of the contract period under this
  std::optional<milliseconds> outage_longer_than{};  ///< down time of one outage above this
  std::optional<share> of_fee{};                     ///< share of the period's fee
  std::int64_t days = 0;                             ///< or the fee of that many days
  friend bool operator==(const credit_band&, const credit_band&) = default;
};

struct contract {
  std::string id{}, carrier{};
  /** Which of the carrier's lines; an empty list asks nothing. */
  std::vector<std::string> lines{}, categories{}, grades{};
  std::string grade{};  ///< of the service: AAA, 金 …; for people
  std::optional<share> availability_target{};
  contract_period period = contract_period::month;
  std::optional<milliseconds> max_single_outage{}, response_limit{}, repair_limit{}, report_deadline{};
  /** Mail address to which tickets 报障单 go by themselves, within `report_deadline` of an outage's discovery; empty:
   * people report. No figure depends on it. */
  std::string report_to{};
  std::optional<repair_clock> clock{};
  window_treatment windows = window_treatment::removed;
  std::optional<power_treatment> user_power{};  ///< not stated: counts, and the report says so
  std::optional<fen> monthly_fee{};             ///< of one line
  std::vector<credit_band> credit_bands{};
  std::optional<share> credit_cap{};  ///< of the period's fee
  std::string source{}, clause{};     ///< document and clause; `source` is never empty
  std::optional<wall_t> valid_from{}, valid_to{};
  friend bool operator==(const contract&, const contract&) = default;
};

/** What of a line decides whether a contract covers it. */
struct contract_subject {
  std::string_view id, carrier, category, grade;
};
[[nodiscard]] bool covers(const contract& c, const contract_subject& line);
/** [valid_from, valid_to), open ends as wall_min and wall_max. */
[[nodiscard]] period validity(const contract& c);

/** Canonical JSON, keys in fixed order, what is not stated left out: equal contracts give equal bytes. */
[[nodiscard]] std::string to_json(const contract& c);

[[nodiscard]] std::string_view name_of(contract_period p);
[[nodiscard]] std::string_view name_of(window_treatment w);
[[nodiscard]] std::string_view name_of(repair_clock r);
[[nodiscard]] std::string_view name_of(power_treatment p);

/** What the office wants of its reports; part of the policy too. */
struct report_wishes {
  std::string office;  ///< who reports, for the heading; may be empty
  /** From so many outages of a line in the period on it is a repeat fault, 2 .. 1000. */
  std::uint16_t repeat_outages = 3;
  friend bool operator==(const report_wishes&, const report_wishes&) = default;
};

}  // namespace changtong
