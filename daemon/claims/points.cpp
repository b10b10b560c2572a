// Points within their weights; a target beside its result and the word that says whether it was met.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

bool is_one_of(std::string_view text, const word_list& list) { return std::ranges::find(list, text) != list.end(); }

void above_weight(inspection& r, const claim& weight, const claim& got) {
  claim named = weight;  // 满意度指标(权重10分)
  const paragraph& p = r.report.paragraphs[weight.paragraph];
  if (const std::size_t open = weight.words.from; weight.inside && open > 0 && p.text[open - 1] == '(')
    named.words.from = label_begin(p.text, p.sentences[weight.sentence].from, open - 1);
  r.tell("score/parts", strength::sure, {&named, &got},
         fmt::format("得分 {} 高于分值 {}。", printed(r, got), printed(r, weight)));
}

/** Points that were got against their weight: 产出指标40分得37.5分, side by side;
 * 投诉处理率（分值6分）计划100%，完成100%，得6.5分, the weight in brackets. */
void within_weight(inspection& r, group g) {
  static const word_list alone{"自评得分", "实际得分", "综合得分", "得分", "得",   "自评",
                               "实际",     "实",       "分",       "打",   "评价", "计"};
  constexpr std::size_t side_by_side = 8;  // characters
  const claim* weight = nullptr;
  for (const claim& c : r.of(g)) {
    if (!is_score(c) || is_lost(c)) continue;
    if (!is_got(c)) {
      weight = &c;
      continue;
    }
    if (weight == nullptr) continue;
    const claim& of = *std::exchange(weight, nullptr);
    const bool near_it = length_of(r.between(of, c)) <= side_by_side;
    const bool named = has_any(of.before, words().of("weights"));
    const std::string_view t = r.report.paragraphs[of.paragraph].text;
    const bool heads_item = &of + 1 == &c || std::none_of(&of + 1, &c, is_score);  // 项目管理(20分)：…，得分22分
    const bool in_brackets =
        of.inside && !c.inside && (named || (heads_item && t.substr(of.what.at.to).starts_with(")：")));
    // 满分30分，经专家组综合评定，得31.5分: nothing but words between them
    const bool of_one = named && &of + 1 == &c && !has(r.between(of, c), "；") && !has(r.sentence(c), "加分");
    if (of.each || c.what.value <= of.what.value || c.what.value > 2 * of.what.value || (c.inside && !of.inside) ||
        !(near_it || in_brackets || of_one) ||
        (!is_one_of(c.before, words().of("this indicator")) &&
         !is_one_of(stripped(stripped(c.before, words().of("this indicator")), alone), alone)))
      continue;  // 满意度10分，自评得分97.07分: that of the whole
    above_weight(r, of, c);
  }
}

bool is_target(const claim& c) {
  return has_any(c.before, words().of("target words")) || c.what.how == bound::at_least ||
         c.what.how == bound::at_most || c.what.how == bound::above || c.what.how == bound::below;
}

/** The weight of these points in their sentence, or in the one before if they name it: 成本指标分值5分。…，
 * 成本指标自评得5分; 满意度指标满分10分。…，该项得9分. */
const claim* weight_of(const inspection& r, const claim& got) {
  const auto near = r.before(got, 0);
  const bool alone = std::ranges::count_if(near, [](const claim* c) { return is_score(*c) && !is_lost(*c); }) == 1;
  const std::string_view name = stripped(got.before, words().of("got points"));
  for (const claim* c : near) {
    if (c->sentence + 1 < got.sentence) break;
    if (!is_score(*c) || is_got(*c) || is_lost(*c) || !has_any(c->before, words().of("weights"))) continue;
    const bool named =
        has_any(got.before, words().of("this indicator")) || (length_of(name) >= 4 && c->before.starts_with(name));
    return named || same_sentence(*c, got) || (alone && name == "得") ? c : nullptr;
  }
  return nullptr;
}

