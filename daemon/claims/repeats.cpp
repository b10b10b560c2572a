// The same quantity under the same full label, told twice; the money of the whole project; days that do not exist.
#include <fmt/format.h>

#include <algorithm>
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

bool near(const exact& a, const exact& b, int percent) {
  const exact d = a > b ? a - b : b - a;
  return d * 100 <= (a > b ? a : b) * percent;
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
    if (a.paragraph == b.paragraph || !near(a.what.value, b.what.value, percent) || of_two_projects(r, a, b)) continue;
    const claim* budget = kind == "amount/amount" && name == "支出" ? budget_of(r, b) : nullptr;
    std::string text = fmt::format("“{}”前后不一：{} 与 {}。", name, printed(r, a), printed(r, b));
    if (budget == nullptr)
      r.tell(kind, of_two_subjects(r, a, b) ? strength::ask : strength::sure, {&a, &b}, std::move(text));
    else
      r.tell(kind, strength::sure, {&a, &b, budget}, text + "后者是预算数。");
  }
}

/** 支出 is the spending of the project where the label says nothing more. */
void concept_of(inspection& r, std::string_view key) {
  list all;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::money || !stands(r, c) || in_list(r, c)) continue;
    const std::string label = c.name;
    const bool named = std::ranges::find(words().of(key), label) != words().of(key).end();
    // plain() takes words of money away too: 预算安排 is cut to 预算, 支付 to nothing
    if (named || (label.empty() && !c.label.empty() && has_any(c.label, words().of(key)))) all.push_back(&c);
  }
  compare(r, all, "amount/amount", key == "spending" ? "支出" : key == "budget" ? "预算" : "到位资金", 10);
}

/** 采购支出 406.47万元，一般总预算 513.47万元: two parts of the spending, one of them called a budget. */
void parts_of_two_concepts(inspection& r) {
  for (std::size_t i = 0, pairs = 0; i + 1 < r.claims.size() && pairs < 50; ++i) {
    const claim &a = r.claims[i], &b = r.claims[i + 1];
    if (a.what.what != measure::money || b.what.what != measure::money || a.paragraph != b.paragraph ||
        a.sentence != b.sentence)
      continue;
    const bool spent = a.label.ends_with("支出") && b.label.ends_with("预算"),
               planned = a.label.ends_with("预算") && b.label.ends_with("支出");
    if (!spent && !planned) continue;
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

/** 到位100万元，支出96万元，结余5万元; spending above what was received is a question. */
void rest_of(inspection& r, group g) {
  const claim *in = nullptr, *out = nullptr, *rest = nullptr;
  for (const claim& c : r.of(g)) {
    if (c.what.what != measure::money || c.inside || c.earlier || c.each) continue;
    if (has_any(c.before, words().of("rest")) && rest == nullptr)
      rest = &c;
    else if (const std::string label = c.name;
             (has_any(c.before, words().of("spending")) || has_any(c.before, words().of("spent"))) && out == nullptr)
      out = &c;
    else if (has_any(c.before, words().of("budget")) || has_any(c.before, words().of("received")) ||
             has(c.before, "收入"))
      in = &c;
    else
      return;
  }
  if (in == nullptr || out == nullptr || in > out || in->what.how != bound::exactly || out->what.how != bound::exactly)
    return;
  if (rest != nullptr && rest > out && rest->what.how == bound::exactly &&
      in->what.value - out->what.value != rest->what.value) {
    list told{in, out, rest};
    const exact off = in->what.value - out->what.value - rest->what.value;
    if ((off < 0 ? exact(-off) : off) > (rest->what.grain < 10'000 ? rest->what.grain : exact(0)) &&
        r.of(g).size() == 3)
      r.tell("amount/amount", strength::sure, told,
             fmt::format("{} 减去 {} 余 {}，写 {}。", printed(r, *in), printed(r, *out),
                         in_unit(in->what.value - out->what.value, in->what), printed(r, *rest)));
  } else if (out->what.value > in->what.value && rest == nullptr) {
    const bool denied = has_any(r.sentence(*in), words().of("not overspent"));
    r.tell("amount/amount", denied ? strength::sure : strength::ask, {in, out},
           fmt::format("支出 {} 大于 {}{}", printed(r, *out), printed(r, *in),
                       denied ? "，却写没有超支。" : "，差额从何而来？"));
  }
}

/** 年初预算 A，追加 B，调整后预算 C. */
void adjusted(inspection& r, group g) {
  const claim *first = nullptr, *more = nullptr, *last = nullptr;
  for (const claim& c : r.of(g)) {
    if (c.what.what != measure::money || c.inside || c.what.how != bound::exactly) continue;
    if (has_any(c.before, words().of("adjusted")) || (more != nullptr && has(c.before, "预算")))
      last = last == nullptr ? &c : last;
    else if (has_any(c.before, words().of("added")) || has_any(c.before, words().of("cut"))) {
      if (more != nullptr) return;
      more = &c;
    } else if (has(c.before, "年初") && first == nullptr)
      first = &c;
  }
  if (first == nullptr || more == nullptr || last == nullptr || first > more || more > last) return;
  if (last - first != 2 || first->what.unit != last->what.unit || more->what.unit != last->what.unit) return;
  const exact sum = has_any(more->before, words().of("added")) ? exact(first->what.value + more->what.value)
                                                               : exact(first->what.value - more->what.value);
  if (sum != last->what.value)
    r.tell("amount/amount", strength::sure, {first, more, last},
           fmt::format("{}、{} 得 {}，写 {}。", printed(r, *first), printed(r, *more), in_unit(sum, last->what),
                       printed(r, *last)));
}

/** 7个新媒体账号 beside 维护新媒体2个: one noun, two labels, so only a question. */
void nouns_that_may_be_one(inspection& r, const std::map<std::string, list>& named) {
  std::size_t asked = 0;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::count || length_of(c.noun) < 4 || !stands(r, c) || in_list(r, c) || ++asked > 100)
      continue;
    for (const auto& [key, all] : named) {
      const claim& other = *all.front();
      if (other.what.unit != c.what.unit || other.paragraph == c.paragraph || !other.noun.empty()) continue;
      std::string_view noun = other.before;
      while (length_of(noun) > 3 && !c.noun.starts_with(noun)) noun.remove_prefix(char_bytes(noun, 0));
      if (c.noun.starts_with(noun) && length_of(noun) >= 3 && values_of({&other, &c}).size() > 1 && all.size() > 1) {
        r.tell("count/count", strength::ask, {&other, &c},
               fmt::format("{} 与 {}：是同一批“{}”吗？", printed(r, other), printed(r, c), noun));
        break;
      }
    }
  }
}

}  // namespace

