#pragma once
/** Contradictions of a written report: figures that cannot both be true by a relation that the text itself declares.
 * The one entry of the checker; README.md lists the kinds. Pure: reads no file, no clock; any thread. Time and memory
 * are linear in the text but for figures of one label, of which few are compared. */
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/approved_figure.h"

namespace changtong::plans {
struct plan;
}

namespace changtong::claims {

/** sure 矛盾: by arithmetic over parties that the text names. ask 待说明: a question that the author can answer. */
enum class strength : std::uint8_t { sure, ask };

struct contradiction {
  std::string kind;                 ///< amount/amount, sum/parts … (README.md)
  std::vector<std::string> quotes;  ///< verbatim from the report, at least one
  std::vector<int> lines;           ///< of each quote, from 1
  std::vector<std::string> places;  ///< of each quote: 四(三)1 and the title it stands under
  std::string text;                 ///< what is wrong, a sentence for the author
  strength how = strength::sure;
};

/** What the books say of a period. */
struct measured_figures {
  std::string period;             ///< as printed: 2023 年
  availability::seconds lines;    ///< sums over all lines in scope (R1)
  std::int64_t line_count = 0;    ///< lines in scope
  std::int64_t days_counted = 0;  ///< days of operation (rules.md 4.5)
  std::int64_t days = 0;          ///< civil days of the period
};

/** The books of a year, or of one of its months (1 to 12; 0: the whole period asked for); nullopt: they do not reach
 * it. */
using book_lookup = std::function<std::optional<measured_figures>(int year, int month)>;

/** Texts that this one is held against. */
struct beside {
  book_lookup books{};                             ///< empty: none
  const plans::plan* plan = nullptr;               ///< null: none
  std::string_view last_year{};                    ///< the report of the year before, UTF-8; empty: none
  std::vector<plans::approved_figure> approved{};  ///< of the 批复
};

/** How much was read. */
struct amount_read {
  std::size_t paragraphs = 0, tables = 0, figures = 0;
  bool whole = true;  ///< false: there are more figures than are held against each other, and the last ones were not
};

struct consistency {
  std::vector<contradiction> found;  ///< in order of the first line
  amount_read read;
  int year = 0;  ///< of the report; 0: it names none
};

/** `report` is UTF-8: a paragraph or a table's row a line, its cells between tabs or bars. */
[[nodiscard]] consistency check(std::string_view report, const beside& others = {});
[[nodiscard]] std::vector<contradiction> contradictions(std::string_view report, const beside& others = {});

/** The year that a report is of; 0: it names none. */
[[nodiscard]] int year_of(std::string_view report);

[[nodiscard]] std::string_view chinese_kind(std::string_view kind);  ///< 金额与金额 …; the kind itself if unknown
[[nodiscard]] std::string_view chinese(strength s);                  ///< 矛盾, 待说明

}  // namespace changtong::claims
