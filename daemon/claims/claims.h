#pragma once
/** The claims of a written report: each figure of its sentences with the words that say what it counts. Rows of tables
 * are read by tables.cpp. Pure; any thread. */
#include <cstddef>
#include <string>
#include <vector>

#include "daemon/claims/document.h"
#include "daemon/claims/quantities.h"

namespace changtong::claims {

struct claim {
  std::size_t paragraph = 0, sentence = 0;
  quantity what;
  stretch words;       ///< from its label to its noun: what is quoted
  std::string before;  ///< as written between the mark or figure before it and its number: 其中实际支付
  std::string clause;  ///< as `before`, over 、 and brackets: 批复药品、化妆品抽检经费
  std::string label;   ///< the same without words that measure nothing: 专线租赁支出
  std::string name;    ///< plain(label)
  std::string
      indicator;     ///< 救助对象满意度 of 救助对象满意度：目标值≥90%，实际96.3%; empty where it begins with no name
  std::string noun;  ///< of 9 个任务, 7 个新媒体账号; empty before a mark
  std::string time;  ///< a year or month that is not the report's, or part of a year
  bool planned = false, earlier = false, each = false;
  bool inside = false;  ///< between brackets
};

inline constexpr std::size_t most_claims = 20'000;
/** In order of the text. At most the first `most_claims`. */
[[nodiscard]] std::vector<claim> claims_of(const written_report& report);

/** A label without the words by which the same amount is called longer: 项目全年支付资金 -> 支付. */
[[nodiscard]] std::string plain(std::string_view label, const written_report& report);

/** Where the words of the figure at `to` begin: behind the last mark or figure, not before `from`. */
[[nodiscard]] std::size_t label_begin(std::string_view text, std::size_t from, std::size_t to);

/** Whether both can be added, subtracted and divided by each other. */
[[nodiscard]] bool same_unit(const quantity& a, const quantity& b);
[[nodiscard]] inline bool same_unit(const claim& a, const claim& b) { return same_unit(a.what, b.what); }

}  // namespace changtong::claims
