#include "daemon/core/refusal_log.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(RefusalLog, SaysTheFirstTenAndThenEachTenfold) {
  refusal_log log;
  const mono_t now{};
  int lines = 0;
  for (int i = 1; i <= 100'000; ++i) {
    const auto n = log.note("10.0.0.1", now);
    if (n == 0) continue;
    EXPECT_EQ(n, static_cast<std::uint64_t>(i));
    ++lines;
  }
  EXPECT_EQ(lines, 10 + 4);  // 100, 1,000, 10,000, 100,000
}

TEST(RefusalLog, BeginsAnewEachMinute) {
  refusal_log log;
  for (int i = 0; i < 50; ++i) (void)log.note("a", mono_t{});
  EXPECT_EQ(log.note("a", mono_t{} + std::chrono::seconds{59}), 0U);
  EXPECT_EQ(log.note("a", mono_t{} + std::chrono::seconds{60}), 1U);
}

TEST(RefusalLog, IsNotFilledByManyWhoEachComeOnce) {
  refusal_log log;
  int lines = 0;
  for (int i = 0; i < 100'000; ++i)
    if (log.note(std::to_string(i), mono_t{}) != 0) ++lines;
  EXPECT_LT(lines, 64 + 15);
}

}  // namespace
}  // namespace changtong
