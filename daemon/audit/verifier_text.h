#pragma once
/** The independent verifier in Python, as text: the build takes it from daemon/audit/verify_pack.py, where the tests
 * run it, so that a pack carries what was tested. */
#include <string_view>

namespace changtong::audit {

extern const std::string_view independent_verifier;

}  // namespace changtong::audit
