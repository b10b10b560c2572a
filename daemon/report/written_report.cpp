#include "daemon/report/written_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/report/embedded.h"
#include "daemon/report/pandoc.h"
#include "daemon/report/report_charts.h"
#include "daemon/report/report_tables.h"
#include "daemon/report/shortfalls.h"

namespace changtong::report {
namespace {

using evaluate::evaluation;

std::string title_of(const evaluation& e) {
  if (e.title.ends_with("报告")) return e.title;
  return e.title + (e.whole_year ? "报告" : "（绩效运行监控）报告");
}

std::string paragraph(std::string_view text) { return fmt::format("<p>{}</p>\n", safe_text(text)); }

std::string remark(std::string_view text) {
  return fmt::format("<div class=\"remark\" data-custom-style=\"Remark\"><p>{}</p></div>\n", safe_text(text));
}

/** Something generated and the chapter below whose paragraphs it stands: the first whose title ends with one of the
 * words, else the first that contains one. */
struct generated {
  std::vector<std::string_view> words;
  std::string_view annex_title;  ///< where no chapter wants it
  std::function<std::string()> text;

  [[nodiscard]] std::size_t place(const std::vector<evaluate::chapter>& chapters) const {
    const auto first = [&](const auto& fits) {
      const auto found = std::find_if(chapters.begin(), chapters.end(), [&](const evaluate::chapter& c) {
        return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return fits(c.title, w); });
      });
      return static_cast<std::size_t>(found - chapters.begin());
    };
    const std::size_t ending = first([](const std::string& t, std::string_view w) { return t.ends_with(w); });
    if (ending < chapters.size()) return ending;
    return first([](const std::string& t, std::string_view w) { return t.find(w) != std::string::npos; });
  }
};

class writer {
 public:
  writer(const evaluation& e, bool for_docx) : e_(e), docx_(for_docx) {}

  std::string body() {
    std::string out = opening();
    const std::vector<generated> parts = generated_parts();
    for (std::size_t i = 0; i < e_.chapters.size(); ++i) {
      const evaluate::chapter& c = e_.chapters[i];
      out += fmt::format("<h{0}>{1}</h{0}>\n", std::clamp(c.level, 1, 4), safe_text(c.title));
      for (const std::string& p : c.paragraphs) out += paragraph(p);
      for (const generated& g : parts)
        if (g.place(e_.chapters) == i) out += g.text();
    }
    for (const generated& g : parts) {
      if (g.place(e_.chapters) < e_.chapters.size()) continue;
      if (const std::string text = g.text(); !text.empty())
        out += fmt::format("<h1>附：{}</h1>\n{}", g.annex_title, text);
    }
    return out + annex();
  }

 private:
  std::string opening() {
    std::string out;
    if (!docx_) out += fmt::format("<p class=\"title\">{}</p>\n", safe_text(title_of(e_)));
    if (e_.blocking.empty()) return out;
    out += fmt::format("<div class=\"draft\" data-custom-style=\"Draft\"><p>{}</p>\n",
                       e_.whole_year ? "草稿　不得报送。以下事项完成后才能形成正式报告："
                                     : "绩效运行监控，不是年度自评。年终自评前须补齐：");
    for (const std::string& b : e_.blocking) out += fmt::format("<p>· {}</p>\n", safe_text(b));
    return out + "</div>\n";
  }

  std::vector<generated> generated_parts() {
    return {{{"综合评价情况及评价结论", "综合评价"}, "综合评价", [this] { return summary(); }},
            {{"项目过程情况", "过程"}, "预算执行情况", [this] { return budget(); }},
            {{"指标分析"}, "指标完成情况", [this] { return indicators(); }},
            {{"项目产出情况", "产出"}, "专线畅通情况", [this] { return availability_charts(); }},
            {{"存在问题", "存在的问题"}, "未完成的指标", [this] { return problems(); }}};
  }

  std::string table_caption(std::string_view text) { return fmt::format("表{}　{}", ++tables_, text); }
  std::string figure_caption(std::string_view text) { return fmt::format("图{}　{}", ++figures_, text); }

  /** A chart in the page; in DOCX the table that says the same. */
  std::string figure(const std::string& chart, std::string table, std::string_view text) {
    if (chart.empty()) return {};
    const std::string caption = safe_text(figure_caption(text));
    if (!docx_) return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", chart, caption);
    return table.insert(table.find('\n') + 1, fmt::format("<caption>{}</caption>\n", caption));
  }

  /** Whether a paragraph of a chapter says all of it already: a score stands once. */
  [[nodiscard]] bool chapters_say(std::initializer_list<std::string> all) const {
    const auto part_of_another = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    const auto says = [&](const std::string& text, const std::string& one) {
      for (auto at = text.find(one); at != std::string::npos; at = text.find(one, at + 1)) {
        const std::size_t end = at + one.size();
        if ((at == 0 || !part_of_another(text[at - 1])) && (end == text.size() || !part_of_another(text[end])))
          return true;
      }
      return false;
    };
    const auto whole = [&](std::string text) {
      std::erase(text, ' ');
      return std::ranges::all_of(all, [&](const std::string& one) { return says(text, one); });
    };
    return std::ranges::any_of(e_.chapters, [&](const auto& c) { return std::ranges::any_of(c.paragraphs, whole); });
  }

  /** What no chapter says yet: of a year whose total and grade stand in one, the year before's total. */
  [[nodiscard]] std::string conclusion() const {
    if (!e_.whole_year || !e_.total || !chapters_say({e_.total->text + "分", e_.grade})) return conclusion_of(e_);
    return e_.before_total.empty() ? "" : fmt::format("上年（{}年度）总分{}分。", e_.before_year, e_.before_total);
  }
  [[nodiscard]] bool chapters_say_execution() const {
    const std::string rate = e_.execution.rate.text + "%";
    return chapters_say({"执行率" + rate}) || chapters_say({"执行率为" + rate});
  }

