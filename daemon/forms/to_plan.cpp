#include "daemon/forms/to_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/json.h"
#include "daemon/core/utf8.h"
#include "daemon/forms/draft.h"
#include "daemon/forms/values.h"
#include "daemon/layouts/layout.h"

namespace changtong::forms {
namespace {

using plans::sign;

class plan_writer {
 public:
  plan_writer(const form& f, const std::string& file, int year)
      : f_(f), file_(file), year_(f.year == 0 ? year : f.year), scored_(has_points(f)) {}

  drafted_plan write() {
    std::string head_text, tail;
    body_ = &head_text;
    head();
    execution();
    body_ = &tail;
    levels();
    drafted_plan done;
    done.yaml = fmt::format("# 由 {} 生成。", yaml_text(file_, 200));
    done.yaml += m_.list().empty()
                     ? "没有待定的事项。\n"
                     : fmt::format("有 {} 处待定，见“待定”各行：改好后删去该行注释。\n", m_.list().size());
    done.yaml += head_text + tail;
    done.marks = std::move(m_.list());
    return done;
  }

 private:
  void line(int indent, std::string_view text) {
    *body_ += std::string(static_cast<std::size_t>(indent), ' ') + std::string(text) + "\n";
  }
  void comment(int indent, std::string_view text) {
    if (!text.empty()) line(indent, "# " + std::string(text));
  }
  void mark_at(int indent, const spot& at, phrase write) { comment(indent, m_.add(at, std::move(write))); }
  void key(int indent, std::string_view name, const spot& s, std::size_t most = 250) {
    if (!bare(s.text).empty()) line(indent, fmt::format("{}: {}", name, yaml_text(s.text, most)));
  }

  static std::string named_text(const std::string& text) { return yaml_text(bare(text).empty() ? "待填" : text); }

  void head() {
    if (f_.year == 0)
      mark_at(0, {}, both("原表没有写明年度，暂写 {}：请核对（year）", "the form names no year, {} for now", year_));
    line(0, fmt::format("year: {}", year_));
    if (bare(f_.project.text).empty())
      mark_at(0, f_.project, {"原表没有项目名称：请写在 project", "the form names no project: write it"});
    line(0, "project: " + yaml_text(bare(f_.project.text).empty() ? "待填" : f_.project.text));
    key(0, "department", f_.department);
    key(0, "unit", f_.unit);
    layout();
    if (!scored_)
      line(0, "scored: no");
    else
      scoring();
    if (bare(f_.expected.text).empty() && bare(f_.reached.text).empty()) return;
    line(0, "goals:");
    key(2, "expected", f_.expected, 3900);
    key(2, "reached", f_.reached, 3900);
  }

  /** How points are made. */
  void scoring() {
    how_ = conventions_of(f_, year_);
    if (how_.raised)
      mark_at(0, {},
              {"原表得分似为一位小数，这里写 2：一位小数会把未达到的指标进为满分，请核对（point_places）",
               "points seem to have one place; 2 for now, as one rounds a missed target up to full points"});
    line(0, fmt::format("point_places: {}", how_.places));
    if (how_.has_reverse) {
      if (!how_.sure_reverse)
        mark_at(0, {},
                {"≤ 类指标的计分方式原表看不出，暂写 1（1−(B−A)÷A）；2 为 A÷B：请核对（reverse）",
                 "how ≤ is scored the form does not show, 1 for now; 2 is A/B"});
      line(0, fmt::format("reverse: {}", how_.reverse == plans::rule::reverse_2 ? 2 : 1));
    }
  }

  /** The layout that has the form's columns; a form names none. */
  [[nodiscard]] std::string_view layout_name() const {
    if (!scored_) return f_.has_actual ? "transfer" : "declared";
    if (f_.split_target) return "sichuan";
    if (f_.has_scores && !f_.has_weights) return "hubei";
    if (!f_.expected.there() && !f_.reached.there()) return "plain";
    const bool with_points = std::ranges::any_of(
        f_.indicators, [](const indicator_line& i) { return points_in(i.level1.text).has_value(); });
    return with_points ? "anhui" : "ministry";
  }

