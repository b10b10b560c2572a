// A log file on a disk that hangs holds nobody up.
#include "daemon/core/log_lines.h"

#include <gmock/gmock.h>

#include <future>
#include <vector>

namespace changtong::log {
namespace {

using testing::ElementsAre;

line said(std::string text) { return {.at = {}, .of = level::info, .text = std::move(text)}; }

TEST(LogLines, AreWrittenInOrderBeforeTheEnd) {
  std::vector<std::string> written;
  {
    lines all([&](const line& l, std::uint64_t lost) {
      EXPECT_EQ(lost, 0U);
      written.push_back(l.text);
    });
    for (const char* text : {"a", "b", "c"}) all.add(said(text));
  }
  EXPECT_THAT(written, ElementsAre("a", "b", "c"));
}

TEST(LogLines, AreThereOnceTheyAreSaid) {
  std::vector<std::string> written;
  lines all([&](const line& l, std::uint64_t) { written.push_back(l.text); });
  all.add(said("a"));
  EXPECT_THAT(written, ElementsAre("a"));
  all.add(said("b"));
  EXPECT_THAT(written, ElementsAre("a", "b"));
}

TEST(LogLines, DiskThatHangsLosesWhatHasNoRoomAndSaysHowMuch) {
  std::promise<void> disk, hangs;
  const std::shared_future<void> works = disk.get_future().share();
  std::vector<std::string> written;
  std::uint64_t missing = 0;
  {
    lines all([&, first = true](const line& l, std::uint64_t lost) mutable {
      if (std::exchange(first, false)) {
        hangs.set_value();
        works.wait();
      }
      missing += lost;
      written.push_back(l.text);
    });
    all.add(said("first"));
    hangs.get_future().wait();
    const auto before = std::chrono::steady_clock::now();
    for (std::size_t n = 0; n < lines::most_waiting + 7; ++n) all.add(said("more"));  // none of them waits
    EXPECT_LT(std::chrono::steady_clock::now() - before, lines::most_waiting * lines::patience / 100);
    disk.set_value();
  }
  EXPECT_EQ(written.size(), 1 + lines::most_waiting);
  EXPECT_EQ(missing, 7U);
}

TEST(LogLines, DiskThatHangsForEverHoldsUpNoEnd) {
  static std::promise<void> never;  // outlives everything, as the thread that waits for it
  static const std::shared_future<void> works = never.get_future().share();
  static std::promise<void> gone;
  const auto before = std::chrono::steady_clock::now();
  {
    lines all([](const line&, std::uint64_t) {
      works.wait();
      gone.set_value();
    });
    all.add(said("lost"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2 * lines::last_wait);
  never.set_value();
  gone.get_future().wait();
}

}  // namespace
}  // namespace changtong::log