void money(inspection& r) {
  concept_of(r, "spending");
  const bool changed = std::ranges::any_of(r.claims, [](const claim& c) {
    return has_any(c.before, words().of("added")) || has_any(c.before, words().of("cut")) ||
           has_any(c.before, words().of("adjusted"));
  });
  if (!changed) concept_of(r, "budget");
  concept_of(r, "received");
  parts_of_two_concepts(r);
  for (const group g : r.sentences) {
    rest_of(r, g);
    adjusted(r, g);
  }
}

namespace {

/** The very same words before two amounts: 2024年项目预算安排; and the total of the points. */
void same_words(inspection& r) {
  std::map<std::string, list> by_words;
  list totals;
  for (const claim& c : r.claims) {
    if (c.what.how != bound::exactly || c.inside || c.earlier || c.each || in_list(r, c) || direction_word(c.before))
      continue;
    const bool whole = has(c.before, "项目") || has(c.before, "全年") || has(c.before, "年度");
    if (c.what.what == measure::money && length_of(c.before) >= 4 && whole &&
        (c.noun.empty() || c.noun.starts_with("中")) && !has(c.before, "该") && !has(c.before, "本"))
      by_words[c.before].push_back(&c);
    if (c.what.what == measure::score && length_of(c.before) <= 10 && !has(c.before, "满分") && c.what.value != 100 &&
        std::ranges::any_of(words().of("total scores"), [&](const std::string& w) {
          return c.before.ends_with(w) || c.before.ends_with(w + "为");
        }))
      totals.push_back(&c);
  }
  for (const auto& [key, all] : by_words) compare(r, all, "amount/amount", key, 60);
  compare(r, totals, "score/parts", "总分", 10);
}

}  // namespace

void repeats(inspection& r) {
  std::map<std::string, list> named, rates;
  for (const claim& c : r.claims) {
    if (!stands(r, c) || in_list(r, c)) continue;
    const std::string label = c.name;
    if (c.what.what == measure::percent && length_of(label) >= 4 && c.noun.empty())
      rates[label].push_back(&c);
    else if (c.what.what == measure::money && length_of(label) >= 4 &&
             std::ranges::find(words().of("spending"), label) == words().of("spending").end())
      named[label + "/元"].push_back(&c);
    else if ((c.what.what == measure::count || c.what.what == measure::persons ||
              c.what.what == measure::person_times || c.what.what == measure::days) &&
             length_of(c.before + c.noun) >= 4 && length_of(label) >= 2)
      named[label + c.noun + "/" + c.what.unit].push_back(&c);
  }
  same_words(r);
  for (const auto& [key, all] : named) {
    const std::string name = key.substr(0, key.find('/'));
    compare(r, all, all.front()->what.what == measure::money ? "amount/amount" : "count/count", name, 60);
  }
  for (const auto& [label, all] : rates) compare(r, all, "rate/rate", label, 5);
  if (named.size() <= 500) nouns_that_may_be_one(r, named);
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