  void layout() {
    const std::string_view name = layout_name();
    line(0, fmt::format("layout: {}", name));
    const auto boxes = layouts::named(name).boxes();
    std::string ticked;
    for (const std::string& t : f_.ticks)
      if (std::ranges::find(boxes, t) != boxes.end()) ticked += (ticked.empty() ? "" : ", ") + yaml_text(t);
    if (!ticked.empty()) line(0, "ticks: [" + ticked + "]");
  }

  static std::optional<std::string> amount(const spot& s) {
    const auto n = number_in(s);
    if (!n || *n < 0) return std::nullopt;
    return shortest(*n);
  }

  void execution() {
    if (scored_) w_ = weights_of(f_, m_);
    w_.rows.resize(f_.indicators.size());
    w_.row_comments.resize(f_.indicators.size());
    line(0, "execution:");
    comment(2, w_.execution_comment);
    if (scored_) line(2, "weight: " + shortest(w_.execution));
    if (f_.adjusted && !f_.funds.empty()) line(2, "denominator: adjusted");
    if (f_.money == money_unit::yuan) line(2, "unit: 元");
    if (f_.money == money_unit::unknown && !f_.funds.empty())
      mark_at(
          2, f_.funds[0].full_year,
          {"原表没有写明是元还是万元，暂按万元：请核对（execution.rows）", "yuan or 万元 is not stated: read as 万元"});
    line(2, "rows:");
    if (f_.funds.empty()) {
      mark_at(4, {}, {"没有找到资金：请写预算数与执行数（万元）", "no funds were found: write budget and spending"});
      line(4,
           scored_ ? "- { name: 年度资金总额, full_year: 1, executed: 0 }" : "- { name: 年度资金总额, full_year: 1 }");
    }
    for (const funds_line& l : f_.funds) funds(l);
  }

  void funds(const funds_line& l) {
    std::string name = l.name.text;
    for (const std::string_view colon : {":", "："})
      if (name.ends_with(colon)) name.resize(name.size() - colon.size());
    std::string row = "- { name: " + named_text(name);
    const std::string_view budget = f_.adjusted ? "adjusted" : "full_year";
    auto of = amount(f_.adjusted ? l.adjusted : l.full_year), spent = amount(l.executed);
    if (l.total && (!of || *of == "0")) {
      mark_at(4, f_.adjusted ? l.adjusted : l.full_year,
              both("没有预算数（或为 0），暂写 1：请写 {}（万元）", "no budget, 1 for now: write {}", budget));
      of = "1";
    }
    if (l.total && !spent && scored_) {
      mark_at(4, l.executed, {"没有执行数，暂写 0：请写 executed（万元）", "no spending, 0 for now: write executed"});
      spent = "0";
    }
    if (const auto a = amount(l.initial)) row += ", initial: " + *a;
    if (of) row += fmt::format(", {}: {}", budget, *of);
    if (spent) row += ", executed: " + *spent;
    line(4, row + " }");
  }

  struct group {
    std::string name;
    std::vector<std::size_t> rows;
  };
  struct level {
    std::string name;
    spot at;
    exact weight = 0;
    std::vector<group> groups;
  };

  template <class List>
  static auto& named(List& list, const std::string& name) {
    const auto found = std::ranges::find_if(list, [&](const auto& x) { return x.name == name; });
    return found != list.end() ? *found : list.emplace_back();
  }

