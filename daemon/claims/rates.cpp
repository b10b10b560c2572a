// A rate beside the two figures whose quotient it is, and the share that a part has of its whole.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

bool usable(const claim& c) {
  return c.what.how == bound::exactly && !c.what.range && !c.each && !c.earlier && !c.inside && c.what.value > 0 &&
         c.what.what != measure::percent && c.what.what != measure::points_apart;
}

/** Of 节约率 and 结余率 the part is a rest; of every other rate it is none. */
bool of_a_rest(const word_list& above) {
  return std::ranges::any_of(above, [](const std::string& w) { return has_any(w, words().of("rest")); });
}

bool names(const claim& c, const word_list& list) {
  return has_any(c.before, list) || (c.what.what != measure::money && has_any(c.noun, list));
}

/** Whether a figure, or its clause where its own words say neither, is called so and not so. */
bool is_called_by(const claim& c, const word_list& so, const word_list& not_so) {
  const bool own = names(c, so) || names(c, not_so);
  return own ? names(c, so) && !names(c, not_so) : has_any(c.clause, so) && !has_any(c.clause, not_so);
}

/** What a rate says of itself: 故障, 修复 and the words of both figures of 故障修复率. */
struct rate_name {
  std::string_view scope;  ///< the words before its stem: which of them it is a rate of
  word_list above, below;
  bool stated = false;  ///< a row of the words' file says what its whole is called
};

std::optional<rate_name> name_of(const claim& rate) {
  const std::string_view label = stripped(rate.before, words().of("verbs"));
  if (has_any(label, words().of("no quotients"))) return std::nullopt;
  rate_name out;
  if (const rate_row* row = row_of(label, out.scope); row != nullptr)
    out.above = row->above, out.below = row->below, out.stated = true;
  for (const std::string_view tail : {"率", "占比"}) {
    constexpr std::size_t two = 6;  // 修复 of 修复率: the last two characters before it
    const std::size_t at = label.rfind(tail);
    if (at == label.npos || at < two || at + tail.size() != label.size()) continue;
    out.above.emplace_back(label.substr(at - two, two));
    if (!out.stated) out.scope = stripped(label.substr(0, at - two), words().of("neutral"));
  }
  if (has_any(label, words().of("of all"))) out.scope = {};  // 总体合格率
  return out.above.empty() ? std::nullopt : std::optional(out);
}

/** The figures of the sentence and of the one before it in its paragraph, nearest first. */
list near_to(const inspection& r, const claim& rate) {
  list out = r.before(rate, 0);
  constexpr std::ptrdiff_t ahead = 10;
  for (const claim* c = &rate + 1; c < r.claims.data() + r.claims.size() && c - &rate <= ahead; ++c)
    if (same_sentence(*c, rate)) out.push_back(c);
  std::erase_if(out, [&](const claim* c) {
    return c->what.what == measure::percent || c->what.range || c->sentence + 1 < rate.sentence;
  });
  if (constexpr std::size_t most = 8; out.size() > most) out.resize(most);
  return out;
}

/** Whether any two of the figures, or two of them together against a third, have the rate as their quotient; `only`:
 * with this one as the part; `name`: but not its whole through its part. */
bool explained(const claim& rate, const list& figures, const claim* only = nullptr, const rate_name* name = nullptr) {
  const auto turned = [&](const claim& part, const claim& whole) {
    return name != nullptr && name->stated && part.what.value < whole.what.value && !names(part, name->above) &&
           names(whole, name->above) && !names(whole, name->below) &&
           (names(part, name->below) || part.what.what == measure::money);
  };
  for (const claim* whole : figures)
    for (const claim* part : figures) {
      if (part == whole || !same_unit(*part, *whole) || (only != nullptr && part != only) || turned(*part, *whole))
        continue;
      quantity with_it = whole->what;  // 线上1,284件、线下316件，线上率80.25%
      with_it.value += part->what.value;
      if (is_ratio(rate.what, part->what, whole->what) || is_ratio(rate.what, part->what, with_it)) return true;
      for (const claim* more : figures) {
        if (more == part || more == whole || !same_unit(*more, *whole) || has_any(more->before, words().of("not done")))
          continue;
        quantity both = part->what;
        both.value += more->what.value;
        quantity whole_of_two = whole->what;
        whole_of_two.value += more->what.value;
        if (is_ratio(rate.what, both, whole->what) || is_ratio(rate.what, part->what, whole_of_two)) return true;
      }
    }
  return false;
}

