#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

/** Words behind which a figure is no further part of the list. */
const word_list& no_part() {
  static const word_list all{"完成", "目标", "占",   "比",   "较",   "另", "此外",
                             "还",   "共",   "合计", "总计", "平均", "每", "率"};
  return all;
}

bool same_unit(const claim& a, const claim& b) { return a.what.what == b.what.what && a.what.unit == b.what.unit; }

/** The figures from `i` on that go on listing parts: same sentence, same unit, nothing else between. */
std::vector<const claim*> run_of_parts(const inspection& r, std::size_t i) {
  std::vector<const claim*> out;
  for (std::size_t k = i; k < r.claims.size(); ++k) {
    const claim& c = r.claims[k];
    if (c.paragraph != r.claims[i].paragraph || !(c.sentence == r.claims[i].sentence)) break;
    const std::size_t last = out.empty() ? c.what.at.from : out.back()->what.at.to;
    if (r.of(c).text.substr(last, c.what.at.from - last).find("；") != std::string::npos) break;
    if (!same_unit(c, r.claims[i]) || has_any(c.subject, no_part()) || c.what.how != bound::exactly) break;
    out.push_back(&c);
  }
  return out;
}

exact sum_of(const std::vector<const claim*>& parts) {
  exact sum = 0;
  for (const claim* c : parts) sum += c->what.value;
  return sum;
}

exact unit_of(const claim& c) {
  return c.what.unit == "亿元" ? exact(100'000'000) : c.what.unit == "万元" ? exact(10'000) : exact(1);
}

void tell_sum(inspection& r, const claim& whole, const std::vector<const claim*>& parts, const exact& sum,
              strength how) {
  std::vector<passage> at{r.here(whole)};
  for (const claim* c : parts) at.push_back(r.here(*c));
  const bool scores = whole.what.what == measure::score;
  r.tell(scores ? "score/parts" : "sum/parts", how, std::move(at),
         fmt::format("合计写 {}，所列 {} 项之和为 {} {}。", printed(r, whole), parts.size(),
                     shortest(sum / unit_of(whole)), whole.what.unit));
}

/** The nearest figure before 其中 with the unit of the parts, in this sentence or the one before. */
const claim* whole_before(const inspection& r, std::size_t first_part) {
  const claim& part = r.claims[first_part];
  const auto& sentences = r.of(part).sentences;
  for (std::size_t k = first_part; k-- > 0;) {
    const claim& c = r.claims[k];
    if (c.paragraph != part.paragraph) return nullptr;
    if (c.part || !same_unit(c, part) || c.planned != part.planned) continue;
    const auto gap = std::ranges::find(sentences, part.sentence) - std::ranges::find(sentences, c.sentence);
    return gap <= 1 && c.what.how == bound::exactly ? &c : nullptr;
  }
  return nullptr;
}

/** A 其中： B …，C …。 Parts may leave out small ones, so a sum that is somewhat short is a question. */
void parts_behind(inspection& r) {
  for (std::size_t i = 0; i < r.claims.size(); ++i) {
    const claim& c = r.claims[i];
    if (!c.part || (i > 0 && r.claims[i - 1].part && r.claims[i - 1].paragraph == c.paragraph &&
                    r.claims[i - 1].sentence == c.sentence))
      continue;
    if (c.what.what == measure::percent || c.each) continue;
    const claim* whole = whole_before(r, i);
    const std::vector<const claim*> parts = run_of_parts(r, i);
    if (whole == nullptr || parts.size() < 2) continue;
    const bool subsets = std::ranges::any_of(
        parts, [&](const claim* p) { return has_any(p->subject + p->object, r.words.subset_words); });
    const exact sum = sum_of(parts);
    if (sum == whole->what.value || (subsets && whole->what.what != measure::score)) continue;
    const bool open = r.of(c).words(c.sentence).ends_with("等");
    if (sum > whole->what.value)
      tell_sum(r, *whole, parts, sum, strength::sure);
    else if (sum * 10 >= whole->what.value * 8 && !open)
      tell_sum(r, *whole, parts, sum, parts.size() > 2 ? strength::sure : strength::ask);
  }
}

/** B …，C …，合计 A。 */
void parts_before(inspection& r) {
  for (std::size_t i = 2; i < r.claims.size(); ++i) {
    const claim& whole = r.claims[i];
    const bool total = has_any(whole.subject, {"合计", "总计", "共计", "总分"}) || whole.subject == "共";
    if (!total || whole.what.how != bound::exactly || whole.each) continue;
    std::vector<const claim*> parts;
    for (std::size_t k = i; k-- > 0;) {
      const claim& c = r.claims[k];
      if (c.paragraph != whole.paragraph || !(c.sentence == whole.sentence) || !same_unit(c, whole)) break;
      if (has_any(c.subject, {"合计", "总计", "共计", "每", "平均"}) || c.what.how != bound::exactly) break;
      parts.insert(parts.begin(), &c);
    }
    if (parts.size() < 2) continue;
    if (const exact sum = sum_of(parts); sum != whole.what.value) tell_sum(r, whole, parts, sum, strength::sure);
  }
}

}  // namespace

void sums_against_parts(inspection& r) {
  parts_behind(r);
  parts_before(r);
}

}  // namespace changtong::claims
