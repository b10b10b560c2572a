#pragma once
/** The figures that a report states, each with what it measures and where it stands. Pure; any thread.
 *
 * `head` is the noun that the number measures, without verbs, adverbs and words such as 共 or 达到: 政务公开专区 for
 * 「政务公开专区建设 14 个」 and 「建设政务公开专区14个」. `about` is what narrows it: 纳入国办平台 of 「纳入国办平台的
 * 7 个新媒体」, or for money the part of the project; empty means the whole. Two claims speak of the same thing when
 * head, about, verb, time and role are the same. */
#include <string>
#include <vector>

#include "daemon/claims/office_words.h"
#include "daemon/claims/quantities.h"
#include "daemon/claims/sentences.h"

namespace changtong::claims {

struct claim {
  std::size_t paragraph = 0;  ///< index into the report's
  stretch sentence, clause;
  quantity what;
  std::string subject;  ///< the clause before the number, as it stands
  std::string object;   ///< the clause after the unit, as it stands
  std::string head, about;
  std::string verb;        ///< the class of its verb: 建设, 维护, 检查 …; empty without
  std::string time;        ///< empty: the period of the report; else 2022年, 3月, 上年, 累计 …
  std::string money;       ///< the concept of an amount: 支出, 预算, 到位 …; empty where the head tells
  bool planned = false;    ///< a goal or a plan, not what was done
  bool part = false;       ///< stands in a list of parts, after 其中
  bool each = false;       ///< per month, per line, on average
  bool inherited = false;  ///< `about` was named by an amount before it in the sentence
  bool change = false;     ///< an increase or decrease
};

/** In order of the text; at most 20,000. */
[[nodiscard]] std::vector<claim> claims_of(const written_report& report, const office_words& words);

}  // namespace changtong::claims
