// The same quantity under the same full label, told twice; the money of the whole project.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "daemon/claims/relations.h"
#include "daemon/claims/table_blocks.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

/** 2023年预算数20万元，执行数19.2万元: the year holds for what follows in the sentence until another is told. */
bool of_another_year(const inspection& r, const claim& c) {
  constexpr std::ptrdiff_t farthest = 12;  // figures
  for (const claim* at = &c; &c - at <= farthest && same_sentence(*at, c); --at) {
    if (at->time.size() == 4) return true;
    if (has(at->before, "年") || at == r.claims.data()) return false;
  }
  return false;
}

bool may_stand(const inspection& r, const claim& c) {
  return c.what.how == bound::exactly && !c.what.range && !c.inside && !c.earlier && !c.each &&
         !direction_word(c.before) && !r.report.paragraphs[c.paragraph].goals &&
         std::ranges::none_of(r.report.paragraphs[c.paragraph].titles,
                              [](const std::string& t) { return has_any(t, words().of("content titles")); });
}

bool stands(const inspection& r, const claim& c) {
  return may_stand(r, c) && !c.planned && c.time.empty() && !of_another_year(r, c) && !in_list(r, c);
}

/** Different figures of one name, the one that is told most often first; none where there are so many that they are
 * those of many things. */
std::vector<list> values_of(const list& all) {
  constexpr std::size_t most = 3;
  std::vector<list> out;
  for (const claim* c : all) {
    const auto it = std::ranges::find_if(out, [&](const list& l) {
      const bool coarse = l.front()->what.grain >= c->what.grain;
      return prints((coarse ? *l.front() : *c).what, (coarse ? *c : *l.front()).what.value);
    });
    it == out.end() ? out.push_back({c}) : it->push_back(c);
    if (out.size() > most) return {};
  }
  std::ranges::sort(out, [](const list& a, const list& b) {
    return a.size() != b.size() ? a.size() > b.size() : a.front() < b.front();
  });
  return out;
}

std::string_view kind_of(measure what) {
  return what == measure::money     ? "amount/amount"
         : what == measure::percent ? "rate/rate"
         : what == measure::score   ? "score/parts"
                                    : "count/count";
}

/** Whether a text has no words but these, and figures. */
bool made_of(std::string text, std::string_view key) {
  std::erase_if(text, [](char c) { return c > 0 && c < 0x7f; });
  for (const std::string& w : words().of(key))
    for (std::size_t at = 0; (at = text.find(w)) != text.npos;) text.erase(at, w.size());
  return text.empty();
}

/** 截至2023年12月底 where the report is of 2023: as everything in it is. */
bool of_this_year(const written_report& report, std::string text) {
  for (const std::string& w : {std::to_string(report.year) + "年", std::string("12月"), std::string("31日")})
    if (const auto at = text.find(w); at != text.npos) text.erase(at, w.size());
  return text.find_first_of("0123456789") == text.npos && made_of(std::move(text), "year ends");
}

/** What a sentence is about, told before its first mark: 1月份, 第一中学：, 一是…; or by a short sentence without
 * figures that begins its paragraph: 城东片区已建成。 */
std::string_view lead_of(const inspection& r, const claim& c) {
  constexpr std::size_t longest = 20;
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const auto names = [&](std::string_view t) {
    return quantities_of(t).empty() && length_of(t) <= longest && !of_this_year(r.report, std::string(t)) &&
           !has_any(t, words().of("no subjects")) && !made_of(std::string(t), "chapter words");
  };
  if (!c.indicator.empty()) return {};
  const std::string_view t = p.words({p.sentences[c.sentence].from, c.words.from});
  if (const std::size_t mark = std::min(t.find("，"), t.find("：")); mark != t.npos)
    return names(t.substr(0, mark)) ? t.substr(0, mark) : std::string_view();
  const std::string_view first = p.words(p.sentences.front());
  return c.sentence > 0 && names(first) ? first : std::string_view();
}

