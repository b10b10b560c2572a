#pragma once
/** The rules behind consistency.h, one group a file. Each looks at one inspection of the report and adds what it finds.
 * Internal to this folder. */
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/claims/claims.h"
#include "daemon/claims/consistency.h"
#include "daemon/claims/naming.h"

namespace changtong::claims {

/** Something to quote: the stretch `s` of a paragraph, kept in the line of byte `keep`. */
struct passage {
  std::size_t paragraph = 0;
  stretch s;
  std::size_t keep = 0;
};

struct inspection {
  const written_report& report;
  const office_words& words;
  const std::vector<claim>& claims;
  std::vector<contradiction> found{};

  [[nodiscard]] const paragraph& of(const claim& c) const { return report.paragraphs[c.paragraph]; }
  /** The clause of a claim; with `context` also the clause before it. */
  [[nodiscard]] passage here(const claim& c) const { return {c.paragraph, c.clause, c.what.digits.from}; }
  [[nodiscard]] static passage all_of(std::size_t paragraph, stretch s) { return {paragraph, s, s.from}; }
  /** Adds a finding; passages that touch or overlap in one sentence become one quote, a quote is told once. */
  void tell(std::string_view kind, strength how, std::vector<passage> at, std::string text);
};

/** The title, or the first line; there must be one. */
[[nodiscard]] passage title_of(const inspection& r);
/** A number with its unit as the report prints it, without blanks. */
[[nodiscard]] std::string printed(const inspection& r, const claim& c);
/** A chapter in which work is reported, rather than promised, defined or criticised. */
[[nodiscard]] bool tells_results(chapter c);

/** An amount of the whole project in the period of the report, done or granted: fit to be compared everywhere. */
[[nodiscard]] bool of_the_whole(const claim& c);
/** The figure that stands for a concept of the whole project: the one stated most often, the first of equals; null if
 * there is none. */
[[nodiscard]] const claim* standing(const inspection& r, std::string_view money);

void amounts_that_differ(inspection& r);
void amounts_without_a_rest(inspection& r);
void amounts_that_add_up(inspection& r);
void counts_that_differ(inspection& r);
void rates_against_amounts(inspection& r);
void rates_against_counts(inspection& r);
void growth_against_figures(inspection& r);
void shares_of_goals(inspection& r);
void sums_against_parts(inspection& r);
void parts_of_two_concepts(inspection& r);
void scores_against_parts(inspection& r);
void goals_without_output(inspection& r);
void results_against_goals(inspection& r);
void lists_against_their_number(inspection& r);
void indicators_without_evaluation(inspection& r);
void opposites_in_claims(inspection& r);
void dates_that_cannot_be(inspection& r);
void frames_of_other_editions(inspection& r);
void words_of_other_offices(inspection& r);
void units_against_words(inspection& r);
void terms_without_definition(inspection& r);
void satisfaction_without_sample(inspection& r);
void lists_announced(inspection& r);
void doubled_words(inspection& r);
void broken_sentences(inspection& r);
void claims_against_plan(inspection& r, const plans::plan& plan);
void claims_against_books(inspection& r, const measured_figures& measured);

}  // namespace changtong::claims
