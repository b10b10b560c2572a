#pragma once
/** A reading of a counter of another system. */
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** A reading of a counter; fields as in counter_record. */
struct counter_command {
  std::string counter;
  std::optional<wall_t> about;  ///< none: the instant at which it is entered
  std::string value, unit, source;
};

template <>
struct description<counter_command> {
  static constexpr std::string_view path = "/api/v1/counters", schema = "CounterRequest";
  static constexpr bool nothing_else = true;
  static constexpr std::tuple fields{
      field{&counter_command::counter, "counter", "计数器", "counter"}.meaning("A-Z a-z 0-9 - _, at most 64"),
      field{&counter_command::value, "value", "数值", "value"}.meaning("decimal, not negative: 51234, 1,234.5"),
      field{&counter_command::about, "about", "时间", "instant", presence::if_any}.meaning(
          "2026-03-14 22:00 in the zone, or ISO 8601 with an offset; default now"),
      field{&counter_command::unit, "unit", "单位", "unit", presence::if_any}.meaning("at most 16 characters"),
      field{&counter_command::source, "source", "来源", "source", presence::if_any}.meaning(
          "平台后台 截图 …, at most 256 characters")};
};

/** What a counter of another system (公众号服务人数, 网站点击) stood at, as a person or a file says. Of several
 * readings of one counter and instant the one entered last counts; all stay. */
struct counter_record {
  wall_t at{};          ///< when it was entered
  std::string counter;  ///< A-Z a-z 0-9 - _, 1 to 64
  wall_t about{};       ///< the instant at which the counter was read
  std::string value;    ///< as written; parse_exact (exact.h) reads it, never negative
  std::string unit;     ///< 人, 次; may be empty
  std::string source;   ///< where it stands: 平台后台, 截图; may be empty
  std::string author;   ///< who entered it
  std::string via;      ///< as in annotation; in older entries api, counters.csv, cli
  friend bool operator==(const counter_record&, const counter_record&) = default;
};

template <>
struct description<counter_record> {
  static constexpr std::string_view kind = "counter", schema = "CounterReading", list = "Counters";
  static constexpr std::string_view table = "counters", key = "counter";
  static constexpr std::array<std::string_view, 2> rows_by{"counter", "about"};
  static constexpr std::string_view counts = "no later entry is about the same counter and instant";
  using command = counter_command;
  static constexpr std::tuple fields{
      field{&counter_record::at, "at", "登记时间", "entered"}.meaning("when it was entered"),
      field{&counter_record::counter, "counter", "计数器", "counter"},
      field{&counter_record::about, "about", "时间", "instant"},
      field{&counter_record::value, "value", "数值", "value", presence::always, is_amount},
      field{&counter_record::unit, "unit", "单位", "unit"},
      field{&counter_record::source, "source", "来源", "source"},
      field{&counter_record::author, "author", "登记人", "author"},
      field{&counter_record::via, "via", "途径", "via"}.meaning("api, cli or counters.csv")};
};

/** For each, in the order in which they were entered: whether no later one is about the same counter and instant. */
[[nodiscard]] std::vector<bool> counting(const std::vector<counter_record>& entered);

}  // namespace changtong
