#pragma once
/** The words by which a written report is read: units, bounds, labels, rates. They are rows of config/words/claims.txt,
 * which is bytes of the program; rules are code. No row names a figure or a sentence of any one report. Immutable; any
 * thread. */
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changtong::claims {

/** The number that up to nine digits are, and nothing else; 0 else. */
[[nodiscard]] int digits_in(std::string_view digits);

using word_list = std::vector<std::string>;

enum class measure : std::uint8_t {
  money,         ///< in 元
  percent,       ///< 99.83 for 99.83 %
  points_apart,  ///< 百分点
  count,         ///< 个 项 条 家 台 …, and number without a unit
  persons,       ///< 人 名
  person_times,  ///< 人次
  days,
  score,  ///< 分
  other   ///< 小时, 分钟, 个月, 工作日, 兆 …: kept apart by their unit
};

struct unit_row {
  std::string word;
  measure what;
  std::int64_t scale = 1;
};

/** A rate and the words of the two figures whose quotient it is. */
struct rate_row {
  word_list names, above, below;
};

struct report_words {
  std::vector<unit_row> units;
  std::vector<rate_row> rates;
  std::map<std::string, word_list, std::less<>> lists;

  /** The rows of `key` in their order; empty if there is none. */
  [[nodiscard]] const word_list& of(std::string_view key) const;
};

[[nodiscard]] const report_words& words();

/** The first of `list` that stands in `text`, empty if none. */
[[nodiscard]] std::string_view first_of(std::string_view text, const word_list& list);
[[nodiscard]] inline bool has_any(std::string_view text, const word_list& list) {
  return !first_of(text, list).empty();
}
[[nodiscard]] inline bool has(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }
/** Bytes of the character that begins at `at`; 1 for a byte that begins none. */
[[nodiscard]] std::size_t char_bytes(std::string_view text, std::size_t at);
/** Number of characters. */
[[nodiscard]] std::size_t length_of(std::string_view text);
/** Without the words of `list` at its ends, as often as they stand there, but for a last one. */
[[nodiscard]] std::string_view stripped(std::string_view text, const word_list& list);

}  // namespace changtong::claims
