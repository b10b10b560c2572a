// A sheet that was filled in, back into its plan.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/forms/fill.h"
#include "daemon/forms/fill_rows.h"
#include "daemon/forms/page.h"
#include "daemon/forms/to_plan.h"
#include "daemon/forms/values.h"
#include "daemon/forms/yaml_edit.h"
#include "daemon/plans/plan.h"
#include "daemon/reading/days.h"

namespace changtong::forms {
namespace {

using reading::yaml_node;
constexpr std::size_t most_words = 3900;  // bytes of one text in a plan
constexpr std::size_t most_origin = 1000;

struct given_row {
  std::array<spot, fields> cells;
  [[nodiscard]] const spot& operator[](field f) const { return cells.at(static_cast<std::size_t>(f)); }
};

/** Rows below the headings; empty where the table is no such sheet. */
std::vector<given_row> rows_in(const page& p) {
  std::map<field, std::size_t> columns;
  std::vector<given_row> out;
  for (std::size_t row = 0; row < p.rows(); ++row) {
    if (columns.empty()) {
      for (const page::cell* c : p.row(row))
        for (std::size_t k = 0; k < fields; ++k)
          if (bare(c->text) == fill_columns.at(k).heading) columns.emplace(static_cast<field>(k), c->column);
      if (!columns.contains(field::id) || !columns.contains(field::text)) columns.clear();
      continue;
    }
    given_row r;
    for (const auto& [f, column] : columns) r.cells.at(static_cast<std::size_t>(f)) = p.over(row, column);
    if (!r[field::id].blank()) out.push_back(std::move(r));
  }
  return out;
}

class filler {
 public:
  filler(const std::string& yaml, const plans::plan& plan) : yaml_(yaml), plan_(plan) {}

  boost::system::result<filled, problems> fill(const std::vector<reading::office_table>& tables) {
    auto tree = reading::parse_yaml(yaml_);
    if (!tree) return problems{{tree.error()}};
    tree_ = std::move(*tree);
    if (const auto good = read(tables); !good) return problems{{good.error()}};
    if (!wrong_.empty()) return problems{std::move(wrong_)};
    filled out{.yaml = yaml_, .changes = std::move(said_)};
    if (changes_.empty()) return out;
    auto made = with_changes(yaml_, tree_, changes_);
    if (!made) {
      problem p = made.error();
      p.file = plan_.file;
      return problems{{std::move(p)}};
    }
    if (const auto again = read_plan(*made, plan_.file); !again) return of_what_was_made(again.error());
    out.yaml = std::move(*made);
    return out;
  }

 private:
  /** Lines of a file that was never written help nobody. */
  static problems of_what_was_made(problems all) {
    for (problem& p : all.list) {
      p.file.clear(), p.line = p.column = 0;
      p.text.insert(0, "填入后方案不成立，没有写入：");
      if (!p.text_en.empty()) p.text_en.insert(0, "with what was filled in the plan does not hold: ");
    }
    return all;
  }

  result<void> read(const std::vector<reading::office_table>& tables) {
    std::vector<given_row> rows;
    for (std::size_t k = 0; k < tables.size() && rows.empty(); ++k) {
      const page p(tables[k], tables[k].title.empty() ? k + 1 : 0);
      rows = rows_in(p);
      if (const auto whole = p.whole(); !whole && !rows.empty()) return whole.error();
    }
    if (rows.empty())
      return said({"没有找到填报表：应有“编号”和“完成情况”的表头（用 changtong plan export --fill 生成）",
                   "no sheet to fill in: make one by changtong plan export --fill"});
    const std::vector<fill_row> known = fill_rows(plan_);
    for (const given_row& r : rows) {
      const auto was = std::ranges::find(known, r[field::id].text, [](const fill_row& f) { return f[field::id]; });
      if (was == known.end())
        refuse(r[field::id], both("编号 {} 不在这个方案里", "{} is no indicator of this plan", r[field::id].text));
      else
        figures(r, *was), row(r, *was);
    }
    return {};
  }

  void refuse(const spot& at, const phrase& why) { wrong_.push_back(said(both("{}：{}", "{}: {}", at.at, why))); }

