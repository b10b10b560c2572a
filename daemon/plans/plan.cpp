#include "daemon/plans/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/layouts/layout.h"
#include "daemon/plans/draft.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace reading {
namespace {

constexpr std::size_t most_indicators = 500, most_text = 4000;

class plan_reader {
 public:
  plan_reader(const yaml_node& root, std::string_view file, findings& found)
      : file_(file),
        found_(found),
        from_(root, {"方案", "the plan"}, file, found,
              {"year",    "zone",     "title",         "project",        "department",   "unit",
               "office",  "layout",   "goals",         "rounding",       "point_places", "percent_places",
               "reverse", "score_by", "group_formula", "coverage_floor", "execution",    "reasons",
               "grades",  "levels",   "report",        "ticks",          "scored"}) {}

  plan_draft read() {
    draft_.root = from_.begin();
    head();
    scoring();
    execution();
    reasons();
    grades();
    levels();
    report();
    return std::move(draft_);
  }

 private:
  plans::plan& plan() { return draft_.what; }

  void head() {
    from_.require("year", "year: 2026");
    if (const auto y = from_.whole("year", 2000, 2199)) plan().year = static_cast<int>(y->value);
    plan().zone = "Asia/Shanghai";
    if (auto z = from_.text("zone", 64)) {
      if (const auto known = civil_zone::named(z->value); !known)
        found_.error(z->at, both("zone：{}", "zone: {}", words_of(known.error())));
      plan().zone = std::move(z->value);
    }
    from_.require("project", "project: 信息化项目建设项目");
    plan_take(from_, "project", plan().project);
    plan_take(from_, "department", plan().department);
    plan_take(from_, "unit", plan().unit);
    plan_take(from_, "office", plan().office);
    plan().title = fmt::format("{}年度{}绩效自评", plan().year, plan().project);
    plan_take(from_, "title", plan().title);
    plan().scored = plan_word(from_, "scored", {"yes", "no"}).value_or(0) == 0;
    if (!plan().scored) draft_.weights_read = false;
    layout();
    ticks();
    if (const yaml_node* n = from_.find("goals")) {
      const block goals(*n, as_written("goals"), file_, found_, {"expected", "reached"});
      plan_take(goals, "expected", plan().expected_goal, most_text);
      plan_take(goals, "reached", plan().reached_goal, most_text);
    }
  }

  void layout() {
    const auto& known = plan().scored ? layouts::names() : layouts::unscored_names();
    plan().layout = known[plan_word(from_, "layout", known).value_or(0)];
  }

  /** A box that the layout does not have would be lost without a word. */
  void ticks() {
    const auto boxes = layouts::named(plan().layout).boxes();
    const std::vector<std::string_view> known(boxes.begin(), boxes.end());
    for (auto& t : plan_texts(from_, "ticks")) {
      if (known.empty())
        found_.error(t.at,
                     both("版式 {} 没有勾选项：删去 ticks", "layout {} has no boxes: remove ticks", plan().layout));
      else if (std::ranges::find(known, t.value) == known.end())
        found_.error(t.at, unknown_word({"勾选项", "box"}, t.value, known));
      plan().ticks.push_back(std::move(t.value));
    }
  }

  void scoring() {
    constexpr std::array roundings{rounding::half_up, rounding::half_even, rounding::down};
    plan().points.how = roundings.at(plan_word(from_, "rounding", {"half_up", "half_even", "down"}).value_or(0));
    if (const auto n = from_.whole("point_places", 0, 2)) plan().points.places = static_cast<int>(n->value);
    if (const auto n = from_.whole("percent_places", 0, 2)) plan().percent_places = static_cast<int>(n->value);
    if (const auto w = plan_word(from_, "reverse", {"1", "2"}))
      plan().reverse = *w == 0 ? plans::rule::reverse_1 : plans::rule::reverse_2;
    if (const auto w = plan_word(from_, "score_by", {"A", "A_low"})) plan().score_by = static_cast<plans::score_by>(*w);
    if (const auto w = plan_word(from_, "group_formula", {"R1", "R2", "R3", "R4"}))
      plan().formula = static_cast<plans::group_formula>(*w);
    if (const auto p = plan_percent(from_, "coverage_floor")) draft_.coverage_floor = p->value;
  }

