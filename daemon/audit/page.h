#pragma once
/** README.html: what is in the pack, how to check it, and each formula with one worked line of this very pack. Plain
 * Chinese for an auditor, no script, nothing from outside. Pure: equal sources give equal bytes. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/audit/contents.h"
#include "daemon/availability/row.h"

namespace changtong::audit {

struct page_sources {
  const pack_sources& pack;
  const std::vector<availability::availability_row>& lines;  ///< figures by line
  const std::vector<availability::outage>& outages;          ///< of the period, latest first
};

[[nodiscard]] std::string explanation_page(const page_sources& from);

/** The part that explains the figures (page_figures.cpp). */
[[nodiscard]] std::string figures_explained(const page_sources& from);

}  // namespace changtong::audit
