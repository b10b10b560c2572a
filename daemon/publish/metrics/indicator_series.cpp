#include "daemon/publish/metrics/indicator_series.h"

#include <array>
#include <optional>

namespace changtong::metrics {
namespace {

using evaluate::evaluation;
using evaluate::indicator_result;
using evaluate::printed_number;
using evaluate::standing;

double number(const exact& value) { return value.convert_to<double>(); }
std::optional<double> number(const std::optional<printed_number>& n) {
  return n ? std::optional(number(n->value)) : std::nullopt;
}

std::optional<double> target_of(const indicator_result& i) {
  const auto value = parse_exact(i.target_number);
  return value ? std::optional(number(*value)) : std::nullopt;
}
std::optional<double> standing_of(const indicator_result& i) {
  return i.how == standing::scored ? 2 : i.how == standing::insufficient ? 1 : 0;
}
std::optional<double> light_of(const indicator_result& i) {
  using evaluate::light;
  return i.colour == light::green ? 3 : i.colour == light::yellow ? 2 : i.colour == light::red ? 1 : 0;
}

struct family {
  const metric& what;
  std::optional<double> (*value)(const indicator_result&);
};
constexpr std::array families{
    family{names::indicator_value, [](const indicator_result& i) { return number(i.actual); }},
    family{names::indicator_target, target_of},
    family{names::indicator_score, [](const indicator_result& i) { return number(i.score); }},
    family{names::indicator_weight, [](const indicator_result& i) { return std::optional(number(i.weight.value)); }},
    family{names::indicator_forecast_score, [](const indicator_result& i) { return number(i.forecast_score); }},
    family{names::indicator_coverage_ratio, [](const indicator_result& i) { return number(i.coverage); }},
    family{names::indicator_standing, standing_of},
    family{names::indicator_light, light_of},
};

void append_sample(std::string& out, const metric& what, std::string_view labels, std::optional<double> value) {
  if (!value) return;
  out.append(what.name).append(labels).append("} ");
  append_number(out, *value);
  out += '\n';
}

std::string labels_of(const evaluation& e, const indicator_result& i) {
  std::string out;
  append_label(out, '{', "plan", e.title);
  append_label(out, ',', "indicator", i.id);
  append_label(out, ',', "name", i.level3);
  append_label(out, ',', "source", i.source);
  append_label(out, ',', "level", i.level1);
  return out;
}

}  // namespace

void append_evaluation(const evaluation& e, format f, std::string& out) {
  for (const family& one : families) {
    append_head(out, one.what, f);
    for (const indicator_result& i : e.indicators) append_sample(out, one.what, labels_of(e, i), one.value(i));
  }
  std::string labels;
  append_label(labels, '{', "plan", e.title);
  const auto whole = [&](const metric& what, std::optional<double> value) {
    append_head(out, what, f);
    append_sample(out, what, labels, value);
  };
  whole(names::evaluation_score, e.scored ? std::optional(number(e.total_so_far.value)) : std::nullopt);
  whole(names::evaluation_forecast_score, number(e.forecast_total));
  whole(names::evaluation_execution_ratio,
        e.execution.rate.text.empty() ? std::nullopt : std::optional(number(e.execution.rate.value / 100)));
  whole(names::evaluation_blocking, static_cast<double>(e.blocking.size()));
}

}  // namespace changtong::metrics
