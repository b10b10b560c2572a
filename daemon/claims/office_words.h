#pragma once
/** The words by which a written report is read: what offices call their chapters, amounts, rates and objects, and the
 * words that do not belong together. Rules are code, words are rows: no row names a figure or a sentence of any one
 * report. Sources: the evaluation frames of 2013 and 2020 and the self-evaluation form (rules.md 3.1, 3.4), the kinds
 * of contradiction of rules.md 3.10, otherwise common usage (a decision of this project). Immutable; any thread. */
#include <cstdint>
#include <string>
#include <vector>

namespace changtong::claims {

using word_list = std::vector<std::string>;

/** What a part of a report is about. */
enum class chapter : std::uint8_t {
  other,
  basics,
  goals,
  method,
  summary,
  decision,
  process,
  outputs,
  effects,
  practice,
  problems,
  measures
};

struct chapter_words {
  chapter part;
  word_list words;
  word_list unless;  ///< a title with one of these is not meant
};

struct named_words {
  std::string name;
  word_list words;
};

/** A rate and the two figures whose quotient it is. */
struct rate_family {
  std::string name;
  word_list rate;   ///< how the rate is called
  word_list above;  ///< the figure above the line: a money concept's name, or words of a count
  word_list below;
  bool money = false;
};

/** Two ways to speak of one subject that cannot both be true. */
struct opposite_words {
  std::string topic;
  word_list about;  ///< the subject; empty: the words below tell it themselves
  word_list good, bad;
  word_list unless;  ///< a bad clause with one of these speaks of something else
  bool sure = false;
  bool problems_only = false;  ///< the bad side is told in a chapter of problems
};

/** Words of another organ: each marks its text only together with a companion in the same clause. */
struct foreign_words {
  std::string organ;
  word_list words, companions;
  word_list home;  ///< whose report may speak so: words of its title, basics or goals
};

struct office_words {
  word_list report_words, goal_labels, analysis_titles;
  std::vector<chapter_words> chapters;
  // the noun that a number measures
  word_list leads, acts, tails, light_tails, neutral_words, vague_heads, change_words, plan_words, each_words,
      earlier_words;
  std::vector<named_words> verbs;
  // money
  std::vector<named_words> money;
  word_list whole_words, money_prefixes, plain_labels, rest_words;
  // rates, scores
  std::vector<rate_family> rates;
  word_list subset_words, indicator_names, score_words, problem_words, saving_words, availability_words;
  // goals
  std::vector<named_words> object_classes, object_levels, goal_actions;
  word_list goal_objects;
  // claims
  std::vector<opposite_words> opposites;
  word_list denials, hopes;
  // frames
  std::vector<named_words> frame_2013, frame_2020;
  word_list department_words, last_year_words;
  std::vector<foreign_words> organs, topics;
  word_list borrowed_words;  ///< another topic's word in a sense of its own: 数字生态
  // wording
  word_list adverbs_of_time, repeated_on_purpose;
};

[[nodiscard]] const office_words& default_office_words();

}  // namespace changtong::claims
