// What a ledger says a check remembered is anybody's text: it goes on or is refused, and what goes on stays in bounds.
#include <gtest/gtest.h>

#include "daemon/verdict/check_fold.h"

namespace changtong::verdict {
namespace {

const wall_t heartbeat = wall_from_ms(1'773'417'600'000);

bool recalled(std::string_view text) {
  check_fold f(heartbeat);
  return f.recall(text, heartbeat);
}

TEST(Recall, TakesWhatIsRemembered) {
  const std::string pending =
      "1 0 -4503599627370496 0 -4503599627370496 none refused 11 1773417598000 1773417599000 "
      "-4503599627370496 0 1 1773417598100 1773417598200 1 0 monitor_stopped";
  check_fold f(heartbeat);
  ASSERT_TRUE(f.recall(pending, heartbeat));
  EXPECT_EQ(f.remember(), pending);
}

TEST(Recall, RefusesNumbersThatNoSumSurvives) {
  EXPECT_TRUE(recalled("1 1 0 0 0 refused none 0 0 0 0 0 0"));
  for (const char* bad :
       {"", "1", "2 1 0 0 0 refused none 0 0 0 0 0 0", "1 1 0 0 0 refused none 0 0 0 0 0",
        "1 2 0 0 0 refused none 0 0 0 0 0 0", "1 1 9223372036854775807 0 0 refused none 0 0 0 0 0 0",
        "1 1 0 9223372036854775807 0 refused none 0 0 0 0 0 0", "1 1 99999999999999999999 0 0 refused none 0 0 0 0 0 0",
        "1 1 0 -1 0 refused none 0 0 0 0 0 0", "1 1 0 0 0 nothing none 0 0 0 0 0 0",
        "1 1 0 0 0 refused none -1 0 0 0 0 0", "1 1 0 0 0 refused none 4294967297 0 0 0 0 0",
        "1 1 0 0 0 refused none 0 0 0 0 0 1000000", "1 1 0 0x 0 refused none 0 0 0 0 0 0"})
    EXPECT_FALSE(recalled(bad)) << bad;
}

}  // namespace
}  // namespace changtong::verdict
