#pragma once
/** The relations that a text declares between its figures, one group a file. Each takes what was read and adds what it
 * found. A relation whose parties are not explicit is a question at most. Pure. */
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/claims/claims.h"
#include "daemon/claims/consistency.h"

namespace changtong::plans {
struct plan;
struct target;
}  // namespace changtong::plans

namespace changtong::claims {

struct section;

/** Claims of one sentence: indices [from, to) into inspection::claims. */
struct group {
  std::size_t from = 0, to = 0;
};

struct inspection {
  const written_report& report;
  const std::vector<claim>& claims;
  std::vector<group> sentences;  ///< those that hold figures, in order
  std::vector<contradiction> found;
  std::vector<const claim*> wholes;  ///< amounts that can be what a rate of money divides by

  void tell(std::string_view kind, strength how, std::span<const claim* const> of, std::string text);
  void tell(std::string_view kind, strength how, std::initializer_list<const claim*> of, std::string text) {
    tell(kind, how, std::span(of.begin(), of.size()), std::move(text));
  }
  /** A stretch of a paragraph, from its first line, as the quote. */
  void tell_stretch(std::string_view kind, strength how, const paragraph& p, stretch s, std::string text);
  /** Whole lines of the report, from 1, as quotes. */
  void tell_lines(std::string_view kind, strength how, const std::vector<int>& lines, std::string text);

  [[nodiscard]] std::span<const claim> of(group g) const { return std::span(claims).subspan(g.from, g.to - g.from); }
  /** Of the sentence of `c`, and of up to `paragraphs` paragraphs before it, nearest first; at most 40. */
  [[nodiscard]] std::vector<const claim*> before(const claim& c, std::size_t paragraphs) const;
  [[nodiscard]] std::string_view sentence(const claim& c) const;
  [[nodiscard]] std::string_view between(const claim& a, const claim& b) const;  ///< in one paragraph, a before b
};

[[nodiscard]] inline bool same_sentence(const claim& a, const claim& b) {
  return a.paragraph == b.paragraph && a.sentence == b.sentence;
}
[[nodiscard]] inline exact apart(const exact& a, const exact& b) { return a > b ? exact(a - b) : exact(b - a); }
/** Whether `a` differs from `b` by so many hundredths of `b` at most. */
[[nodiscard]] inline bool near(const exact& a, const exact& b, int percent) { return apart(a, b) * 100 <= b * percent; }

/** 其中, 包括 … that begins at a byte of the text; empty for none. */
[[nodiscard]] std::string_view part_marker_at(std::string_view text, std::size_t at);
/** Whether the figure stands behind 其中, 包括 … in its sentence: its label is told under every whole anew. */
[[nodiscard]] bool in_list(const inspection& r, const claim& c);
/** 1 up, -1 down, 0 neither: the word of change that stands last before a figure. */
[[nodiscard]] int direction(std::string_view before);
/** Whether the words before a figure make it a change or a comparison. */
[[nodiscard]] bool direction_word(std::string_view before);
/** Whether the words of a figure say that more of it is better: what a target without a sign means. */
[[nodiscard]] bool more_is_better(std::string_view about);
/** 目标值≥99.9%; without a sign only where the words `about` it say that more is better. */
[[nodiscard]] std::optional<bool> meets(const quantity& actual, const quantity& target, std::string_view about);
/** Points as a figure of their own: those that were got (得, 自评), and those that were taken off (扣). */
[[nodiscard]] bool is_score(const claim& c);
[[nodiscard]] bool is_got(const claim& c);
[[nodiscard]] bool is_lost(const claim& c);
[[nodiscard]] std::string printed(const inspection& r, const claim& c);  ///< 919.94万元

/** The rate that a label ends in, and what stands before it: 故障 of 故障修复率; null: none of the words' file. */
[[nodiscard]] const rate_row* row_of(std::string_view label, std::string_view& scope);
/** How many digits behind the point a figure prints, of its own unit. */
[[nodiscard]] int places_of(const quantity& q);
/** Whether `printed` can be `value` rounded half up, or cut, to its own last digit; 约 lets one unit more pass. */
[[nodiscard]] bool prints(const quantity& printed, const exact& value);
/** part / whole · 100, in the bounds that the grains of scaled figures (21.6 万件, 0.65 亿元) leave open. */
[[nodiscard]] bool is_ratio(const quantity& rate, const quantity& part, const quantity& whole);

[[nodiscard]] bool is_target(const claim& c);

/** One target and one result of one unit that misses it. */
struct miss {
  const claim *target, *actual;
};
[[nodiscard]] std::optional<miss> miss_in(std::span<const claim> all);
/** A word between both and `end` that says it was met: 完成计划250台 is a target. */
void told_met(inspection& r, const miss& m, std::string_view text, std::size_t end);

/** The points that were got for one indicator, and what its item says before them. */
struct scored_indicator {
  std::span<const claim> all;  ///< its figures, with the points
  const claim* got;            ///< the points
  const claim* weight =
      nullptr;  ///< the most there is to get; null where it is not told, or of several nobody knows which
  stretch at;   ///< of the item in the paragraph of `got`
};
/** In order of the text; linear in it. */
[[nodiscard]] std::vector<scored_indicator> scored_indicators(const inspection& r);

/** Whether one printed number is the other but for one digit, or two neighbours that changed places: a slip of the
 * hand. At least four digits, else chance would do. */
[[nodiscard]] bool is_slip(std::string a, std::string b);

void sums(inspection& r);
void rates(inspection& r);
void changes(inspection& r);
void products(inspection& r);
void points(inspection& r);
void indicator_points(inspection& r);
void targets(inspection& r);
void repeats(inspection& r);
void balances(inspection& r);
void dates(inspection& r);
void grades(inspection& r);
/** Of the lines that form tables; marks nothing. */
void tables(inspection& r);
/** The part of it that its columns say of each other. */
void table_relations(inspection& r, const section& s);

/** A figure in the unit of a target: 10 of 100000次 where that has 万次; nothing where it counts something else. */
[[nodiscard]] std::optional<exact> in_unit_of(const quantity& q, const plans::target& t);

void against_books(inspection& r, const book_lookup& books);
void against_plan(inspection& r, const plans::plan& plan);
/** What is said of the year before, by its name, against that year's own report. */
void against_last_year(inspection& r, const inspection& last);
void against_approval(inspection& r, const std::vector<plans::approved_figure>& approved);

}  // namespace changtong::claims
