#include "daemon/forms/approval.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/forms/form.h"
#include "daemon/forms/page.h"
#include "daemon/forms/values.h"
#include "daemon/forms/words.h"

namespace changtong::forms {
namespace {

using plans::approved_figure;
using plans::sign;

constexpr std::array<std::string_view, 8> name_heads{"三级指标", "指标名称", "指标",     "项目名称",
                                                     "资金名称", "预算项目", "支出项目", "名称"};
constexpr std::array<std::string_view, 6> figure_heads{"批复", "核定", "指标值", "目标值", "预算数", "金额"};
constexpr std::array<std::string_view, 4> listed{"其中：", "其中:", "其中", "："};

/** 财政拨款 of 其中：财政拨款： */
std::string label_of(const std::string& text) {
  std::string out = name_in(bare(text));
  for (const std::string_view w : listed)
    if (out.starts_with(w)) out.erase(0, w.size());
  while (out.ends_with(':')) out.pop_back();
  return out;
}

std::string_view word_of(money_unit u) {
  return u == money_unit::yuan ? "元" : u == money_unit::ten_thousand ? "万元" : "";
}

/** A figure with a sign or without one; of a text or a day none. */
std::optional<plans::target> figure_in(const std::string& text, const std::string& unit) {
  indicator_line line;
  line.target.text = text;
  auto w = wanted_of(line, 0);
  if (!w || w->target.how == sign::none || w->target.is_date || w->target.how == sign::between) return std::nullopt;
  if (w->target.unit.empty()) w->target.unit = unit;
  if (!w->sure) {
    w->target.how = sign::equal;
    w->target.text = w->target.number_text + w->target.unit;
  }
  return w->target;
}

void take_form(const form& f, std::vector<approved_figure>& out) {
  const std::string unit(word_of(f.money));
  for (const funds_line& l : f.funds) {
    const spot& s = !l.full_year.blank() ? l.full_year : !l.adjusted.blank() ? l.adjusted : l.initial;
    if (!number_in(s) || unit.empty()) continue;
    if (auto t = figure_in(shortest(*number_in(s)), unit))
      out.push_back({label_of(l.name.text), std::move(*t), s.at, l.total});
  }
  for (const indicator_line& i : f.indicators)
    if (auto t = figure_in(i.target.text, ""); t && !i.execution)
      out.push_back({label_of(i.level3.text), std::move(*t), i.target.at, false});
}

/** Names and figures of any table, below the first row that heads both. */
class plain_table {
 public:
  explicit plain_table(const page& p) : p_(p) {}

  void read(std::vector<approved_figure>& out) {
    for (std::size_t row = 0; row < p_.rows(); ++row) {
      if (name_ == nullptr || figure_ == nullptr) {
        heads(row);
        continue;
      }
      const spot name = p_.over(row, name_->column), figure = p_.over(row, figure_->column);
      const std::string label = label_of(name.text);
      if (label.empty() || figure.blank()) continue;
      std::string unit = unit_;
      if (column_of_units_ != nullptr) unit = bare(p_.over(row, column_of_units_->column).text);
      if (auto t = figure_in(figure.text, unit))
        out.push_back(
            {label, std::move(*t), figure.at, (is_total(label) || label.ends_with("资金总额")) && !unit_.empty()});
    }
  }

 private:
  void heads(std::size_t row) {
    name_ = figure_ = column_of_units_ = nullptr;
    for (const page::cell* c : p_.row(row)) {
      const std::string text = bare(c->text);
      const bool short_text = text.size() <= 60;
      if (name_ == nullptr && std::ranges::find(name_heads, text) != name_heads.end())
        name_ = c;
      else if (figure_ == nullptr && short_text &&
               std::ranges::any_of(figure_heads, [&](std::string_view w) { return text.find(w) != text.npos; }))
        figure_ = c;
      else if (indicator_head(text) == head::unit)
        column_of_units_ = c;
    }
    if (figure_ == nullptr) return;
    const std::string text = bare(figure_->text);
    unit_ = text.find("(万元)") != text.npos ? "万元" : text.find("(元)") != text.npos ? "元" : "";
  }

  const page& p_;
  const page::cell *name_ = nullptr, *figure_ = nullptr, *column_of_units_ = nullptr;
  std::string unit_;
};

}  // namespace

result<std::vector<approved_figure>> approved_figures(const std::vector<reading::office_table>& tables) {
  std::vector<approved_figure> out;
  for (std::size_t k = 0; k < tables.size(); ++k) {
    const page p(tables[k], tables[k].title.empty() ? k + 1 : 0);
    if (const auto whole = p.whole(); !whole) return whole.error();
    if (!tables[k].hidden && !read_forms({tables[k]})) plain_table(p).read(out);
  }
  if (const auto all = read_forms(tables))  // whole: in a document the money may be a table before the targets
    for (const form& f : *all) take_form(f, out);
  if (out.empty())
    return said({"没有读到批复的数：应是绩效目标表，或有“名称”与“批复金额（万元）”“指标值”两列的表",
                 "no approved figures: it has to be a form of targets, or a table with a column of names and one of "
                 "figures"});
  return out;
}

}  // namespace changtong::forms
