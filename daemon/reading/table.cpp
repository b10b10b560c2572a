#include "daemon/reading/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/reading/words.h"

namespace changtong::reading {

heading_row read_heading_row(const std::vector<csv_field>& fields, const std::vector<heading>& headings,
                             const cell_fault& tell, bool any_case) {
  heading_row out;
  std::vector<std::string_view> known;
  for (const heading& h : headings) {
    known.push_back(h.english);
    known.insert(known.end(), h.chinese.begin(), h.chinese.end());
  }
  for (const csv_field& f : fields) {
    const std::string word = any_case ? ascii::lower(trim(f.text)) : std::string(trim(f.text));
    const auto h = std::ranges::find_if(headings, [&](const heading& one) {
      return one.english == word || std::ranges::find(one.chinese, word) != one.chinese.end();
    });
    const auto which = static_cast<std::size_t>(h - headings.begin());
    const bool twice = std::ranges::find(out.order, which) != out.order.end();
    out.order.push_back(which);
    if (h == headings.end())
      tell(f, word.empty()
                  ? phrase{"表头为空：请删去这一列，或给它命名", "an empty heading: remove the column or name it"}
                  : unknown_word({"表头", "heading"}, word, known));
    else if (twice)
      tell(f, both("表头 '{}' 出现两次：请删去其中一列", "heading '{}' stands twice: remove one column", word));
    else
      continue;
    out.good = false;
  }
  for (std::size_t i = 0; out.good && i < headings.size(); ++i)
    if (headings[i].required && std::ranges::find(out.order, i) == out.order.end()) out.missing.push_back(&headings[i]);
  return out;
}

phrase missing_words(const heading& h) {
  return both("缺少表头 '{}'（{}）", "the heading '{}' ({}) is missing", h.english, h.chinese[0]);
}

phrase width_fault(std::size_t fields, std::size_t headings) {
  if (fields == headings) return {};
  return both("本行有 {} 列，而表头有 {} 列：含逗号的单元格请加引号",
              "this row has {} fields and the headings have {}: put a field that holds commas in quotes", fields,
              headings);
}

bool is_blank(const std::vector<csv_field>& fields) {
  return std::ranges::all_of(fields, [](const csv_field& f) { return trim(f.text).empty(); });
}

table::table(std::string bytes, const std::string& file, std::vector<heading> headings)
    : file_(file), headings_(std::move(headings)) {
  auto text = to_utf8(std::move(bytes));
  if (!text)
    found_.error(file_, text.error());
  else
    text_ = std::move(*text);
}

void table::read(const std::function<void(const cells&)>& each) {
  if (found_.errors() > 0) return;
  csv_reader csv(text_);
  reader_ = &csv;
  cells fields;
  for (;;) {
    const auto more = csv.next(fields);
    if (!more) return found_.error(file_, more.error());
    if (!*more) break;
    if (order_.empty()) {
      if (!read_headings(fields)) return;
    } else if (phrase why = width_fault(fields.size(), order_.size()); !why.empty()) {
      error(fields[0], std::move(why));
    } else if (!is_blank(fields)) {
      each(in_order(fields));
    }
  }
  if (order_.empty())
    found_.error({file_, 1, 1}, {"没有表头：第一行应为各列的名称", "no headings: the first row names the columns"});
}

void table::error(const csv_field& cell, phrase text) {
  found_.error({file_, cell.line, reader_->column_of(cell)}, std::move(text));
}

std::optional<problems> table::problems_found(std::size_t entries) {
  if (found_.errors() == 0 && entries == 0)
    found_.error({file_, 1, 1}, {"没有内容：每一行都是空的", "no entries: every row is empty"});
  if (found_.errors() == 0) return std::nullopt;
  return problems{found_.sorted_errors(file_)};
}

bool table::read_headings(const cells& fields) {
  heading_row row =
      read_heading_row(fields, headings_, [this](const csv_field& f, phrase why) { error(f, std::move(why)); });
  order_ = std::move(row.order);
  for (const heading* h : row.missing) error(fields[0], missing_words(*h));
  return row.good && row.missing.empty();
}

table::cells table::in_order(const cells& fields) const {
  cells out(headings_.size(), {.text = {}, .line = fields[0].line, .offset = fields[0].offset});
  for (std::size_t i = 0; i < fields.size(); ++i) out[order_[i]] = fields[i];
  return out;
}

std::string plain_day(std::string_view text) {
  const auto parts = split(text, "/-");
  if (parts.size() != 3 || parts[0].size() != 4 || parts[1].size() > 2 || parts[2].size() > 2) return std::string(text);
  return fmt::format("{}-{:0>2}-{:0>2}", parts[0], parts[1], parts[2]);
}

}  // namespace changtong::reading
