#include "daemon/cli/disagreement_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/core/clock_text.h"
#include "daemon/report/columns.h"
#include "daemon/report/stable_row.h"

namespace changtong {
namespace {

using observers::told_disagreement;
using observers::trail;

/** 区政府：10.0.0.1 * 10.0.2.1 */
std::vector<std::string> paths_of(const std::vector<trail>& side) {
  std::vector<std::string> all;
  for (const trail& t : side)
    if (!t.path.empty()) all.push_back(t.observer + "：" + t.path);
  return all;
}

std::vector<std::string> causes_of(const std::vector<trail>& side) {
  std::vector<std::string> all;
  for (const trail& t : side) all.push_back(t.observer + "：" + std::string(chinese(t.why)));
  return all;
}

report::stable_row fields_of(const told_disagreement& d, const civil_zone& zone) {
  using namespace report;
  return {text_field("target", d.what.target),
          instant_field("from", d.what.when.from, zone),
          instant_field("to", d.what.when.to, zone),
          number_field("disagreed_s", static_cast<double>(d.what.when.length().count()) / 1000),
          list_field("up", d.what.up, "、"),
          list_field("down", d.what.down, "、"),
          list_field("up_paths", paths_of(d.up), "；"),
          list_field("down_causes", causes_of(d.down), "；"),
          list_field("down_paths", paths_of(d.down), "；")};
}

std::string heading_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> chinese_headings{
      {{"target", "编号"},
       {"from", "自"},
       {"to", "至"},
       {"disagreed_s", "时长（秒）"},
       {"up", "称畅通"},
       {"down", "称中断"},
       {"up_paths", "称畅通者的通常路径"},
       {"down_causes", "称中断者所见现象"},
       {"down_paths", "称中断者所见路径"}}};
  const auto found = std::ranges::find(chinese_headings, name, &std::pair<std::string_view, std::string_view>::first);
  return std::string(found == chinese_headings.end() ? name : found->second);
}

std::string as_table(const std::vector<told_disagreement>& all, const civil_zone& zone) {
  using report::joined;
  std::vector<std::vector<std::string>> lines;
  for (const told_disagreement& d : all)
    lines.push_back({d.what.target, zone.format_short(d.what.when.from), zone.format_short(d.what.when.to),
                     clock_text(d.what.when.length()), joined(d.what.up, "、"), joined(paths_of(d.up), "；"),
                     joined(causes_of(d.down), "；"), joined(paths_of(d.down), "；")});
  return report::in_columns(
      {{"编号"}, {"自"}, {"至"}, {"时长", true}, {"称畅通"}, {"其通常路径"}, {"称中断者所见"}, {"其所见路径"}}, lines);
}

}  // namespace

std::string write_disagreements(const std::vector<told_disagreement>& all, report::format f, const civil_zone& zone) {
  const auto to_row = [&](const told_disagreement& d) { return fields_of(d, zone); };
  if (f == report::format::table) return as_table(all, zone);
  if (f == report::format::json) return report::rows_as_json(all, to_row);
  if (f == report::format::csv) return report::rows_as_csv(all, to_row, "\r\n");
  return "\xef\xbb\xbf" + report::rows_as_csv(all, to_row, "\r\n", heading_of);
}

}  // namespace changtong
