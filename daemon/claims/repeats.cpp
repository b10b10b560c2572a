// The same quantity under the same full label, told twice; the money of the whole project; days that do not exist.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

/** 2023年预算数20万元，执行数19.2万元: the year holds for what follows in the sentence until another is told. */
bool of_another_year(const inspection& r, const claim& c) {
  constexpr std::ptrdiff_t farthest = 12;  // figures
  for (const claim* at = &c; &c - at <= farthest; --at) {
    if (at->paragraph != c.paragraph || at->sentence != c.sentence) return false;
    if (at->time.size() == 4) return true;
    if (has(at->before, "年") || at == r.claims.data()) return false;
  }
  return false;
}

bool stands(const inspection& r, const claim& c) {
  return !of_another_year(r, c) && c.what.how == bound::exactly && !c.what.range && !c.inside && !c.planned &&
         !c.earlier && !c.each && c.time.empty() && !direction_word(c.before) &&
         !r.report.paragraphs[c.paragraph].goals;
}

bool same_figure(const claim& a, const claim& b) {
  const quantity& coarse = a.what.grain >= b.what.grain ? a.what : b.what;
  return prints(coarse, (a.what.grain >= b.what.grain ? b : a).what.value);
}

/** Many values are many things. */
constexpr std::size_t most_values = 3;

/** Different figures of one name, as far as most_values; the one that is told most often first. */
std::vector<list> values_of(const list& all) {
  std::vector<list> out;
  for (const claim* c : all) {
    const auto it = std::ranges::find_if(out, [&](const list& l) { return same_figure(*l.front(), *c); });
    it == out.end() ? out.push_back({c}) : it->push_back(c);
    if (out.size() > most_values) return out;
  }
  std::ranges::sort(out, [](const list& a, const list& b) {
    return a.size() != b.size() ? a.size() > b.size() : a.front() < b.front();
  });
  return out;
}

/** Where the same figure is called the budget. */
const claim* budget_of(const inspection& r, const claim& spent) {
  const auto it = std::ranges::find_if(r.claims, [&](const claim& c) {
    return c.what.what == measure::money && c.what.value == spent.what.value && has(c.before, "预算数");
  });
  return it == r.claims.end() ? nullptr : &*it;
}

/** Each of several projects is told under its own heading in the same way: what is 满意度 of one is not that of
 * another. */
bool of_two_projects(const inspection& r, const claim& a, const claim& b) {
  const auto &x = r.report.paragraphs[a.paragraph].titles, &y = r.report.paragraphs[b.paragraph].titles;
  if (x.empty() || y.empty() || x == y) return false;
  if (x.size() > 1 && x.size() == y.size() && x.back() == y.back()) return true;
  const auto [p, q] = std::ranges::mismatch(x, y);
  const auto is_project = [](const std::string& t) {
    return t.ends_with("项目") || t.ends_with("经费") || t.ends_with("工程") || t.ends_with("专项");
  };
  return p != x.end() && q != y.end() && is_project(*p) && is_project(*q);
}

/** What the sentence is about, told before its first mark: 2023年, 1月份, 第一中学：, 一是…. */
std::string_view lead_of(const inspection& r, const claim& c) {
  const paragraph& p = r.report.paragraphs[c.paragraph];
  std::string_view t = p.words({p.sentences[c.sentence].from, c.words.from});
  const std::size_t mark = std::min(t.find("，"), t.find("："));
  if (mark == t.npos) return {};
  t = t.substr(0, mark);
  return quantities_of(t).empty() && length_of(t) <= 20 ? t : std::string_view();
}

/** The sentences say that they speak of different things: then nobody knows whether two figures are one. */
bool of_two_subjects(const inspection& r, const claim& a, const claim& b) {
  const std::string_view x = lead_of(r, a), y = lead_of(r, b);
  const auto names_a_time = [](std::string_view t) { return has(t, "年") || has(t, "月") || has(t, "季度"); };
  if (x == y) return false;
  return (!x.empty() && !y.empty()) || names_a_time(x) || names_a_time(y);
}

