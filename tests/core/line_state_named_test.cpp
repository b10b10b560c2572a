#include "daemon/core/line_state_named.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(LineStateNamed, IsTheStateThatHasTheName) {
  for (const line_state s : {line_state::up, line_state::down, line_state::unknown})
    EXPECT_EQ(line_state_named(name_of(s)), s) << name_of(s);
}

TEST(LineStateNamed, AnyOtherWordClaimsNothing) {
  for (const char* word : {"", "UP", "up ", "degraded"}) EXPECT_EQ(line_state_named(word), line_state::unknown) << word;
}

}  // namespace
}  // namespace changtong