  void levels() {
    std::vector<level> all;
    for (std::size_t k = 0; k < f_.indicators.size(); ++k) {
      const indicator_line& i = f_.indicators[k];
      if (i.execution) continue;
      const auto or_else = [](const std::string& text, std::string_view other) {
        return bare(text).empty() ? std::string(other) : text;
      };
      const std::string first = or_else(name_in(i.level1.text), "绩效指标");
      level& l = named(all, first);
      if (l.name.empty()) l.name = first, l.at = i.level1;
      const std::string second = or_else(name_in(i.level2.text), first);
      group& g = named(l.groups, second);
      g.name = second;
      g.rows.push_back(k);
      l.weight += w_.rows[k];
    }
    line(0, "levels:");
    if (!f_.whole_reason.blank() && std::ranges::none_of(f_.indicators, [this](const indicator_line& i) {
          return behind_name(f_.whole_reason.text, i.level3.text) != std::string::npos;
        }))
      mark_at(2, f_.whole_reason,
              {"偏差原因写在表下，没有写明属于哪个指标：请写到各指标的 reason",
               "reasons stand below the form and name no indicator: write each to its reason"});
    for (const level& l : all) write(l);
    if (w_.missing == 0 && !all.empty()) return;
    missing_row();  // a plan has one indicator at least
  }

  void write(const level& l) {
    line(2, "- name: " + yaml_text(l.name));
    if (const auto stated = points_in(l.at.text); stated && *stated != l.weight)
      mark_at(4, l.at,
              both("写明 {} 分，其下各指标合计 {}：请核对", "it says {}, its rows have {}", shortest(*stated),
                   shortest(l.weight)));
    if (scored_) line(4, "weight: " + shortest(l.weight));
    line(4, "groups:");
    for (const group& g : l.groups) {
      line(6, "- name: " + yaml_text(g.name));
      line(8, "indicators:");
      for (const std::size_t k : g.rows) indicator(k);
    }
  }

  /** What the weights lack of 100, or the only row of a form without any. */
  void missing_row() {
    comment(2, w_.missing_comment);
    line(2, "- name: 待定的分值");
    if (scored_) line(4, "weight: " + shortest(w_.missing));
    line(4, "groups:");
    line(6, "- name: 待定的分值");
    line(8, "indicators:");
    line(10,
         fmt::format(
             "- {{ id: missing, name: 待定的分值, target: 待定{}, source: {{ kind: document, files: [待补的依据] }} "
             "}}",
             scored_ ? ", weight: " + shortest(w_.missing) : ""));
  }

  void indicator(std::size_t k) {
    const indicator_line& i = f_.indicators[k];
    constexpr int at = 12;
    line(10, fmt::format("- id: i{:02}", k + 1));
    if (bare(i.level3.text).empty())
      mark_at(at, i.level3, {"这一行没有指标名称：请写 name", "a row without a name: write one"});
    line(at, "name: " + named_text(i.level3.text));
    auto wanted = wanted_of(i, year_);
    if (!wanted) {
      mark_at(at, i.target, {"原表没有指标值：请写 target", "there is no target: write one"});
      wanted = {plans::text_target("待填")};
    }
    target(i, *wanted);
    comment(at, w_.row_comments[k]);
    if (scored_) line(at, "weight: " + shortest(w_.rows[k]));
    source(k, i, wanted->target);
    key(at, "reason", reason_of(k), 3900);
    if (wanted->target.how == sign::none && says_own_words(i) && !has_verdict(i) && scored_)
      line(at, "remark: " + yaml_text("原表完成情况：" + i.actual.text, 3900));
  }

  /** Beside the row, or below the form, behind the indicator's name: 满意度：带宽不足. */
  [[nodiscard]] spot reason_of(std::size_t k) const {
    const indicator_line& i = f_.indicators[k];
    if (!bare(i.reason.text).empty() || f_.whole_reason.blank()) return i.reason;
    const std::string& all = f_.whole_reason.text;
    const std::size_t from = behind_name(all, i.level3.text);
    if (from == std::string::npos) return i.reason;
    std::size_t to = all.size();
    for (const indicator_line& other : f_.indicators) {
      const std::size_t next = behind_name(all, other.level3.text);
      if (next != std::string::npos && next > from)
        to = std::min(to, next - other.level3.text.size() - std::string_view("：").size());
    }
    return {bare_ends(std::string_view(all).substr(from, to - from)), f_.whole_reason.at};
  }