  /** What was filled in anew; empty: nothing. */
  std::string changed(const given_row& r, const fill_row& was, field f) {
    const spot& s = r[f];
    if (s.blank() || s.text == not_asked || was[f] == not_asked) return {};
    std::string text = f == field::on ? day(s) : f == field::points ? points(s) : s.text;
    if (text.size() > most_words)
      refuse(s, both("超过 {} 字节：请缩短", "longer than {} bytes: shorten it", most_words)), text.clear();
    return same(was[f], text) ? std::string() : text;
  }
  /** Blanks, narrow letters and a full stop at the end are no change. */
  static bool same(const std::string& a, const std::string& b) {
    const auto plain = [](const std::string& text) {
      constexpr std::string_view end = "。";
      std::string out = bare(text);
      if (out.ends_with(end)) out.resize(out.size() - end.size());
      return out;
    };
    return plain(a) == plain(b);
  }

  std::string day(const spot& s) {
    const auto d = reading::read_day(s.text);
    if (d) return d->iso;
    refuse(s, both("“{}”{}", "“{}” {}", s.text, words_of(d.error())));
    return {};
  }
  std::string points(const spot& s) {
    const auto n = number_in(s);
    if (n && *n >= 0) return shortest(*n);
    refuse(s, both("“{}”不是分数", "“{}” is no number of points", s.text));
    return {};
  }

  void set(const yaml_node& mapping, std::string_view key, std::string value) {
    changes_.push_back({&mapping, std::string(key), std::move(value)});
  }
  void tell(const given_row& r, const phrase& what) {
    std::string_view name = r[field::name].text;
    if (name.starts_with(reason_mark)) name.remove_prefix(reason_mark.size());
    said_.push_back(both("「{}」：{}", "{}: {}", name, what));
  }

  static bool touched(const spot& s, const std::string& was) { return !s.blank() && !same(was, s.text); }

  /** Columns that the plan fills: what was changed in them is taken or refused, never dropped. */
  void figures(const given_row& r, const fill_row& was) {
    for (std::size_t k = 0; k < fields; ++k)
      if (was.cells.at(k) == not_asked && touched(r.cells.at(k), was.cells.at(k)))
        refuse(r.cells.at(k), k == static_cast<std::size_t>(field::actual)
                                  ? phrase{"此处不填：定性指标请填“完成情况”一列",
                                           "not asked here: what was reached has its own column"}
                                  : phrase{"此处（—）不填", "nothing is asked here (—)"});
    for (const auto& [f, key] : {std::pair(field::target, "target"), std::pair(field::weight, "weight")})
      if (was[f] != not_asked && touched(r[f], was[f]))
        refuse(r[f], both("由“{}”改为“{}”：不能在此改，请改方案的 {}", "“{}” to “{}”: change {} in the plan itself",
                          was[f], r[f].text, key));
    if (was[field::actual] != not_asked && touched(r[field::actual], was[field::actual])) actual(r, was);
  }

  /** A stated value may be stated anew; its origin then names both places. */
  void actual(const given_row& r, const fill_row& was) {
    const spot& s = r[field::actual];
    const yaml_node* node = indicator(was[field::id]);
    const auto i = std::ranges::find(plan_.indicators, was[field::id], &plans::indicator::id);
    const yaml_node* source = node == nullptr ? nullptr : value_of(*node, "source");
    if (i == plan_.indicators.end() || source == nullptr) return;
    const auto* stated = std::get_if<plans::stated_source>(&i->source);
    if (stated == nullptr)
      return refuse(s, std::holds_alternative<plans::document_source>(i->source)
                           ? phrase{"完成值出自文件：请在方案的 source 写 value、by、on（由谁、何日核定）",
                                    "a document's figure needs who found it and when: write value, by, on in the plan"}
                           : both("完成值{}，不能在此改：请改方案的 source",
                                  "the figure is not stated ({}): change its source in the plan", was[field::actual]));
    if (!stated->accepted_by.empty())
      return refuse(s, both("原值已由{}认可（accepted），不能在此改：请改方案",
                            "{} accepted the value: change the plan", stated->accepted_by));
    indicator_line line;
    line.actual = s;
    const auto value = reached_of(line, i->target, plan_.year);
    if (!value)
      return refuse(s, both("“{}”不是与指标值“{}”同单位的数或日期", "“{}” is no figure in the unit of “{}”", s.text,
                            i->target.text));
    set(*source, i->target.is_date ? "date" : "value", yaml_value(*value));
    // Of a figure that was filled in before, what it was at first is kept, and where it was filled in last.
    const std::string_view before = stated->origin;
    const std::size_t first = before.starts_with("填报表 ") ? before.find("原为 ") : std::string_view::npos;
    const std::string from = "填报表 " + s.at + "，" +
                             (first == std::string_view::npos ? fmt::format("原为 {}（{}）", was[field::actual], before)
                                                              : std::string(before.substr(first)));
    set(*source, "origin", yaml_text(from, most_origin));
    tell(r, both("完成值由 {} 改为 {}", "{} became {}", was[field::actual], s.text));
  }

