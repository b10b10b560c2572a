#pragma once
/** A written Chinese report as paragraphs, sentences and clauses that know their chapter, number and line.
 *
 * The text of a paragraph is brought into one form, so that rules compare words and not typing habits: full-width
 * letters, digits and brackets become half-width, half-width commas, colons and semicolons outside numbers become
 * Chinese ones, blanks go, cells of a table are clauses, a line broken inside a sentence is joined to the next. Each
 * byte remembers where it stood: quotes and line numbers are those of the report as it was given. Pure; any thread;
 * linear in the length. The text must be UTF-8; bytes that are not are taken as they are and match nothing. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/claims/words.h"

namespace changtong::claims {

/** Bytes of a paragraph's text, half-open. */
struct stretch {
  std::size_t from = 0, to = 0;
  [[nodiscard]] bool empty() const { return to <= from; }
  friend bool operator==(const stretch&, const stretch&) = default;
};

struct paragraph {
  std::string text;                   ///< in one form, without its number at the beginning
  std::vector<std::uint32_t> origin;  ///< offset in the report of each byte, and of the end: text.size() + 1 of them
  std::string place;                  ///< numbers of its headings and its own: 四(三)1; empty before the first one
  std::vector<std::string> titles;    ///< of the headings it stands under, outermost first; its own last if it has one
  bool goals = false;                 ///< stands in a chapter that says what is to be reached
  int sheet = 0;                      ///< of a workbook: counted by the lines that end one (U+001D)
  bool table = false;                 ///< a row of cells, each between ；
  int level = 0;                      ///< of its own number: 1 一、 2 (一) 3 1. 4 (1) 5 ①; 0 without
  bool heading = false;               ///< a short numbered line without a full stop
  std::vector<stretch> sentences;

  [[nodiscard]] std::string_view words(stretch s) const { return std::string_view(text).substr(s.from, s.to - s.from); }
};

struct written_report {
  std::string source;
  std::vector<paragraph> paragraphs;
  std::string title;    ///< in one form; empty where none of the first lines names a report
  std::string project;  ///< as the title names it, without year and kind of report; may be empty
  int year = 0;         ///< of the title, else the latest of several in the text; 0 = none

  /** Line of the report, from 1, in which a byte of a paragraph stands. */
  [[nodiscard]] int line(const paragraph& p, std::size_t at) const;
  /** Verbatim from the report; what reaches into another line is cut at the end of the line of `keep`. */
  [[nodiscard]] std::string quote(const paragraph& p, stretch s, std::size_t keep) const;
  /** The whole line, from 1, without its end; empty beyond the last one. */
  [[nodiscard]] std::string_view source_line(int line) const;

  std::vector<std::uint32_t> line_starts;  ///< offset of each line
  std::size_t tables = 0;                  ///< blocks of neighbouring rows
};

[[nodiscard]] written_report read_report(std::string_view text);

/** One line in that form. */
[[nodiscard]] std::string in_one_form(std::string_view line);

/** Whether the text at `at` is one of the marks that end a clause: ，；：。！？ */
[[nodiscard]] bool is_mark(std::string_view text, std::size_t at);

}  // namespace changtong::claims
