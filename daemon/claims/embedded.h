#pragma once
/** Files of the source tree that are bytes of the program (CMake's changtong_embed). */
#include <string_view>

namespace changtong::claims {

[[nodiscard]] std::string_view built_in_claim_words();  ///< config/words/claims.txt

}  // namespace changtong::claims