  void execution() {
    from_.require("execution",
                  "execution: { weight: 10, rows: [ { name: 年度资金总额, full_year: 921.47, executed: 919.94 } ] }");
    const yaml_node* node = from_.find("execution");
    draft_.weights_read = plan().scored && node != nullptr;
    if (node == nullptr) return;
    const block e(*node, as_written("execution"), file_, found_,
                  {"weight", "denominator", "unit", "rows", "reason", "change_reason"});
    draft_.execution_at = e.begin();
    if (const auto w = weight_of(e, "weight: 10")) plan().execution.weight = w->value;
    plan().execution.adjusted = plan_word(e, "denominator", {"full_year", "adjusted"}).value_or(0) == 1;
    plan().execution.yuan = plan_word(e, "unit", {"万元", "元"}).value_or(0) == 1;
    plan_take(e, "reason", plan().execution.reason, most_text);
    plan_take(e, "change_reason", plan().execution.change_reason, most_text);
    e.require("rows", "rows: [ { name: 年度资金总额, full_year: 921.47, executed: 919.94 } ]");
    const yaml_node* rows = e.find("rows");
    if (rows == nullptr) return;
    if (rows->what != yaml_node::shape::list || rows->children.empty())
      return found_.error(e.at(*rows), {"rows 应为列表，第一行为资金总额", "must be a list, the total first"});
    for (const yaml_node& n : rows->children) plan().execution.rows.push_back(funds(n, plan().execution.rows.empty()));
  }

  /** Money is exact, but kept as written: forms print it so. */
  plans::funds funds(const yaml_node& node, bool total) {
    const block from(node, {"rows 的一行", "a row of funds"}, file_, found_,
                     {"name", "initial", "full_year", "adjusted", "executed"});
    plans::funds f;
    from.require("name", "name: 年度资金总额");
    plan_take(from, "name", f.name);
    for (const auto& [key, into] : {std::pair<std::string_view, std::string*>{"initial", &f.initial},
                                    {"full_year", &f.full_year},
                                    {"adjusted", &f.adjusted},
                                    {"executed", &f.executed}})
      if (plan_number(from, key)) *into = from.text(key)->value;
    if (!total) return f;
    const std::string_view budget = plan().execution.adjusted ? "adjusted" : "full_year";
    const std::string& written = plan().execution.adjusted ? f.adjusted : f.full_year;  // empty: no number
    from.require(budget, fmt::format("{}: 921.47", budget));
    if (plan().scored) from.require("executed", "executed: 919.94");
    if (const auto b = parse_exact(written); b && *b == 0)
      found_.error(from.at(budget), both("{} 为 0：执行率没有值", "{} is 0: there is no rate of execution", budget));
    return f;
  }

  void reasons() {
    const yaml_node* node = from_.find("reasons");
    if (node == nullptr) return;
    const block r(*node, as_written("reasons"), file_, found_,
                  {"overshoot", "execution_below", "least_characters", "budget_change"});
    plans::reason_rules& rules = plan().reasons;
    if (const auto n = plan_number(r, "overshoot")) {
      rules.overshoot = n->value;
      if (n->value <= 1) found_.error(n->at, {"overshoot 应大于 1，如 1.3", "must be above 1"});
    }
    if (const auto p = plan_percent(r, "execution_below")) rules.execution_below = p->value;
    if (const auto n = r.whole("least_characters", 1, 1000)) rules.least_characters = static_cast<int>(n->value);
    rules.budget_change = plan_word(r, "budget_change", {"no", "yes"}).value_or(0) == 1;
  }

  void grades() {
    const yaml_node* node = from_.find("grades");
    if (node == nullptr) {
      plan().grades = {{exact{90}, "优"}, {exact{80}, "良"}, {exact{60}, "中"}, {exact{0}, "差"}};
      return;
    }
    if (node->what != yaml_node::shape::list || node->children.empty())
      return found_.error(from_.at(*node), {"grades 应为列表：[ { from: 90, name: 优 }, … ]",
                                            "must be a list: [ { from: 90, name: 优 }, … ]"});
    for (const yaml_node& n : node->children) {
      const block g(n, {"grades 的一档", "a grade"}, file_, found_, {"from", "name"});
      g.require("from", "from: 90");
      g.require("name", "name: 优");
      plans::grade one;
      plan_take(g, "name", one.name, 32);
      const auto low = plan_number(g, "from");
      if (!low) continue;
      one.from = low->value;
      if (!plan().grades.empty() && one.from >= plan().grades.back().from)
        found_.error(low->at, {"grades 应由高到低", "grades go from the best down"});
      plan().grades.push_back(std::move(one));
    }
    if (!plan().grades.empty() && plan().grades.back().from != 0)
      found_.error(from_.at(*node), {"最低一档应从 0 开始", "the lowest grade begins at 0"});
  }

