#include "daemon/reading/csv.h"

#include <algorithm>

namespace changtong::reading {

problem csv_reader::fail(phrase text, int line, std::size_t offset) {
  at_ = text_.size();
  return said_at(std::move(text), line, column_at(text_, offset));
}

bool csv_reader::at_row_end() const {
  return at_ == text_.size() || text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n");
}

void csv_reader::skip_row_end() {
  if (at_ == text_.size()) return;
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
}

void csv_reader::skip_comments() {
  while (at_ < text_.size() && text_[at_] == '#') {
    at_ = std::min(text_.find('\n', at_), text_.size());
    skip_row_end();
  }
}

std::optional<problem> csv_reader::plain_field(csv_field& field) {
  const std::size_t start = at_;
  while (!at_row_end() && text_[at_] != how_.separator && text_[at_] != '"') {
    if (text_[at_] == '\r')
      return fail({"单独的回车符：请以 CRLF 或 LF 换行保存文件",
                   "a lone carriage return: save the file with CRLF or LF line ends"},
                  line_, at_);
    ++at_;
  }
  if (at_ < text_.size() && text_[at_] == '"')
    return fail({"未加引号的单元格内有引号：请给整个单元格加引号，内部的引号写两个",
                 "a quote inside an unquoted field: put the whole field in quotes and double the quotes inside"},
                line_, at_);
  field.text = text_.substr(start, at_ - start);
  return std::nullopt;
}

std::optional<problem> csv_reader::quoted_field(csv_field& field) {
  const int line = line_;
  const std::size_t opened = at_;
  const std::size_t start = ++at_;
  field.offset = start;
  bool doubled = false;
  for (;; ++at_) {
    if (at_ == text_.size() || at_ - start > how_.most_field_bytes)
      return fail(
          both("此处的引号在 {} 字节内没有闭合：请用 \" 闭合",
               "the quote that opens here is not closed within {} bytes: close it with \"", how_.most_field_bytes),
          line, opened);
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != '"') continue;
    if (text_.substr(at_, 2) != "\"\"") break;
    doubled = true;
    ++at_;
  }
  field.text = text_.substr(start, at_ - start);
  ++at_;
  if (doubled) {
    std::string& plain = scratch_.emplace_back();
    for (std::size_t i = 0; i < field.text.size(); ++i) {
      plain += field.text[i];
      if (field.text[i] == '"') ++i;
    }
    field.text = plain;
  }
  if (!at_row_end() && text_[at_] != how_.separator)
    return fail({"闭合引号之后还有文字：单元格内的引号要写两个",
                 "text after a closing quote: a quote inside a field is written twice"},
                line_, at_);
  return std::nullopt;
}

result<bool> csv_reader::next(std::vector<csv_field>& row) {
  row.clear();
  scratch_.clear();
  scratch_.reserve(how_.most_fields);
  if (!begun_ && how_.skips) skip_comments();
  begun_ = true;
  while (how_.skips && at_ < text_.size() && at_row_end()) skip_row_end();
  if (at_ == text_.size()) return false;
  while (true) {
    if (row.size() == how_.most_fields)
      return fail(both("一行超过 {} 个单元格：是否缺了引号？", "more than {} fields in a row: is a quote missing?",
                       how_.most_fields),
                  line_, at_);
    csv_field field{.line = line_, .offset = at_};
    const bool quoted = !at_row_end() && text_[at_] == '"';
    if (auto bad = quoted ? quoted_field(field) : plain_field(field)) return std::move(*bad);
    if (field.text.size() > how_.most_field_bytes)
      return fail(both("单元格超过 {} 字节：请缩短", "a field longer than {} bytes: shorten it", how_.most_field_bytes),
                  field.line, field.offset);
    row.push_back(field);
    if (at_row_end()) break;
    ++at_;  // the separator
  }
  skip_row_end();
  return true;
}

}  // namespace changtong::reading
