#pragma once
/** What the channels share: a message's words within a bound, what is signed and how, an answer without secrets. Pure.
 */
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/message.h"

namespace changtong::alerts {

/** `text` if it has at most `most` bytes; else as many whole lines as fit and a line that says how many were left out.
 * A first line that is too long by itself is cut at a character and ends with 「…」. */
[[nodiscard]] std::string fitted(std::string_view text, std::size_t most);
/** Title, text and link, a line each, in at most `most` bytes; of what does not fit the text goes first. */
[[nodiscard]] std::string whole_text(const message& m, std::size_t most);
/** In one line: line ends become 「；」, or nothing behind a punctuation mark; other controls a blank. */
[[nodiscard]] std::string one_line(std::string_view text);

/** Each once and without blanks, in order, at most `most`; what is empty, or holds a control, `"`, `<` or `>`, is left
 * out. */
[[nodiscard]] std::vector<std::string> each_once(const std::vector<std::string>& some,
                                                 const std::vector<std::string>& more, std::size_t most);

/** 32 bytes. Throws std::runtime_error where OpenSSL cannot. */
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);
[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::string hex_digits(std::string_view bytes);
/** All but letters, digits and `-._~` as %XX. */
[[nodiscard]] std::string percent_encoded(std::string_view text);

/** What a channel said, for the journal: one line of valid UTF-8, at most 200 bytes, and nothing of the channel's key,
 * headers or address in it. */
[[nodiscard]] std::string without_secrets(const alert_channel& c, std::string_view said);

}  // namespace changtong::alerts