  /** Points of a plan without any would count for nothing. */
  static std::optional<stated<exact>> no_weight(const block& from) {
    if (from.find("weight") != nullptr)
      from.error(from.at("weight"), {"不计分的方案（scored: no）没有分值：删去 weight",
                                     "a plan without points (scored: no) has no weights: remove it"});
    return std::nullopt;
  }

  std::optional<stated<exact>> weight_of(const block& from, std::string_view example) {
    if (!plan().scored) return no_weight(from);
    from.require("weight", example);
    auto w = plan_number(from, "weight");
    if (!w) draft_.weights_read = false;
    return w;
  }

  void levels() {
    from_.require("levels", "levels: [ { name: 产出指标, weight: 50, groups: [ … ] } ]");
    const yaml_node* node = from_.find("levels");
    if (node == nullptr) return;
    for (const yaml_node& n : children(*node, "levels")) {
      const block from(n, {"一级指标", "a level"}, file_, found_, {"name", "weight", "groups"});
      from.require("name", "name: 产出指标");
      level_draft one{.name = {}, .weight = {}, .at = from.begin()};
      plan_take(from, "name", one.name);
      if (std::ranges::find(draft_.levels, one.name, &level_draft::name) != draft_.levels.end())
        found_.error(from.begin(), both("“{}”已有一个一级指标：合并两处，或改名",
                                        "level “{}” is there already: join them, or name one anew", one.name));
      one.weight = weight_of(from, "weight: 50");
      draft_.levels.push_back(std::move(one));
      from.require("groups", "groups: [ { name: 数量指标, indicators: [ … ] } ]");
      if (const yaml_node* groups = from.find("groups"))
        for (const yaml_node& g : children(*groups, "groups")) group(g);
    }
  }

  const std::vector<yaml_node>& children(const yaml_node& list, std::string_view name) {
    static const std::vector<yaml_node> none;
    if (list.what == yaml_node::shape::list && !list.children.empty()) return list.children;
    draft_.weights_read = false;
    found_.error({file_, list.line, list.column},
                 both("{} 应为列表，至少一项，每项以“- ”开头",
                      "{} must be a list of at least one, each begins with “- ”", name));
    return none;
  }

  void group(const yaml_node& node) {
    const block from(node, {"二级指标", "a group"}, file_, found_, {"name", "weight", "indicators"});
    from.require("name", "name: 数量指标");
    group_draft one{.name = {},
                    .weight = plan().scored ? plan_number(from, "weight") : no_weight(from),
                    .level = draft_.levels.size() - 1};
    plan_take(from, "name", one.name);
    draft_.groups.push_back(std::move(one));
    from.require("indicators", "indicators: [ { id: lines, name: …, target: ≥99.9%, weight: 10, source: … } ]");
    if (const yaml_node* list = from.find("indicators"))
      for (const yaml_node& n : children(*list, "indicators")) indicator(n);
  }

  void indicator(const yaml_node& node) {
    const block from(node, {"指标", "an indicator"}, file_, found_,
                     {"id", "name", "definition", "target", "rule", "weight", "source", "reason", "remark", "given"});
    indicator_draft d;
    d.scored = plan().scored;
    d.at = from.begin();
    d.group = draft_.groups.size() - 1;
    d.what.level1 = draft_.levels.back().name;
    d.what.level2 = draft_.groups.back().name;
    identity(from, d);
    d.weight_at = from.at("weight");
    if (const auto w = weight_of(from, "weight: 5")) d.what.weight = w->value;
    target(from, d);
    d.source_at = from.at("source");
    from.require("source", "source: { kind: measured, figure: availability }");
    if (const yaml_node* s = from.find("source"))
      read_plan_source(*s, file_, found_, d);
    else
      d.usable = false;
    if (draft_.indicators.size() == most_indicators)
      found_.error(d.at, both("超过 {} 个指标", "more than {} indicators", most_indicators));
    if (draft_.indicators.size() <= most_indicators) draft_.indicators.push_back(std::move(d));
  }

  void identity(const block& from, indicator_draft& d) {
    from.require("id", "id: lines");
    from.require("name", "name: 政务专线畅通率");
    plan_take(from, "id", d.what.id, 128);
    if (const auto bad = bad_id(d.what.id); bad && !d.what.id.empty())
      from.error(from.at("id"), both("编号 {} {}", "id {} {}", quote(d.what.id), *bad));
    for (const indicator_draft& other : draft_.indicators)
      if (!d.what.id.empty() && other.what.id == d.what.id)
        from.error(from.at("id"), both("指标 id {} 已用于第 {} 行", "indicator id {} is that of line {} already",
                                       quote(d.what.id), other.at.line));
    plan_take(from, "name", d.what.level3);
    plan_take(from, "definition", d.what.definition, most_text);
    plan_take(from, "reason", d.what.reason, most_text);
    plan_take(from, "remark", d.what.remark, most_text);
    if (const yaml_node* n = from.find("given")) given(*n, d);
  }

