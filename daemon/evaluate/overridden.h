#pragma once
/** What a person lets pass in a final form. A value. */
#include <string>

namespace changtong::evaluate {

/** What blocked the final form, and who lets it pass and why. */
struct overridden_block {
  std::string block, by, reason;
};

}  // namespace changtong::evaluate