/** Whether headings or the beginnings of the sentences may say that the figures are of different things: of two
 * schools, months, projects. Chapters that every report has say nothing. */
bool of_two_subjects(const inspection& r, const claim& a, const claim& b, bool exchanged = false) {
  if (r.report.paragraphs[a.paragraph].sheet != r.report.paragraphs[b.paragraph].sheet) return true;
  const auto titles_of = [&](const claim& c) {
    std::vector<std::string> all = r.report.paragraphs[c.paragraph].titles;
    if (!c.indicator.empty() && !all.empty() && r.report.paragraphs[c.paragraph].level > 0)
      all.pop_back();  // that of its item
    return all;
  };
  const auto x = titles_of(a), y = titles_of(b);
  const auto [p, q] = std::ranges::mismatch(x, y);
  const auto subject = [&](std::string t) {
    if (const auto at = t.find(r.report.project); !r.report.project.empty() && at != t.npos)
      t.erase(at, r.report.project.size());
    return !made_of(std::move(t), "chapter words");
  };
  if (std::any_of(p, x.end(), subject) || std::any_of(q, y.end(), subject)) return true;
  const std::string_view first = lead_of(r, a), second = lead_of(r, b);
  const bool may_name = !exchanged || (length_of(first) <= 6 && length_of(second) <= 6);
  const auto of_time = [](std::string_view t) {  // and no 年度任务
    const std::size_t year = t.find("年"), month = t.find("月");
    const auto dated = [&](std::size_t at) { return at != t.npos && at > 0 && t[at - 1] >= '0' && t[at - 1] <= '9'; };
    return dated(year) || dated(month) || has_any(t, words().of("earlier")) || has(t, "季度");
  };
  return first != second && ((may_name && !first.empty() && !second.empty()) || of_time(first) || of_time(second));
}

/** What a figure is told of; figures of one key are one figure. */
struct of_one_name {
  std::string_view kind;
  std::string name;
  bool full;  ///< the label says all; else it is the name of a concept, of which a part may be meant
  list all;
};

void compare(inspection& r, const of_one_name& n) {
  const std::vector<list> values = values_of(n.all);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const claim &a = *values[0].front(), &b = *values[i].front();
    const int percent = !n.full || n.kind == "score/parts" ? 10 : n.kind == "rate/rate" ? 5 : 60;
    if (a.paragraph == b.paragraph ||
        r.report.paragraphs[a.paragraph].sheet != r.report.paragraphs[b.paragraph].sheet ||
        !near(std::min(a.what.value, b.what.value), std::max(a.what.value, b.what.value), percent))
      continue;
    if (n.kind == "amount/amount" && n.full &&
        has_any(a.before, words().of("paid")) != has_any(b.before, words().of("paid")))
      continue;  // 县级配套1,215万元, 县级配套资金支付1,008万元
    list told{&a, &b};
    std::string text = fmt::format("“{}”前后不一：{} 与 {}。", n.name, printed(r, a), printed(r, b));
    if (n.name == "支出") {
      const auto budget = std::ranges::find_if(r.claims, [&](const claim& c) {
        return c.what.what == measure::money && c.what.value == b.what.value && has(c.before, "预算数");
      });
      if (budget != r.claims.end()) told.push_back(&*budget), text += "后者是预算数。";
    }
    r.tell(n.kind, n.full && !of_two_subjects(r, a, b) ? strength::sure : strength::ask, told, std::move(text));
  }
}