  /** Where `name：` ends in the text, if a sentence begins with it. */
  static std::size_t behind_name(const std::string& text, const std::string& name) {
    const std::string label = name + "：";
    for (auto at = text.find(label); at != std::string::npos && !name.empty(); at = text.find(label, at + 1))
      if (at == 0 || text[at - 1] == ' ' || text.substr(0, at).ends_with("；") || text.substr(0, at).ends_with("。"))
        return at + label.size();
    return std::string::npos;
  }

  static std::string bare_ends(std::string_view text) {
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.ends_with("；")) text.remove_suffix(std::string_view("；").size());
    return std::string(text);
  }

  static bool says_own_words(const indicator_line& i) {
    const std::string actual = bare(i.actual.text);
    return !actual.empty() && actual != plans::actual_text(plans::tier::reached);
  }
  /** Points of a weight: its own, or the one taken for it in a form that has no such column (E-20). */
  [[nodiscard]] bool has_verdict(const indicator_line& i) const {
    return number_in(i.score) && (number_in(i.weight) || !f_.has_weights);
  }

  void target(const indicator_line& i, wanted& w) {
    constexpr int at = 12;
    plans::target& t = w.target;
    if (t.is_date && t.how != sign::at_most && t.how != sign::below) {
      mark_at(at, i.target,
              {"日期指标按“不晚于”读：请核对（target）", "a day is read as the latest: check the target"});
      t.how = sign::at_most;
      t.text = "≤" + t.number_text;
    }
    if (!w.sure)
      mark_at(at, i.target,
              both("没有比较符，暂写 {}：请核对是 ≥、= 还是 ≤（target）", "it has no sign, {} for now: ≥, = or ≤?",
                   t.text));
    // what reads back as another thing keeps the words that do
    const auto again = plans::read_target(i.target.text, year_);
    const bool same = again && again->how == t.how && again->number == t.number && i.target.text.size() <= 500;
    const std::string_view text = shortened(same ? std::string_view(i.target.text) : t.text, 500);
    line(at, "target: " + yaml_text(text, 500));
    if (t.how == sign::none && !plans::read_target(text, year_)) line(at, "rule: qualitative");  // ≥国家标准
  }

  [[nodiscard]] std::string origin(const spot& at) const { return yaml_text(fmt::format("{} {}", file_, at.at), 900); }

  void source(std::size_t k, const indicator_line& i, const plans::target& t) {
    constexpr int at = 12;
    if (t.how == sign::none) return assessed(k, i, t);
    const auto actual = reached_of(i, t, year_);
    if (!actual) {
      if (f_.has_actual || t.is_date)
        mark_at(at, i.actual,
                i.actual.blank()
                    ? phrase{"没有完成值：请写明来源（source）", "there is no actual value: write its source"}
                    : phrase{"完成值不是与指标值同单位的数：请写明来源（source）",
                             "the actual value is no number in the target's unit: write its source"});
      return line(
          at, t.is_date ? fmt::format("source: {{ kind: date, tasks: [ {{ name: {} }} ] }}", named_text(i.level3.text))
                        : std::string("source: { kind: document, files: [待补的凭证] }"));
    }
    line(at, fmt::format("source: {{ kind: stated, {}: {}, origin: {} }}", t.is_date ? "date" : "value",
                         yaml_value(*actual), origin(i.actual)));
    points(k, i, t, *actual);
  }

