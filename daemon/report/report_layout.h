#pragma once
/** An availability report laid out: which sheet shows what, under which Chinese heading. Decides order and words,
 * computes no figure. Pure. */
#include "daemon/books/report_figures_types.h"
#include "daemon/report/document.h"

namespace changtong::report {

/** 总览, 类别, 乡镇, 运营商, 线路, 最差线路, 重复故障, 最长中断, 计划停机, 未观测, a sheet for each carrier, and 口径.
 */
[[nodiscard]] document layout(const availability_report& r);

/** Rows of the books and the list of outages as a document, for `--format xlsx`. */
[[nodiscard]] document books_document(const std::vector<availability_row>& rows, period p, const civil_zone& zone);
[[nodiscard]] document outages_document(const std::vector<books::listed_outage>& rows, period p,
                                        const civil_zone& zone);
/** The same without names and what was said. */
[[nodiscard]] document outages_document(const std::vector<availability::outage>& rows, period p,
                                        const civil_zone& zone);

// Parts of it, shared by the layouts.

/** Columns and cells of sums: 畅通率, bounds, coverage, seconds by class, outages, MTTR, MTBF, formula. */
void append_figure_headings(std::vector<heading>& to);
void append_figure_cells(std::vector<cell>& to, const seconds& s, std::string_view formula);
[[nodiscard]] std::string instant_text(const civil_zone& zone, wall_t at);
[[nodiscard]] cell instant_cell(const civil_zone& zone, wall_t at);
/** 畅通率 of sums: a percentage, or the words where there is none to be printed. */
[[nodiscard]] cell availability_cell(const seconds& s);
/** (after, until], 「此前未见正常」 without a lower end. */
[[nodiscard]] std::string bracket_text(const civil_zone& zone, const bracket& b);
[[nodiscard]] std::string seconds_text(milliseconds d);  ///< 2.73 秒
[[nodiscard]] std::string cause_text(const availability::outage& o);
/** What leaders ask: the figure, before and a year ago, the worst lines, causes, carriers. */
[[nodiscard]] sheet overview_sheet(const availability_report& r);
/** By which rules, and the whole in the four formulas. */
[[nodiscard]] sheet rules_sheet(const availability_report& r);
[[nodiscard]] sheet carrier_sheet(const availability_report& r, const carrier_part& part);

}  // namespace changtong::report
