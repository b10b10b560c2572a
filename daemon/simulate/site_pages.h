#pragma once
/** What a website of the district answers, byte for byte, and how it fails: each has another manner (district.h). Pure.
 *
 * `old` sends a visitor without its cookie to its page, with the cookie; only that first answer fails, so that every
 * visit is judged by one instant. `gbk` fails with status 200 and a page that says so. */
#include <string>
#include <string_view>

#include "daemon/simulate/district.h"

namespace changtong::simulate {

/** The visitor brings what the site's first answer gave it; always false for a site that gives nothing. */
[[nodiscard]] bool has_entered(const district_site& site, std::string_view cookies);

struct site_question {
  std::string_view cookies{};  ///< the header's value
  bool head_only = false;      ///< HEAD
};
/** The whole answer, behind which the connection is to be closed. */
[[nodiscard]] std::string site_answer(const district_site& site, bool failing, const site_question& question);

/** How the site fails, in Chinese. */
[[nodiscard]] std::string_view failure_of(const district_site& site);

}  // namespace changtong::simulate