  /** Points that the rule does not give. */
  void points(std::size_t k, const indicator_line& i, const plans::target& t, const reached& actual) {
    constexpr int at = 12;
    const auto score = number_in(i.score);
    if (!score || !number_in(i.weight)) return;
    const auto by_rule = rules_of(t, actual, w_.rows[k]);
    if (by_rule.empty())
      return mark_at(at, i.actual,
                     both("“{}”不足以说明达到 {}，评价时为证据不足：请写实际数（source 的 value）",
                          "“{}” does not settle whether {} was reached: write the number", actual.bound, t.text));
    const auto used = std::ranges::find(by_rule, how_.reverse, &ruled::rule);
    const ruled& by = used == by_rule.end() ? by_rule.front() : *used;
    const exact right = rounded(by.points, how_.places, rounding::half_up);
    if (!by.met && *score == w_.rows[k] && rounded(by.points, 2) != *score)
      return mark_at(at, i.score,
                     both("未达到指标值却得满分，按公式为 {}：请核对（评价时按 point_places 取舍）",
                          "full points for a missed target, {} by the rule: check it (rounded as point_places says)",
                          shortest(rounded(by.points, 2))));
    if (printed_as(i.score, right) || printed_as(i.score, by.points)) return;
    if (*score > right || *score < 0)
      return mark_at(at, i.score,
                     both("原表的得分高于按公式所得的 {}：评价时按公式", "more than the {} of the rule, which counts",
                          shortest(right)));
    mark_at(
        at, i.score,
        both("按公式得 {}；原表较低：如由人评定，写明由谁、何日、为何，并去掉下一行的 #",
             "the rule gives {}; if a person gave less, say who, when and why, and take the # of the next line away",
             shortest(right)));
    line(at, fmt::format("# given: {{ points: {}, by: 姓名, on: {}-12-31, why: 理由 }}", shortest(*score), year_));
  }

  /** A text: its tier by its points. */
  void assessed(std::size_t k, const indicator_line& i, const plans::target& t) {
    constexpr int at = 12;
    if (!scored_) return reached_text(i, t);
    auto score = number_in(i.score);
    if (!has_verdict(i)) {
      if (f_.has_scores)
        mark_at(at, i.score,
                {"定性指标没有分值或得分：请评定（source 的 verdict）", "a text without points: give a verdict"});
      return line(at, "source: { kind: document, files: [待补的依据] }");
    }
    const exact& weight = w_.rows[k];
    if (*score > weight || *score < 0) {
      mark_at(at, i.score,
              both("得分不在 0 与分值 {} 之间：请核对", "points that are not between 0 and {}", shortest(weight)));
      score = std::clamp(*score, exact{0}, weight);
    }
    const std::string words = says_own_words(i) ? ", text: " + yaml_text(i.actual.text, 1000) : "";
    line(at, fmt::format("source: {{ kind: stated, origin: {}, verdict: {{ tier: {}, points: {}{} }} }}",
                         origin(i.score), name_of(plans::tier_of(*score, weight)), shortest(*score), words));
  }

  /** Without points: the form's words, and their tier where they say one. */
  void reached_text(const indicator_line& i, const plans::target& t) {
    constexpr int at = 12;
    const auto how = tier_said(i.actual.text, t);
    if (!how && f_.has_actual)
      mark_at(at, i.actual,
              {"是否达到原表没有写明：照印原文；如已评定，写明 tier（source 的 verdict）",
               "whether it was reached is not said: its words are printed; add the tier if somebody judged"});
    if (i.actual.blank()) return line(at, "source: { kind: document, files: [待补的依据] }");
    std::string verdict = how ? fmt::format("tier: {}", name_of(*how)) : "";
    if (says_own_words(i)) verdict += (verdict.empty() ? "text: " : ", text: ") + yaml_text(i.actual.text, 1000);
    line(at, fmt::format("source: {{ kind: stated, origin: {}, verdict: {{ {} }} }}", origin(i.actual), verdict));
  }

  const form& f_;
  const std::string& file_;
  int year_;
  bool scored_;
  marks m_;
  weights w_;
  conventions how_;
  std::string* body_ = nullptr;
};

}  // namespace

std::string yaml_text(std::string_view text, std::size_t most) {
  std::string one(text);
  std::ranges::replace_if(one, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  std::string out;
  append_json_string(out, shortened(one, most));
  return out;
}

std::string yaml_value(const reached& r) {
  if (!r.bound.empty()) return yaml_text(r.bound, plans::longest_stated);
  return r.day.empty() ? shortest(r.number) : r.day;
}

drafted_plan plan_of(const form& f, const std::string& file, int year) { return plan_writer(f, file, year).write(); }

}  // namespace changtong::forms
