// Files that are made of the ledger: reports, the books as a sheet, the evaluation.
#include <fmt/format.h>

#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

web_response download(context& from, const question& q) {
  if (!from.from.make) return cannot_enter();
  made_file file = from.from.make(q.id);
  if (file.status != 200) {
    web_response no = problem_answer(file.status, "not_made", file.why.cn, file.why.en);
    if (file.status == 503) no.headers.emplace_back("Retry-After", "60");
    return no;
  }
  web_response out;
  out.content_type = std::move(file.type);
  out.body = std::move(file.bytes);
  // A name that was made is one of ours: days, dots, letters.
  out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"changtong-{}\"", q.id));
  return out;
}

}  // namespace

std::vector<route> report_routes() {
  return {
      {.path = "/api/v1/reports/{id}",
       .summary = "下载报表",
       .about =
           "PERIOD.xlsx and PERIOD.html as `changtong report` makes them, PERIOD.availability.csv, "
           "PERIOD.outages.csv; PERIOD is 2026-03, 2026-Q1, 2026 or 2026-03-01..2026-03-14. evaluation.html and "
           "evaluation.docx of the plan in view. At most 32 MiB; one is made at a time, a few wait, others are 503.",
       .evidence = true,
       .lane = web_lane::making,
       .types = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text/html", "text/csv"},
       .refusals = {{404, "No plan is in view"}, {503, "Not just now: Retry-After says when"}},
       .function = download},
  };
}

}  // namespace changtong::api
