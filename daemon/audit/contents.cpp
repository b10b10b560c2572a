#include "daemon/audit/contents.h"

#include <algorithm>
#include <array>
#include <limits>

#include "daemon/audit/embedded.h"
#include "daemon/audit/page.h"
#include "daemon/audit/papers.h"
#include "daemon/books/books.h"
#include "daemon/books/outage_notes.h"
#include "daemon/entries/closing.h"
#include "daemon/report/book_text.h"
#include "daemon/report/report_layout.h"

namespace changtong::audit {
namespace {

struct view_of_books {
  std::string_view name, sheet;
  books::grouping by;
};
constexpr std::array<view_of_books, 6> views{{{"line", "线路", books::grouping::line},
                                              {"category", "类别", books::grouping::category},
                                              {"carrier", "运营商", books::grouping::carrier},
                                              {"town", "乡镇", books::grouping::town},
                                              {"day", "日", books::grouping::day},
                                              {"month", "月", books::grouping::month}}};

std::string file_of(const view_of_books& v) { return "figures/availability_by_" + std::string(v.name) + ".csv"; }

/** The figures of every grouping: as CSV, as sheets of one workbook, and together with their exact milliseconds as
 * JSON. */
class figure_files {
 public:
  explicit figure_files(const pack_sources& from) : from_(from) {}

  report::document write(const std::function<void(const std::string&, std::string)>& tell) {
    const civil_zone& zone = books().zone();
    std::string rows, exact;
    for (const view_of_books& v : views) {
      const auto all = books::books(books(), from_.head.when, from_.head.exported, v.by);
      if (v.by == books::grouping::line) lines_ = all;
      keep(v.sheet, report::books_document(all, from_.head.when, zone));
      tell(file_of(v), report::write_availability(all, report::format::csv, zone));
      rows += named(v.name, report::write_availability(all, report::format::json, zone), rows.empty());
      std::string sums = "[";
      for (const auto& r : all) sums += (sums.size() > 1 ? ",\n" : "") + entries::sums_json(r);
      exact += named(v.name, sums + "]\n", exact.empty());
    }
    tell("figures/availability.json", "{\"rows\":{" + rows + "},\n\"milliseconds\":{" + exact + "}}\n");
    outages_ = books().outages(from_.head.when, {}, std::numeric_limits<std::int64_t>::max());
    keep("中断", said_something() ? report::outages_document(books::noted(books(), outages_), from_.head.when, zone)
                                  : report::outages_document(outages_, from_.head.when, zone));
    tell("figures/outages.csv", report::write_outages(outages_, report::format::csv, zone));
    document_.title = "畅通率账目";
    document_.made = from_.head.exported;
    return report::as_evidence(std::move(document_));
  }
  [[nodiscard]] const std::vector<availability::availability_row>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<availability::outage>& outages() const { return outages_; }

 private:
  [[nodiscard]] const ledger::reader& books() const { return *from_.folded.books; }
  /** Packs of before had no such entries, and their list of outages no such columns. */
  [[nodiscard]] bool said_something() const {
    const ledger::memory_tables& rows = *from_.folded.rows;
    return !rows.rows<acknowledgement>().empty() || !rows.rows<ticket_record>().empty();
  }
  static std::string named(std::string_view name, const std::string& list, bool first) {
    return (first ? "\"" : ",\"") + std::string(name) + "\":" + list;
  }
  void keep(std::string_view name, report::document d) {
    for (report::sheet& sheet : d.sheets) {
      sheet.name = name;
      document_.sheets.push_back(std::move(sheet));
    }
  }

  const pack_sources& from_;
  report::document document_;
  std::vector<availability::availability_row> lines_;
  std::vector<availability::outage> outages_;
};

}  // namespace

const std::vector<std::string>& listed_names(std::string_view format) {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names{"annotations.csv",     "closings.json", "duty.csv",      "figures/availability.json",
                                   "figures/outages.csv", "inventory.csv", "policies.json", "windows.csv"};
    for (const std::string_view n : {journal_name, seals_name, key_name, head_name, page_name, workbook_name})
      names.emplace_back(n);
    for (const view_of_books& v : views) names.push_back(file_of(v));
    std::ranges::sort(names);
    return names;
  }();
  static const std::vector<std::string> with_script = [] {
    std::vector<std::string> names = all;
    names.emplace_back(script_name);
    std::ranges::sort(names);
    return names;
  }();
  return format == older_format ? all : with_script;
}

const std::vector<std::string>& names_if_any() {
  static const std::vector<std::string> all{"acknowledgements.csv", "tickets.csv"};
  return all;
}

report::document each_content(const pack_sources& from,
                              const std::function<void(const std::string&, std::string)>& tell) {
  const folded_books& f = from.folded;
  tell("inventory.csv", inventory_csv(f));
  tell("windows.csv", windows_csv(f, from.head.exported));
  tell("policies.json", policies_json(f));
  tell("closings.json", closings_json(f));
  tell("duty.csv", duty_csv(f));
  tell("annotations.csv", annotations_csv(f));
  for (const auto& [name, text] :
       {std::pair{"acknowledgements.csv", acknowledgements_csv(f)}, std::pair{"tickets.csv", tickets_csv(f)}})
    if (!text.empty()) tell(name, text);
  figure_files figures(from);
  auto workbook = figures.write(tell);
  tell(std::string(script_name), std::string(independent_verifier()));
  tell(std::string(page_name), explanation_page({from, figures.lines(), figures.outages()}));
  return workbook;
}

}  // namespace changtong::audit
