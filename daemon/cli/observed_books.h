#pragma once
/** The books of one ledger or of several: --ledger as often as there are observers, --observer for one of them alone,
 * --offset for what is known of their clocks. What is merged and what is not is said on stderr. */
#include <memory>
#include <string>
#include <vector>

#include "daemon/cli/grammar.h"
#include "daemon/cli/options.h"
#include "daemon/observers/merged_books.h"
#include "daemon/report/book_text.h"

namespace changtong {

struct observers_asked {
  std::vector<std::string> ledgers;
  std::string observer;              ///< empty: all of them
  std::vector<std::string> offsets;  ///< NAME=SECONDS
};
void observer_options(grammar sub, observers_asked& into);

struct observed_opened {
  opened_books books;
  const observers::merged_books* merged = nullptr;  ///< the same as `books.reader`, where several are merged
  [[nodiscard]] report::book_observers names() const;
};
/** As open_books(), which it is for one ledger. */
[[nodiscard]] result<observed_opened> open_observed(const observers_asked& asked, const std::string& as_known_at,
                                                    bool reopened);

}  // namespace changtong
