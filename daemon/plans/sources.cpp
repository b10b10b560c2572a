// The key `source` of an indicator: where its value comes from.
#include <algorithm>
#include <array>

#include "daemon/plans/draft.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

using keys = std::vector<std::string_view>;
using plans::figure;

struct figure_keys {
  std::string_view name;
  figure what;
  keys own;  ///< besides kind, figure, coverage_floor
};
const std::array figures{
    figure_keys{"availability", figure::availability, {"select", "line_target"}},
    figure_keys{"website_availability", figure::website_availability, {"select", "line_target"}},
    figure_keys{"operation_days", figure::operation_days, {}},
    figure_keys{"site_coverage", figure::site_coverage, {"sites", "opens_at"}},
    figure_keys{"sections", figure::sections, {"sites", "opens_at", "updates", "stale_days"}},
    figure_keys{"repair_mean", figure::repair_mean, {"select"}},
    figure_keys{"repair_longest", figure::repair_longest, {"select"}},
    figure_keys{"longest_outage", figure::repair_longest, {"select"}},
    figure_keys{"repair_within", figure::repair_within, {"select", "within"}},
    figure_keys{"outage_count", figure::outage_count, {"select"}},
    figure_keys{"line_count", figure::line_count, {"select"}},
    figure_keys{"unit_count", figure::unit_count, {"select"}},
    figure_keys{"openings", figure::openings, {"select"}},
    figure_keys{"on_time_openings", figure::on_time_openings, {"select", "planned"}},
};

/** The scalar under `key`, before the block with the right keys can be made. */
std::string_view word_in(const yaml_node& node, std::string_view key) {
  if (node.what != yaml_node::shape::mapping) return {};
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2)
    if (node.children[i].scalar == key) return node.children[i + 1].scalar;
  return {};
}

class source_reader {
 public:
  source_reader(const yaml_node& node, std::string_view file, findings& found, indicator_draft& into)
      : node_(node), file_(file), found_(found), into_(into) {}

  void read() {
    const std::size_t before = found_.errors();
    const std::string_view kind = word_in(node_, "kind");
    if (kind == "measured")
      measured();
    else if (kind == "amount")
      amount();
    else if (kind == "date")
      date();
    else if (kind == "counter")
      counter();
    else if (kind == "survey")
      survey();
    else if (kind == "document")
      document();
    else if (kind == "stated")
      stated_figure();
    else
      unknown_kind(kind);
    if (found_.errors() != before) into_.usable = false;
  }

 private:
  block of(keys own) {
    own.insert(own.begin(), "kind");
    return {node_, as_written("source"), file_, found_, own};
  }

  void unknown_kind(std::string_view kind) {
    const keys known{"measured", "amount", "date", "counter", "survey", "document", "stated"};
    const place at{file_, node_.line, node_.column};
    if (node_.what == yaml_node::shape::mapping && !kind.empty())
      found_.error(at, unknown_word({"来源种类", "source kind"}, kind, known));
    else
      found_.error(at, {"source 应写作 { kind: document, … }",
                        "lacks its kind: one of measured, amount, date, counter, survey, document, stated"});
  }

  void measured() {
    const std::string_view name = word_in(node_, "figure");
    const auto f = std::ranges::find(figures, name, &figure_keys::name);
    if (f == figures.end()) {
      keys known;
      for (const figure_keys& one : figures) known.push_back(one.name);
      return found_.error({file_, node_.line, node_.column}, unknown_word({"指标数据", "figure"}, name, known));
    }
    keys own{"figure", "coverage_floor"};
    own.insert(own.end(), f->own.begin(), f->own.end());
    const block from = of(own);
    plans::measured_source s;
    s.what = f->what;
    s.coverage_floor = -1;  // the plan's own, put in by check_plan
    if (const auto p = plan_percent(from, "coverage_floor")) s.coverage_floor = p->value;
    if (const auto p = plan_percent(from, "line_target")) s.line_target = p->value;
    if (const yaml_node* n = from.find("select")) select(*n, s.select);
    listed(from, f->own, s);
    into_.what.source = std::move(s);
  }

  void listed(const block& from, const keys& own, plans::measured_source& s) {
    const auto has = [&](std::string_view key) { return std::ranges::find(own, key) != own.end(); };
    if (has("sites")) {
      from.require("sites", "sites: [portal, zq01]");
      for (auto& id : plan_texts(from, "sites", 64)) {
        if (std::ranges::find(s.sites, id.value) != s.sites.end())
          found_.error(id.at,
                       both("{} 列了两次：会被计两次", "{} stands twice: it would count twice", quote(id.value)));
        s.sites.push_back(std::move(id.value));
      }
      from.require("opens_at", "opens_at: 95%");
      if (const auto p = plan_percent(from, "opens_at")) s.opens_at = p->value;
    }
    if (has("updates")) {
      from.require("updates", "updates: updates.csv");
      s.file = one_file(from, "updates");
      from.require("stale_days", "stale_days: 180");
      if (const auto n = from.whole("stale_days", 1, 3660)) s.stale_days = static_cast<int>(n->value);
    }
    if (has("planned")) {
      from.require("planned", "planned: planned.csv");
      s.file = one_file(from, "planned");
    }
    if (has("within")) {
      from.require("within", "within: 4h");
      if (const auto d = from.duration("within", milliseconds{1000}, std::chrono::hours{24 * 366})) s.within = d->value;
    }
  }

