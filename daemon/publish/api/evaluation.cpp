// The evaluation that is kept in view, up to today.
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"
#include "daemon/report/evaluation_json.h"

namespace changtong::api {
namespace {

web_response show_evaluation(context& from, const question&) {
  const auto now = from.from.evaluation ? from.from.evaluation() : nullptr;
  if (!now)
    return problem_answer(404, "no_evaluation", "没有在评的方案：配置中写 evaluation.plan，并在其年度之内",
                          "no plan is evaluated: name one as evaluation.plan, in its year");
  return json_answer(report::write_evaluation_json(*now));
}

}  // namespace

std::vector<route> evaluation_routes() {
  return {
      {.path = "/api/v1/evaluation",
       .summary = "绩效自评：到今天为止的现值、得分与年末预测",
       .about = "The plan of `evaluation.plan` up to today, as evaluation.json of `changtong evaluate`; points are "
                "decimal strings.",
       .evidence = true,
       .answer = "Evaluation",
       .refusals = {{404, "No plan is in force, or it has not been evaluated yet"}},
       .function = show_evaluation},
  };
}

}  // namespace changtong::api
