#pragma once
/** A closing of a centre's, for the terminal. Pure. */
#include <string>
#include <string_view>

#include "daemon/centre/own_entry.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** Lines, Chinese and English: by whom, who was not known to the period's end (of a pair only where neither was), and,
 * of a later version, by place and category what it changes of the ratio and of unobserved time. */
[[nodiscard]] std::string closing_text(const centre::month_closed& c, const centre_file& s);

/** By which option a month, quarter or year is named, as closings call it. */
[[nodiscard]] std::string_view option_of_closed(std::string_view name);

}  // namespace changtong