void compare(inspection& r, const list& all, std::string_view kind, std::string_view name, int percent) {
  const std::vector<list> values = values_of(all);
  if (values.size() < 2 || values.size() > most_values) return;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const claim &a = *values[0].front(), &b = *values[i].front();
    if (a.paragraph == b.paragraph ||
        !near(std::min(a.what.value, b.what.value), std::max(a.what.value, b.what.value), percent) ||
        of_two_projects(r, a, b))
      continue;
    const claim* budget = kind == "amount/amount" && name == "支出" ? budget_of(r, b) : nullptr;
    std::string text = fmt::format("“{}”前后不一：{} 与 {}。", name, printed(r, a), printed(r, b));
    if (budget == nullptr)
      r.tell(kind, of_two_subjects(r, a, b) ? strength::ask : strength::sure, {&a, &b}, std::move(text));
    else
      r.tell(kind, strength::sure, {&a, &b, budget}, text + "后者是预算数。");
  }
}

/** 采购支出 406.47万元，一般总预算 513.47万元: two parts of the spending, one of them called a budget. */
void parts_of_two_concepts(inspection& r) {
  for (std::size_t i = 0, pairs = 0; i + 1 < r.claims.size() && pairs < 50; ++i) {
    const claim &a = r.claims[i], &b = r.claims[i + 1];
    if (a.what.what != measure::money || b.what.what != measure::money || !same_sentence(a, b)) continue;
    if (!(a.label.ends_with("支出") && b.label.ends_with("预算")) &&
        !(a.label.ends_with("预算") && b.label.ends_with("支出")))
      continue;
    ++pairs;
    const exact sum = a.what.value + b.what.value;
    const auto third = std::ranges::find_if(r.claims, [&](const claim& c) {
      return c.what.what == measure::money && c.what.value == sum && has_any(c.label, words().of("spending")) &&
             c.paragraph != a.paragraph;
    });
    if (third != r.claims.end())
      r.tell("amount/amount", strength::sure, {&a, &b, &*third},
             fmt::format("{} 与 {} 之和正是支出 {}，其中一个却称预算。", printed(r, a), printed(r, b),
                         printed(r, *third)));
  }
}

/** What a figure is told of; figures of one key are one figure. */
struct of_one_name {
  std::string_view kind;
  std::string name;
  int percent;  ///< farther apart they are two things
  list all;
};
using names = std::map<std::string, of_one_name>;

/** 7个新媒体账号 beside 维护新媒体2个: one noun, two labels, so only a question. */
void nouns_that_may_be_one(inspection& r, const names& named) {
  std::size_t asked = 0;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::count || length_of(c.noun) < 4 || !stands(r, c) || in_list(r, c) || ++asked > 100)
      continue;
    for (const auto& [key, one] : named) {
      const claim& other = *one.all.front();
      if (one.kind != "count/count") continue;
      if (other.what.unit != c.what.unit || other.paragraph == c.paragraph || !other.noun.empty()) continue;
      std::string_view noun = other.before;
      while (length_of(noun) > 3 && !c.noun.starts_with(noun)) noun.remove_prefix(char_bytes(noun, 0));
      if (c.noun.starts_with(noun) && length_of(noun) >= 3 && values_of({&other, &c}).size() > 1 &&
          one.all.size() > 1) {
        r.tell("count/count", strength::ask, {&other, &c},
               fmt::format("{} 与 {}：是同一批“{}”吗？", printed(r, other), printed(r, c), noun));
        break;
      }
    }
  }
}

bool is_one_of(const std::string& label, std::string_view key) {
  return std::ranges::find(words().of(key), label) != words().of(key).end();
}

void take(names& into, std::string key, std::string_view kind, std::string_view name, int percent, const claim& c) {
  into.try_emplace(std::move(key), of_one_name{kind, std::string(name), percent, {}}).first->second.all.push_back(&c);
}

/** 支出 is the spending of the project where the label says nothing more. */
void take_money(names& into, const claim& c, bool budget_changed) {
  static constexpr std::array<std::pair<const char*, const char*>, 3> concepts{
      {{"spending", "支出"}, {"budget", "预算"}, {"received", "到位资金"}}};
  for (const auto& [key, name] : concepts)
    // plain() takes words of money away too: 预算安排 is cut to 预算, 支付 to nothing
    if ((is_one_of(c.name, key) || (c.name.empty() && !c.label.empty() && has_any(c.label, words().of(key)))) &&
        (name != std::string_view("预算") || !budget_changed))
      take(into, key, "amount/amount", name, 10, c);
  if (length_of(c.name) >= 4 && !is_one_of(c.name, "spending"))
    take(into, c.name + "/元", "amount/amount", c.name, 60, c);
}