/** Whether another rate of the paragraph has the part already: 受理132件，办结127件，办结率96.2%，其中电信受理66件，
 * 办结率93.9%. */
bool taken_by_another(const inspection& r, const claim& rate, const claim& part) {
  constexpr std::ptrdiff_t farthest = 12;  // figures
  const claim *const begin = r.claims.data(), *const end = begin + r.claims.size();
  const claim* const from = &rate - std::min(&rate - begin, farthest);
  const claim* const to = &rate + std::min(end - &rate, farthest);
  for (const claim* other = from; other != to; ++other)
    for (const claim* whole = from; other != &rate && other->what.what == measure::percent && whole != to; ++whole)
      if (other->paragraph == rate.paragraph && whole->paragraph == rate.paragraph && whole != &part &&
          same_unit(*whole, part) && is_ratio(other->what, part.what, whole->what))
        return true;
  return false;
}

void tell(inspection& r, const claim& rate, const claim& part, const claim& whole, strength how) {
  if (taken_by_another(r, rate, part)) return;
  r.tell("amount/rate", how, {&whole, &part, &rate},
         fmt::format("{}写 {}，而 {} ÷ {} = {}%。",
                     rate.before.empty() ? "比率" : stripped(rate.before, words().of("verbs")), printed(r, rate),
                     printed(r, part), printed(r, whole),
                     fixed(part.what.value * 100 / whole.what.value, std::max(2, places_of(rate.what)))));
}

/** Whether the words before a figure, its unit and its noun hold each character of `name`: 网上申报办理96,345件 those
 * of 网上办理件. */
bool holds_all_of(const claim& c, std::string_view name) {
  const std::size_t among = c.before.rfind("中");  // 受益学生中脱贫家庭学生: not of the former
  const std::string_view before = std::string_view(c.before).substr(among == c.before.npos ? 0 : among);
  for (std::size_t i = 0; i < name.size(); i += char_bytes(name, i))
    if (const std::string_view one = name.substr(i, char_bytes(name, i));
        !has(before, one) && !has(c.what.unit, one) && !has(c.noun, one))
      return false;
  return !name.empty();
}

/** The figures of the rate's paragraph but percents, of a survey also those of the one before; none where they are too
 * many for each to have a role of its own. */
list figures_of_paragraph(const inspection& r, const claim& rate) {
  constexpr std::ptrdiff_t looked_at = 64;
  constexpr std::size_t most = 12;
  const claim *from = &rate, *to = &rate + 1, *const end = r.claims.data() + r.claims.size();
  const std::size_t first = rate.paragraph - (has(rate.before, "满意") && rate.paragraph > 0 ? 1 : 0);
  while (from != r.claims.data() && (from - 1)->paragraph >= first && to - from <= looked_at) --from;
  while (to != end && to->paragraph == rate.paragraph && to - from <= looked_at) ++to;
  list out;
  for (const claim* c = from; c != to && to - from <= looked_at; ++c)
    if (c->what.what != measure::percent) out.push_back(c);
  if (out.size() > most) out.clear();
  return out;
}

/** 全年预算数86万元，其中区级60万元、镇级26万元；全年执行数91.3万元: behind the ； that ends a list of 、. */
bool behind_list(const inspection& r, const claim& c) {
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const std::string_view t = p.words({p.sentences[c.sentence].from, c.what.at.from});
  const std::size_t mark = t.rfind("；"), comma = t.rfind("、");
  return mark != t.npos && comma != t.npos && comma < mark && t.find("；") == mark && !has(t, "其中：") &&
         !has(t, "包括：");
}

bool one_value(const list& all) {
  return !all.empty() && std::ranges::all_of(all, [&](const claim* c) { return c->what.value == all[0]->what.value; });
}

