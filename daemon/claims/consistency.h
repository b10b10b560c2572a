#pragma once
/** Contradictions of a written report: statements that cannot both be true, figures that do not follow from each other,
 * and sentences that belong to another report. The one entry of the checker; README.md, "Claims", lists the kinds.
 * Pure: reads no file, no clock; any thread. Time and memory are linear in the text but for figures of one name, which
 * are compared with the one that is stated most often. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/claims/office_words.h"

namespace changtong::plans {
struct plan;
}

namespace changtong::claims {

/** sure 矛盾: by arithmetic or by the letter. ask 待说明: the author may have a reason that the text does not tell. */
enum class strength : std::uint8_t { sure, ask };

struct contradiction {
  std::string kind;                 ///< amount/amount, count/count … (README.md)
  std::vector<std::string> quotes;  ///< verbatim from the report, at least one
  std::vector<int> lines;           ///< of each quote, from 1
  std::vector<std::string> places;  ///< of each quote: 四(三)1 and the title it stands under
  std::string text;                 ///< what is wrong, a sentence for the author
  strength how = strength::sure;
};

/** What the books say of the period that the report is about. */
struct measured_figures {
  std::string period;             ///< as printed: 2023 年
  availability::seconds lines;    ///< sums over all lines in scope (R1)
  std::int64_t line_count = 0;    ///< lines in scope
  std::int64_t days_counted = 0;  ///< days of operation (rules.md 4.5)
  std::int64_t days = 0;          ///< civil days of the period
};

/** In order of the first line. `report` is UTF-8. With `measured` figures and with a `plan` (null: none) its claims are
 * compared with them too. */
[[nodiscard]] std::vector<contradiction> contradictions(std::string_view report,
                                                        const office_words& words = default_office_words(),
                                                        const std::optional<measured_figures>& measured = {},
                                                        const plans::plan* plan = nullptr);

[[nodiscard]] std::string_view chinese_kind(std::string_view kind);  ///< 金额与金额 …; the kind itself if unknown
[[nodiscard]] std::string_view chinese(strength s);                  ///< 矛盾, 待说明

}  // namespace changtong::claims
