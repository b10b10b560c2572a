// The cells of a form by what they mean: head, money, goals, indicators.
#include <algorithm>
#include <array>
#include <map>

#include "daemon/core/phrase.h"
#include "daemon/forms/page.h"
#include "daemon/forms/words.h"

namespace changtong::forms {
namespace {

struct span {
  std::size_t from = 0, to = 0;
};
using columns = std::map<head, span>;

columns heads_in(const page& p, std::size_t row, head (*meaning)(std::string_view)) {
  columns out;
  for (const page::cell* c : p.row(row))
    if (const head h = meaning(bare(c->text)); h != head::none)
      out.try_emplace(h, span{c->column, c->column + c->columns});
  return out;
}

bool heads_indicators(const columns& c) {
  return c.contains(head::level3) && (c.contains(head::target) || c.contains(head::actual));
}
bool heads_money(const columns& c) {
  constexpr std::array amounts{head::initial, head::full_year, head::adjusted, head::executed, head::rate};
  return std::ranges::count_if(amounts, [&](head h) { return c.contains(h); }) >= 2;
}

/** 2022 of 2022年度, the first of a year that a form may be of. */
int year_in(std::string_view text) {
  constexpr std::string_view mark = "年";
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
    if (at < 4) continue;
    int year = 0;
    for (const char c : text.substr(at - 4, 4)) year = c >= '0' && c <= '9' ? year * 10 + (c - '0') : 100'000;
    const bool longer = at > 4 && text[at - 5] >= '0' && text[at - 5] <= '9';
    if (year >= 2000 && year < 2200 && !longer) return year;
  }
  return 0;
}

money_unit unit_in(std::string_view text) {
  if (text.find("(万元)") != text.npos || text.find("单位:万元") != text.npos) return money_unit::ten_thousand;
  if (text.find("(元)") != text.npos || text.find("单位:元") != text.npos) return money_unit::yuan;
  return money_unit::unknown;
}

/** Nothing is said: 无 and dashes stand in the cells of a group without indicators. */
bool says_nothing(const spot& s) {
  constexpr std::array<std::string_view, 7> nothing{"", "/", "\\", "-", "—", "——", "无"};
  return std::ranges::find(nothing, bare(s.text)) != nothing.end();
}

class form_reader {
 public:
  form_reader(const page& p, form& into) : p_(p), f_(into) {}

  /** Reads on from `row`, which comes to stand behind the form; whether indicators stand in it. */
  bool read(std::size_t& row) {
    for (; row < p_.rows(); ++row) {
      const columns heads = heads_in(p_, row, indicator_head);
      if (heads_indicators(heads)) {
        row = indicators(row, heads);
        return true;
      }
      row = above(row);
    }
    return false;
  }

 private:
  /** A row above the indicators; the last row that it took. */
  std::size_t above(std::size_t row) {
    for (const page::cell* c : p_.row(row)) label(*c);
    const columns heads = heads_in(p_, row, money_head);
    if (heads_money(heads) && f_.funds.empty()) return money(row, heads);
    if (!headed_) declared(row);
    return row;
  }

  void label(const page::cell& c) {
    const std::string text = bare(p_.spot_of(c).text);
    if (f_.money == money_unit::unknown) f_.money = unit_in(text);
    if (const int year = year_in(text);
        year != 0 && (f_.year == 0 || (text.find("年度") != text.npos && !f_.year_sure))) {
      f_.year = year;
      f_.year_sure = text.find("年度") != text.npos;
    }
    ticks(text);
    if (is_project(text))
      take(f_.project, c, text);
    else if (is_department(text))
      take(f_.department, c, text);
    else if (is_unit(text))
      take(f_.unit, c, text);
    else if (is_expected(text))
      goal(f_.expected, c);
    else if (is_reached(text))
      goal(f_.reached, c);
  }

  /** 常年性项目 of 1、常年性项目☑2、延续性项目□: what stands before the mark. */
  void ticks(const std::string& text) {
    constexpr std::string_view mark = "☑";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      std::size_t from = 0;
      for (const std::string_view end : {"☑", "□", "☐", "、", ":"})
        if (const auto found = at == 0 ? text.npos : text.rfind(end, at - 1); found != std::string::npos)
          from = std::max(from, found + end.size());
      if (from < at) f_.ticks.push_back(text.substr(from, at - from));
    }
  }

  /** What stands beside a label, or behind its colon. */
  void take(spot& into, const page::cell& c, const std::string& text) {
    if (into.there()) return;
    const auto colon = text.find(':');
    if (colon != std::string::npos && colon + 1 < text.size())
      into = {text.substr(colon + 1), p_.address(c.row, c.column)};
    else
      into = p_.beside(c);
  }

  /** A goal stands below its heading, or beside it where a text stands there. */
  void goal(spot& into, const page::cell& c) {
    if (into.there()) return;
    const spot next = p_.beside(c);
    const std::string beside = bare(next.text);
    if (!next.blank() && !is_reached(beside) && !is_expected(beside) && bare(c.text) != "完成情况") {
      into = next;
      return;
    }
    const spot below = p_.within(c.row + c.rows, c.column, c.column + c.columns);
    if (!below.blank() && indicator_head(bare(below.text)) != head::level1) into = below;
  }

