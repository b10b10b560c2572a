// The whole and its parts, where the text says that these are the parts: 其中, 包括, 分别为, 构成, 合计.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;
constexpr std::size_t most_parts = 30;

exact sum_of(const list& parts) {
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  return sum;
}

/** Whether the parts make up the whole. Decimals were rounded one by one, so their sum may miss it by a last digit:
 * that of the finest, since 0.70 is written 0.7 too; so may figures that are counted in 万. */
bool equals(const list& parts, const claim& whole) {
  exact grain = whole.what.grain;
  for (const claim* c : parts) grain = std::min(grain, c->what.grain);
  const bool money = whole.what.what == measure::money, scaled = !money && whole.what.grain > 1;
  grain = std::max<exact>(grain, scaled ? exact(whole.what.grain / 2) : whole.what.grain);
  const bool rounded = scaled || (parts.size() > 2 && grain < (money ? 10'000 : 1));
  return apart(sum_of(parts), whole.what.value) <= (rounded ? grain : exact(0));
}

/** Whether some beginning or end of the list, of two at least, makes up the whole: the rest belongs to another one.
 * What 、 joins is of one. */
bool equals_in_part(const inspection& r, const list& parts, const claim& whole) {
  const auto parted = [&](std::ptrdiff_t n) {  // behind the n-th
    if (n == 0 || n == std::ssize(parts)) return true;
    const std::string_view between =
        r.between(*parts[static_cast<std::size_t>(n - 1)], *parts[static_cast<std::size_t>(n)]);
    return !has(between, "、") || has(between, "，") || has(between, "；");
  };
  for (std::ptrdiff_t n = 2; n <= std::ssize(parts); ++n)
    if ((parted(n) && equals({parts.begin(), parts.begin() + n}, whole)) ||
        (parted(std::ssize(parts) - n) && equals({parts.end() - n, parts.end()}, whole)))
      return true;
  return false;
}

void tell(inspection& r, const list& parts, const claim& whole, strength how) {
  list all = parts;
  all.push_back(&whole);
  std::string added;
  for (const claim* c : parts) added += (added.empty() ? "" : " + ") + printed(r, *c);
  r.tell(whole.what.what == measure::score ? "score/parts" : "sum/parts", how, all,
         fmt::format("各部分 {} = {}，与所写的合计 {} 不符。", added, in_unit(sum_of(parts), whole.what),
                     printed(r, whole)));
}

bool is_part(const claim& c) {
  return !c.inside && !c.what.range && !c.earlier && c.what.what != measure::percent &&
         c.what.what != measure::points_apart && c.what.how == bound::exactly;
}

bool begins_with_any(std::string_view text, const word_list& list) {
  return std::ranges::any_of(list, [&](const std::string& w) { return text.starts_with(w); });
}

/** In a list of scores, 15分得14.5分: the points that were got, not the weights. */
list only_got(list parts) {
  if (parts.empty() || parts.front()->what.what != measure::score) return parts;
  std::erase_if(parts, [](const claim* c) { return is_lost(*c); });
  if (std::ranges::none_of(parts, [](const claim* c) { return is_got(*c); })) return parts;
  list out;  // a weight stands just before its points: 项目产出30分 between points that were got is one of them
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool own = !is_got(*parts[i]) && i + 1 < parts.size() && is_got(*parts[i + 1]) &&
                     (begins_with_any(parts[i + 1]->before, words().of("got points")) ||
                      begins_with_any(parts[i + 1]->before, words().of("this indicator")));
    const bool weighs = own || has_any(parts[i]->before, words().of("weights"));
    if (!weighs) out.push_back(parts[i]);
  }
  return out.empty() ? parts : out;
}

/** Whether a figure is of those before it, by their own words. */
bool nested(const claim& before, const claim& c) {
  const std::string_view name = stripped(before.before, words().of("neutral"));
  return length_of(name) > 1 && c.before.size() > name.size() && has(c.before.substr(0, 2 * name.size()), name);
}

/** What is taken from the others, or added beside them: 扣款, 减考核, 加分. */
bool is_less(const claim& c) { return has_any(c.before, words().of("taken or added")) || c.what.value < 0; }

/** 合计, 三者合计, 四项合计, 以上共计: where the words of the total end; 0 for another figure. */
std::size_t total_at(std::string_view before) {
  static const word_list counted{"者", "项", "类", "级", "种", "部分", "以上", "上述", "年", "个"};
  for (const std::string& w : words().of("total markers")) {
    const std::size_t at = before.find(w);
    if (at == before.npos || length_of(before.substr(0, at)) > 5) continue;
    if (at == 0 || std::ranges::any_of(counted, [&](const auto& t) { return has(before.substr(0, at), t); }))
      return at + w.size();
  }
  return 0;
}

/** 主备链路 of 主备链路合计; empty where nothing of its own stands before the word. */
std::string_view name_of_total(std::string_view before) {
  constexpr std::size_t longest = 8;  // characters
  for (const std::string_view w : {"合计", "共计", "总计"})
    if (const std::size_t at = before.find(w); at != before.npos && total_at(before) == 0)
      return length_of(before.substr(0, at)) <= longest ? before.substr(0, at) : std::string_view();
  return {};
}

/** Whether each character of a total's name stands in a label of its parts: 主用链路, 备用链路. */
bool made_of_labels(std::string_view name, const list& parts) {
  std::string labels;
  for (const claim* c : parts) labels += c->before + c->noun;
  for (std::size_t i = 0; i < name.size(); i += char_bytes(name, i))
    if (!has(labels, name.substr(i, char_bytes(name, i)))) return false;
  return true;
}

/** A list of parts as the text announces it. */
struct parts_list {
  list parts;
  bool own_total = false;   ///< 合计 stands behind it, which is judged by itself
  bool open = false;        ///< 等, 主要; or what may overlap: 同时, 党员, 本科以上
  bool attributes = false;  ///< 双路由的85条: may overlap too
  bool pair = false;        ///< 男, 女: there is no third
  bool counted = false;     ///< 由…四部分构成，其中: the sentence counts as many
};

/** 同时, 有重复 of a sentence, and not 互不交叉. */
bool tells_overlap(std::string_view sentence) {
  return has_any(sentence, words().of("overlap told")) && !has_any(sentence, words().of("no overlap told"));
}

bool is_pair(const list& parts) {
  return parts.size() == 2 && std::ranges::any_of(words().of("whole pairs"), [&](const std::string& w) {
           const std::string one = w.substr(0, w.find('+')), other = w.substr(w.find('+') + 1);
           return (has(parts[0]->before, one) && has(parts[1]->before, other)) ||
                  (has(parts[0]->before, other) && has(parts[1]->before, one));
         });
}

/** The figures of one unit from claim `first` to `end_byte`, or to a total. */
parts_list list_from(const inspection& r, group g, std::size_t first, std::size_t end_byte) {
  parts_list out;
  bool other_unit = false;
  for (std::size_t i = first; i < g.to && r.claims[i].what.at.from < end_byte; ++i) {
    const claim& c = r.claims[i];
    if (c.inside || c.what.what == measure::percent || c.what.what == measure::points_apart) continue;
    if (!out.parts.empty() && begins_with_any(c.before, words().of("besides"))) break;  // 另有退休人员63人: no part
    if (!out.parts.empty() && has(r.between(*out.parts.back(), c), "；按")) break;      // 按技术等级: anew
    const bool same = out.parts.empty() || same_unit(c, *out.parts.front());
    if (total_at(c.before) > 0) {
      out.own_total = !out.parts.empty() && same;
      break;
    }
    // 401条，其中…，完成目标400条: what was to be is no part
    if (out.parts.size() == most_parts || c.before.ends_with("目标") || c.before.ends_with("计划")) break;
    out.open |= same && is_less(c);                   // 实付15.44万元，其中服务费15.60万元，考核扣款0.16万元
    out.open |= same && (!is_part(c) || other_unit);  // 3期200人、5期300人: pairs, not a list
    other_unit |= !same;
    if (!out.parts.empty() && same && nested(*out.parts.back(), c)) break;  // 到期6份，到期合同续签5份
    if (is_part(c) && same) out.parts.push_back(&c);
  }
  out.parts = only_got(std::move(out.parts));
  out.open |= !out.parts.empty() && tells_overlap(r.sentence(*out.parts.front()));
  out.pair = is_pair(out.parts);
  const bool apart_told = !out.parts.empty() && has_any(r.sentence(*out.parts.front()), words().of("no overlap told"));
  for (const claim* c : out.parts) {
    out.attributes |= has(c->before, "的");
    out.open |= c->each || c->noun.starts_with("等") || has(c->noun, "若干") || direction(c->before) != 0 ||
                (has_any(c->before, words().of("overlapping")) && !out.pair && !apart_told) ||
                has_any(c->before, words().of("open lists"));
  }
  return out;
}

/** Whether the words before a list name a figure: 在职职工按岗位划分，由, 产出指标下设四个二级指标：. */
bool named_by(std::string_view head, const claim& c) {
  constexpr std::size_t four = 12;  // characters; bytes
  const std::string_view name = stripped(c.before, words().of("neutral"));
  return name.size() >= four && has(head, name.substr(name.size() - four));
}

/** Where the list could have its whole: same unit, before it; what its head names, else in its own sentence, else in
 * the sentences before. */
list wholes(const inspection& r, const claim& first, group g, std::size_t marker_at) {
  list own, before;
  const paragraph& p = r.report.paragraphs[first.paragraph];
  const std::size_t begin = p.sentences[first.sentence].from, mark = p.text.rfind("；", marker_at);
  const std::string_view head = p.words({mark == p.text.npos ? begin : std::max(begin, mark), marker_at});
  for (const claim* c : r.before(first, 2)) {
    if (!same_unit(*c, first) || c->inside || c->what.range) continue;
    const bool here = c >= &r.claims[g.from];
    if (here ? c->what.at.from < marker_at : !in_list(r, *c) || named_by(head, *c)) (here ? own : before).push_back(c);
  }
  if (!own.empty()) return own;
  list named;
  std::ranges::copy_if(before, std::back_inserter(named), [&](const claim* c) { return named_by(head, *c); });
  return named.empty() ? before : named;
}

/** 其中, 含 name parts, and not always all of them. */
bool is_some(std::string_view word) { return word == "其中" || word == "，含"; }

/** Parts that the text lists against the figure before them. 其中 names parts, and not always all of them: only what is
 * more than the whole is wrong, what is less is asked behind 其中：. What is far off is another list. */
void judge(inspection& r, const parts_list& l, std::string_view word, bool colon, const list& candidates) {
  constexpr int close = 15, doubtful = 25;  // percent
  if (candidates.empty()) return;
  const claim& whole = *candidates.front();
  if (l.parts.size() < 2) {  // 回收380份，其中有效390份
    const claim& part = *l.parts.front();
    if (is_some(word) && !l.open && same_sentence(part, whole) && whole.what.how == bound::exactly && !whole.each &&
        part.what.value > whole.what.value && near(part.what.value, whole.what.value, close))
      tell(r, l.parts, whole, strength::sure);
    return;
  }
  if (whole.what.how != bound::exactly || whole.each || whole.what.what == measure::percent) return;
  if (std::ranges::any_of(candidates, [&](const claim* c) { return equals_in_part(r, l.parts, *c); })) return;
  const exact sum = sum_of(l.parts);
  const bool over = sum > whole.what.value, one_off = apart(sum, whole.what.value) == 1;
  const bool closed = !is_some(word) || l.pair || l.counted || whole.what.what == measure::score;
  if (!l.open && (over || closed) && (near(sum, whole.what.value, l.attributes ? close / 2 : close) || one_off))
    tell(r, l.parts, whole, strength::sure);
  else if ((over && near(sum, whole.what.value, doubtful)) || (colon && !l.open && near(sum, whole.what.value, close)))
    tell(r, l.parts, whole, strength::ask);
}

struct marker {
  std::size_t at, to;
  std::string_view word;  ///< empty: the head of a list
};

int depth(std::string_view t, std::size_t at) {
  return static_cast<int>(std::ranges::count(t.substr(0, at), '(')) -
         static_cast<int>(std::ranges::count(t.substr(0, at), ')'));
}

std::vector<marker> markers_in(const paragraph& p, stretch s) {
  std::vector<marker> out;
  const std::string_view t = p.words(s), by = "由";
  const word_list& ends = words().of("list ends");
  for (std::size_t i = 0; i < t.size();) {
    const std::string_view word = part_marker_at(t, i);
    const bool one = !word.empty();
    // 由甲、乙、丙构成: the parts stand before the word
    const bool behind = one && std::ranges::find(ends, word) != ends.end() && !out.empty() && out.back().word == by;
    const bool aside = !out.empty() && depth(t, i) > depth(t, out.front().at - s.from);  // (满分依次为15分、20分)
    if (one && !behind && !aside) out.push_back({s.from + i, s.from + i + word.size(), word});
    if (!one && out.empty() && t.substr(i).starts_with(by) && has_any(t.substr(i), ends))
      out.push_back({s.from + i, s.from + i + by.size(), by});
    i += one ? word.size() : char_bytes(t, i);
  }
  return out;
}

/** 本年支出中：…, 按运营商划分：…, 实际支出100万元：… announce a list of what was said before. */
std::optional<marker> heading_marker(const paragraph& p, stretch s) {
  constexpr std::size_t longest = 60;
  const std::string_view t = p.words(s);
  std::size_t clause = 0;
  for (std::size_t i = 0; i < t.size(); i += char_bytes(t, i)) {
    const bool colon = t.substr(i).starts_with("：");
    if (!colon && !t.substr(i).starts_with("，")) continue;
    const std::string_view head = t.substr(clause, i - clause);
    clause = i + 3;
    if (head.size() > longest) continue;
    const auto figures = quantities_of(head);
    const bool told =
        !figures.empty() && figures.back().at.to == head.size() && figures.back().what != measure::percent;
    // 资金来源为三个渠道：, 全部分解到4个镇实施：
    const bool counted =
        colon && !figures.empty() && figures.back().what == measure::count && figures.back().value <= 20;
    const bool named = counted || (figures.empty() && std::ranges::any_of(words().of("list heads"), [&](const auto& w) {
                                     return head.ends_with(w);
                                   }));
    const bool divided = head.starts_with("按") &&
                         std::ranges::any_of(words().of("divided"), [&](const auto& w) { return head.ends_with(w); });
    if (head.ends_with("中") && !head.ends_with("其中")) return marker{s.from + i, s.from + i, "其中"};
    if (divided || (colon && (named || told))) return marker{s.from + i, s.from + i, {}};
  }
  return std::nullopt;
}

/** 由四部分构成, 分为3类: whether a text counts as many parts. */
bool counts_parts(std::string_view head, std::size_t n) {
  return std::ranges::any_of(words().of("counted parts"), [&](const std::string& w) {
    const std::size_t at = head.find(w);
    if (at == head.npos || at < 3) return false;
    std::string_view number = head.substr(0, at);
    if (number.ends_with("个") || number.ends_with("大")) number.remove_suffix(3);
    const std::size_t digit = number.find_last_not_of("0123456789") + 1;
    return chinese_numeral(number.substr(number.size() - std::min<std::size_t>(3, number.size()))) ==
               static_cast<std::int64_t>(n) ||
           digits_in(number.substr(digit)) == static_cast<int>(n);
  });
}

/** The last ； of a stretch, else its last ，; its beginning where there is none. */
std::size_t last_mark(std::string_view t, std::size_t from, std::size_t to) {
  for (const std::string_view mark : {"；", "，"})
    if (const std::size_t at = t.substr(0, to).rfind(mark); at != t.npos && at >= from) return at;
  return from;
}

void lists_in(inspection& r, group g) {
  const claim& any = r.claims[g.from];
  const paragraph& p = r.report.paragraphs[any.paragraph];
  const stretch s = p.sentences[any.sentence];
  std::vector<marker> all = markers_in(p, s);
  if (const auto head = heading_marker(p, s); head && (all.empty() || all.front().at > head->to)) {
    std::erase_if(all, [&](const marker& m) { return depth(p.words(s), m.at - s.from) > 0; });
    all.insert(all.begin(), *head);
  }
  for (std::size_t m = 0; m < all.size(); ++m) {
    const std::size_t next = m + 1 < all.size() ? all[m + 1].at : s.to;
    // a list inside a list ends with its clause: …；, and one before another list with the clause before that one's
    std::size_t end = std::min(next, m > 0 ? p.text.find("；", all[m].to) : next);
    if (end == next && m + 1 < all.size()) end = last_mark(p.text, all[m].to, next);
    const auto first = std::ranges::find_if(
        r.of(g), [&](const claim& c) { return c.what.at.from >= all[m].to && !c.inside && !c.what.worded; });
    if (first == r.of(g).end()) continue;
    // 行政编制14名、事业编制22名；实有…: a list of 、 ends with its clause
    if (const auto second = first + 1; second != r.of(g).end() && second->what.at.from < end &&
                                       has(r.between(*first, *second), "、") && !has(r.between(*first, *second), "；"))
      end = std::min(end, p.text.find("；", second->what.at.to));
    parts_list l = list_from(r, g, static_cast<std::size_t>(&*first - r.claims.data()), end);
    // 效果92分，加权后分别得18分、28.5分，合计90.4分: their whole stands behind them
    if (l.parts.empty() || (l.own_total && (all[m].word.empty() || all[m].word.starts_with("分别")))) continue;
    const bool colon = std::string_view(p.text).substr(all[m].to).starts_with("：");
    l.counted = counts_parts(p.words({s.from, all[m].at}), l.parts.size());
    judge(r, l, all[m].word, colon, wholes(r, *l.parts.front(), g, all[m].at));
  }
}

/** Of the points behind their list: 综合得分95.6分 may miss a few of them, 满分100分 is what the weights make. */
int percent_of_points(const claim& c) {
  if (c.what.what != measure::score || c.earlier) return 0;
  if (c.what.value == 100 && (has(c.before, "满分") || has(c.before, "总分"))) return 20;
  return has_any(c.before, words().of("total scores")) ? 3 : 0;
}

/** 分别下达300万元和260万元，累计支出538.5万元: whether a total has a word of its own that its parts have not. */
bool of_another_verb(const inspection& r, std::string_view said, const list& parts) {
  const std::string_view verb = stripped(said, words().of("verbs"));
  if (verb.empty() || parts.empty() || std::ranges::find(words().of("verbs"), verb) != words().of("verbs").end())
    return false;
  const paragraph& p = r.report.paragraphs[parts[0]->paragraph];
  const std::string_view head = p.words({p.sentences[parts[0]->sentence].from, parts[0]->what.at.from});
  return (verb != "投入" && !has(head, verb) &&
          std::ranges::none_of(parts, [&](const claim* c) { return has(c->clause, verb) || has(c->noun, verb); })) ||
         std::ranges::any_of(parts, [](const claim* c) { return has_any(c->clause, words().of("to be")); });
}

/** A、B、C，共 W: the figures of one unit just before a total. */
void totals_in(inspection& r, group g) {
  for (std::size_t i = g.from; i < g.to; ++i) {
    const claim& whole = r.claims[i];
    const std::string_view name = name_of_total(whole.before);
    const std::size_t behind = name.empty() ? total_at(whole.before) : name.size() + std::string_view("合计").size();
    const int points = percent_of_points(whole);
    const bool added = behind == 0 && points == 0 && has_any(r.sentence(whole), words().of("added up"));
    if (whole.inside || whole.what.how != bound::exactly || (behind == 0 && points == 0 && !added)) continue;
    const bool counted = i > g.from && r.claims[i - 1].what.worded && r.claims[i - 1].noun == whole.before;
    list parts;
    bool overlapping = false;
    for (std::size_t k = i; k-- > g.from && parts.size() < most_parts;) {
      const claim& c = r.claims[k];
      if (c.inside || c.what.what == measure::percent || (points > 0 && !same_unit(c, whole))) continue;
      if (k + 1 == i && c.what.worded && c.noun == whole.before) continue;  // 三项合计
      if (added && parts.empty() && !same_unit(c, whole)) continue;
      if (!same_unit(c, whole) || !is_part(c) || total_at(c.before) > 0 ||
          (percent_of_points(c) > 0 && !has(c.before, "分别")))
        break;
      if (parts.empty() && added && !has_any(r.between(c, whole), words().of("added up"))) break;
      overlapping |= c.each || has_any(c.before, words().of("overlapping"));
      parts.insert(parts.begin(), &c);
      if (has(c.before, "分别")) break;  // 满分分别为…，得分分别为…
    }
    parts = only_got(std::move(parts));
    overlapping |= !name.empty() && !counted && !made_of_labels(name, parts);
    // 三者合计, 三年累计: of as many parts as they count, whatever is said of each
    overlapping &= chinese_numeral(std::string_view(whole.before).substr(0, 3)) != std::ssize(parts) || behind == 0;
    const bool other_verb = points == 0 && !added && of_another_verb(r, whole.before.substr(behind), parts);
    const bool of_more =
        other_verb || (points == 0 && !added && length_of(plain(whole.before.substr(behind), r.report)) > 2);
    if (parts.size() < (points > 0 ? 3U : 2U) || overlapping || of_more || equals_in_part(r, parts, whole)) continue;
    const int close = points == 0 ? 15 : behind > 0 ? std::max(points, 10) : points;  // percent
    claim quoted = whole;
    if (counted) quoted.words.from = r.claims[i - 1].what.at.from;  // 三项合计
    if (near(sum_of(parts), whole.what.value, close)) tell(r, parts, quoted, strength::sure);
  }
}

/** 四家单位合计结算386.4万元，电信公司132.6万元，…: as many parts behind their whole as its clause counts. */
void counted_parts(inspection& r, group g) {
  constexpr std::size_t longest = 20, most = 12;  // characters, parts
  for (std::size_t i = g.from + 1; i < g.to; ++i) {
    const claim &count = r.claims[i - 1], &whole = r.claims[i];
    const bool total =
        has_any(whole.before, words().of("total markers")) || has_any(count.before, words().of("total markers"));
    if (!total || !is_part(whole) || whole.each || count.what.what != measure::count || count.what.value < 2 ||
        count.what.value > most || length_of(r.between(count, whole)) > longest || same_unit(count, whole))
      continue;
    list parts;
    for (std::size_t k = i + 1; k < g.to && same_unit(r.claims[k], whole) && is_part(r.claims[k]); ++k)
      if (has(r.between(r.claims[k - 1], r.claims[k]), "；") || r.claims[k].before.empty())
        break;
      else
        parts.push_back(&r.claims[k]);
    if (count.what.value == exact(parts.size()) && !equals(parts, whole) && near(sum_of(parts), whole.what.value, 15))
      tell(r, parts, whole, strength::sure);
  }
}

/** 全年W，上半年A，下半年B; or four quarters. */
void halves_in(inspection& r, group g) {
  for (const auto& [key, needed] : {std::pair<const char*, std::size_t>{"halves", 2}, {"quarters", 4}}) {
    list parts, wholes;
    for (const claim& c : r.of(g)) {
      if (has_any(c.before, words().of(key)) && is_part(c)) parts.push_back(&c);
      if ((has(c.before, "全年") || total_at(c.before) > 0) && is_part(c) && !c.planned && !c.each &&
          !has_any(c.before, words().of("budget")))
        wholes.push_back(&c);
    }
    if (parts.size() == needed && wholes.empty() && parts[0] != &r.claims[g.from] && is_part(*(parts[0] - 1)) &&
        !(parts[0] - 1)->planned && needed == 4)
      wholes.push_back(parts[0] - 1);  // 巡查发现问题6750处，一季度…
    if (parts.size() != needed || wholes.size() != 1) continue;
    const bool one_unit = std::ranges::all_of(parts, [&](const claim* c) { return same_unit(*c, *wholes[0]); });
    const bool told = std::ranges::any_of(
        r.of(g), [&](const claim& c) { return same_unit(c, *wholes[0]) && equals(parts, c); });  // 应付96，实付94.8
    if (one_unit && !told && near(sum_of(parts), wholes[0]->what.value, 15)) tell(r, parts, *wholes[0], strength::sure);
  }
}

}  // namespace

void sums(inspection& r) {
  for (const group g : r.sentences) {
    lists_in(r, g);
    totals_in(r, g);
    counted_parts(r, g);
    halves_in(r, g);
  }
}

}  // namespace changtong::claims
