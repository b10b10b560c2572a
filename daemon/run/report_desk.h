#pragma once
/** Files that are made of the ledger for whoever asks over HTTP: what `changtong report` makes, the books as a sheet,
 * the evaluation. Takes minutes where the ledger is large; whoever calls sees to it that one is made at a time. */
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/books/report_figures.h"
#include "daemon/core/civil.h"
#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"
#include "daemon/publish/api/own_view.h"
#include "daemon/report/document.h"
#include "daemon/run/book_door.h"

namespace changtong {

/** Of the newest key that seals the ledger, in the form that `ledger verify --fingerprint` takes; empty where there is
 * no LEDGER.pub beside it. */
[[nodiscard]] result<std::string> fingerprint_of_seals(const std::string& ledger);

/** A month, quarter or year, or `2026-03-01..2026-03-14`: both days and those between them. */
[[nodiscard]] result<report_period> wanted_period(const civil_zone& zone, std::string_view text);

/** Types of the files. */
inline constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                  page_type = "text/html; charset=utf-8";
/** A document as XLSX; it is written in a folder of its own, which is gone afterwards. */
[[nodiscard]] result<std::string> workbook_bytes(const report::document& d);

class report_desk {
 public:
  static constexpr std::size_t most_bytes = 32 << 20;  ///< of a file: it leaves from memory

  struct doors {
    std::string ledger;
    book_door books;
    std::function<wall_t()> wall;
    std::function<std::shared_ptr<const evaluate::evaluation>()> evaluation;
  };
  explicit report_desk(doors d) : doors_(std::move(d)) {}

  /** PERIOD.xlsx, PERIOD.html, PERIOD.availability.csv, PERIOD.outages.csv; evaluation.html, evaluation.docx. Throws
   * std::runtime_error as a reader does. Any thread. */
  [[nodiscard]] api::made_file make(const std::string& name);
  /** What is under way ends soon, with an exception. */
  void end() { ended_ = true; }

 private:
  [[nodiscard]] result<std::string> evaluated(const evaluate::evaluation& e, bool page) const;
  [[nodiscard]] result<std::string> reported(const ledger::reader& from, const report_period& when, bool page) const;
  [[nodiscard]] api::made_file of_books(std::string_view period, std::string_view ending);

  doors doors_;
  std::atomic<bool> ended_{false};
};

}  // namespace changtong
