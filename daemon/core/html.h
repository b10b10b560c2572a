#pragma once
/** Text inside HTML and XML. */
#include <string>
#include <string_view>

namespace changtong {

/** Safe as text and as the value of an attribute in either kind of quotes: & < > " ' become references; every other
 * byte stays, so valid UTF-8 stays valid. */
[[nodiscard]] std::string html_text(std::string_view text);

}  // namespace changtong