/** Of what is called a part: 累计支付 before 三公经费支出; nothing where several are meant, or only such of money. */
const claim* one_part(list all, const word_list& called) {
  constexpr std::size_t longer = 2;  // characters
  const auto only_called = [&](const claim* c) {
    return std::ranges::none_of(called, [&](const std::string& w) {
      return (c->name.ends_with(w) && length_of(c->name) <= length_of(w) + longer) ||
             (c->label.ends_with(w) && length_of(c->label) <= length_of(w) + longer);
    });
  };
  if (all.empty() || all[0]->what.what != measure::money) return one_value(all) ? all[0] : nullptr;
  std::erase_if(all, [&](const claim* c) { return !c->name.empty() && only_called(c); });
  return one_value(all) ? all[0] : nullptr;
}

/** Of what is called a whole: of money that of the first word of the row, 预算, 安排 before 资金, 到位; of a survey the
 * last, 回收 behind 发放. */
const claim* one_whole(list all, const word_list& called, bool survey) {
  if (all.empty()) return nullptr;
  if (all[0]->what.what == measure::money) {
    const auto rank = [&](const claim* c) {
      const std::string& said = names(*c, called) ? c->before : c->clause;
      return std::ranges::find_if(called, [&](const auto& w) { return has(said, w); }) - called.begin();
    };
    const auto first = rank(*std::ranges::min_element(all, {}, rank));
    std::erase_if(all, [&](const claim* c) { return rank(c) > first; });
    return one_value(all) ? all[0] : nullptr;
  }
  const claim* whole = all[0];
  for (const claim* c : all) {
    if (c->what.value != whole->what.value && !c->noun.empty() && !survey) return nullptr;
    whole = c;
  }
  return whole;
}

/** A rate of the words' file whose two figures its paragraph names, each by one figure, in whatever order. */
void by_roles(inspection& r, const claim& rate, const rate_name& name) {
  if (!name.stated || of_a_rest(name.above)) return;
  const bool satisfied = has(rate.before, "满意");
  const list all = figures_of_paragraph(r, rate);
  list parts, wholes;
  for (const claim* c : all) {
    if (!usable(*c) || (in_list(r, *c) && !behind_list(r, *c))) continue;
    if (is_called_by(*c, name.below, name.above)) wholes.push_back(c);
    if (is_called_by(*c, name.above, name.below) && !has(c->before, "不") && !has(c->before, "未") &&
        (name.scope.empty() || satisfied || holds_all_of(*c, name.scope)))
      parts.push_back(c);
  }
  const claim *part = one_part(std::move(parts), name.above),
              *whole = one_whole(std::move(wholes), name.below, satisfied);
  const std::string& said = r.report.paragraphs[rate.paragraph].text;
  const bool grown = whole != nullptr && has(whole->before, "年初") && has_any(said, words().of("changed budgets")) &&
                     !has_any(said, words().of("no changed budgets"));
  if (part == nullptr || whole == nullptr || grown || !same_unit(*part, *whole) ||
      is_ratio(rate.what, part->what, whole->what) || explained(rate, all, nullptr, &name) ||
      !near(part->what.value, whole->what.value, 50))
    return;
  tell(r, rate, *part, *whole, strength::sure);
}

/** Where the sentence does not tell the whole: the only figure that the report calls so. Whether it is the whole of
 * this part nobody says, so it is asked. */
const claim* whole_of_report(const inspection& r, const claim& part, const word_list& below) {
  const claim* found = nullptr;
  for (const claim* c : r.wholes) {
    const bool named = std::ranges::any_of(
        below, [&](const std::string& w) { return c->name == w || c->name == w + "数" || c->name == "总" + w; });
    if (!same_unit(*c, part) || !c->time.empty() || c == &part || !(named || c->name.empty())) continue;
    if (found != nullptr && found->what.value != c->what.value) return nullptr;
    if (found == nullptr) found = c;
  }
  return found;
}