  void given(const yaml_node& node, indicator_draft& d) {
    const block from(node, as_written("given"), file_, found_, {"points", "by", "on", "why"});
    d.given_at = from.begin();
    plans::given_points g;
    from.require("points", "points: 7");
    from.require("by", "by: 张三");
    from.require("on", "on: 2026-12-30");
    from.require("why", "why: 资料不全，扣 3 分");
    if (const auto n = plan_number(from, "points")) g.points = n->value;
    plan_take(from, "by", g.by);
    if (auto day = plan_day(from, "on")) g.on = std::move(day->value);
    plan_take(from, "why", g.why, most_text);
    d.what.given = std::move(g);
  }

  void target(const block& from, indicator_draft& d) {
    d.target_at = from.at("target");
    from.require("target", "target: ≥99.9%");
    d.rule_at = from.at("rule");
    const auto w =
        plan_word(from, "rule", {"positive", "equal", "reverse_1", "reverse_2", "qualitative", "punctual", "range"});
    if (w) d.what.rule = static_cast<plans::rule>(*w);
    d.rule_stated = w.has_value();
    const auto written = from.text("target", 512);
    auto t = written ? plans::read_target(written->value, plan().year) : std::nullopt;
    const bool as_text = d.rule_stated && d.what.rule == plans::rule::qualitative;
    if (written && as_text && (!t || !written->value.starts_with(plans::text_of(t->how))))
      t = plans::text_target(written->value);
    if (written && !t)
      from.error(written->at,
                 both("指标值 {} 缺少比较符或不是数：写作 ≥365天、≤4小时、=0起、95%-100%；定性指标写文字，"
                      "以数字开头的另写 rule: qualitative",
                      "{} is no target: write a sign, a number and a unit; rule: qualitative makes it a text",
                      quote(written->value)));
    if (t) d.what.target = *t;
    d.usable = t.has_value() && (w || from.find("rule") == nullptr);
  }

  void report() {
    const yaml_node* node = from_.find("report");
    if (node == nullptr) return;
    for (const yaml_node& n : children(*node, "report")) {
      const block from(n, {"report 的一章", "a chapter"}, file_, found_, {"title", "level", "paragraphs"});
      from.require("title", "title: 一、项目概况");
      plans::chapter c;
      plan_take(from, "title", c.title);
      if (const auto l = from.whole("level", 1, 4)) c.level = static_cast<int>(l->value);
      for (auto& p : plan_texts(from, "paragraphs", 8000)) {
        for (const std::string_view word : plans::placeholders_in(p.value)) placeholder(word, p.at);
        c.paragraphs.push_back(std::move(p.value));
      }
      plan().chapters.push_back(std::move(c));
    }
  }

  void placeholder(std::string_view word, const place& at) {
    std::vector<plans::indicator> known;
    for (const indicator_draft& d : draft_.indicators) known.push_back(d.what);
    if (!plans::is_placeholder(word, known))
      found_.error(
          at, both("占位符 {} 不存在：可用 total、grade、year、project、execution.rate、execution.executed、"
                   "execution.budget、指标ID.actual、.score、.target",
                   "placeholder {} is none: there are total, grade, year, project, execution.rate, execution.executed, "
                   "execution.budget, ID.actual, .score, .target",
                   quote(word)));
  }

  using keys = std::vector<std::string_view>;
  std::string_view file_;
  findings& found_;
  block from_;
  plan_draft draft_;
};

}  // namespace
}  // namespace reading

plan_result read_plan(const std::string& text, const std::string& file) {
  reading::findings found;
  const auto tree = reading::parse_yaml(text);
  if (!tree) {
    found.error(file, tree.error());
    return problems{found.sorted_errors(file)};
  }
  if (tree->what == reading::yaml_node::shape::nothing)
    found.error({file, 1, 1}, {"方案是空的", "the plan is empty: begin with config/plans/example-2026.yaml"});
  if (found.errors() > 0) return problems{found.sorted_errors(file)};
  reading::plan_draft draft = reading::plan_reader(*tree, file, found).read();
  reading::check_plan(draft, found);
  if (found.errors() > 0) return problems{found.sorted_errors(file)};
  draft.what.file = file;
  return plan_result(boost::system::in_place_value, std::move(draft.what));
}

}  // namespace changtong