class names {
 public:
  void take(const inspection& r, const claim& c) {
    const measure what = c.what.what;
    if (!c.indicator.empty() && length_of(c.indicator) >= 4 && c.noun.empty() && what != measure::score && stands(r, c))
      return add(c.indicator + "/" + c.what.unit, {kind_of(what), c.indicator, true, {}}, c);
    const bool whole = has(c.before, "项目") || has(c.before, "全年") || has(c.before, "年度");
    if (what == measure::money && whole && c.what.how == bound::exactly && !c.inside && !c.earlier && !c.each &&
        !direction_word(c.before) && !in_list(r, c))  // the very same words: 2024年项目预算安排
      add("=" + c.before, {"amount/amount", c.before, true, {}}, c);
    if (!stands(r, c)) return;
    if (is_score(c) && c.what.value != 100 && has_any(c.before, words().of("total scores")) &&
        length_of(c.before) <= 10)
      return add("总分", {"score/parts", "总分", true, {}}, c);
    if (what == measure::money)
      for (const auto& [key, name] : concepts)
        if (std::ranges::find(words().of(key), c.name) != words().of(key).end() ||
            (c.name.empty() && has_any(c.label, words().of(key))))
          return add(std::string(key), {"amount/amount", std::string(name), false, {}}, c);
    const bool rate = what == measure::percent, money = what == measure::money;
    // 合同总金额 says all of it, 合同金额 may be that of one of several
    const bool in_all = money && has(c.label, "总") && length_of(c.label) >= 4 && length_of(c.name) >= 2;
    const bool points = what == measure::score;
    if (points && (!is_got(c) || length_of(c.name) < 6 || has_any(r.report.source, words().of("second marks")))) return;
    if ((what == measure::other && length_of(c.name) < 6) || what == measure::points_apart ||
        (length_of(c.name) < (rate || money ? 4 : 2) && !in_all) || length_of(c.before + c.noun) < 4 ||
        (rate && !c.noun.empty()))
      return;
    constexpr std::size_t says_all = 8;  // characters: 纳入维修养护的小型水库66座均落实
    const std::string noun = money || c.noun == "中" || length_of(c.name) >= says_all ? "" : c.noun,
                      name = std::string(stripped(c.before, words().of("verbs"))) + noun;
    const std::string rest = noun + "/" + c.what.unit;
    add(told_before(c, rest).value_or((in_all ? "总" : "") + c.name + rest), {kind_of(what), name, true, {}}, c);
  }
  /** A figure of a table beside what sentences say under its full label; nothing where two rows have one. */
  void take_rows(const inspection& r, const std::vector<claim>& rows) {
    const bool second = has_any(r.report.source, words().of("second marks"));
    std::map<std::string, list> by_key;
    for (const claim& c : rows)
      if (!c.planned && !c.earlier && c.time.empty() && c.what.how == bound::exactly &&
          !(second && c.what.what == measure::score))
        by_key[c.what.what == measure::score ? c.name : c.name + "/" + c.what.unit].push_back(&c);
    for (const auto& [key, found] : by_key)
      if (const auto text = all_.find(key);
          found.size() == 1 && text != all_.end() && text->second.full &&
          (found.front()->noun != whole_row ||
           has_any(r.sentence(*text->second.all.front()), words().of("told by a table"))))  // else that of more rows
        text->second.all.push_back(found.front());
  }
  [[nodiscard]] const std::map<std::string, of_one_name>& all() const { return all_; }

 private:
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> concepts{
      {{"spending", "支出"}, {"budget", "预算"}, {"received", "到位资金"}}};

  /** 该污水处理设施设计日处理能力 is what was told before as 设计日处理能力. */
  [[nodiscard]] std::optional<std::string> told_before(const claim& c, const std::string& rest) const {
    constexpr std::size_t six = 18;  // characters; bytes
    if (!c.name.starts_with("该") && !c.name.starts_with("此")) return std::nullopt;
    for (std::size_t i = 0; i + six <= c.name.size(); i += char_bytes(c.name, i))
      if (std::string key = c.name.substr(i) + rest; all_.contains(key)) return key;
    return std::nullopt;
  }

  void add(std::string key, const of_one_name& n, const claim& c) {
    all_.try_emplace(std::move(key), n).first->second.all.push_back(&c);
  }
  std::map<std::string, of_one_name> all_;
};