/** 分值10分，得分10分, or 得满分. */
const claim* full_marks(const inspection& r, std::span<const claim> all, std::string_view sentence) {
  const claim *weight = nullptr, *got = nullptr;
  for (const claim& c : all)
    if (is_score(c) && !is_lost(c)) (is_got(c) || has(c.before, "得满分") ? got : weight) = &c;
  if (got != nullptr && weight == nullptr) weight = weight_of(r, *got);
  const bool full = got != nullptr && ((weight != nullptr && weight->what.value == got->what.value) ||
                                       has(got->before, "计满分") || has(got->before, "得满分"));
  return full || has(sentence, "得满分") ? got : nullptr;
}

/** 至年末仍未完成，…，该指标分值8分，自评得8分: whether it was told. */
bool unfinished(inspection& r, std::span<const claim> all, std::string_view text, stretch clause) {
  const std::string_view said = text.substr(clause.from, clause.to - clause.from);
  const std::string_view word = first_of(said, words().of("unfinished"));
  const claim* got = word.empty() ? nullptr : full_marks(r, all, said);
  const std::size_t at = word.empty() ? clause.to : clause.from + said.find(word);
  if (got == nullptr) return false;
  // 未完成的2期 and 未完成率 say what something is, not how it stands; 未完成检测， does
  std::size_t end = at + word.size();
  while (word == "未完成" && end < clause.to && !is_mark(text, end)) end += char_bytes(text, end);
  const std::string_view what = text.substr(at + word.size(), end - at - word.size());
  if (length_of(what) > 4 || has_any(what, words().of("no state"))) return false;
  const std::size_t comma = text.rfind("，", at),
                    from = comma == text.npos || comma < clause.from ? clause.from : comma + 3;
  if (at > got->what.at.from || has_any(text.substr(from, at - from), words().of("nothing left")) ||
      std::ranges::any_of(words().of("done since"), [&](const std::string& w) {
        const std::string_view since = text.substr(at, got->what.at.from - at);
        return has(since, w) && !has(since, "未" + w);
      }))
    return false;
  for (const claim& target : all)
    for (const claim& c : all)
      if (&c > &target && is_target(target) && target.what.what != measure::score && same_unit(c, target) &&
          !has_any(c.before, words().of("left over")) && c.what.value >= target.what.value)
        return false;  // more than was wanted, and others go on
  claim told = *got;
  told.words.from = from;
  r.tell("goal/output", strength::sure, {&told}, fmt::format("写“{}”，却得满分 {}。", word, printed(r, *got)));
  return true;
}

/** 达到年初目标, 已实现成本目标: a word of reaching with a word of the target just behind it; empty for none. */
std::string_view met_in(std::string_view said) {
  if (const std::string_view word = first_of(said, words().of("met")); !word.empty()) return word;
  constexpr std::size_t nearest = 4;  // characters
  for (const std::string& reached : words().of("reached"))
    for (const std::string& aim : words().of("aims")) {
      const std::size_t at = said.find(reached), to = at == said.npos ? at : said.find(aim, at + reached.size());
      if (to == said.npos || length_of(said.substr(at, to - at)) > length_of(reached) + nearest) continue;
      const bool other = std::ranges::any_of(words().of("no reaching"), [&](const std::string& w) {
        return said.substr(0, at).ends_with(w) || has(said.substr(at, to - at), w);
      });
      if (!other) return said.substr(at, to + aim.size() - at);
    }
  return {};
}

