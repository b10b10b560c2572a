#pragma once
/** What the words of an entry may look like, whoever enters it. Pure. */
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/command.h"

namespace changtong::entries {

/** A refusal of the reason `invalid`. */
[[nodiscard]] refused invalid(std::string code, std::string text, std::string text_en);

/** Refusals of the reason `unknown`. */
[[nodiscard]] refused unknown_target(std::string_view id);
[[nodiscard]] refused unknown_alert(std::string_view id);

/** UTF-8 without control, bidirectional and invisible characters (core/plain_text.h). */
[[nodiscard]] bool plain(std::string_view text);
/** A sentence about the first character that plain() minds, in Chinese and in English; empty: there is none. */
struct odd_words {
  std::string text, text_en;
};
[[nodiscard]] odd_words odd_in(std::string_view text);
/** 1 to 64 of A-Z a-z 0-9 . _ - : ids stand in addresses and file names. */
[[nodiscard]] bool good_id(std::string_view id);
/** What is wrong with a person's name (at most 64 bytes; not the monitor's own) or with what they say (1000 bytes). */
[[nodiscard]] std::optional<refused> bad_words(std::string_view name, std::string_view text);

}  // namespace changtong::entries
