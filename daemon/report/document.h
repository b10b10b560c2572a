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
  enum class kind : std::uint8_t { blank, text, count, ratio, duration, money, percent, instant, points, change };
  kind what = kind::blank;
  std::string text;  ///< as a person reads it
  double number =
      0;  ///< count; ratio and percent 0 .. 1; duration in days, as spreadsheets count; money in yuan; instant
          ///< as their day since 1899-12-30; points of a percentage; change as a part of what it was
};
[[nodiscard]] cell text_cell(std::string_view text);
[[nodiscard]] cell count_cell(std::int64_t n);
/** part/whole rounded down at the 12th decimal, so that no format shows 1 for less than 1; blank where whole is 0. */
[[nodiscard]] cell ratio_cell(std::int64_t part, std::int64_t whole);
/** h:mm:ss, truncated in the text, exact in the number. */
[[nodiscard]] cell duration_cell(milliseconds length);
[[nodiscard]] cell money_cell(std::optional<fen> amount);
/** `text` for people; the number is part/whole cut at the fifth place of its percentage, as texts are. Text alone where
 * whole is 0. */
[[nodiscard]] cell percent_cell(std::string_view text, std::int64_t part, std::int64_t whole);
/** By how many points a share differs from `was`, of shares in units of the fifth place of a percentage; +0.01250. */
[[nodiscard]] cell points_cell(std::int64_t is, std::int64_t was);
/** By which part of `was`; +12.5 %. A dash where `was` is 0 and `is` is not. */
[[nodiscard]] cell change_cell(std::int64_t is, std::int64_t was);
/** part/whole in units of the fifth place of a percentage, cut; 10'000'000 is all of it. whole > 0. */
[[nodiscard]] std::int64_t share_units(std::int64_t part, std::int64_t whole);

struct heading {
  std::string text;
  int width = 12;      ///< in digits of the normal font; a Chinese character takes two
  bool aside = false;  ///< of a sheet with one table: in a workbook behind the others, and not on its paper
};

struct table {
  std::string title;
  std::vector<heading> columns;
  std::vector<std::vector<cell>> rows;  ///< as many cells as columns
  std::string if_empty = "（无）";      ///< printed instead of rows
};

/** A page draws `length` and prints `text`; a workbook draws a chart over the first of `values` and has them all. */
struct bar {
  std::string label, text;
  double length = 0;  ///< 0 .. 1 of the longest
  std::vector<cell> values{};
};

struct sheet {
  std::string name;  ///< of the tab; writers make it unique and legal
  std::vector<std::string> notes;
  std::string bars_title;
  std::vector<bar> bars;
  std::vector<table> tables;
  std::vector<heading> bar_columns{};  ///< of the label and of the values
};

struct document {
  std::string title;
  std::string language = "zh-CN";
  std::optional<wall_t> made{};  ///< the date that a file says of itself; none: the clock's
  std::vector<sheet> sheets;
};

/** The document as packs have their workbook since 0.3.0, and as they have to be verified: columns in the order of the
 * headings, and what is a percentage or an instant as the text that people read. */
[[nodiscard]] document as_evidence(document d);

}  // namespace changtong::report