  void select(const yaml_node& node, plans::selection& into) {
    const block from(node, as_written("select"), file_, found_, {"categories", "carriers", "towns", "grades", "lines"});
    for (const auto& [key, list] :
         {std::pair<std::string_view, std::vector<std::string>*>{"categories", &into.categories},
          {"carriers", &into.carriers},
          {"towns", &into.towns},
          {"grades", &into.grades},
          {"lines", &into.lines}})
      for (auto& word : plan_texts(from, key)) list->push_back(std::move(word.value));
  }

  std::optional<plans::file_name> one_file(const block& from, std::string_view key) {
    const auto written = from.text(key, 1024);
    return written ? std::optional(plan_path(written->value, file_)) : std::nullopt;
  }
  std::vector<plans::file_name> files(const block& from, std::string_view key = "files") {
    std::vector<plans::file_name> out;
    for (const auto& f : plan_texts(from, key, 1024)) out.push_back(plan_path(f.value, file_));
    return out;
  }

  void amount() {
    const block from = of({"value", "of", "name", "of_name", "files"});
    plans::amount_source s;
    from.require("value", "value: 919.94");
    if (const auto n = plan_number(from, "value")) s.part = n->value;
    if (const auto n = plan_number(from, "of")) {
      s.whole = n->value;
      if (n->value == 0) found_.error(n->at, {"of 不能为 0：比率没有值", "a share of 0 has no value"});
    }
    plan_take(from, "name", s.part_name);
    plan_take(from, "of_name", s.whole_name);
    s.files = files(from);
    into_.what.source = std::move(s);
  }

  void date() {
    const block from = of({"tasks", "files"});
    plans::date_source s;
    from.require("tasks", "tasks: [ { name: 终端改造, done: 2026-11-30, due: 2026-12-31 } ]");
    if (const yaml_node* list = from.find("tasks")) {
      if (list->what != yaml_node::shape::list || list->children.empty())
        found_.error(from.at(*list), {"tasks 应为列表：[ { name: …, done: 2026-11-30 } ]",
                                      "must be a list: [ { name: …, done: 2026-11-30 } ]"});
      else
        for (const yaml_node& n : list->children) s.tasks.push_back(task(n));
    }
    s.files = files(from);
    into_.what.source = std::move(s);
  }

  plans::dated_task task(const yaml_node& node) {
    const block from(node, {"tasks 的一项", "a task"}, file_, found_, {"name", "done", "due"});
    from.require("name", "name: 终端改造");
    plans::dated_task t;
    plan_take(from, "name", t.name);
    if (auto d = plan_day(from, "done")) t.done = std::move(d->value);
    if (auto d = plan_day(from, "due")) t.due = std::move(d->value);
    return t;
  }

  void counter() {
    const block from = of({"file", "logs", "counter", "count", "tolerance_days", "results"});
    plans::counter_source s;
    const bool logs = from.find("logs") != nullptr;
    if (int{logs} + int{from.find("file") != nullptr} + int{from.find("counter") != nullptr} != 1 && !from.strange())
      found_.error(from.begin(), {"counter 用 file（CSV）、logs（访问日志）、counter（账本中的计数器）之一",
                                  "has one of file, logs, counter"});
    plan_take(from, "counter", s.counter);
    if (const auto f = one_file(from, "file")) s.files.push_back(*f);
    if (logs) s.files = files(from, "logs");
    from.require("count", logs ? "count: views" : "count: growth");
    using plans::counting;
    const keys words = logs ? keys{"views", "visits"} : keys{"growth", "sum", "last", "rows"};
    static constexpr std::array of_files{counting::growth, counting::sum, counting::last, counting::rows};
    if (const auto w = plan_word(from, "count", words))
      s.how = !logs ? of_files.at(*w) : *w == 0 ? counting::views : counting::visits;
    for (auto& r : plan_texts(from, "results")) s.results.push_back(std::move(r.value));
    if ((s.how == counting::rows && s.files.empty()) || (s.how != counting::rows && !s.results.empty()))
      found_.error(from.begin(),
                   {"count: rows 数验收清单（file）中的行，可用 results: [合格] 限定结论；其余计数没有 results",
                    "count: rows counts the rows of a file, and results goes with it alone"});
    if (const auto n = from.whole("tolerance_days", 0, 366)) s.tolerance_days = static_cast<int>(n->value);
    into_.what.source = std::move(s);
  }