/** 合格1,849批次，不合格11批次，合格率99.04%: of both together. */
bool by_opposite(inspection& r, const claim& rate, const rate_name& name) {
  for (const claim* c : r.before(rate, 0)) {
    if (!same_sentence(*c, rate) || c == r.claims.data()) break;
    const claim& part = *(c - 1);
    const bool opposite = std::ranges::any_of(name.above, [&](const std::string& w) {
      return (c->before == "不" + w || c->before == "未" + w) && part.label == w;
    });
    if (!opposite || !same_sentence(part, *c) || !same_unit(part, *c) || !usable(part) || !usable(*c) ||
        !name.scope.empty())
      continue;
    claim whole = *c;
    whole.what.value += part.what.value;
    if (!is_ratio(rate.what, part.what, whole.what) && !explained(rate, near_to(r, rate)))
      r.tell("amount/rate", strength::sure, {&part, c, &rate},
             fmt::format("{} 与 {} 之中 {} 占 {}%，写 {}。", printed(r, part), printed(r, *c), printed(r, part),
                         fixed(part.what.value * 100 / whole.what.value, std::max(2, places_of(rate.what))),
                         printed(r, rate)));
    return true;
  }
  return false;
}

void judge(inspection& r, const claim& rate) {
  if (rate.what.how != bound::exactly || rate.what.range || rate.earlier || rate.each) return;
  if (rate.planned && !rate.before.ends_with("的")) return;  // 完成计划的96.25%
  const auto name = name_of(rate);
  if (!name) return;
  if (by_opposite(r, rate, *name)) return;
  by_roles(r, rate, *name);
  const list near = near_to(r, rate);
  const auto part = std::ranges::find_if(near, [&](const claim* c) {
    return c < &rate && usable(*c) && !c->planned && !has(c->before, "不") && !has(c->before, "未") &&
           of_a_rest(name->above) == has_any(c->before, words().of("rest")) &&
           ((has_any(c->before, name->above) && !has_any(c->before, words().of("ought"))) ||
            (c + 1 != &rate && has_any(c->noun, name->above)));
  });
  if (part == near.end()) return;
  const claim& of = **part;
  // both are told by name in one sentence: what fits a whole percent, or the other way round, by chance is another pair
  const bool named = std::ranges::any_of(near, [&](const claim* c) {
    return c < &of && same_sentence(*c, of) && same_unit(*c, of) && names(*c, name->below) && !names(*c, name->above) &&
           (rate.what.grain >= 1 || c->what.value < of.what.value);
  });
  if (explained(rate, near, named ? &of : nullptr, &*name)) return;
  // of 按期办结率 the part was 按期办结, of 故障修复率 the whole is 故障; 整改后 of one of them only makes it another's
  const bool beside = &of + 1 == &rate && &of != r.claims.data() && same_sentence(*(&of - 1), of);
  const bool scoped = name->scope.empty() || holds_all_of(of, name->scope) ||
                      (beside && !has_any(name->scope, words().of("only some of them")));
  for (const claim* c = &of + 1; c < &rate; ++c)
    if (c->what.what == measure::percent) return;  // a rate between them has taken the figure
  bool nearest = scoped;
  for (const claim* c = &of; c-- != r.claims.data() && same_sentence(*c, of);) {
    if (c->what.how != bound::exactly && !has(r.between(*c, of), "，")) return;  // 4小时内修复48次
    nearest &= c->what.what != measure::percent || has(rate.before, "占");       // what is before it is another rate's
    if (c->inside || !same_unit(*c, of) || has_any(c->before, words().of("rest"))) continue;
    // more was spent than the budget of the year, and a rate below a hundred told of both: 年初预算 may have grown
    const bool beyond = name->stated && c->what.value < of.what.value &&
                        std::ranges::count_if(near, [&](const claim* m) { return same_unit(*m, of); }) == 2;
    if (c->what.value < of.what.value && (!beyond || has(c->before, "年初") || !names(*c, name->below))) continue;
    const bool rest = of_a_rest(name->above);  // what is left was taken from the named one, not from its neighbour
    const bool whole = names(*c, name->below) && (scoped || names(*c, {std::string(name->scope)}));
    const bool done = names(*c, name->above) && !has_any(c->before, words().of("ought"));
    if (usable(*c) && !done && (whole || (nearest && !rest)))
      return tell(r, rate, of, *c, whole || of.what.what != measure::money ? strength::sure : strength::ask);
    nearest = false;
  }
  const bool of_a_part = !of.name.empty() && std::ranges::find(name->above, of.name) == name->above.end();
  if (!name->stated || of_a_part) return;
  const claim* whole = whole_of_report(r, of, name->below);
  if (whole != nullptr && !is_ratio(rate.what, of.what, whole->what)) tell(r, rate, of, *whole, strength::ask);
}