  spot in(std::size_t row, const columns& heads, head h) const {
    const auto c = heads.find(h);
    return c == heads.end() ? spot{} : p_.within(row, c->second.from, c->second.to);
  }

  std::size_t money(std::size_t first, columns heads) {
    // 年度预算数（万元） may stand over the names of the funds
    const auto full = heads.find(head::full_year);
    if (full != heads.end()) {
      const spot below = p_.within(first + 1, full->second.from, full->second.to);
      if (!number_in(below) && is_money(bare(below.text))) {
        if (f_.money == money_unit::unknown) f_.money = unit_in(bare(p_.over(first, full->second.from).text));
        heads.erase(full);
      }
    }
    for (const page::cell* c : p_.row(first)) {
      const std::string text = bare(c->text);
      if (money_head(text) == head::score) f_.stated_weight = points_in(text);
    }
    if (const page::cell* side = p_.at(first, 0)) {
      if (f_.money == money_unit::unknown) f_.money = unit_in(bare(side->text));
      if (!f_.stated_weight) f_.stated_weight = points_in(side->text);
    }
    headed_ = true;
    f_.adjusted = heads.contains(head::adjusted);
    std::size_t amounts = p_.row(first).back()->column;
    for (const head h : {head::initial, head::full_year, head::adjusted, head::executed, head::rate})
      if (const auto c = heads.find(h); c != heads.end()) amounts = std::min(amounts, c->second.from);
    constexpr std::size_t most = 16;
    std::size_t row = first + 1;
    for (; row < p_.rows() && f_.funds.size() < most && money_row(row, heads, amounts); ++row) {
    }
    return row - 1;
  }

  bool money_row(std::size_t row, const columns& heads, std::size_t amounts) {
    if (heads_indicators(heads_in(p_, row, indicator_head))) return false;
    funds_line line;
    for (const page::cell* c : p_.row(row)) {
      const std::string text = bare(c->text);
      if (text.find("目标") != text.npos) return false;
      if (f_.money == money_unit::unknown) f_.money = unit_in(text);
      if (c->column < amounts && !text.empty()) line.name = p_.spot_of(*c);
    }
    line.initial = in(row, heads, head::initial);
    line.full_year = in(row, heads, head::full_year);
    line.adjusted = in(row, heads, head::adjusted);
    line.executed = in(row, heads, head::executed);
    line.rate = in(row, heads, head::rate);
    line.weight = in(row, heads, head::weight);
    line.score = in(row, heads, head::score);
    if (!line.name.there() || !is_money(bare(line.name.text))) return f_.funds.empty() && row < p_.rows();
    add(std::move(line));
    return true;
  }

  void add(funds_line line) {
    const bool among = bare(line.name.text).find("其中") != std::string::npos;
    line.total = f_.funds.empty();
    line.inside = !line.total && among && nested_;
    nested_ = nested_ || among;
    if (line.inside) f_.nested_funds = true;
    f_.funds.push_back(std::move(line));
  }

  /** Of a form that only declares: 年度资金总额 with its amount beside it. */
  void declared(std::size_t row) {
    for (const page::cell* c : p_.row(row)) {
      const std::string text = bare(c->text);
      if (!is_money(text) || text.find("中期") != text.npos || text.find("目标") != text.npos) continue;
      const spot next = p_.beside(*c);
      if (!number_in(next)) continue;
      if (f_.money == money_unit::unknown) {
        if (const page::cell* side = p_.at(row, 0)) f_.money = unit_in(bare(side->text));
      }
      funds_line line;
      line.name = p_.spot_of(*c);
      line.initial = next;
      line.full_year = next;
      add(std::move(line));
      return;
    }
  }

  // -- indicators
  std::size_t indicators(std::size_t first, const columns& heads) {
    f_.split_target = heads.contains(head::sign);
    f_.has_actual = heads.contains(head::actual);
    f_.has_weights = heads.contains(head::weight);
    f_.has_scores = heads.contains(head::score);
    f_.has_reasons = heads.contains(head::reason);
    std::size_t row = first + 1, since = 0;
    for (; row < p_.rows(); ++row) {
      const std::string label = bare(label_of(row));
      if (is_total(label)) {
        total(row, heads);
        break;
      }
      if (ends_indicators(label)) break;
      if (is_subtotal(label) || is_subtotal(bare(in(row, heads, head::level3).text))) {
        f_.subtotals.push_back(
            {since, f_.indicators.size(), in(row, heads, head::weight), in(row, heads, head::score)});
        since = f_.indicators.size();
        continue;
      }
      indicator(row, heads);
    }
    return below(row);
  }

  /** What stands below the indicators, up to a next form; its first row. */
  std::size_t below(std::size_t row) {
    for (; row < p_.rows(); ++row) {
      if (heads_money(heads_in(p_, row, money_head))) return row;
      for (const page::cell* c : p_.row(row)) {
        const std::string text = bare(c->text);
        if (is_project(text)) return row;
        if (text.starts_with("偏差") || text.find("未完成原因") != text.npos) f_.whole_reason = p_.beside(*c);
      }
    }
    return row;
  }

