#include "daemon/report/evaluation_lists.h"

#include <fmt/format.h>

#include "daemon/core/json.h"
#include "daemon/report/columns.h"

namespace changtong {
namespace {

using report::csv_field;
using rows = std::vector<std::vector<std::string>>;

std::string csv_line(const std::vector<std::string>& fields) {
  std::string out;
  for (const std::string& f : fields) out += (out.empty() ? "" : ",") + csv_field(f);
  return out + "\n";
}

const char* word(bool yes) { return yes ? "true" : "false"; }

}  // namespace

std::string write_counters(const std::vector<counter_reading>& entered, report::format f, const civil_zone& zone) {
  const std::vector<bool> counts = counting(entered);
  rows cells;
  std::string json, csv = "counter,about,value,unit,source,counts,author,at,via\n";
  for (std::size_t i = 0; i < entered.size(); ++i) {
    const counter_reading& r = entered[i];
    cells.push_back({r.counter, zone.format_short(r.about), r.value, r.unit, r.source, counts[i] ? "计入" : "已更正",
                     r.author, zone.format_short(r.at)});
    json_object o;
    o.add("counter", r.counter).add("about", zone.format(r.about)).add("value", r.value).add("unit", r.unit);
    o.add("source", r.source).add_bool("counts", counts[i]).add("author", r.author).add("at", zone.format(r.at));
    json += (json.empty() ? "" : ",\n") + o.add("via", r.via).text();
    csv += csv_line({r.counter, zone.format(r.about), r.value, r.unit, r.source, word(counts[i]), r.author,
                     zone.format(r.at), r.via});
  }
  if (f == report::format::csv) return csv;
  if (f == report::format::json) return "[" + json + "]\n";
  return report::in_columns(
      {{"计数器"}, {"时间"}, {"数值", true}, {"单位"}, {"来源"}, {"计入"}, {"登记人"}, {"登记时间"}}, cells);
}

std::string write_verdicts(const std::vector<indicator_verdict>& entered, report::format f, const civil_zone& zone) {
  const std::vector<bool> counts = counting(entered);
  rows cells;
  std::string json, csv = "plan,indicator,verdict,points,text,document,sha256,counts,author,at,via\n";
  for (std::size_t i = 0; i < entered.size(); ++i) {
    const indicator_verdict& v = entered[i];
    cells.push_back({v.plan, v.indicator, std::string(chinese_of(v.verdict)), v.points, v.document,
                     v.sha256.substr(0, 12), counts[i] ? "计入" : "已取代", v.author, zone.format_short(v.at), v.text});
    json_object o;
    o.add("plan", v.plan).add("indicator", v.indicator).add("verdict", name_of(v.verdict)).add("points", v.points);
    o.add("text", v.text).add("document", v.document).add("sha256", v.sha256).add_bool("counts", counts[i]);
    o.add("author", v.author).add("at", zone.format(v.at)).add("via", v.via);
    json += (json.empty() ? "" : ",\n") + o.text();
    csv += csv_line({v.plan, v.indicator, std::string(name_of(v.verdict)), v.points, v.text, v.document, v.sha256,
                     word(counts[i]), v.author, zone.format(v.at), v.via});
  }
  if (f == report::format::csv) return csv;
  if (f == report::format::json) return "[" + json + "]\n";
  return report::in_columns({{"方案"},
                             {"指标"},
                             {"结论"},
                             {"得分", true},
                             {"文件"},
                             {"SHA-256"},
                             {"计入"},
                             {"登记人"},
                             {"登记时间"},
                             {"理由"}},
                            cells);
}

}  // namespace changtong
