#pragma once
/** What a page says, as the text that a browser would show: in which encoding it is, what stands for what, and whether
 * it sends its reader on. Follows the WHATWG's Encoding and HTML standards as far as a Chinese office meets them. Pure;
 * any bytes are safe, and what is made of them is at most three times as long. */
#include <optional>
#include <string>
#include <string_view>

namespace changtong::wire {

/** ICU's name of a page's encoding: by its byte order mark, the header's charset, its own <meta>, else UTF-8 if it is
 * that, else GB18030 (what a browser in this country falls back to). gb2312 and gbk mean GB18030, as in browsers.
 * `content_type`: the header's value, may be empty. */
[[nodiscard]] std::string page_encoding(std::string_view page, std::string_view content_type);

/** The page as UTF-8, without byte order mark; what is no character becomes U+FFFD. */
[[nodiscard]] std::string page_text(std::string_view page, std::string_view content_type);

/** `utf8` with numeric character references (`&#25919;`, `&#x653F;`) and the five of XML and `&nbsp;` replaced. */
[[nodiscard]] std::string without_references(std::string_view utf8);

/** Where the value of a Refresh header leads, `0;url=…`, at once or within five seconds. */
[[nodiscard]] std::optional<std::string> refresh_in(std::string_view content);

/** Where <meta http-equiv="refresh" content="0;url=…"> leads at once or within five seconds. Only the beginning of the
 * page is read, without comments, scripts and what is for browsers without scripts. */
[[nodiscard]] std::optional<std::string> refresh_target(std::string_view utf8);

}  // namespace changtong::wire
