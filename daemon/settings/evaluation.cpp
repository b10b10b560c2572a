// The key `evaluation`: a plan that is wrong is a configuration that is wrong (promise 7).
#include "daemon/plans/plan.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {

std::optional<evaluation_settings> read_evaluation(const yaml_node& node, std::string_view file,
                                                   const surroundings& from, findings& found) {
  const block body(node, as_written("evaluation"), file, found, {"plan", "every"});
  body.require("plan", "plans/2026.yaml");
  evaluation_settings e;
  const auto every = body.duration("every", milliseconds{10'000}, std::chrono::hours{24});
  if (every) e.every = every->value;
  const auto written = body.text("plan", 4096);
  if (!written) return std::nullopt;
  e.plan_file = beside(file, written->value);
  auto text = from.read(e.plan_file);
  if (!text) {
    body.error(written->at, both("无法读取 {}：{}", "{}: {}", e.plan_file, words_of(text.error())));
    return std::nullopt;
  }
  e.plan_text = std::move(*text);
  auto plan = read_plan(e.plan_text, e.plan_file);
  if (!plan) {
    for (const problem& p : plan.error().list) found.error(e.plan_file, p);
    return std::nullopt;
  }
  e.plan = std::make_shared<const plans::plan>(std::move(*plan));
  return e;
}

}  // namespace changtong::reading