/** One result and one target of one unit that misses it, beside full marks or a word that says it was met. */
void target_in(inspection& r, std::span<const claim> all, std::string_view text, stretch clause) {
  const auto counts = [](const claim& c) {
    return c.what.what != measure::points_apart && c.what.what != measure::score && (!c.inside || is_target(c)) &&
           !c.earlier && !c.what.range && !has(c.before, "每") && !has_any(c.before, words().of("left over"));
  };
  const auto wanted = [&](const claim& c) { return counts(c) && is_target(c) && !has(c.before, "实际"); };
  const auto target = std::ranges::find_if(all, wanted);
  if (target == all.end() || std::ranges::count_if(all, wanted) > 1) return;
  const auto reached = [&](const claim& c) {  // 改造泵站10座，目标值10座: what was to be, told before
    const bool restated = &c < &*target && c.what.value == target->what.value;
    const bool per_unit = c.noun.starts_with('/') == target->noun.starts_with('/');  // 47.8万元/公里
    return counts(c) && &c != &*target && same_unit(c, *target) && !restated && per_unit;
  };
  const auto actual = std::ranges::find_if(all, reached);
  if (actual == all.end() || std::ranges::count_if(all, reached) > 1) return;
  if (actual->what.how != bound::exactly || direction_word(actual->before) ||
      has_any(target->before + actual->before, words().of("ranks")))
    return;
  const auto good = meets(actual->what, target->what, target->before + target->noun + actual->before + actual->noun);
  if (!good || *good) return;
  // what is said of both stands behind them: 完成计划250台 is a target
  const std::size_t behind = std::max(target->what.at.to, actual->what.at.to);
  const std::string_view said = text.substr(behind, clause.to - behind);
  const std::string_view met = has_any(said, words().of("missed")) ? "" : met_in(said);
  if (const claim* got = full_marks(r, all, text.substr(clause.from, clause.to - clause.from)); got != nullptr)
    r.tell("goal/output", strength::sure,
           {&*target, &*actual, got > all.data() && is_score(*(got - 1)) ? got - 1 : got, got},
           fmt::format("目标 {}、实际 {} 没有达到，却得满分 {}。", printed(r, *target), printed(r, *actual),
                       printed(r, *got)));
  else if (!met.empty())
    r.tell("goal/output", strength::sure, {&*target, &*actual},
           fmt::format("目标 {}、实际 {}，却写“{}”。", printed(r, *target), printed(r, *actual), met));
}

/** 满分10分，扣1.5分，得9分: what was taken off until the next weight, also behind the points. */
void taken_off(inspection& r, group g) {
  for (const claim& got : r.of(g)) {
    const claim* weight = is_score(got) && is_got(got) ? weight_of(r, got) : nullptr;
    if (weight == nullptr || got.what.value > weight->what.value ||
        (has_any(got.before, words().of("total scores")) && !same_sentence(got, *weight)) ||
        has_any(r.sentence(got), words().of("other points")))
      continue;
    std::vector<const claim*> told{weight, &got};
    exact lost = 0;
    const claim* end = r.claims.data() + g.to;
    for (const claim* c = std::max(weight + 1, r.claims.data() + g.from); c != end; ++c) {
      if (!is_score(*c) || c == &got) continue;
      if (!is_lost(*c) || has(c->before, "另")) break;  // another weight, or points of another one
      lost += c->what.value;
      told.push_back(c);
    }
    if (lost > 0 && weight->what.value - lost != got.what.value)
      r.tell("score/parts", strength::sure, told,
             fmt::format("{}扣去 {}分应得 {}分，写 {}。", printed(r, *weight), shortest(lost),
                         shortest(weight->what.value - lost), printed(r, got)));
  }
}

/** 预算执行率为82.4%。预算执行率指标分值10分，得分=预算执行率×分值，得10分: by a rate that the paragraph tells. */
void by_their_rate(inspection& r, group g) {
  for (const claim& got : r.of(g)) {
    const claim* weight = is_score(got) && is_got(got) ? weight_of(r, got) : nullptr;
    const std::string_view rule = weight == nullptr ? std::string_view() : r.between(*weight, got);
    if (weight == nullptr || !(has_any(rule, words().of("by the rate")) || has_any(rule, words().of("in proportion"))))
      continue;
    const auto stem = std::ranges::find_if(words().of("rates of points"),
                                           [&](const std::string& w) { return has(weight->before, w); });
    if (stem == words().of("rates of points").end()) continue;
    const claim* rate = nullptr;
    bool fits = false;
    for (const claim* c : r.before(got, 0)) {
      if (c->what.what != measure::percent || c->what.how != bound::exactly || !has(c->before, *stem)) continue;
      rate = c;
      fits |= prints(got.what, weight->what.value * c->what.value / 100);
    }
    if (rate != nullptr && !fits && rate->what.value < 100)
      r.tell("score/parts", strength::sure, {rate, weight, &got},
             fmt::format("{} × {} = {}分，写 {}。", printed(r, *rate), printed(r, *weight),
                         fixed(weight->what.value * rate->what.value / 100, 2), printed(r, got)));
  }
}