/** The only figure of the paragraph before and in the share's sentence that a name can mean. */
const claim* only_one_called(const inspection& r, const claim& share, std::string_view name) {
  const claim* found = nullptr;
  for (const claim* c : r.before(share, 0)) {
    if (!usable(*c) || c->planned || !holds_all_of(*c, name)) continue;
    if (found != nullptr && found->what.value != c->what.value) return nullptr;
    found = c;
  }
  return found;
}

/** 网上办理件占全部受理件的78.50%, and 占合同金额的80% of a contract told in a sentence before: by the names of the
 * share's two figures. */
void by_names(inspection& r, const claim& share, std::string_view part_name, std::string_view whole_name) {
  constexpr std::size_t two = 6;  // characters; bytes
  if (whole_name.size() < two || whole_name == part_name) return;
  const claim* whole = only_one_called(r, share, whole_name);
  const claim* part = part_name.empty() ? &share - 1 : only_one_called(r, share, part_name);
  if (whole == nullptr || part == nullptr || part == whole || (part_name.size() < two && !part_name.empty()) ||
      !usable(*part) || !same_unit(*part, *whole) || part->what.value > whole->what.value ||
      explained(share, near_to(r, share)) || is_ratio(share.what, part->what, whole->what))
    return;
  tell(r, share, *part, *whole, strength::sure);
}

/** Whether the words of a rate, but for 率, have a character with those around a figure in common. */
bool shares_a_word(const claim& rate, const claim& c) {
  const std::string_view stem = stripped(stripped(rate.before, words().of("verbs")), words().of("tails of rates"));
  for (std::size_t i = 0; i < stem.size(); i += char_bytes(stem, i))
    if (const std::string_view one = stem.substr(i, char_bytes(stem, i)); has(c.clause, one) || has(c.noun, one))
      return true;
  return false;
}

/** A rate of any name in whose sentence one part and its whole make it but for a slip: 已完工楼栋126栋, 年度计划148栋,
 * 楼栋完工率81.54%. */
void by_slip(inspection& r, const claim& rate) {
  if (rate.what.how != bound::exactly || rate.what.range || rate.earlier || rate.each || rate.inside ||
      (has(rate.before, "占") ? !rate.before.ends_with("率") : rate.planned) || direction(rate.before) != 0 ||
      rate.before.empty())
    return;
  const list all = figures_of_paragraph(r, rate);
  if (explained(rate, all)) return;
  const int places = places_of(rate.what);
  const claim *part = nullptr, *whole = nullptr;
  for (const claim* w : all)
    for (const claim* p : all) {
      if (p == w || !usable(*p) || !usable(*w) || !same_unit(*p, *w) || p->what.value >= w->what.value ||
          !shares_a_word(rate, *p) || p->planned ||
          !is_slip(fixed(rate.what.value, places), fixed(p->what.value * 100 / w->what.value, places)))
        continue;
      if (part != nullptr && (part->what.value != p->what.value || whole->what.value != w->what.value)) return;
      part = p, whole = w;
    }
  if (part != nullptr) tell(r, rate, *part, *whole, strength::sure);
}

/** Whether the words `name` can mean this figure: its label ends in them, or behind 其中 holds each of their
 * characters, as 三公经费财政拨款支出决算 those of 三公经费支出. */
bool is_called(const inspection& r, const claim& c, std::string_view name, bool of_list) {
  if (c.before.ends_with(name) || stripped(c.before, words().of("neutral")).ends_with(name)) return true;
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const std::size_t from = p.sentences[c.sentence].from, mark = p.text.rfind("，", c.what.at.from);
  const std::string_view said = p.words({mark == p.text.npos || mark < from ? from : mark, c.what.at.from});
  for (std::size_t i = 0; of_list && i < name.size(); i += char_bytes(name, i))
    if (!has(said, name.substr(i, char_bytes(name, i)))) return false;
  return of_list;
}

