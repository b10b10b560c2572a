#pragma once
/** The nouns of claims: what is left of a clause when adverbs, dates and marks are taken off its ends. Pure; any
 * thread. Each function narrows `text`, which stays part of the same bytes; a text is never emptied by a word list. */
#include <string>
#include <string_view>

#include "daemon/claims/sentences.h"

namespace changtong::claims {

/** Takes words of `list` from the beginning (the end), the longest that fits first, until none fits. */
void strip_front(std::string_view& text, const word_list& list);
void strip_back(std::string_view& text, const word_list& list);
/** Takes dates such as 2023年, 截至2024年12月底, 12月 from the beginning. */
void strip_dates(std::string_view& text);
/** Takes the number of a member inside a sentence from the beginning: 2.完成改造, (3)培训. */
void strip_number(std::string_view& text);
/** Without quotation marks, brackets and 、 at either end. */
[[nodiscard]] std::string_view trimmed_marks(std::string_view text);

/** `name` without the words of the project's own name and those that mean all of it. */
[[nodiscard]] std::string narrowing(std::string_view name, const written_report& report, const office_words& words);

}  // namespace changtong::claims
