#include "daemon/cli/import_text.h"

#include <fmt/core.h>

#include <map>
#include <set>

#include "daemon/core/plain_text.h"
#include "daemon/report/columns.h"

namespace changtong {
namespace {

using sheets::line_columns;

constexpr std::size_t most_listed = 200;    ///< lines of one table
constexpr std::size_t most_of_a_kind = 10;  ///< guesses of one column: what goes on like this is counted

std::string seen(const std::string& text) { return as_seen(text, 60); }

void and_more(std::size_t count, std::size_t listed) {
  if (count > listed) fmt::print("  另有 {0} 条 / {0} more\n", count - listed);
}

void print_added(const sheets::preview& p) {
  if (p.added.empty()) return;
  fmt::print("\n新增 {0} 条 / {0} added\n", p.added.size());
  std::vector<std::vector<std::string>> rows;
  for (const sheets::added_line& a : p.added) {
    if (rows.size() == most_listed) break;
    std::vector<std::string> row{std::to_string(a.row)};
    for (const auto c : {line_columns::id, line_columns::name, line_columns::category, line_columns::town,
                         line_columns::carrier, line_columns::circuit, line_columns::bandwidth, line_columns::address})
      row.push_back(seen(c == line_columns::category ? a.category : a.cells[c]));
    rows.push_back(std::move(row));
  }
  fmt::print(
      "{}",
      report::in_columns(
          {{"行", true}, {"编号"}, {"名称"}, {"类别"}, {"乡镇"}, {"运营商"}, {"电路编号"}, {"带宽", true}, {"地址"}},
          rows));
  and_more(p.added.size(), rows.size());
}

void print_changed(const sheets::preview& p) {
  if (p.changed.empty()) return;
  std::set<std::string> lines;
  std::vector<std::vector<std::string>> rows;
  for (const sheets::changed_cell& c : p.changed) {
    lines.insert(c.id);
    if (rows.size() < most_listed)
      rows.push_back({std::to_string(c.row), seen(c.id), seen(c.heading), seen(c.from), seen(c.to)});
  }
  fmt::print("\n有变 {0} 条，{1} 处 / {0} changed, {1} cells\n", lines.size(), p.changed.size());
  fmt::print("{}", report::in_columns({{"行", true}, {"编号"}, {"列"}, {"原为"}, {"改为"}}, rows));
  and_more(p.changed.size(), rows.size());
}

void print_closed(const sheets::preview& p) {
  if (p.closed.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const sheets::closed_line& c : p.closed)
    if (rows.size() < most_listed)
      rows.push_back({c.row == 0 ? "表里没有" : std::to_string(c.row), seen(c.id), seen(c.day)});
  fmt::print("\n停用 {0} 条 / {0} closed\n", p.closed.size());
  fmt::print("{}", report::in_columns({{"行", true}, {"编号"}, {"停用日期"}}, rows));
  and_more(p.closed.size(), rows.size());
}

void print_remarks(const sheets::preview& p, bool confirmed) {
  if (!p.guessed.empty()) fmt::print("\n替您判断的 {0} 处，请过目 / {0} guesses, please look\n", p.guessed.size());
  std::map<std::pair<std::string_view, std::string>, std::size_t> told;
  for (const sheets::remark& g : p.guessed)
    if (++told[{sheets::kind_word(g.what), g.heading}] <= most_of_a_kind)
      fmt::print("  {}\n", as_seen(to_string(sheets::placed(g))));
  for (const auto& [about, count] : told)
    if (count > most_of_a_kind)
      fmt::print("  {0}：另有 {1} 处同样的 / {1} more like these\n", seen(about.second), count - most_of_a_kind);
  if (!p.problems.empty()) fmt::print("\n问题 {0} 处，要改 / {0} problems to be mended\n", p.problems.size());
  for (const sheets::remark& r : p.problems) fmt::print("  {}\n", as_seen(to_string(sheets::placed(r))));
  if (!p.to_confirm.empty() && !confirmed)
    fmt::print(
        "\n猜出的类别对不对？对就加 --confirm，以后不再问 / if the guessed categories are right, add --confirm\n");
}

}  // namespace

void print_preview(const sheets::preview& p, const std::string& file, bool confirmed) {
  fmt::print("{}{}\n", seen(file), p.title.empty() ? "" : "，工作表 " + seen(p.title));
  print_added(p);
  print_changed(p);
  print_closed(p);
  if (!p.missing.empty()) {
    std::string ids;
    for (std::size_t i = 0; i < p.missing.size() && i < 20; ++i) ids += " " + seen(p.missing[i]);
    fmt::print("\n清单里另有 {0} 条表里没有，保持不变 / {0} of the inventory are not in the sheet and stay:{1}{2}\n",
               p.missing.size(), ids, p.missing.size() > 20 ? " …" : "");
  }
  if (p.added.empty() && p.changed.empty() && p.closed.empty() && p.problems.empty())
    fmt::print("\n与清单一致 / the inventory says the same\n");
  print_remarks(p, confirmed);
}

}  // namespace changtong
