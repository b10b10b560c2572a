#pragma once
/** What people declare (declaration.h), field by field. From here follow the journal's text and its reading, the API's
 * answers, lists, the tables of the ledger and the papers of an auditor's pack. `kind` is the journal's; names and
 * order are those of the journal (`at` first) and never change, for its text is hashed: a new field is appended, as
 * `if_any`, and no figure may depend on it (daemon/ledger/README.md). */
#include "daemon/core/declaration.h"
#include "daemon/core/fields.h"

namespace changtong {

/** A decimal number that is not negative, as parse_exact (exact.h) reads it. */
[[nodiscard]] bool is_amount(const std::string& text);
[[nodiscard]] bool is_amount_or_empty(const std::string& text);
[[nodiscard]] constexpr bool counts_from_one(const std::int64_t& version) { return version >= 1; }

template <>
struct description<policy_version> {
  static constexpr std::string_view kind = "policy";
  static constexpr std::tuple fields{field{&policy_version::at, "at", "登记时间", "entered"},
                                     field{&policy_version::zone, "zone", "时区", "zone"},
                                     field{&policy_version::author, "author", "登记人", "author"},
                                     field{&policy_version::policy, "policy", "参数", "policy", presence::as_json}};
};

template <>
struct description<inventory_version> {
  static constexpr std::string_view kind = "inventory";
  static constexpr std::tuple fields{field{&inventory_version::at, "at", "登记时间", "entered"},
                                     field{&inventory_version::target, "target", "线路", "line or site"},
                                     field{&inventory_version::author, "author", "登记人", "author"},
                                     field{&inventory_version::json, "json", "内容", "content"}};
};

template <>
struct description<window_record> {
  static constexpr std::string_view kind = "window", table = "windows";
  static constexpr std::tuple fields{field{&window_record::at, "at", "登记时间", "entered"},
                                     field{&window_record::id, "id", "编号", "id"},
                                     field{&window_record::target, "target", "线路", "line or site"},
                                     field{&window_record::from, "from", "起", "from"},
                                     field{&window_record::to, "to", "止", "to"},
                                     field{&window_record::state, "state", "状态", "state"},
                                     field{&window_record::by, "by", "登记人", "author"},
                                     field{&window_record::text, "text", "事由", "text"},
                                     field{&window_record::flags, "flags", "标记", "flags", presence::if_any},
                                     field{&window_record::via, "via", "途径", "via", presence::if_any}};
};

template <>
struct description<annotation> {
  static constexpr std::string_view kind = "annotation", table = "annotations", order = "about";
  static constexpr std::tuple fields{field{&annotation::at, "at", "登记时间", "entered"},
                                     field{&annotation::target, "target", "线路", "line or site"},
                                     field{&annotation::about, "about", "时间", "instant"},
                                     field{&annotation::author, "author", "登记人", "author"},
                                     field{&annotation::text, "text", "备注", "text"},
                                     field{&annotation::via, "via", "途径", "via", presence::if_any}};
};

template <>
struct description<duty_record> {
  static constexpr std::string_view kind = "duty", table = "duties", key = "day", order = "day";
  static constexpr std::tuple fields{field{&duty_record::at, "at", "登记时间", "entered"},
                                     field{&duty_record::day, "day", "日期", "day"},
                                     field{&duty_record::person, "person", "值班人", "on duty"},
                                     field{&duty_record::source, "source", "来源", "source"},
                                     field{&duty_record::author, "author", "登记人", "author"},
                                     field{&duty_record::text, "text", "备注", "text"},
                                     field{&duty_record::via, "via", "途径", "via", presence::if_any}};
};

template <>
struct description<period_closed> {
  static constexpr std::string_view kind = "closed", table = "closings";
  static constexpr std::tuple fields{
      field{&period_closed::at, "at", "登记时间", "entered"},
      field{inside{&period_closed::when, &period::from}, "from", "起", "from"},
      field{inside{&period_closed::when, &period::to}, "to", "止", "to"},
      field{&period_closed::version, "version", "版本", "version", presence::always, counts_from_one},
      field{&period_closed::author, "author", "经办人", "author"},
      field{&period_closed::reason, "reason", "原因", "reason"},
      field{&period_closed::figures, "figures", "数据", "figures", presence::as_json},
      field{&period_closed::sheet, "sheet", "明细摘要", "sheet"},
      field{&period_closed::changes, "changes", "变化", "changes", presence::as_json},
      field{&period_closed::via, "via", "途径", "via", presence::if_any}};
};

template <>
struct description<counter_reading> {
  static constexpr std::string_view kind = "counter", table = "counters", key = "counter";
  static constexpr std::tuple fields{
      field{&counter_reading::at, "at", "登记时间", "entered"},
      field{&counter_reading::counter, "counter", "计数器", "counter"},
      field{&counter_reading::about, "about", "时间", "instant"},
      field{&counter_reading::value, "value", "数值", "value", presence::always, is_amount},
      field{&counter_reading::unit, "unit", "单位", "unit"},
      field{&counter_reading::source, "source", "来源", "source"},
      field{&counter_reading::author, "author", "登记人", "author"},
      field{&counter_reading::via, "via", "途径", "via"}};
};

template <>
struct description<indicator_verdict> {
  static constexpr std::string_view kind = "verdict", table = "verdicts", key = "plan";
  static constexpr std::tuple fields{
      field{&indicator_verdict::at, "at", "登记时间", "entered"},
      field{&indicator_verdict::plan, "plan", "方案", "plan"},
      field{&indicator_verdict::indicator, "indicator", "指标", "indicator"},
      field{&indicator_verdict::verdict, "verdict", "结论", "verdict"},
      field{&indicator_verdict::points, "points", "得分", "points", presence::always, is_amount_or_empty},
      field{&indicator_verdict::text, "text", "理由", "reason"},
      field{&indicator_verdict::document, "document", "文件", "document"},
      field{&indicator_verdict::sha256, "sha256", "SHA-256", "SHA-256"},
      field{&indicator_verdict::author, "author", "登记人", "author"},
      field{&indicator_verdict::via, "via", "途径", "via"}};
};

}  // namespace changtong
