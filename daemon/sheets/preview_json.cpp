#include <array>

#include "daemon/core/json.h"
#include "daemon/sheets/preview.h"

namespace changtong::sheets {
namespace {

json_object at(std::size_t row, const std::string& heading) {
  return json_object().add("row", static_cast<std::int64_t>(row)).add("heading", heading);
}

std::string said_list(const std::vector<remark>& all, bool guesses) {
  json_array list;
  for (const remark& r : all) {
    const phrase text = placed(r);
    json_object o = at(r.row, r.heading);
    if (guesses) o.add("kind", kind_word(r.what));
    o.add("text", text.cn).add("text_en", text.en);
    if (guesses) o.add_bool("confirm", !r.to_confirm.empty());
    list.add_raw(o.text());
  }
  return list.text();
}

/** With the headings of lines.csv, as the journal has lines; what is not stated is left out. */
std::string line_json(const line_cells& cells) {
  json_object line;
  for (std::size_t c = 0; c < line_columns::columns; ++c)
    if (!cells[c].empty()) line.add(line_columns::headings()[c].english, cells[c]);
  return line.text();
}

}  // namespace

std::string_view kind_word(remark::kind k) {
  static constexpr std::array<std::string_view, 9> words{"read",      "filled",   "heading", "aside",  "skipped",
                                                         "duplicate", "category", "line",    "carrier"};
  return words[static_cast<std::size_t>(k)];
}

phrase placed(const remark& r) {
  if (r.row == 0 && r.heading.empty()) return r.text;
  if (r.row == 0) return both("{}：{}", "{}: {}", r.heading, r.text);
  if (r.heading.empty()) return both("第{}行：{}", "row {}: {}", r.row, r.text);
  return both("第{}行 {}：{}", "row {}, {}: {}", r.row, r.heading, r.text);
}

std::string to_json(const preview& p) {
  json_array added, changed, closed;
  for (const added_line& a : p.added)
    added.add_raw(at(a.row, a.heading).add("id", a.cells[line_columns::id]).add_raw("line", line_json(a.cells)).text());
  for (const changed_cell& c : p.changed)
    changed.add_raw(at(c.row, c.heading)
                        .add("id", c.id)
                        .add("field", line_columns::headings()[c.what].english)
                        .add("from", c.from)
                        .add("to", c.to)
                        .text());
  for (const closed_line& c : p.closed)
    closed.add_raw(at(c.row, c.heading).add("id", c.id).add("closed", c.day).text());
  return json_object()
      .add_raw("added", added.text())
      .add_raw("changed", changed.text())
      .add_raw("closed", closed.text())
      .add_raw("guessed", said_list(p.guessed, true))
      .add_raw("problems", said_list(p.problems, false))
      .add_raw("missing", json_list(p.missing))
      .text();
}

}  // namespace changtong::sheets
