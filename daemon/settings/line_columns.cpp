#include "daemon/settings/line_columns.h"

namespace changtong::reading {

const std::array<line_columns::heading, line_columns::columns>& line_columns::headings() {
  static constexpr std::array<heading, columns> all{{{"id", "编号"},
                                                     {"name", "名称"},
                                                     {"category", "类别"},
                                                     {"unit", "接入单位"},
                                                     {"town", "乡镇"},
                                                     {"carrier", "运营商"},
                                                     {"circuit", "电路编号"},
                                                     {"bandwidth_mbps", "带宽"},
                                                     {"address", "地址"},
                                                     {"parent", "上级"},
                                                     {"accepted", "开通日期"},
                                                     {"closed", "停用日期"},
                                                     {"grade", "等级"},
                                                     {"checks", "检查"},
                                                     {"witness", "作证"}}};
  return all;
}

std::optional<line_columns::column> line_columns::named(std::string_view word) {
  const auto place = columns_of_lines().named(word);
  return place ? std::optional(static_cast<column>(*place)) : std::nullopt;
}

const std::array<std::pair<std::string_view, std::string_view>, 9>& line_columns::other_category_names() {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> all{{{"乡镇", "township"},
                                                                                     {"街道", "township"},
                                                                                     {"乡镇街道", "township"},
                                                                                     {"村", "village"},
                                                                                     {"社区", "village"},
                                                                                     {"村社区", "village"},
                                                                                     {"医疗", "health"},
                                                                                     {"学校", "education"},
                                                                                     {"部门", "department"}}};
  return all;
}

}  // namespace changtong::reading
