// Any text as a form: rows between line ends, cells between bars (< merged with its left neighbour, ^ with the one
// above), or, after the byte 0xff, any bytes as the text of a DOCX. What was read is checked, and becomes a plan that
// always loads.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "daemon/forms/check.h"
#include "daemon/forms/fill.h"
#include "daemon/forms/to_plan.h"
#include "daemon/plans/plan.h"
#include "tests/reading/packed.h"

namespace {

using namespace changtong;

reading::office_table table_of(std::string_view text) {
  reading::office_table t{.title = "表", .hidden = false, .cells = {}};
  std::size_t row = 0, column = 0;
  for (std::size_t at = 0; at <= text.size() && row < 300; ++at) {
    const std::size_t end = std::min(text.find_first_of("|\n", at), text.size());
    const std::string_view cell = text.substr(at, end - at);
    if (cell == "<" && !t.cells.empty() && t.cells.back().row == row)
      ++t.cells.back().columns;
    else if (cell == "^" && !t.cells.empty())
      for (auto above = t.cells.rbegin(); above != t.cells.rend(); ++above) {
        if (above->column != column) continue;
        above->rows = row - above->row + 1;
        break;
      }
    else if (!cell.empty())
      t.cells.push_back({.row = row, .column = column, .rows = 1, .columns = 1, .text = std::string(cell)});
    ++column;
    at = end;
    if (end < text.size() && text[end] == '\n') ++row, column = 0;
  }
  return t;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::vector<reading::office_table> tables;
  if (text.starts_with("\xff")) {
    auto read = reading::office_tables(test::packed<>({{"word/document.xml", std::string(text.substr(1))}}));
    if (!read) return 0;
    tables = std::move(*read);
  } else {
    tables.push_back(table_of(text));
  }
  const auto all = forms::read_forms(tables);
  if (!all) return 0;
  for (const forms::form& form : *all) {
    for (const forms::slip& s : forms::check_form(form))
      if (!s.at.there() || s.text.cn.empty() || s.text.en.empty()) std::abort();
    const auto made = forms::plan_of(form, "form.xlsx", 2025);
    const auto plan = read_plan(made.yaml, "plan.yaml");
    if (!plan) {
      std::fprintf(stderr, "%s\n%s\n", to_string(plan.error().list[0]).c_str(), made.yaml.c_str());
      std::abort();
    }
    const auto back = forms::filled_in(tables, made.yaml, *plan);
    if (back && !read_plan(back->yaml, "plan.yaml")) std::abort();
  }
  return 0;
}
