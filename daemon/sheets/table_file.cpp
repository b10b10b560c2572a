#include "daemon/sheets/table_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "daemon/core/csv.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/csv.h"
#include "daemon/reading/words.h"

namespace changtong::sheets {
namespace {

std::size_t begin_of(std::string_view text, const reading::csv_field& f) {
  return f.offset > 0 && text[f.offset - 1] == '"' ? f.offset - 1 : f.offset;
}

/** Behind its closing quote. */
std::size_t end_of(std::string_view text, const reading::csv_field& f) {
  if (begin_of(text, f) == f.offset) return f.offset + f.text.size();
  std::size_t at = f.offset;
  while (at < text.size() && (text[at] != '"' || text.substr(at, 2) == "\"\"")) at += text[at] == '"' ? 2 : 1;
  return std::min(at + 1, text.size());
}

}  // namespace

result<table_file> table_file::read(std::string bytes, const table_columns& columns) {
  table_file f(columns);
  if (bytes.empty()) return f;
  const std::string given = bytes;
  const auto text = reading::to_utf8(std::move(bytes));
  if (!text) return text.error();
  f.marked_ = *text != given;
  f.line_end_ = text->find("\r\n") == std::string::npos ? "\n" : "\r\n";
  if (const auto good = f.read_text(*text); !good) return good.error();
  return f;
}

result<void> table_file::read_text(std::string_view text) {
  reading::csv_reader csv(text);
  std::vector<reading::csv_field> fields;
  record* last = nullptr;
  std::size_t end = 0;  // of what `last` holds
  while (true) {
    const auto more = csv.next(fields);
    if (!more) return more.error();
    if (*more && last == nullptr && reading::trim(fields[0].text).starts_with('#')) continue;
    const std::size_t begin = *more ? begin_of(text, fields[0]) : text.size();
    (last == nullptr ? before_ : last->tail) = text.substr(end, begin - end);
    if (!*more) return {};
    end = end_of(text, fields.back());
    const bool heads = last == nullptr;
    last = heads ? &head_ : &rows_.emplace_back();
    if (!heads) last->values.resize(columns_->headings.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::size_t from = begin_of(text, fields[i]);
      last->pieces.emplace_back(text.substr(from, end_of(text, fields[i]) - from));
      const std::string word(read_back(reading::trim(fields[i].text)));
      if (heads)
        order_.push_back(columns_->named(word));
      else if (i < order_.size() && order_[i])
        last->values[*order_[i]] = word;
    }
    while (heads && !order_.empty() && !order_.back()) order_.pop_back();  // what a spreadsheet adds
  }
}

std::size_t table_file::place_of(std::size_t c) {
  const auto known = std::ranges::find(order_, std::optional(c));
  if (known != order_.end()) return static_cast<std::size_t>(known - order_.begin());
  const std::size_t place = order_.size();
  order_.emplace_back(c);
  if (head_.pieces.size() <= place) head_.pieces.resize(place + 1);
  head_.pieces[place] = std::string(columns_->headings[c].chinese);
  if (head_.tail.empty()) head_.tail = line_end_;
  for (record& r : rows_)
    if (r.pieces.size() < head_.pieces.size()) r.pieces.resize(head_.pieces.size());
  return place;
}

void table_file::set(std::size_t row, std::size_t c, const std::string& value) {
  const std::size_t place = place_of(c);
  record& r = rows_[row];
  if (r.pieces.size() <= place) r.pieces.resize(place + 1);
  r.pieces[place] = csv_field(value);
  r.values[c] = value;
}

std::size_t table_file::add(std::span<const std::string> values) {
  const bool fresh = head_.pieces.empty();
  for (const std::size_t c : columns_->first)
    if (fresh) (void)place_of(c);
  for (std::size_t c = 0; c < values.size(); ++c)
    if (!values[c].empty()) (void)place_of(c);
  record& above = rows_.empty() ? head_ : rows_.back();
  if (above.tail.empty()) above.tail = line_end_;
  record& made = rows_.emplace_back();
  made.pieces.resize(head_.pieces.size());
  made.values.resize(columns_->headings.size());
  made.tail = line_end_;
  for (std::size_t c = 0; c < values.size(); ++c)
    if (!values[c].empty()) set(rows_.size() - 1, c, values[c]);
  return rows_.size() - 1;
}

std::string table_file::as_line(const record& r) { return fmt::format("{}{}", fmt::join(r.pieces, ","), r.tail); }

std::string table_file::text() const {
  std::string out = (marked_ ? "\xef\xbb\xbf" : "") + before_ + as_line(head_);
  for (const record& r : rows_) out += as_line(r);
  return out;
}

std::optional<table_file::spot> table_file::at(int line, int column_number) const {
  const auto lines_in = [](std::string_view text) { return static_cast<int>(std::ranges::count(text, '\n')); };
  int now = 1 + lines_in(before_) + lines_in(as_line(head_));
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const int next = now + lines_in(as_line(rows_[row]));
    if (line >= next && row + 1 < rows_.size()) {
      now = next;
      continue;
    }
    if (line < now) return std::nullopt;
    if (column_number < 1) return spot{row, std::nullopt};
    std::pair end{now, 1};  // line and column behind a cell, which may have several lines
    for (std::size_t i = 0; i < rows_[row].pieces.size() && i < order_.size(); ++i, ++end.second) {
      const std::string_view piece = rows_[row].pieces[i];
      const std::size_t last = piece.rfind('\n');
      if (last != std::string_view::npos) end = {end.first + lines_in(piece), 1};
      end.second += static_cast<int>(characters(last == std::string_view::npos ? piece : piece.substr(last + 1)));
      if (std::pair{line, column_number} <= end) return spot{row, order_[i]};
    }
    return spot{row, std::nullopt};
  }
  return std::nullopt;
}

}  // namespace changtong::sheets
