#pragma once
/** Chinese text as characters and words, over UTF-8 bytes. Pure; any thread. Bytes that are no UTF-8 count as
 * characters of one byte and match nothing. */
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "daemon/claims/office_words.h"

namespace changtong::claims {

/** The first of `list` that stands in `text`, empty if none. */
[[nodiscard]] std::string_view first_of(std::string_view text, const word_list& list);
[[nodiscard]] std::string_view first_of(std::string_view text, std::initializer_list<std::string_view> list);
[[nodiscard]] bool has_any(std::string_view text, const word_list& list);
[[nodiscard]] bool has_any(std::string_view text, std::initializer_list<std::string_view> list);
/** Whether at least half of the pairs of neighbouring characters of `noun` stand in `text`; false for one character. */
[[nodiscard]] bool mentions(std::string_view text, std::string_view noun);
/** Bytes of the character that begins at `at`; 1 for a byte that begins none. */
[[nodiscard]] std::size_t char_bytes(std::string_view text, std::size_t at);
/** Where the character before `at` (> 0) begins. */
[[nodiscard]] std::size_t char_before(std::string_view text, std::size_t at);
/** Number of characters. */
[[nodiscard]] std::size_t length_of(std::string_view text);

}  // namespace changtong::claims
