#include "daemon/report/evidence_file.h"

#include <fmt/format.h>

#include "daemon/core/civil.h"
#include "daemon/core/clock_text.h"
#include "daemon/core/html.h"
#include "daemon/report/document.h"
#include "daemon/report/embedded.h"

namespace changtong::report {
namespace {

using evaluate::indicator_result;
using evaluate::standing;

std::string safe(std::string_view text) { return html_text(plain(text)); }

class page {
 public:
  page(const evaluate::evaluation& e, const indicator_result& i)
      : e_(e), i_(i), zone_(civil_zone::named(e.zone.empty() ? "Asia/Shanghai" : e.zone)) {}

  std::string write() {
    const std::string title = fmt::format("{}：{}", e_.title, i_.level3);
    out_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta "
        "charset=\"utf-8\"/><title>{}</title><style>\n{}</style></head>\n"
        "<body>\n<h1>指标证据：{}</h1>\n",
        safe(title), evidence_css(), safe(i_.level3));
    if (i_.how != standing::scored)
      out_ += fmt::format("<p class=\"bad\">{}</p>\n",
                          i_.how == standing::insufficient ? "证据不足，未计分" : "尚未评定，未计分");
    head();
    figures();
    times();
    exclusions();
    list("缺少的证据", i_.evidence.missing);
    list("事实", i_.evidence.facts);
    list("说明", i_.remarks);
    files();
    list(fmt::format("对象（{} 个）", i_.evidence.objects.size()), i_.evidence.objects);
    return out_ + "</body></html>\n";
  }

 private:
  void row(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", safe(name), safe(text));
  }
  void open(std::string_view title) { out_ += fmt::format("<h2>{}</h2>\n<table>\n", safe(title)); }
  void close() { out_ += "</table>\n"; }

  void head() {
    out_ += "<table>\n";
    row("项目", e_.project);
    row("指标", fmt::format("{} / {} / {}（{}）", i_.level1, i_.level2, i_.level3, i_.id));
    row("评价期", i_.evidence.period_text);
    row("年度指标值", i_.target_text);
    row("实际完成值", i_.actual_text);
    row("分值", i_.weight.text);
    if (e_.scored) row("得分", i_.score ? i_.score->text : std::string("未计分"));
    row("计分方法", i_.method);
    row("偏差原因", i_.reason_text());
    row("上年", i_.before);
    row("全年预计", i_.forecast_text);
    row("来源", i_.source_text);
    close();
  }

  void figures() {
    open("数值的由来");
    row("定义", i_.evidence.definition);
    row("公式", i_.evidence.formula);
    row("分子", i_.evidence.numerator);
    row("分母", i_.evidence.denominator);
    if (i_.coverage) row("覆盖率", fixed(i_.coverage->value * 100, 5, rounding::down) + " %");
    row("账本", i_.evidence.journal);
    if (!i_.evidence.journal.empty()) {
      row("账本摘要", e_.ledger_digest);
      row("封存密钥", e_.fingerprint);
    }
    row("软件", e_.software);
    close();
  }

  void times() {
    if (!i_.evidence.sums) return;
    const availability::seconds& s = *i_.evidence.sums;
    open("时间（线路时）");
    for (const auto& [name, length] :
         {std::pair{"通 U", s.up}, {"断 D", s.down}, {"计划停机 X", s.excluded}, {"未观测 K", s.unknown}})
      row(name, fmt::format("{}（{} 毫秒）", clock_text(length), length.count()));
    row("中断次数", fmt::format("{}", s.outages));
    row("未确认的异常", fmt::format("{}", s.unconfirmed));
    close();
  }

  [[nodiscard]] std::string at(wall_t when) const {
    return zone_ ? zone_->format_short(when) : fmt::format("{}", ms_of(when));
  }

  void exclusions() {
    if (i_.evidence.excluded.empty()) return;
    out_ +=
        "<h2>剔除的计划停机</h2>\n<table "
        "class=\"list\">\n<tr><th>对象</th><th>起</th><th>止</th><th>窗口</th><th>批准人</th></tr>\n";
    for (const evaluate::exclusion& x : i_.evidence.excluded)
      out_ += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", safe(x.target),
                          at(x.when.from), at(x.when.to), safe(x.window), safe(x.approved));
    close();
  }

  void files() {
    if (i_.evidence.files.empty()) return;
    out_ += "<h2>文件</h2>\n<table class=\"list\">\n<tr><th>文件</th><th>SHA-256</th></tr>\n";
    for (const evaluate::named_file& f : i_.evidence.files)
      out_ += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", safe(f.name), safe(f.sha256));
    close();
  }

  void list(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out_ += fmt::format("<h2>{}</h2>\n<ul>\n", safe(title));
    for (const std::string& l : lines) out_ += fmt::format("<li>{}</li>\n", safe(l));
    out_ += "</ul>\n";
  }

  const evaluate::evaluation& e_;
  const indicator_result& i_;
  result<civil_zone> zone_;
  std::string out_;
};

}  // namespace

std::string write_evidence(const evaluate::evaluation& e, const evaluate::indicator_result& i) {
  return page(e, i).write();
}

std::string evidence_path(const std::string& indicator_id) { return "evidence/" + indicator_id + ".html"; }

}  // namespace changtong::report
