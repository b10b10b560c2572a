#pragma once
/** A verdict of a person on an indicator of an evaluation. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** A verdict on an indicator; fields as in indicator_verdict, `verdict` by either of its names. */
struct verdict_command {
  std::string plan, indicator, verdict, points, text, document, sha256;
};

template <>
struct description<verdict_command> {
  static constexpr std::string_view path = "/api/v1/verdicts", schema = "VerdictRequest";
  static constexpr bool nothing_else = true;
  static constexpr std::tuple fields{
      field{&verdict_command::plan, "plan", "方案", "plan"}.meaning(
          "the year, or the plan's name, at most 64 characters"),
      field{&verdict_command::indicator, "indicator", "指标", "indicator"}.meaning("id in the plan"),
      field{&verdict_command::verdict, "verdict", "结论", "verdict"}.meaning(
          "achieved 达成, partly 部分达成 or missed 未达成"),
      field{&verdict_command::points, "points", "得分", "points", presence::if_any}.meaning(
          "decimal, not negative; left out: the plan's rule gives them"),
      field{&verdict_command::text, "text", "理由", "text", presence::if_any}.meaning("why, at most 2000 characters"),
      field{&verdict_command::document, "document", "文件名", "document", presence::if_any}.meaning(
          "name of the file it stands on"),
      field{&verdict_command::sha256, "sha256", "SHA-256", "SHA-256", presence::if_any}.meaning(
          "of the file's bytes: 64 lower-case hexadecimal digits")};
};

/** What a person found an indicator to be: 达成, 部分达成, 未达成. */
enum class attainment : std::uint8_t { achieved, partly, missed };
[[nodiscard]] std::string_view name_of(attainment a);     ///< achieved, partly, missed
[[nodiscard]] std::string_view chinese_of(attainment a);  ///< 达成, 部分达成, 未达成
/** By either name. */
[[nodiscard]] std::optional<attainment> attainment_named(std::string_view name);
template <>
struct values_of<attainment> {
  static constexpr std::array all{attainment::achieved, attainment::partly, attainment::missed};
};

/** A person's verdict on an indicator of an evaluation (绩效自评), and the document it stands on. The last one entered
 * for a plan's indicator counts; all stay. */
struct indicator_verdict {
  wall_t at{};            ///< when it was entered
  std::string plan;       ///< the year, or the plan's name
  std::string indicator;  ///< id in the plan
  attainment verdict = attainment::achieved;
  std::string points;    ///< as written; parse_exact reads it, never negative; empty: the plan's rule gives them
  std::string text;      ///< why
  std::string document;  ///< name of the file, which stays where it is; may be empty
  std::string sha256;    ///< of its bytes, 64 lower-case hexadecimal digits; may be empty
  std::string author;    ///< whose verdict it is
  std::string via;       ///< as in annotation; in older entries api, cli
  friend bool operator==(const indicator_verdict&, const indicator_verdict&) = default;
};

template <>
struct description<indicator_verdict> {
  static constexpr std::string_view kind = "verdict", schema = "IndicatorVerdict", list = "Verdicts";
  static constexpr std::string_view table = "verdicts", key = "plan";
  static constexpr std::string_view counts = "no later entry is about the same indicator of the plan";
  using command = verdict_command;
  static constexpr std::tuple fields{
      field{&indicator_verdict::at, "at", "登记时间", "entered"}.meaning("when it was entered"),
      field{&indicator_verdict::plan, "plan", "方案", "plan"},
      field{&indicator_verdict::indicator, "indicator", "指标", "indicator"},
      field{&indicator_verdict::verdict, "verdict", "结论", "verdict"},
      field{&indicator_verdict::points, "points", "得分", "points", presence::always, is_amount_or_empty},
      field{&indicator_verdict::text, "text", "理由", "reason"},
      field{&indicator_verdict::document, "document", "文件", "document"},
      field{&indicator_verdict::sha256, "sha256", "SHA-256", "SHA-256"},
      field{&indicator_verdict::author, "author", "登记人", "author"},
      field{&indicator_verdict::via, "via", "途径", "via"}.meaning("api or cli")};
};

/** For each, in the order in which they were entered: whether no later one is about the same plan and indicator. */
[[nodiscard]] std::vector<bool> counting(const std::vector<indicator_verdict>& entered);

}  // namespace changtong