  std::string summary() {
    const auto& x = e_.execution;
    std::string out;
    if (const std::string words = conclusion(); !words.empty()) out += paragraph(words);
    if (!x.rows.empty() && !e_.scored)
      out += paragraph(money_without_points());
    else if (!x.rows.empty() && !chapters_say_execution())
      out += paragraph(fmt::format("{0}{1}{6}，执行数{2}{6}，预算执行率{3}%，得{4}分（分值{5}）。",
                                   x.denominator.empty() ? "全年预算数" : x.denominator,
                                   x.denominator.starts_with("调整后") ? x.rows[0].adjusted : x.rows[0].full_year,
                                   x.rows[0].executed, x.rate.text, x.score.text, x.weight.text, unit_of_money()));
    if (!e_.reached_goal.empty()) out += paragraph("项目绩效目标完成情况：" + e_.reached_goal);
    return e_.scored ? out + levels_table(e_, table_caption("各类指标得分")) : out;
  }

  [[nodiscard]] std::string money_without_points() const {
    const auto& x = e_.execution;
    std::string out =
        fmt::format("{}{}{}", x.denominator,
                    x.denominator.starts_with("调整后") ? x.rows[0].adjusted : x.rows[0].full_year, unit_of_money());
    if (!x.rate.text.empty())
      out += fmt::format("，执行数{}{}，预算执行率{}%", x.rows[0].executed, unit_of_money(), x.rate.text);
    return out + "。";
  }

  [[nodiscard]] std::string_view unit_of_money() const { return e_.execution.yuan ? "元" : "万元"; }

  std::string budget() {
    std::string out = funds_table(e_, table_caption(fmt::format("项目资金（{}）", unit_of_money())));
    out += figure(execution_chart(e_.execution), execution_bars(e_.execution),
                  fmt::format("预算执行（{}）", unit_of_money()));
    if (!e_.execution.reason.empty()) out += paragraph("预算执行偏差原因：" + e_.execution.reason);
    return out;
  }

  std::string indicators() { return indicators_table(e_, table_caption("绩效指标完成情况")); }

  std::string availability_charts() {
    std::string out = figure(months_chart(e_.months), months_table(e_.months), "各类专线各月畅通率（%）");
    if (!e_.months.empty() && !docx_) {
      std::string table = months_table(e_.months);
      table.insert(table.find('\n') + 1,
                   fmt::format("<caption>{}</caption>\n", safe_text(table_caption("各类专线各月畅通率（%）"))));
      out += table;
    }
    if (!e_.months.empty())
      out += remark(
          "注：U为畅通时间，D为中断时间，各月各类按ΣU÷Σ(U＋D)"
          "合计，数值截尾。≥表示没有观测到中断，数值是把未观测时间全部当作中断的"
          "下限；†表示该月未观测时间超过1%。");
    return out + figure(days_chart(e_.days), days_table(e_.days), "逐日中断情况（各线路中断时间合计）");
  }

  std::string problems() {
    const std::vector<shortfall> all = shortfalls_of(e_);
    if (all.empty()) return paragraph("各项指标均达到年度指标值。");
    std::string out = paragraph("未达到年度指标值或证据不足的指标：");
    for (std::size_t i = 0; i < all.size(); ++i)
      out += paragraph(fmt::format("{}. {}：{}。{}", i + 1, all[i].indicator->level3, all[i].what, all[i].why));
    return out;
  }

  std::string annex() {
    std::string out = fmt::format("<h1>附：{}</h1>\n", e_.scored ? "计分说明" : "数据说明") +
                      sources_table(e_, table_caption(e_.scored ? "数据来源和得分计算方法" : "数据来源"));
    const std::vector<std::string> lines = statement_of(e_);
    for (std::size_t i = 0; i < lines.size(); ++i) out += remark(fmt::format("{}. {}", i + 1, lines[i]));
    return out + signature();
  }

  /** 落款: who reports, room for the seal and the day, which are put there by hand. */
  std::string signature() const {
    const std::string& who = e_.office.empty() ? e_.unit : e_.office;
    return fmt::format(
        "<div class=\"signature\" data-custom-style=\"Signature\"><p>{}（盖章）</p></div>\n<div class=\"signature\" "
        "data-custom-style=\"Signature\"><p>　　　　年　　月　　日</p></div>\n",
        safe_text(who));
  }

  const evaluation& e_;
  const bool docx_;
  int tables_ = 0, figures_ = 0;
};

std::string page(const evaluation& e, std::string_view head, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"zh-CN\">\n<head>\n<meta "
      "charset=\"utf-8\"/>\n"
      "<title>{}</title>\n{}</head>\n<body>\n{}</body>\n</html>\n",
      safe_text(title_of(e)), head, body);
}

}  // namespace

std::string report_page(const evaluation& e) {
  return page(e,
              fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                          "'unsafe-inline'\"/>\n<style>\n{}</style>\n",
                          written_report_css()),
              writer(e, false).body());
}

std::string report_for_docx(const evaluation& e) { return page(e, "", writer(e, true).body()); }

result<void> write_report_html(const evaluation& e, const std::string& path) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary);
  out << report_page(e);
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(part, path, error);
  if (out && !error) return {};
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return said(both("{}: 无法写入；检查目录是否存在、可写、有空间",
                   "{}: cannot be written: check that the folder exists, is writable and has room", path));
}

result<void> write_report_docx(const evaluation& e, const std::string& path, std::chrono::milliseconds patience) {
  return write_docx(report_for_docx(e), path, patience);
}

}  // namespace changtong::report