/** 采购支出 406.47万元，一般总预算 513.47万元: two parts of the spending, one of them called a budget. */
void parts_of_two_concepts(inspection& r) {
  const auto ends = [](const claim& c, std::string_view w) { return c.label.ends_with(w); };
  for (std::size_t i = 0, pairs = 0; i + 1 < r.claims.size() && pairs < 50; ++i) {
    const claim &a = r.claims[i], &b = r.claims[i + 1];
    if (a.what.what != measure::money || !same_unit(a, b) || !same_sentence(a, b) ||
        !((ends(a, "支出") && ends(b, "预算")) || (ends(a, "预算") && ends(b, "支出"))))
      continue;
    ++pairs;
    const auto sum = std::ranges::find_if(r.claims, [&](const claim& c) {
      return same_unit(c, a) && c.what.value == a.what.value + b.what.value && has(c.label, "支出");
    });
    if (sum != r.claims.end())
      r.tell(
          "amount/amount", strength::ask, {&a, &b, &*sum},
          fmt::format("{} 与 {} 之和正是支出 {}，其中一个却称预算。", printed(r, a), printed(r, b), printed(r, *sum)));
  }
}

/** 维护新媒体2个 told again and again, and 7个新媒体账号. */
void nouns_that_may_be_one(inspection& r, const names& named) {
  std::size_t asked = 0;
  for (const claim& c : r.claims) {
    constexpr std::size_t beginning = 9;  // three characters
    if (c.what.what != measure::count || length_of(c.noun) < 4 || !stands(r, c) || ++asked > 100) continue;
    const auto same = std::ranges::find_if(named.all(), [&](const auto& n) {
      const claim& other = *n.second.all.front();
      return n.second.all.size() > 1 && same_unit(other, c) && other.noun.empty() && other.paragraph != c.paragraph &&
             other.what.value != c.what.value && other.name.ends_with(c.noun.substr(0, beginning));
    });
    if (same != named.all().end())
      r.tell("count/count", strength::ask, {same->second.all.front(), &c},
             fmt::format("{} 与 {}：是同一批“{}”吗？", printed(r, *same->second.all.front()), printed(r, c),
                         c.noun.substr(0, beginning)));
  }
}

/** The digits of a figure in order of their size: those of 1,286.4 and of 1,268.4 are the same. */
std::string digits_of(const inspection& r, const claim& c) {
  std::string out(r.report.paragraphs[c.paragraph].words(c.what.digits));
  std::erase_if(out, [](char d) { return d < '0' || d > '9'; });
  std::ranges::sort(out);
  return out.erase(0, std::min(out.find_first_not_of('0'), out.size()));  // 23,675,000元, 2,367.5万元
}

/** Eight characters that both labels end in say what it is, whatever the sentence begins with. */
bool full_label(const claim& a, const claim& b) {
  const std::string_view x = stripped(a.before, words().of("neutral")), y = stripped(b.before, words().of("neutral"));
  const auto [p, q] = std::mismatch(x.rbegin(), x.rend(), y.rbegin(), y.rend());
  constexpr std::ptrdiff_t eight = 24;  // bytes
  return p - x.rbegin() >= eight;
}

/** Whether two labels are one, or end in all of the shorter one, or in the same eight characters
 * (下达我市2023年水利发展 资金, 下达的2023年水利发展资金); or the one stands behind its figure: 421份有效问卷. */
bool same_words(const claim& a, const claim& b) {
  constexpr std::size_t shortest = 4, four = 12;  // characters, bytes
  const std::string_view x = stripped(a.before, words().of("neutral")), y = stripped(b.before, words().of("neutral"));
  const auto ends_in = [](std::string_view label, std::string_view name) {
    return length_of(name) >= shortest && label.ends_with(name);
  };
  const auto turned = [](std::string_view label, std::string_view noun) {
    return label.size() >= four && noun.starts_with(label.substr(label.size() - four));
  };
  return (a.name == b.name && length_of(x) >= shortest) || ends_in(x, b.name) || ends_in(y, a.name) || ends_in(x, y) ||
         ends_in(y, x) || turned(x, b.noun) || turned(y, a.noun) || full_label(a, b);
}