/** 各季度均不低于99.9%: each of the rates that are listed just before it. */
void all_of_them(inspection& r, group g) {
  for (std::size_t i = g.from + 2; i < g.to; ++i) {
    const claim& limit = r.claims[i];
    if (limit.what.what != measure::percent || !has(limit.before, "均") || !limit.time.empty()) continue;
    for (std::size_t k = i; k-- > g.from && r.claims[k].what.what == measure::percent;) {
      const claim& c = r.claims[k];
      const bool listed = k + 1 == i || r.between(c, r.claims[k + 1]) == "、";
      if (!listed || c.what.how != bound::exactly || limit.what.how == bound::exactly) break;
      if (!meets(c.what, limit.what, "").value_or(true))
        r.tell("goal/output", strength::sure, {&c, &limit},
               fmt::format("{} 不在“均{}”之内。", printed(r, c), printed(r, limit)));
    }
  }
}

/** 共扣分3.5分，自评得分96.5分: of a hundred, where the paragraph says that it is of a hundred. */
void off_a_hundred(inspection& r, group g) {
  const auto all = r.of(g);
  const auto lost = std::ranges::find_if(
      all, [](const claim& c) { return is_score(c) && has_any(c.before, words().of("lost in all")); });
  if (lost == all.end()) return;
  constexpr std::size_t longest_alone = 4;  // characters: 自评得
  const bool hundred = std::ranges::any_of(r.before(*lost, 0), [](const claim* c) {
    return is_score(*c) && c->what.value == 100 && (has(c->before, "满分") || has(c->before, "总分"));
  });
  const auto got = std::find_if(lost + 1, all.end(), is_score);  // the next points: nothing was added meanwhile
  if (got != all.end() && !is_lost(*got) && lost->what.value + got->what.value != 100 &&
      (has_any(got->before, words().of("total scores")) ||
       (hundred && is_got(*got) && length_of(got->before) <= longest_alone)))
    r.tell("score/parts", hundred ? strength::sure : strength::ask, {&*lost, &*got},
           fmt::format("100分扣去 {} 应得 {}分，写 {}。", printed(r, *lost), shortest(100 - lost->what.value),
                       printed(r, *got)));
}

/** 扣分事项共三项：…，扣2分；…，扣1.5分；…，扣3分，合计扣6.5分, in its paragraph; or 共扣7.5分：, and the numbered
 * paragraphs behind it with one each. */
void all_taken_off(inspection& r, const claim& whole) {
  if (!is_score(whole) || !has_any(whole.before, words().of("lost in all"))) return;
  constexpr std::size_t most = 12;  // paragraphs
  std::vector<const claim*> parts;
  const auto take = [&](const claim& c) {
    if (is_score(c) && is_lost(c) && !has_any(c.before, words().of("lost in all"))) parts.push_back(&c);
  };
  const claim* const end = r.claims.data() + r.claims.size();
  for (const claim* c = &whole; c != r.claims.data() && (c - 1)->paragraph == whole.paragraph;) take(*--c);
  if (parts.empty() && r.report.paragraphs[whole.paragraph].text.ends_with("："))
    for (const claim* c = &whole + 1; c != end && c->paragraph <= whole.paragraph + most; ++c) {
      if (c->paragraph == whole.paragraph) continue;
      if (r.report.paragraphs[c->paragraph].level == 0) break;
      take(*c);
    }
  if (const claim* count = &whole + 1; parts.empty() && count < end && count->paragraph == whole.paragraph) {
    for (const claim* c = count; c != end && c->paragraph == whole.paragraph; ++c) take(*c);  // 扣分点只有三处：…
    const auto as_many = std::find_if(count, end, [](const claim& c) { return c.what.what == measure::count; });
    if (as_many == end || as_many->paragraph != whole.paragraph || as_many->what.value != exact(parts.size())) return;
  }
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  if (parts.size() < 2 || sum == whole.what.value || !near(sum, whole.what.value, 40)) return;
  parts.push_back(&whole);
  r.tell("score/parts", strength::sure, parts,
         fmt::format("各项扣分之和是 {}分，写 {}。", shortest(sum), printed(r, whole)));
}

