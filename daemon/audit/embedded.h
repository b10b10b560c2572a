#pragma once
/** Files that are part of the program: the build takes them from this folder, byte for byte. */
#include <string_view>

namespace changtong::audit {

/** The independent verifier in Python, verify_pack.py, where the tests run it: a pack carries what was tested. */
[[nodiscard]] std::string_view independent_verifier();
/** What a pack's README.html looks like. */
[[nodiscard]] std::string_view page_css();

}  // namespace changtong::audit