/** 里程1,286.4公里 and, elsewhere under the same words, 里程1,268.4公里: digits that changed places are a slip of the
 * hand, also where a list or a shorter label would leave open whether the two are one. */
void exchanged_digits(inspection& r, const std::vector<claim>& rows) {
  std::map<std::string, list> by_digits;
  constexpr std::size_t most = 8;
  for (const std::vector<claim>* all : {&r.claims, &rows})
    for (const claim& c : *all) {
      if (!may_stand(r, c) || c.what.what == measure::points_apart) continue;
      const std::string digits = digits_of(r, c);
      const bool money = c.what.what == measure::money;
      list& same = by_digits[digits + (money ? std::string() : c.what.unit) + c.time];
      if (digits.empty() || digits.find_first_not_of(digits.front()) == digits.npos || same.size() > most) continue;
      for (const claim* other : same)
        if (other->paragraph != c.paragraph && same_unit(*other, c) && other->what.value != c.what.value &&
            (money || other->what.grain == c.what.grain) && near(other->what.value, c.what.value, 50) &&
            length_of(other->before) > 0 && same_words(*other, c) && other->planned == c.planned &&
            (!c.planned || full_label(*other, c)) &&  // 营养改善计划受益学生: of a name
            (money || c.what.what == measure::percent || c.noun == whole_row ||
             c.noun.substr(0, 6) == other->noun.substr(0, 6) || c.noun.empty() != other->noun.empty()))
          r.tell(kind_of(c.what.what),
                 of_two_subjects(r, *other, c, true) && !full_label(*other, c) ? strength::ask : strength::sure,
                 {other, &c},
                 fmt::format("“{}”写作 {} 与 {}，数字相同而次序不同。", stripped(c.before, words().of("verbs")),
                             printed(r, *other), printed(r, c)));
      if (all == &r.claims) same.push_back(&c);
    }
}

/** 共下达830万元，具体如下： and the table below it that comes to another sum. */
void totals_told_above(inspection& r, const std::vector<claim>& rows) {
  std::map<std::pair<std::size_t, std::string>, list> totals;  // by the table's first row, and unit
  for (const claim& c : rows) {
    std::size_t first = c.paragraph;
    while (first > 0 && r.report.paragraphs[first - 1].table) --first;
    if (c.noun == whole_row)
      totals[{first, std::string(kind_of(c.what.what)) + (c.what.what == measure::money ? "" : c.what.unit)}].push_back(
          &c);
  }
  for (const auto& [key, told] : totals) {
    if (told.size() != 1 || told.front()->what.unit.empty()) continue;
    list close;
    bool same = false;
    for (const claim& c : r.claims) {
      if (c.paragraph >= key.first || c.paragraph + 2 < key.first || !same_unit(c, *told.front()) ||
          !has_any(r.report.paragraphs[c.paragraph].text, words().of("told by a table")))
        continue;
      constexpr int near_by = 15;  // percent
      same |= prints(c.what, told.front()->what.value) || prints(told.front()->what, c.what.value);
      if (may_stand(r, c) && !c.planned && near(c.what.value, told.front()->what.value, near_by)) close.push_back(&c);
    }
    if (!same && close.size() == 1)
      r.tell("sum/parts", strength::sure, {close.front(), told.front()},
             fmt::format("表的合计 {} 与所写的 {} 不符。", printed(r, *told.front()), printed(r, *close.front())));
  }
}

}  // namespace

void repeats(inspection& r) {
  names all;
  for (const claim& c : r.claims) all.take(r, c);
  const std::vector<claim> rows = claims_of_tables(r.report);
  all.take_rows(r, rows);
  for (const auto& [key, one] : all.all()) compare(r, one);
  if (all.all().size() <= 500) nouns_that_may_be_one(r, all);
  exchanged_digits(r, rows);
  totals_told_above(r, rows);
  parts_of_two_concepts(r);
}

}  // namespace changtong::claims