/** 年度目标值≥95%。…，实际93.2%。该指标满分10分，得10分: the target and its result stand in sentences before the
 * points. */
void across_sentences(inspection& r, const claim& got) {
  const paragraph& p = r.report.paragraphs[got.paragraph];
  if (!is_score(got) || p.goals || !(is_got(got) || has(got.before, "得满分"))) return;
  const claim *from = &got, *to = &got + 1, *end = r.claims.data() + r.claims.size();
  const auto here = [&](const claim* c) { return c->paragraph == got.paragraph; };
  while (from != r.claims.data() && here(from - 1) && !(is_score(*(from - 1)) && is_got(*(from - 1)))) --from;
  if (to != end && here(to) && is_score(*to) && to->inside) ++to;  // 得10分(满分10分)
  static const word_list more{"指标", "本项", "该项", "满分", "得"};
  const std::string_view name = stripped(stripped(got.before, words().of("got points")), more);
  const claim* weight = nullptr;  // the only other points of the item, called so or just before it
  std::size_t others = 0;
  for (const claim* c = from; c != to; ++c)
    if (is_score(*c) && !is_lost(*c) && c != &got && ++others > 0) weight = c;
  const bool weighed = others == 1 && (has_any(weight->before, words().of("weights")) || weight + 1 == &got ||
                                       (weight->inside && weight->sentence == 0 && weight->before.empty()));
  if (weighed && weight < &got && got.what.value > weight->what.value && got.what.value <= 2 * weight->what.value &&
      !p.place.empty() && (weight->inside || has_any(weight->before, words().of("weights"))) && weight->sentence == 0 &&
      !has_any(got.before, words().of("total scores")))
    above_weight(r, *weight, got);
  const bool of_it = has_any(r.sentence(got), words().of("this indicator")) ||
                     (weighed && same_sentence(*from, got) && same_sentence(*weight, got)) ||
                     (length_of(name) > 1 && std::any_of(from, &got, [&](const claim& c) {
                        return has(c.before, name) && is_target(c) && !is_score(c);
                      }));
  const std::size_t begin = p.sentences[from->sentence].from;
  const stretch all{from == r.claims.data() || !here(from - 1) ? begin : std::max(begin, (from - 1)->what.at.to),
                    std::max(got.words.to, (to - 1)->words.to)};
  // 尚有3个教学点未完成，…满分6分，得6分: the only points of their paragraph
  const bool alone = weighed && (from == r.claims.data() || !here(from - 1)) &&
                     std::none_of(to, end, [&](const claim& c) { return here(&c) && is_score(c); });
  if ((of_it || alone) && unfinished(r, {from, to}, p.text, all)) return;
  if (of_it) target_in(r, {from, to}, p.text, all);
}

/** 目标为平均响应时间不超过30分钟。平均响应时间42分钟，完成年度目标: the last figure of the sentence before, under one
 * label. */
