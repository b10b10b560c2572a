// The log never holds up who writes to it.
#include "daemon/core/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <string>

#include "daemon/core/civil.h"

namespace changtong {
namespace {

using testing::HasSubstr;

/** Standard error is a pipe that nobody reads, until somebody does. */
struct LogTest : testing::Test {
  void SetUp() override {
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    before = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
  }
  void TearDown() override {
    ::dup2(before, STDERR_FILENO);
    for (const int one : {before, ends[0], ends[1]}) ::close(one);
  }
  [[nodiscard]] std::string read() const {
    std::string out(1 << 20, '\0');
    out.resize(static_cast<std::size_t>(::read(ends[0], out.data(), out.size())));
    return out;
  }
  std::array<int, 2> ends{};
  int before = -1;
};

TEST_F(LogTest, WhoReadsItMayStandStillAndHearsHowMuchWasLost) {
  for (int i = 0; i < 1'000; ++i) log::info("{}", std::string(500, 'x'));  // many times what a pipe holds
  EXPECT_THAT(read(), HasSubstr("xxx"));
  log::info("there again");
  EXPECT_THAT(read(), testing::AllOf(testing::ContainsRegex("[0-9]+ lines are lost"), HasSubstr("there again")));
}

TEST_F(LogTest, ALineIsCutWhereAPipeWouldNotTakeItWhole) {
  log::info("{}", std::string(100'000, 'x'));
  EXPECT_LT(read().size(), 4'096U);
}

TEST_F(LogTest, TimesAreThoseOfTheBooks) {
  log::begin(log::level::info, civil_zone::named("Asia/Urumqi").value());
  log::info("here");
  EXPECT_THAT(read(), testing::ContainsRegex("^20[0-9-]+T[0-9:.]+\\+06:00 info here"));
  log::begin(log::level::info, civil_zone::named("Asia/Shanghai").value());
  log::warn("there");
  EXPECT_THAT(read(), testing::ContainsRegex("^20[0-9-]+T[0-9:.]+\\+08:00 warning there"));
}

}  // namespace
}  // namespace changtong