  void survey() {
    const block from = of({"file", "question", "satisfied", "satisfied_from", "least_answers"});
    plans::survey_source s;
    from.require("file", "file: survey.csv");
    if (const auto f = one_file(from, "file")) s.file = *f;
    plan_take(from, "question", s.question);
    for (auto& w : plan_texts(from, "satisfied")) s.satisfied.push_back(std::move(w.value));
    if (const auto n = plan_number(from, "satisfied_from")) s.from_score = n->value;
    if ((from.find("satisfied") != nullptr) == (from.find("satisfied_from") != nullptr) && !from.strange())
      found_.error(from.begin(), {"survey 用 satisfied: [满意, 很满意] 或 satisfied_from: 4 之一", "has either"});
    if (const auto n = from.whole("least_answers", 1, 1'000'000)) s.least_answers = static_cast<int>(n->value);
    into_.what.source = std::move(s);
  }

  /** A document's verdict is a person's, on a day; a stated one stands where `origin` says. A form without points has
   * words in its rows of text, and often nobody's verdict. */
  std::optional<plans::assessment> assessment_in(const block& outer, bool of_a_person) {
    const yaml_node* node = outer.find("verdict");
    if (node == nullptr) return std::nullopt;
    into_.assessment_at = outer.at(*node);
    const block from(*node, as_written("verdict"), file_, found_, {"by", "on", "tier", "points", "text"});
    plans::assessment v;
    plan_take(from, "text", v.text, 1024);
    const bool judged = into_.scored || from.find("tier") != nullptr || from.find("text") == nullptr;
    if (of_a_person && judged) from.require("by", "by: 张三");
    plan_take(from, "by", v.by);
    if (of_a_person && judged) from.require("on", "on: 2026-12-30");
    if (auto d = plan_day(from, "on")) v.on = std::move(d->value);
    if (judged) from.require("tier", "tier: reached");
    if (const auto w = plan_word(from, "tier", {"reached", "partly", "missed"})) v.how = static_cast<plans::tier>(*w);
    if (into_.scored)
      from.require("points", "points: 5");
    else if (from.find("points") != nullptr)
      from.error(from.at("points"), {"不计分的方案（scored: no）没有得分：删去 points",
                                     "a plan without points (scored: no) has none: remove it"});
    if (const auto n = plan_number(from, "points")) {
      v.points = n->value;
      into_.assessment_at = n->at;
    }
    return v;
  }

  void document() {
    const block from = of({"files", "verdict", "value", "by", "on"});
    plans::document_source s;
    from.require("files", "files: [立项批复.pdf]");
    s.files = files(from);
    s.decided = assessment_in(from, true);
    if (const auto n = plan_number(from, "value", true)) s.value = n->value;
    plan_take(from, "by", s.by);
    if (auto d = plan_day(from, "on")) s.on = std::move(d->value);
    if (s.value && (s.by.empty() || s.on.empty()) && !from.strange())
      found_.error(from.at("value"), {"value 须写明由谁（by）于何日（on）核定", "needs by and on: who found it, when"});
    into_.what.source = std::move(s);
  }

  /** A number, or a bound in the target's unit: 超过10万次. Of a target that cannot be read only its own mistake is
   * told.
   */
  std::optional<plans::stated_value> said_value(const block& from, const stated<std::string>& written) {
    if (const auto number = parse_exact(written.value)) return plans::stated_value{plans::sign::equal, *number, {}};
    if (!into_.usable) return plans::stated_value{};
    auto said = plans::read_stated(written.value, into_.what.target);
    if (!said)
      from.error(written.at,
                 both("value {} 不是数，也不是与指标值 {} 同单位的界限：写作 10、超过10万次、95%以上、不足5%",
                      "value {} is neither a number nor a bound in the unit of {}: write 10 or 超过10万次",
                      quote(written.value), quote(into_.what.target.text)));
    return said ? std::move(said) : plans::stated_value{};
  }

  void stated_figure() {
    const block from = of({"value", "date", "verdict", "origin", "files", "accepted"});
    plans::stated_source s;
    if (from.find("files") != nullptr) s.files = files(from);
    if (const yaml_node* node = from.find("accepted")) {
      const block accepted(*node, as_written("accepted"), file_, found_, {"by", "on", "why"});
      accepted.require("by", "by: 张三");
      accepted.require("on", "on: 2026-12-30");
      accepted.require("why", "why: 上级文件引用，无单独凭证");
      plan_take(accepted, "by", s.accepted_by);
      if (auto d = plan_day(accepted, "on")) s.accepted_on = std::move(d->value);
      plan_take(accepted, "why", s.accepted_why, 1024);
    }
    from.require("origin", "origin: 2023 年报告 四(三)1");
    plan_take(from, "origin", s.origin, 1024);
    s.decided = assessment_in(from, false);
    if (const auto written = from.text("value", plans::longest_stated)) s.value = said_value(from, *written);
    if (auto d = plan_day(from, "date")) s.date = std::move(d->value);
    into_.what.source = std::move(s);
  }

  const yaml_node& node_;
  std::string_view file_;
  findings& found_;
  indicator_draft& into_;
};

}  // namespace

void read_plan_source(const yaml_node& node, std::string_view file, findings& found, indicator_draft& into) {
  source_reader(node, file, found, into).read();
}

}  // namespace changtong::reading