void target_before(inspection& r, group before, group g) {
  const claim &target = r.claims[before.to - 1], &actual = r.claims[g.from];
  constexpr std::size_t four = 12;  // characters; bytes
  const std::string_view name = stripped(target.before, words().of("neutral"));
  if (target.paragraph != actual.paragraph || !is_target(target) || is_target(actual) || name.size() < four ||
      !stripped(actual.before, words().of("neutral")).ends_with(name.substr(name.size() - four)))
    return;
  const paragraph& p = r.report.paragraphs[actual.paragraph];
  target_in(r, std::span(r.claims).subspan(before.to - 1, g.to - before.to + 1), p.text,
            {target.what.at.from, p.sentences[actual.sentence].to});
}

bool begins_with_any(std::string_view text, const word_list& list) {
  return std::ranges::any_of(list, [&](const std::string& w) { return text.starts_with(w); });
}

}  // namespace

bool more_is_better(std::string_view about) {
  return has_any(about, words().of("higher better")) && !has_any(about, words().of("lower better"));
}

bool direction_word(std::string_view before) {
  return has_any(before, words().of("against")) || has(before, "增长") || has(before, "下降") || has(before, "增加") ||
         has(before, "减少");
}

bool is_got(const claim& c) {
  return (has(c.before, "得") || std::ranges::any_of(words().of("ends of points"),
                                                     [&](const std::string& w) { return c.before.ends_with(w); })) &&
         !has_any(c.before, words().of("lost")) && (!has(c.before, "满分") || has(c.before, "计满分"));
}
bool is_lost(const claim& c) { return has(c.before, "扣"); }
bool is_score(const claim& c) { return c.what.what == measure::score && c.what.how == bound::exactly && !c.what.range; }

std::optional<bool> meets(const quantity& actual, const quantity& target, std::string_view about) {
  const exact &a = actual.value, &t = target.value;
  switch (target.how) {
    case bound::at_least:
      return a >= t;
    case bound::above:
      return a > t;
    case bound::at_most:
      return a <= t;
    case bound::below:
      return a < t;
    case bound::exactly:
      break;
    case bound::about:
      return std::nullopt;
  }
  if (a == t) return true;
  if (target.what == measure::percent && t == 100) return false;  // there is no more
  if (t == 0) return false;                                       // none of it: an accident, a complaint (E-15)
  return more_is_better(about) ? std::optional(a > t) : std::nullopt;
}

void points(inspection& r) {
  for (const claim& c : r.claims) all_taken_off(r, c);
  for (const group g : r.sentences) {
    within_weight(r, g);
    off_a_hundred(r, g);
    taken_off(r, g);
    by_their_rate(r, g);
    all_of_them(r, g);
  }
}

void targets(inspection& r) {
  for (const claim& c : r.claims) across_sentences(r, c);
  for (std::size_t i = 1; i < r.sentences.size(); ++i) target_before(r, r.sentences[i - 1], r.sentences[i]);
  for (const group g : r.sentences) {
    if (r.report.paragraphs[r.claims[g.from].paragraph].goals) continue;
    const paragraph& p = r.report.paragraphs[r.claims[g.from].paragraph];
    const stretch s = p.sentences[r.claims[g.from].sentence];
    for (std::size_t from = s.from; from < s.to;) {
      std::size_t to = std::min(p.text.find("；", from), s.to);
      while (to < s.to && begins_with_any(std::string_view(p.text).substr(to + 3), words().of("this indicator")))
        to = std::min(p.text.find("；", to + 3), s.to);
      const auto begin = std::ranges::find_if(r.of(g), [&](const claim& c) { return c.what.at.from >= from; });
      const auto end = std::find_if(begin, r.of(g).end(), [&](const claim& c) { return c.what.at.from >= to; });
      const bool several = std::count_if(begin, end, [](const claim& c) { return is_score(c) && is_got(c); }) > 1;
      const bool told = begin != end && !several && unfinished(r, {begin, end}, p.text, {from, to});
      if (!told && !several && end - begin >= 2) target_in(r, {begin, end}, p.text, {from, to});
      from = to + 3;
    }
  }
}

}  // namespace changtong::claims