  /** Points above the weight. */
  bool too_many(const spot& at, const std::string& points, const fill_row& was) {
    const auto p = parse_exact(points), most = parse_exact(was[field::weight]);
    if (!p || !most || *p <= *most) return false;
    refuse(at, both("评定得分 {} 高于分值 {}", "{} points of a weight of {}", points, was[field::weight]));
    return true;
  }

  void row(const given_row& r, const fill_row& was) {
    const std::string& id = was[field::id];
    if (id == execution_row) return single(r, was, field::reason, "execution", "reason");
    if (id == change_row) return single(r, was, field::reason, "execution", "change_reason");
    if (id == goal_row) return single(r, was, field::text, "goals", "reached");
    const yaml_node* node = indicator(id);
    const auto i = std::ranges::find(plan_.indicators, id, &plans::indicator::id);
    if (node == nullptr || i == plan_.indicators.end()) return;
    const std::string reason = changed(r, was, field::reason), measures = changed(r, was, field::measures);
    if (!reason.empty() || !measures.empty()) {
      const std::string whole = joined_reason(reason.empty() ? was[field::reason] : reason,
                                              measures.empty() ? was[field::measures] : measures);
      if (whole.size() > most_words)
        refuse(r[reason.empty() ? field::measures : field::reason],
               both("未完成原因与改进措施合计超过 {} 字节（方案中是一段文字）：请缩短",
                    "reason and measures are one text in the plan and together longer than {} bytes: shorten them",
                    most_words));
      set(*node, "reason", yaml_text(whole, most_words));
      tell(r, {"原因与措施", "reason and measures"});
    }
    if (i->target.how == plans::sign::none && !plan_.scored)
      words(r, was, *i, *node);
    else if (i->target.how == plans::sign::none)
      verdict(r, was, *i, *node);
    else
      given(r, was, *node);
  }

  void single(const given_row& r, const fill_row& was, field f, std::string_view block, std::string_view key) {
    const std::string text = changed(r, was, f);
    if (text.empty()) return;
    if (const yaml_node* node = value_of(tree_, block); node != nullptr && node->what == yaml_node::shape::mapping)
      set(*node, key, yaml_text(text, most_words));
    else
      set(tree_, block, fmt::format("{{ {}: {} }}", key, yaml_text(text, most_words)));
    tell(r, {"已填写", "filled in"});
  }

  [[nodiscard]] const yaml_node* indicator(std::string_view id) const {
    const auto list = [](const yaml_node* n, std::string_view key) -> const std::vector<yaml_node>& {
      static const std::vector<yaml_node> none;
      const yaml_node* v = n == nullptr ? nullptr : value_of(*n, key);
      return v == nullptr ? none : v->children;
    };
    for (const yaml_node& l : list(&tree_, "levels"))
      for (const yaml_node& g : list(&l, "groups"))
        for (const yaml_node& i : list(&g, "indicators"))
          if (const yaml_node* v = value_of(i, "id"); v != nullptr && v->scalar == id) return &i;
    return nullptr;
  }

  using pairs = std::vector<std::pair<std::string_view, std::string>>;
  /** Keys of a mapping under `outer`: single ones where it is there, else all at once. */
  void set_block(const yaml_node& outer, std::string_view name, const pairs& values) {
    const yaml_node* inner = value_of(outer, name);
    if (inner != nullptr && inner->what == yaml_node::shape::mapping) {
      for (const auto& [key, value] : values)
        if (!value.empty()) set(*inner, key, value);
      return;
    }
    std::string all;
    for (const auto& [key, value] : values)
      if (!value.empty()) all += fmt::format("{}{}: {}", all.empty() ? "" : ", ", key, value);
    set(outer, name, "{ " + all + " }");
  }