/** The very same words before two amounts: 2024年项目预算安排; and the total of the points. */
void take_same_words(names& into, const claim& c) {
  if (c.what.how != bound::exactly || c.inside || c.earlier || c.each || direction_word(c.before)) return;
  const bool whole = has(c.before, "项目") || has(c.before, "全年") || has(c.before, "年度");
  if (c.what.what == measure::money && length_of(c.before) >= 4 && whole &&
      (c.noun.empty() || c.noun.starts_with("中")) && !has(c.before, "该") && !has(c.before, "本"))
    take(into, "=" + c.before, "amount/amount", c.before, 60, c);
  if (c.what.what == measure::score && length_of(c.before) <= 10 && !has(c.before, "满分") && c.what.value != 100 &&
      std::ranges::any_of(words().of("total scores"),
                          [&](const std::string& w) { return c.before.ends_with(w) || c.before.ends_with(w + "为"); }))
    take(into, "总分", "score/parts", "总分", 10, c);
}

void take_labelled(names& into, const claim& c, bool budget_changed) {
  const measure what = c.what.what;
  if (what == measure::money)
    take_money(into, c, budget_changed);
  else if (what == measure::percent && length_of(c.name) >= 4 && c.noun.empty())
    take(into, c.name + "/%", "rate/rate", c.name, 5, c);
  else if ((what == measure::count || what == measure::persons || what == measure::person_times ||
            what == measure::days) &&
           length_of(c.before + c.noun) >= 4 && length_of(c.name) >= 2)
    take(into, c.name + c.noun + "/" + c.what.unit, "count/count", c.name + c.noun, 60, c);
}

}  // namespace

void repeats(inspection& r) {
  const bool budget_changed = std::ranges::any_of(r.claims, [](const claim& c) {
    return has_any(c.before, words().of("added")) || has_any(c.before, words().of("cut")) ||
           has_any(c.before, words().of("adjusted"));
  });
  names all;
  for (const claim& c : r.claims) {
    if (in_list(r, c)) continue;
    take_same_words(all, c);
    if (stands(r, c)) take_labelled(all, c, budget_changed);
  }
  for (const auto& [key, one] : all) compare(r, one.all, one.kind, one.name, one.percent);
  if (all.size() <= 500) nouns_that_may_be_one(r, all);
  parts_of_two_concepts(r);
}

void dates(inspection& r) {
  for (std::size_t n = 0; n < r.report.paragraphs.size(); ++n) {
    const paragraph& p = r.report.paragraphs[n];
    for (std::size_t at = p.text.find("月"); at != std::string::npos; at = p.text.find("月", at + 3)) {
      std::size_t from = at, to = at + 3;
      while (from > 0 && p.text[from - 1] >= '0' && p.text[from - 1] <= '9') --from;
      while (to < p.text.size() && p.text[to] >= '0' && p.text[to] <= '9') ++to;
      if (at == from || at - from > 2 || to == at + 3 || to > at + 5 ||
          !std::string_view(p.text).substr(to).starts_with("日"))
        continue;
      int year = 2024;  // where none stands before it, 29 February may be: of which year is not told
      if (from >= 7 && p.text.substr(from - 3, 3) == "年")
        year = digits_in(std::string_view(p.text).substr(from - 7, 4));
      const auto month = static_cast<unsigned>(digits_in(std::string_view(p.text).substr(from, at - from)));
      const auto day = static_cast<unsigned>(digits_in(std::string_view(p.text).substr(at + 3, to - at - 3)));
      const std::chrono::year_month_day d{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
      if (!d.ok())
        r.tell_lines("date/date", strength::sure, {r.report.line(p, from)},
                     fmt::format("没有 {} 月 {} 日这一天。", month, day));
    }
  }
}

}  // namespace changtong::claims
