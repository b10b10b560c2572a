#include "daemon/run/centre_papers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/host/clocks.h"
#include "daemon/publish/api/answers.h"
#include "daemon/report/report_layout.h"
#include "daemon/report/web_page.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/run/centre_report.h"
#include "daemon/run/report_desk.h"

namespace changtong {
namespace {

constexpr std::string_view folder = "/centre/v1/reports/";
constexpr milliseconds patience = std::chrono::minutes{5};

problem mistaken(problem p) {
  p.what = problem_class::usage;
  return p;
}

struct wanted_file {
  report_period when;
  bool page = false;  ///< else a workbook
};

result<wanted_file> file_named(std::string_view name, const civil_zone& zone, wall_t now) {
  const std::size_t dot = std::min(name.find('.'), name.size());
  const std::string_view ending = name.substr(dot);
  if (ending != ".xlsx" && ending != ".html")
    return mistaken(said(both("没有这种文件：{}，只有 2026-10.xlsx、2026-10.html（月、季、年）",
                              "no such file: {}; there are 2026-10.xlsx and .html, of months, quarters and years",
                              shortened(name, 64))));
  auto when = report_period_named(zone, name.substr(0, dot));
  if (!when) return mistaken(when.error());
  if (when->when.from >= now) return mistaken(said("这一期间尚未开始", "the period has not begun"));
  return wanted_file{.when = std::move(*when), .page = ending == ".html"};
}

}  // namespace

centre_papers::centre_papers(const centre_file& s, centre::conversations& books) : settings_(s), books_(books) {}

std::vector<web_route> centre_papers::routes() {
  return {{.method = "GET",
           .path = std::string(folder),
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::making,
           .keeper = [this](const web_request& head) { return no_reader(head, settings_.readers); }}};
}

web_response centre_papers::answer(const web_request& request) {
  if (auto stranger = no_reader(request, settings_.readers)) return std::move(*stranger);
  for (const auto& [name, value] : request.query)
    if (std::ranges::find(node_parameters, name) == node_parameters.end() || request.query.count(name) > 1)
      return api::bad_parameter(said(both("没有参数 {}，或写了两次", "no parameter {}, or it stands twice", name)));
  const auto done = books_.with([&](centre::database& db) -> result<web_response> {
    try {
      return made(db, request);
    } catch (const std::exception& e) {
      return said(words_of(e));
    }
  });
  if (done) return *done;
  if (done.error().what == problem_class::usage) return api::bad_parameter(done.error());
  const phrase why = words_of(done.error());
  web_response out = problem_answer(503, "not_made", why.cn, why.en);
  out.headers.emplace_back("Retry-After", "60");
  return out;
}

result<web_response> centre_papers::made(centre::database& db, const web_request& request) {
  const auto now = std::chrono::floor<std::chrono::seconds>(system_clocks().wall());
  const std::string_view name = std::string_view(request.path).substr(folder.size());
  const auto file = file_named(name, settings_.zone, now);
  if (!file) return file.error();
  const auto values = centre_report(
      db, settings_,
      {.when = file->when, .now = now, .of = request, .go_on = [this, waits = until_patience_ends(patience)] {
         if (ended_) throw spoken_error({"中心正在停止", "the centre is stopping"});
         waits();
       }});
  if (!values) return values.error();
  const report::document d = report::layout(*values);
  auto bytes =
      file->page ? result<std::string>(boost::system::in_place_value, report::write_web_page(d)) : workbook_bytes(d);
  if (!bytes) return bytes.error();
  if (bytes->size() > report_desk::most_bytes)
    return said({"文件超过 32 MiB：请用 district 缩小范围，或在中心上运行 changtong report --centre",
                 "the file is larger than 32 MiB: ask for one district, or run changtong report --centre there"});
  web_response out;
  out.content_type = std::string(file->page ? page_type : sheet_type);
  out.body = std::move(*bytes);
  // A name that was read as a period is days and letters.
  out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"changtong-report-{}\"", name));
  return out;
}

}  // namespace changtong
