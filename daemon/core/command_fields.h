#pragma once
/** What people ask for (command.h), field by field: how it is sent to the API and read there. `always` is what has to
 * be said. `path` is where the API takes it. A window's step and id stand beside its fields, see
 * entries/command_json.cpp. */
#include "daemon/core/command.h"
#include "daemon/core/fields.h"

namespace changtong {

template <>
struct description<window_command> {
  static constexpr std::string_view path = "/api/v1/windows";
  static constexpr std::tuple fields{
      field{&window_command::targets, "targets", "线路", "lines and sites", presence::if_any},
      field{&window_command::below, "below", "含下级", "with what hangs below", presence::if_any},
      field{&window_command::from, "from", "起", "from", presence::if_any},
      field{&window_command::to, "to", "止", "to", presence::if_any},
      field{&window_command::text, "text", "事由", "text", presence::if_any}};
};

template <>
struct description<annotation_command> {
  static constexpr std::string_view path = "/api/v1/annotations";
  static constexpr std::tuple fields{field{&annotation_command::target, "target", "线路", "line or site"},
                                     field{&annotation_command::text, "text", "备注", "text"},
                                     field{&annotation_command::about, "about", "时间", "instant", presence::if_any}};
};

template <>
struct description<duty_command> {
  static constexpr std::string_view path = "/api/v1/duty";
  static constexpr std::tuple fields{field{&duty_command::day, "day", "日期", "day", presence::if_any},
                                     field{&duty_command::person, "person", "值班人", "on duty", presence::if_any},
                                     field{&duty_command::text, "text", "备注", "text", presence::if_any}};
};

template <>
struct description<close_command> {
  static constexpr std::string_view path = "/api/v1/closings";
  static constexpr std::tuple fields{field{&close_command::period, "period", "期间", "period"},
                                     field{&close_command::reason, "reason", "原因", "reason", presence::if_any}};
};

template <>
struct description<counter_command> {
  static constexpr std::string_view path = "/api/v1/counters";
  static constexpr std::tuple fields{field{&counter_command::counter, "counter", "计数器", "counter"},
                                     field{&counter_command::value, "value", "数值", "value"},
                                     field{&counter_command::about, "about", "时间", "instant", presence::if_any},
                                     field{&counter_command::unit, "unit", "单位", "unit", presence::if_any},
                                     field{&counter_command::source, "source", "来源", "source", presence::if_any}};
};

template <>
struct description<verdict_command> {
  static constexpr std::string_view path = "/api/v1/verdicts";
  static constexpr std::tuple fields{
      field{&verdict_command::plan, "plan", "方案", "plan"},
      field{&verdict_command::indicator, "indicator", "指标", "indicator"},
      field{&verdict_command::verdict, "verdict", "结论", "verdict"},
      field{&verdict_command::points, "points", "得分", "points", presence::if_any},
      field{&verdict_command::text, "text", "理由", "text", presence::if_any},
      field{&verdict_command::document, "document", "文件名", "document", presence::if_any},
      field{&verdict_command::sha256, "sha256", "SHA-256", "SHA-256", presence::if_any}};
};

}  // namespace changtong
