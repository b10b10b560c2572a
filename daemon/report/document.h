#pragma once
/** What a report consists of, before it is a file: sheets with notes, bars and tables of typed cells. Writers
 * (workbook, web_page) know only this; layouts (report_layout, carrier_layout) make it. Values, any thread.
 *
 * Cells are made by the functions below, which apply plain(); writers apply it to all other text. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/contract.h"
#include "daemon/core/instant.h"

namespace changtong::report {

/** Valid UTF-8 of characters that XML 1.0 allows, on one line: what is not valid becomes U+FFFD, control characters and
 * line breaks a space; at most 32,000 bytes (a cell of XLSX holds 32,767 characters). */
[[nodiscard]] std::string plain(std::string_view text);

struct cell {
  enum class kind : std::uint8_t { blank, text, count, ratio, duration, money };
  kind what = kind::blank;
  std::string text;   ///< as a person reads it
  double number = 0;  ///< count; ratio 0 .. 1; duration in days, as spreadsheets count; money in yuan
};
[[nodiscard]] cell text_cell(std::string_view text);
[[nodiscard]] cell count_cell(std::int64_t n);
/** part/whole rounded down at the 12th decimal, so that no format shows 1 for less than 1; blank where whole is 0. */
[[nodiscard]] cell ratio_cell(std::int64_t part, std::int64_t whole);
/** h:mm:ss, truncated in the text, exact in the number. */
[[nodiscard]] cell duration_cell(milliseconds length);
[[nodiscard]] cell money_cell(std::optional<fen> amount);

struct heading {
  std::string text;
  int width = 12;  ///< in digits of the normal font; a Chinese character takes two
};

struct table {
  std::string title;
  std::vector<heading> columns;
  std::vector<std::vector<cell>> rows;  ///< as many cells as columns
  std::string if_empty = "（无）";      ///< printed instead of rows
};

struct bar {
  std::string label, text;
  double length = 0;  ///< 0 .. 1 of the longest
};

struct sheet {
  std::string name;  ///< of the tab; writers make it unique and legal
  std::vector<std::string> notes;
  std::string bars_title;
  std::vector<bar> bars;
  std::vector<table> tables;
};

struct document {
  std::string title;
  std::string language = "zh-CN";
  std::optional<wall_t> made{};  ///< the date that a file says of itself; none: the clock's
  std::vector<sheet> sheets;
};

}  // namespace changtong::report