  static std::string quoted(const std::string& text) { return text.empty() ? text : yaml_text(text, most_words); }

  void given(const given_row& r, const fill_row& was, const yaml_node& node) {
    const std::string points = changed(r, was, field::points), by = changed(r, was, field::by),
                      on = changed(r, was, field::on), why = changed(r, was, field::why);
    if (points.empty() && by.empty() && on.empty() && why.empty()) return;
    if (too_many(r[field::points], points, was)) return;
    for (const auto& [f, text] :
         {std::pair(field::points, &points), {field::by, &by}, {field::on, &on}, {field::why, &why}})
      if (text->empty() && was[f].empty())
        return refuse(r[f], both("「{}」评定的得分、评定人、评定日期、评定理由须一并填写",
                                 "{}: points need who, when and why", r[field::name].text));
    set_block(node, "given", {{"points", points}, {"by", quoted(by)}, {"on", on}, {"why", quoted(why)}});
    tell(r, {"评定得分", "points given"});
  }

  void verdict(const given_row& r, const fill_row& was, const plans::indicator& i, const yaml_node& node) {
    const std::string points = changed(r, was, field::points), by = changed(r, was, field::by),
                      on = changed(r, was, field::on), text = changed(r, was, field::text);
    if (points.empty() && by.empty() && on.empty() && text.empty()) return;
    if (too_many(r[field::points], points, was)) return;
    const bool stated = std::holds_alternative<plans::stated_source>(i.source);
    for (const auto& [f, filled] : {std::pair(field::points, &points), {field::by, &by}, {field::on, &on}})
      if (filled->empty() && was[f].empty() && (f == field::points || !stated))
        return refuse(r[f], both("「{}」评定得分、评定人、评定日期须一并填写",
                                 "{}: a verdict needs points, who and when", r[field::name].text));
    const yaml_node* source = value_of(node, "source");
    if (source == nullptr) return;
    std::string tier;
    if (!points.empty()) {
      const exact p = *parse_exact(points);
      tier = name_of(plans::tier_of(p, i.weight));
    }
    set_block(*source, "verdict",
              {{"by", quoted(by)}, {"on", on}, {"tier", tier}, {"points", points}, {"text", quoted(text)}});
    tell(r, {"评定", "a verdict"});
  }

  /** Of a plan without points: what was reached in the form's words, and the tier where they say one. */
  void words(const given_row& r, const fill_row& was, const plans::indicator& i, const yaml_node& node) {
    const std::string text = changed(r, was, field::text), by = changed(r, was, field::by),
                      on = changed(r, was, field::on);
    if (text.empty() && by.empty() && on.empty()) return;
    const yaml_node* source = value_of(node, "source");
    if (source == nullptr) return;
    if (text.empty() && was[field::text].empty())
      return refuse(r[field::text], both("「{}」须填写完成情况", "{}: say what was reached", r[field::name].text));
    auto how = tier_said(text, i.target);
    const field* lacks = nullptr;  // of who and when
    constexpr std::array<field, 2> who_and_when{field::by, field::on};
    for (const field& f : who_and_when)
      if (r[f].blank() && was[f].empty()) lacks = &f;
    if (how && lacks != nullptr && std::holds_alternative<plans::document_source>(i.source)) {
      if (text == plans::actual_text(*how))
        return refuse(r[*lacks],
                      both("「{}」“{}”是评定：依据是文件的须填评定人、评定日期",
                           "{}: “{}” is a verdict: of a document it needs who and when", r[field::name].text, text));
      how.reset();  // what the target says, by nobody: words
    }
    set_block(
        *source, "verdict",
        {{"by", quoted(by)}, {"on", on}, {"tier", how ? std::string(name_of(*how)) : ""}, {"text", quoted(text)}});
    tell(r, {"完成情况", "what was reached"});
  }

  const std::string& yaml_;
  const plans::plan& plan_;
  yaml_node tree_;
  std::vector<yaml_change> changes_;
  std::vector<phrase> said_;
  std::vector<problem> wrong_;
};

}  // namespace

boost::system::result<filled, problems> filled_in(const std::vector<reading::office_table>& tables,
                                                  const std::string& yaml, const plans::plan& plan) {
  return filler(yaml, plan).fill(tables);
}

}  // namespace changtong::forms
