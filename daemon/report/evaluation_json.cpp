#include "daemon/report/evaluation_json.h"

#include <boost/json.hpp>

#include "daemon/core/json.h"

namespace changtong::report {
namespace {

using evaluate::indicator_result;
using evaluate::light;
using evaluate::printed_number;
using evaluate::standing;

constexpr std::size_t most_bytes = 16 << 20;

void add_points(json_object& o, std::string_view key, const std::optional<printed_number>& n) {
  n ? o.add(key, n->text) : o.add_null(key);
}

std::string_view name_of(standing s) {
  return s == standing::scored ? "scored" : s == standing::insufficient ? "insufficient" : "undecided";
}

std::string_view name_of(light l) {
  return l == light::green ? "green" : l == light::yellow ? "yellow" : l == light::red ? "red" : "unknown";
}

std::string indicator_json(const indicator_result& i) {
  json_object o;
  o.add("id", i.id).add("level1", i.level1).add("level2", i.level2).add("level3", i.level3);
  o.add("target", i.target_text).add("actual", i.actual_text);
  i.actual ? o.add("actual_value", shortest(i.actual->value)) : o.add_null("actual_value");
  o.add("weight", i.weight.text);
  add_points(o, "score", i.score);
  o.add("standing", name_of(i.how)).add("light", name_of(i.colour)).add("source", i.source);
  i.coverage ? o.add("coverage", i.coverage->value.convert_to<double>()) : o.add_null("coverage");
  o.add("evidence", i.evidence_file).add("method", i.method).add("reason", i.reason);
  o.add_bool("reason_needed", i.reason_needed).add_raw("remarks", json_list(i.remarks));
  o.add_raw("missing", json_list(i.evidence.missing)).add("before", i.before).add("forecast", i.forecast_text);
  add_points(o, "forecast_score", i.forecast_score);
  if (!i.fault_causes.empty()) o.add("fault_causes", i.fault_causes);
  return o.text();
}

std::string execution_json(const evaluate::evaluation& e) {
  const evaluate::execution_result& x = e.execution;
  const bool adjusted = x.denominator == "调整后预算数";
  json_object o;
  o.add("weight", x.weight.text).add("rate", x.rate.text).add("score", x.score.text).add("denominator", x.denominator);
  if (!x.rows.empty())
    o.add("budget", adjusted ? x.rows[0].adjusted : x.rows[0].full_year).add("executed", x.rows[0].executed);
  o.add("reason", x.reason).add_bool("reason_needed", x.reason_needed);
  add_points(o, "forecast_score", x.forecast_score);
  return o.text();
}

std::string text_at(const boost::json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  const auto* s = v == nullptr ? nullptr : v->if_string();
  return s == nullptr ? std::string{} : std::string(s->data(), s->size());
}

}  // namespace

std::string write_evaluation_json(const evaluate::evaluation& e) {
  json_object o;
  o.add("year", e.year).add("title", e.title).add("project", e.project).add("layout", e.layout);
  o.add("period", e.period_text)
      .add_bool("scored", e.scored)
      .add_bool("whole_year", e.whole_year)
      .add("as_of", e.as_of);
  o.add_bool("final", e.blocking.empty());
  add_points(o, "total", e.total);
  o.add("total_so_far", e.total_so_far.text).add("grade", e.grade);
  add_points(o, "forecast_total", e.forecast_total);
  o.add("forecast_grade", e.forecast_grade).add("score_by", e.score_by).add("group_formula", e.group_formula);
  o.add("rounding", e.rounding_text).add("reverse", e.reverse_variant).add_raw("execution", execution_json(e));
  std::string list = "[";
  for (const indicator_result& i : e.indicators) list += (list.size() > 1 ? ",\n" : "\n") + indicator_json(i);
  o.add_raw("indicators", list + "]").add_raw("blocking", json_list(e.blocking));
  std::string passed = "[";
  for (const auto& b : e.overridden)
    passed += (passed.size() > 1 ? "," : "") +
              json_object().add("block", b.block).add("by", b.by).add("reason", b.reason).text();
  o.add_raw("overridden", passed + "]");
  o.add_raw("warnings", json_list(e.warnings)).add_raw("findings", json_list(e.findings)).add("software", e.software);
  o.add("ledger_digest", e.ledger_digest).add("fingerprint", e.fingerprint);
  return o.text() + "\n";
}

result<earlier_evaluation> read_evaluation_json(std::string_view text) {
  const problem bad = said("不是 changtong evaluate 写出的 evaluation.json", "is no evaluation.json");
  if (text.size() > most_bytes) return bad;
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed);
  if (failed || !parsed.is_object()) return bad;
  const auto& root = parsed.get_object();
  const auto* list = root.if_contains("indicators");
  if (list == nullptr || !list->is_array()) return bad;
  earlier_evaluation e{.year = text_at(root, "year"), .total = text_at(root, "total"), .actual = {}};
  for (const auto& one : list->get_array()) {
    if (!one.is_object()) return bad;
    const std::string id = text_at(one.get_object(), "id");
    if (id.empty()) return bad;
    e.actual[id] = text_at(one.get_object(), "actual");
  }
  return e;
}

}  // namespace changtong::report
