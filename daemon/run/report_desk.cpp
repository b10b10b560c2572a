#include "daemon/run/report_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "daemon/books/books.h"
#include "daemon/books/outage_notes.h"
#include "daemon/core/phrase.h"
#include "daemon/core/so_far.h"
#include "daemon/core/utf8.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/report/book_text.h"
#include "daemon/report/report_layout.h"
#include "daemon/report/web_page.h"
#include "daemon/report/workbook.h"
#include "daemon/report/written_report.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_outages = 200'000;  // of a sheet
constexpr std::string_view word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view csv_type = "text/csv; charset=utf-8";

/** What `write` makes of a path in a folder of its own, which is gone afterwards. */
result<std::string> written(const std::function<result<void>(const std::string& path)>& write) {
  std::error_code failed;
  std::string folder = (fs::temp_directory_path(failed) / "changtong-XXXXXX").string();
  if (failed || ::mkdtemp(folder.data()) == nullptr) return said({"没有临时目录", "no temporary folder"});
  const std::string path = folder + "/file";
  const auto done = write(path);
  auto bytes = done ? host::read_plain_file(path, report_desk::most_bytes) : result<std::string>(done.error());
  fs::remove_all(folder, failed);
  return bytes;
}

result<std::string> text(std::string of) { return {boost::system::in_place_value, std::move(of)}; }

api::made_file refused(int status, const problem& p) { return {.status = status, .why = words_of(p)}; }

api::made_file handed(std::string_view type, result<std::string> bytes) {
  if (!bytes) return refused(503, bytes.error());
  if (bytes->size() > report_desk::most_bytes)
    return refused(503, said({"文件超过 32 MiB：请在主机上运行 changtong report",
                              "the file is larger than 32 MiB: run changtong report on the machine"}));
  return {.type = std::string(type), .bytes = std::move(*bytes)};
}

}  // namespace

result<std::string> workbook_bytes(const report::document& d) {
  return written([&](const std::string& path) { return report::write_workbook(d, path); });
}

result<std::string> fingerprint_of_seals(const std::string& ledger) {
  const std::string path = ledger::public_file_of(ledger);
  if (!host::plain_file_exists(path)) return result<std::string>(boost::system::in_place_value, "");
  const auto pem = host::read_plain_file(path, 64 * 1024);
  if (!pem) return about(path, pem.error());
  const auto keys = ledger::read_public_keys(*pem);
  if (!keys) return about(path, keys.error());
  return result<std::string>(boost::system::in_place_value,
                             keys->empty() ? "" : ledger::short_form(keys->back().fingerprint()));
}

result<report_period> wanted_period(const civil_zone& zone, std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return report_period_named(zone, text);
  const auto first = zone.parse(text.substr(0, dots)), last = zone.parse(text.substr(dots + 2));
  const bool days = dots == 10 && text.size() == 22;
  if (!days || !first || !last)
    return said("应为两个日期，如 2026-03-01..2026-03-14", "two days: 2026-03-01..2026-03-14", problem_class::usage);
  const period when{first->from, last->to};
  if (when.empty() || when.length() > std::chrono::years(20))
    return said("前一日期不得晚于后一日期，之间至多 20 年",
                "the first day comes first, and at most 20 years lie between", problem_class::usage);
  const std::string name = fmt::format("{}至{}", text.substr(0, dots), text.substr(dots + 2));
  return report_period{when, name, name + "政务专线与网站畅通率报告", std::string(text), false};
}

result<std::string> report_desk::evaluated(const evaluate::evaluation& e, bool page) const {
  if (page) return text(report::report_page(e));
  return written([&](const std::string& path) { return report::write_report_docx(e, path); });
}

result<std::string> report_desk::reported(const ledger::reader& from, const report_period& when, bool page) const {
  auto print = fingerprint_of_seals(doors_.ledger);
  if (!print) return print.error();
  report_request r{
      .when = when, .now = cut_of(from.now(doors_.wall()), from.heartbeat()), .fingerprint = std::move(*print)};
  r.go_on = [this] {
    if (ended_) throw std::runtime_error("told to stop");
  };
  const auto values = gather_report(from, r);
  if (!values) return values.error();
  const report::document d = report::layout(*values);
  if (page) return text(report::write_web_page(d));
  return workbook_bytes(d);
}

api::made_file report_desk::of_books(std::string_view period, std::string_view ending) {
  auto opened = doors_.books();
  if (!opened) return refused(503, opened.error());
  const ledger::reader& from = **opened;
  const auto when = wanted_period(from.zone(), period);
  if (!when) return refused(400, when.error());
  const wall_t now = cut_of(from.now(doors_.wall()), from.heartbeat());
  if (when->when.from >= from.now(doors_.wall()))
    return refused(400, said("这一期间尚未开始", "the period has not begun"));
  if (ending == "xlsx" || ending == "html")
    return handed(ending == "xlsx" ? sheet_type : page_type, reported(from, *when, ending == "html"));
  if (ending == "outages.csv")
    return handed(csv_type, text(report::write_outages(books::noted(from, from.outages(when->when, {}, most_outages)),
                                                       report::format::sheet, from.zone())));
  return handed(csv_type, text(report::write_availability(books::books(from, when->when, now, books::grouping::line),
                                                          report::format::sheet, from.zone())));
}

api::made_file report_desk::make(const std::string& name) {
  const std::size_t dot = name.find('.', name.find("..") == std::string::npos ? 0 : name.find("..") + 2);
  const std::string_view of = std::string_view(name).substr(0, dot);
  const std::string_view ending =
      dot == std::string::npos ? std::string_view() : std::string_view(name).substr(dot + 1);
  if (of == "evaluation" && (ending == "html" || ending == "docx")) {
    const auto e = doors_.evaluation();
    if (!e) return refused(404, said("没有在评的方案", "no plan is evaluated"));
    return handed(ending == "docx" ? word_type : page_type, evaluated(*e, ending == "html"));
  }
  static constexpr std::array<std::string_view, 4> known{"xlsx", "html", "availability.csv", "outages.csv"};
  if (std::ranges::find(known, ending) == known.end())
    return refused(400, said(both("没有这种文件：{}", "there is no such file: {}", shortened(name, 64))));
  return of_books(of, ending);
}

}  // namespace changtong
