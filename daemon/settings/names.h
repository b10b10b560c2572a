#pragma once
/** Whether two names are one person's, however they are written: compared after NFKC with case folded and without
 * invisible characters and blanks, and as the eye sees them (Unicode TS 39: `а` is `a`). Pure; any bytes are safe. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/phrase.h"

namespace changtong {

struct name_key {
  std::string folded;
  std::string seen, seen_folded;  ///< skeletons of the name as it is written, and folded
};
[[nodiscard]] name_key key_of_name(std::string_view name);
[[nodiscard]] bool alike(const name_key& a, const name_key& b);
[[nodiscard]] bool one_person(std::string_view a, std::string_view b);

/** The name that the program itself uses and `name` could be taken for; empty: none. */
[[nodiscard]] std::string_view reserved_name(std::string_view name);
/** Why nobody may be called this in the books; none: they may. */
[[nodiscard]] std::optional<phrase> unfit_name(std::string_view name);

}  // namespace changtong
