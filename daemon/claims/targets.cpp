// A target beside its result, and the word that says whether it was met.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

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

/** A stretch without points, which are judged by their items. */
void judge(inspection& r, std::span<const claim> all, std::string_view text, std::size_t end) {
  if (std::ranges::any_of(all, is_score)) return;
  if (const auto m = miss_in(all)) told_met(r, *m, text, end);
}

/** 各季度均不低于99.9%: each of the rates that are listed just before it. */
void all_of_them(inspection& r, group g) {
  for (std::size_t i = g.from + 2; i < g.to; ++i) {
    const claim& limit = r.claims[i];
    if (limit.what.what != measure::percent || !has(limit.before, "均") || has_any(limit.before, words().of("means")) ||
        !limit.time.empty())
      continue;
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

/** The word in the clause just behind two figures; clauses with figures, 完成率98%, may stand between. */
std::string_view met_behind(std::string_view said) {
  for (std::size_t from = 0, to = 0; from < said.size(); from = to) {
    for (to = from; to < said.size() && !is_mark(said, to);) to += char_bytes(said, to);
    const std::string_view clause = said.substr(from, to - from), met = met_in(clause);
    if (!met.empty())
      return has_any(clause.substr(0, clause.find(met)), words().of("not of this")) ||
                     has_any(clause, words().of("missed"))
                 ? std::string_view()
                 : met;
    if (!clause.empty() && quantities_of(clause).empty()) return {};
    if (to < said.size()) to += char_bytes(said, to);
  }
  return {};
}

}  // namespace

void told_met(inspection& r, const miss& m, std::string_view text, std::size_t end) {
  const std::size_t behind = std::max(m.target->what.at.to, m.actual->what.at.to);
  if (end <= behind) return;
  const std::string_view met = met_behind(text.substr(behind, end - behind));
  if (!met.empty())
    r.tell("goal/output", strength::sure, {m.target, m.actual},
           fmt::format("目标 {}、实际 {}，却写“{}”。", printed(r, *m.target), printed(r, *m.actual), met));
}

std::optional<miss> miss_in(std::span<const claim> all) {
  const auto counts = [](const claim& c) {
    return c.what.what != measure::points_apart && c.what.what != measure::score && (!c.inside || is_target(c)) &&
           !c.earlier && !c.what.range && !c.before.ends_with("-") && !has(c.before, "每") &&
           !has_any(c.before, words().of("left over"));
  };
  const auto wanted = [&](const claim& c) { return counts(c) && is_target(c) && !has(c.before, "实际"); };
  const auto target = std::ranges::find_if(all, wanted);
  if (target == all.end() || std::ranges::count_if(all, wanted) > 1) return std::nullopt;
  const auto reached = [&](const claim& c) {  // 改造泵站10座，目标值10座: what was to be, told before
    const bool restated = &c < &*target && c.what.value == target->what.value;
    const bool per_unit = c.noun.starts_with('/') == target->noun.starts_with('/');  // 47.8万元/公里
    return counts(c) && &c != &*target && same_unit(c, *target) && !restated && per_unit;
  };
  const auto actual = std::ranges::find_if(all, reached);
  if (actual == all.end() || std::ranges::count_if(all, reached) > 1) return std::nullopt;
  if (actual->what.how != bound::exactly || direction_word(actual->before) ||
      has_any(target->before + actual->before, words().of("ranks")))
    return std::nullopt;
  const auto good = meets(actual->what, target->what, target->before + target->noun + actual->before + actual->noun);
  return good && !*good ? std::optional(miss{&*target, &*actual}) : std::nullopt;
}

bool more_is_better(std::string_view about) {
  return has_any(about, words().of("higher better")) && !has_any(about, words().of("lower better"));
}

bool direction_word(std::string_view before) {
  return has_any(before, words().of("against")) || has(before, "增长") || has(before, "下降") || has(before, "增加") ||
         has(before, "减少");
}

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
  // none of it: an accident, a complaint (E-15); of 新增目标0条 more may be better
  if (t == 0) return has_any(about, words().of("lower better")) ? std::optional(false) : std::nullopt;
  return more_is_better(about) ? std::optional(a > t) : std::nullopt;
}

void targets(inspection& r) {
  for (const group g : r.sentences) {
    all_of_them(r, g);
    const paragraph& p = r.report.paragraphs[r.claims[g.from].paragraph];
    if (p.goals) continue;
    const stretch s = p.sentences[r.claims[g.from].sentence];
    for (std::size_t from = s.from; from < s.to;) {
      const std::size_t to = std::min(p.text.find("；", from), s.to);
      const auto begin = std::ranges::find_if(r.of(g), [&](const claim& c) { return c.what.at.from >= from; });
      const auto end = std::find_if(begin, r.of(g).end(), [&](const claim& c) { return c.what.at.from >= to; });
      if (end - begin >= 2) judge(r, {begin, end}, p.text, to);
      from = to + 3;
    }
  }
}

}  // namespace changtong::claims