  /** The first words of the row, those of cells that reach it from above left out. */
  std::string label_of(std::size_t row) const {
    for (const page::cell* c : p_.row(row))
      if (!bare(c->text).empty()) return c->text;
    return {};
  }

  spot level(std::size_t row, const columns& heads, head h, const spot& before) const {
    const auto c = heads.find(h);
    if (c == heads.end()) return {};
    spot s = p_.over(row, c->second.from);
    return s.blank() ? before : s;
  }

  void indicator(std::size_t row, const columns& heads) {
    indicator_line line;
    const spot old1 = level1_;
    level1_ = level(row, heads, head::level1, level1_);
    level2_ = level(row, heads, head::level2, level1_.at == old1.at ? level2_ : spot{});
    line.level1 = level1_;
    line.level2 = level2_;
    line.level3 = in(row, heads, head::level3);
    line.target = target(row, heads);
    line.actual = in(row, heads, head::actual);
    line.weight = in(row, heads, head::weight);
    line.score = in(row, heads, head::score);
    line.reason = in(row, heads, head::reason);
    line.has_method = !in(row, heads, head::method).blank();
    const exact weight = number_in(line.weight).value_or(0);
    if (says_nothing(line.level3) && says_nothing(line.target) && says_nothing(line.actual) && weight == 0) return;
    if (line.level3.blank()) line.level3.text = name_in(line.level2.blank() ? line.level1.text : line.level2.text);
    for (const spot* s : {&line.level1, &line.level2, &line.level3})
      line.execution = line.execution || s->text.find("预算执行") != std::string::npos;
    f_.indicators.push_back(std::move(line));
  }

  spot target(std::size_t row, const columns& heads) const {
    spot s = in(row, heads, head::target);
    const std::string unit = bare(in(row, heads, head::unit).text);
    if (!heads.contains(head::sign)) {
      const std::string number = bare(s.text);
      if (!number.empty() && number.back() >= '0' && number.back() <= '9') s.text += unit;  // ≥353 beside 条
      return s;
    }
    const std::string sign = bare(in(row, heads, head::sign).text);
    if (s.blank() || sign.empty()) return s;
    using pair = std::pair<std::string_view, std::string_view>;
    if (sign == "区间") {
      s.text += unit;
      return s;
    }
    constexpr std::array words{pair{"定性", ""},      pair{"正向", "≥"}, pair{"反向", "≤"}, pair{"大于等于", "≥"},
                               pair{"小于等于", "≤"}, pair{"等于", "="}, pair{"大于", ">"}, pair{"小于", "<"}};
    for (const auto& [word, mark] : words)
      if (sign.starts_with(word)) {
        if (!mark.empty()) s.text = std::string(mark) + s.text + unit;
        return s;
      }
    s.text = sign + s.text + unit;
    return s;
  }

  void total(std::size_t row, const columns& heads) {
    const page::cell* label = nullptr;
    for (const page::cell* c : p_.row(row))
      if (!bare(c->text).empty()) {
        label = c;
        break;
      }
    const std::size_t behind = label == nullptr ? 0 : label->column + label->columns;
    std::vector<spot> numbers;
    for (const page::cell* c : p_.row(row))
      if (c->column >= behind)
        if (const spot s = p_.spot_of(*c); number_in(s)) numbers.push_back(s);
    f_.total_weight = in(row, heads, head::weight);
    f_.total_score = in(row, heads, head::score);
    if (!number_in(f_.total_weight)) f_.total_weight = {};
    if (!number_in(f_.total_score))
      f_.total_score = numbers.size() == 1 && !f_.total_weight.there() ? numbers[0] : spot{};
  }

  const page& p_;
  form& f_;
  spot level1_, level2_;
  bool nested_ = false, headed_ = false;
};

}  // namespace

result<std::vector<form>> read_forms(const std::vector<reading::office_table>& tables) {
  const bool document = !tables.empty() && std::ranges::all_of(tables, [](const auto& t) { return t.title.empty(); });
  std::vector<form> all;
  form gathered;
  for (std::size_t k = 0; k < tables.size(); ++k) {
    if (tables[k].hidden) continue;
    const page p(tables[k], document ? k + 1 : 0);
    if (const auto whole = p.whole(); !whole) return whole.error();
    for (std::size_t row = 0; row < p.rows();) {
      form here = document ? std::move(gathered) : form{};
      gathered = {};
      const bool whole = form_reader(p, here).read(row);
      if (whole && all.size() == most_forms)
        return said(both("超过 {} 张表：请分开", "more than {} forms: send them apart", most_forms));
      if (whole)
        all.push_back(std::move(here));
      else if (document)
        gathered = std::move(here);
    }
  }
  if (all.empty())
    return said({"没有找到指标：表中应有“三级指标”和“年度指标值”（或“完成值”）的表头",
                 "no indicators found: there has to be a heading with 三级指标 and 年度指标值 or 完成值"});
  return all;
}

}  // namespace changtong::forms