/** The whole of a share that no figure stands in: that which is named, 占到位资金的92%; or, of 占 alone, that of the
 * list or of the clause ending in 中，. Nothing where another figure may be meant. */
const claim* whole_of_share(const inspection& r, const claim& part, std::string_view name) {
  for (const claim* c = &part; c-- != r.claims.data() && same_sentence(*c, part);) {
    if (!same_unit(*c, part) || !usable(*c)) continue;
    const bool of_list = in_list(r, part) && !in_list(r, *c) && (c + 1)->what.what != measure::percent;
    const std::string_view those = r.between(*c, part).substr(0, r.between(*c, part).find("中，"));
    const bool among = those.size() < r.between(*c, part).size();  // 之和8,236万元；项目支出中，…: not of the sum
    const bool called =
        !name.empty() ? is_called(r, *c, name, of_list)
        : !among      ? of_list
                      : c->noun.starts_with(those) || (is_mark(those, 0) && is_called(r, *c, those.substr(3), false));
    if (!called) continue;
    return c->what.value >= part.what.value ? c : nullptr;
  }
  return nullptr;
}

/** 满意347份，占有效问卷396份的86.7%; 支出占到位资金的92%; 22家接入单位中，双链路的17家，占77.27%. */
void judge_share(inspection& r, const claim& share) {
  if (&share != r.claims.data() && (&share - 1)->what.what == measure::score) return;  // 自评95分占40%: a weight
  if (&share - r.claims.data() < 2 || share.what.how != bound::exactly) return;
  const claim* at = &share - 1;
  if (share.before == "的") {  // the whole stands inside
    const bool of_it = at->before.starts_with("占") || has(at->before, "计划") || has(at->before, "目标");
    const claim &whole = *at, &part = *(at - 1);
    if (of_it && same_sentence(part, share) && same_unit(part, whole) && usable(part) && usable(whole) &&
        !explained(share, near_to(r, share), at->before.starts_with("占") && !in_list(r, part) ? &part : nullptr))
      tell(r, share, part, whole, strength::sure);
    return;
  }
  const std::string_view t = stripped(share.before, words().of("verbs")), of = "占";
  const std::size_t from = t == "占比" ? 0 : t.find(of);
  if (from == t.npos || (from == 0 && !same_sentence(*at, share))) return;
  std::string_view name = t == "占比" || t == of ? std::string_view() : t.substr(from + of.size());
  for (const std::string_view end : {"的比重", "的比例", "比重", "比例", "的"})
    if (name.ends_with(end)) name.remove_suffix(end.size());
  for (const std::string_view all : {"全部", "总", "上述"})
    if (name.starts_with(all)) name.remove_prefix(all.size());
  const std::string_view part_name = t.substr(0, from);
  const claim* part = at;
  while (!part_name.empty() && part != r.claims.data() && same_sentence(*part, share) &&
         !part->before.ends_with(part_name))
    --part;
  if (has_any(name, words().of("earlier"))) return;
  const bool called = same_sentence(*part, share) && (part_name.empty() || part->before.ends_with(part_name));
  if (!called) return by_names(r, share, part_name, name);
  if (!usable(*part) || explained(share, near_to(r, share), part)) return;
  if (const claim* whole = whole_of_share(r, *part, name); whole != nullptr)
    tell(r, share, *part, *whole, strength::sure);
  else
    by_names(r, share, part_name, name);
}

}  // namespace

void rates(inspection& r) {
  constexpr std::size_t most_wholes = 60;  // many budgets are those of many projects
  for (const claim& c : r.claims)
    if (usable(c) && !has_any(c.before, words().of("rest")) &&
        std::ranges::any_of(words().rates, [&](const rate_row& row) { return has_any(c.before, row.below); }))
      r.wholes.push_back(&c);
  if (r.wholes.size() > most_wholes) r.wholes.clear();
  for (const claim& c : r.claims) {
    if (c.what.what != measure::percent) continue;
    if (!has(c.before, "占") || c.before.ends_with("占比")) judge(r, c);
    judge_share(r, c);
    by_slip(r, c);
  }
}

}  // namespace changtong::claims
