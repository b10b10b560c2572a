#include "daemon/accounts/trail.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "daemon/accounts/scribe.h"
#include "tests/accounts/beside_ledger.h"

namespace changtong::accounts {
namespace {

constexpr wall_t now = wall_from_ms(1'790'000'000'123);

trail_entry login(const std::string& who, wall_t at = now) {
  return {.at = at, .who = who, .peer = "192.0.2.7", .what = deed::login, .outcome = "ok"};
}

chain_walk walk(const trail& t) {
  chain_walk w;
  EXPECT_TRUE(t.each_line([&](std::string_view line) { w.take(line); }));
  return w;
}

void rewrite(const std::string& path, const std::function<std::string(std::string)>& how) {
  std::ifstream in(path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::ofstream(path) << how(text);
}

TEST(Chain, ALineIsReadAsItWasWritten) {
  const trail_entry e{.number = 7,
                      .at = now,
                      .who = "王\"工\n",
                      .peer = "::1",
                      .what = deed::read,
                      .of = "/api/v1/outages",
                      .outcome = "ok"};
  const std::string line = line_of(e, "abc");
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = entry_in(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->entry, e);
  EXPECT_EQ(read->before, "abc");
  EXPECT_FALSE(entry_in(line.substr(0, line.size() - 1)));
}

TEST(Trail, IsChainedPrivateAndTold) {
  const beside_ledger d("chained");
  std::vector<std::string> told;
  trail t(d.ledger(), [&](const std::string& line) { told.push_back(line); });
  for (const char* who : {"甲", "乙", "丙"}) t.append(login(who));
  const chain_walk w = walk(t);
  EXPECT_FALSE(w.broken());
  EXPECT_EQ(w.lines(), 3U);
  EXPECT_EQ(w.first(), 1U);
  EXPECT_EQ(w.last(), 3U);
  EXPECT_EQ(told.size(), 3U);
  struct stat about{};
  ASSERT_EQ(::stat(t.path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST(Trail, GoesOnWhereAnotherProcessStopped) {
  const beside_ledger d("goes_on");
  trail(d.ledger(), {}).append(login("甲"));
  trail(d.ledger(), {}).append(login("乙"));
  const chain_walk w = walk(trail(d.ledger(), {}));
  EXPECT_FALSE(w.broken());
  EXPECT_EQ(w.last(), 2U);
}

TEST(Trail, ShowsWhatWasChangedRemovedOrPutIn) {
  const auto broken_by = [](const std::function<std::string(std::string)>& how) {
    const beside_ledger d("broken");
    trail t(d.ledger(), {});
    for (const char* who : {"a", "b", "c", "d"}) t.append(login(who));
    rewrite(t.path(), how);
    return walk(t).broken().has_value();
  };
  const auto line_from = [](const std::string& text, int nth) {
    std::size_t at = 0;
    while (nth-- > 0) at = text.find('\n', at) + 1;
    return at;
  };
  EXPECT_FALSE(broken_by([](std::string text) { return text; }));
  EXPECT_TRUE(broken_by([](std::string text) { return text.replace(text.find("\"b\""), 3, "\"x\""); }));
  EXPECT_TRUE(broken_by(
      [&](std::string text) { return text.erase(line_from(text, 1), line_from(text, 2) - line_from(text, 1)); }));
  EXPECT_TRUE(broken_by([&](const std::string& text) { return text.substr(0, line_from(text, 1)) + text; }));
}

TEST(Trail, WhatNoCrashLeavesBreaksTheChain) {
  for (const char* garbage : {"garbage", "{\"n\":3,", "{\"m\""}) {
    const beside_ledger d("garbage");
    trail t(d.ledger(), {});
    t.append(login("a"));
    std::ofstream(t.path(), std::ios::app) << garbage << "\n";
    EXPECT_TRUE(walk(t).broken()) << garbage;
  }
}

TEST(Trail, NoLinkAndNoPipeIsWrittenTo) {
  const beside_ledger d("link");
  std::vector<std::string> told;
  trail t(d.ledger(), [&](const std::string& line) { told.push_back(line); });
  std::filesystem::create_symlink(d.folder + "/elsewhere", t.path());
  t.append(login("a"));
  EXPECT_FALSE(std::filesystem::exists(d.folder + "/elsewhere"));
  std::filesystem::remove(t.path());
  ASSERT_EQ(::mkfifo(t.path().c_str(), 0600), 0);
  t.append(login("b"));  // and does not wait for a reader
  EXPECT_EQ(told.size(), 2U) << "what cannot be kept is told all the same";
}

TEST(Trail, ALineThatACrashCutShortStaysAndIsTold) {
  const beside_ledger d("cut_short");
  trail t(d.ledger(), {});
  t.append(login("a"));
  std::ofstream(t.path(), std::ios::app) << "{\"n\":2,\"at\":\"20";
  t.append(login("b"));
  t.append(login("c"));
  const chain_walk w = walk(t);
  EXPECT_FALSE(w.broken());
  EXPECT_EQ(w.cut_short(), 1U);
  EXPECT_EQ(w.last(), 3U);
}

TEST(Trail, AFullFileMakesRoomTheChainGoesOnAndWhatIsOldIsGivenUp) {
  const beside_ledger d("rotated");
  const auto day = [](int n) { return now + std::chrono::hours{24 * n}; };
  trail t(d.ledger(), {}, {.file_bytes = 1'000, .kept = std::chrono::hours{24 * 180}});
  for (int n = 0; n < 170; ++n) t.append(login("a", day(n)));
  EXPECT_EQ(walk(t).first(), 1U) << "half a year is kept";
  for (int n = 170; n < 500; ++n) t.append(login("a", day(n)));
  const chain_walk w = walk(t);
  EXPECT_FALSE(w.broken());
  EXPECT_GT(w.first(), 300U - 10U);
  EXPECT_LE(w.first(), 320U) << "no line younger than half a year is missing";
  EXPECT_EQ(w.last(), 500U);
}

TEST(Trail, IsReadAsItWasAtOneMoment) {
  const beside_ledger d("one_moment");
  trail t(d.ledger(), {}, {.file_bytes = 1'000});
  for (int n = 0; n < 12; ++n) t.append(login("a"));
  chain_walk w;
  EXPECT_TRUE(t.each_line([&](std::string_view line) {
    w.take(line);
    t.append(login("meanwhile"));
  }));
  EXPECT_FALSE(w.broken());
  EXPECT_EQ(w.last(), 12U);
  EXPECT_FALSE(walk(t).broken());
}

TEST(Trail, OfTooMuchTheOldestIsGivenUpAndALineSaysSo) {
  const beside_ledger d("too_much");
  std::vector<trail_entry> told;
  trail t(d.ledger(), [&](const std::string& line) { told.push_back(entry_in(line).value().entry); },
          {.file_bytes = 1'000, .all_bytes = 5'000});
  for (int n = 0; n < 100; ++n) t.append(login("a"));
  std::uintmax_t bytes = 0;
  for (const auto& one : std::filesystem::directory_iterator(d.folder)) bytes += one.file_size();
  EXPECT_LT(bytes, 7'000U);
  const chain_walk w = walk(t);
  EXPECT_FALSE(w.broken());
  EXPECT_GT(w.first(), 1U);
  const auto said = std::ranges::find(told, deed::given_up, &trail_entry::what);
  ASSERT_NE(said, told.end());
  EXPECT_TRUE(said->of.starts_with("1-")) << said->of;
  EXPECT_EQ(said->outcome, "size");
}

TEST(Trail, WhatIsGivenUpIsToldBeforeItGoes) {
  const beside_ledger d("told_before");
  bool there = false;
  trail t(d.ledger(),
          [&](const std::string& line) {
            if (entry_in(line).value().entry.what == deed::given_up && !there)
              there = std::filesystem::exists(d.ledger() + ".audit.000000000001");
          },
          {.file_bytes = 1'000, .all_bytes = 5'000});
  for (int n = 0; n < 100; ++n) t.append(login("a"));
  EXPECT_TRUE(there);
}

TEST(Trail, WhatCannotBeReadIsNotTheEndOfTheLog) {
  const beside_ledger d("cut_while_read");
  trail t(d.ledger(), {});
  for (int n = 0; n < 200; ++n) t.append(login("a"));
  EXPECT_FALSE(t.each_line([&](std::string_view) { std::filesystem::resize_file(t.path(), 0); }));
}

TEST(Trail, WhereTheEndCannotBeReadNoChainBeginsAnew) {
  const beside_ledger d("no_end");
  std::filesystem::create_directory(d.ledger() + ".audit.000000000001");
  std::vector<std::string> told;
  trail t(d.ledger(), [&](const std::string& line) { told.push_back(line); });
  EXPECT_FALSE(t.append(login("a")));
  EXPECT_FALSE(std::filesystem::exists(t.path()));
  EXPECT_EQ(told.size(), 1U) << "what cannot be kept is told all the same";
}

TEST(Scribe, KeepsTheOrderAndSaysWhetherLinesAreKept) {
  const beside_ledger d("scribe");
  trail t(d.ledger(), {});
  std::vector<bool> kept;
  {
    scribe s(t, {.patience = std::chrono::hours{1}, .kept = [&](bool yes) { kept.push_back(yes); }});
    for (int n = 0; n < 3; ++n) s.write(login(std::to_string(n)));
    std::filesystem::rename(t.path(), t.path() + ".away");
    std::filesystem::create_directory(t.path());
    s.write(login("3"));
    std::filesystem::remove(t.path());
    std::filesystem::rename(t.path() + ".away", t.path());
    s.write(login("4"));
  }
  EXPECT_EQ(kept, (std::vector<bool>{true, true, true, false, true}));
  const chain_walk w = walk(t);
  EXPECT_FALSE(w.broken());
  EXPECT_EQ(w.last(), 4U);
}

TEST(Scribe, OneLineTooManyIsToldAndNotKept) {
  const beside_ledger d("too_many");
  std::promise<void> opens;
  std::atomic<int> told{0};
  trail t(d.ledger(), [is_open = opens.get_future().share(), &told](const std::string&) {
    if (told++ == 0) is_open.wait();
  });
  {
    scribe s(t, {.patience = milliseconds{1}, .most_waiting = 1});
    s.write(login("writes"));
    while (told == 0) std::this_thread::yield();
    for (int n = 0; n < 3; ++n) s.write(login("waits"));
    EXPECT_EQ(told, 3) << "the first is being written, the second waits";
    opens.set_value();
  }
  EXPECT_EQ(walk(t).last(), 2U);
}

TEST(Trail, ADirectoryWithoutAnAuditLogStaysAsItIs) {
  const beside_ledger d("none");
  EXPECT_FALSE(trail(d.ledger(), {}).each_line([](std::string_view) {}));
  EXPECT_TRUE(std::filesystem::is_empty(d.folder));
}

}  // namespace
}  // namespace changtong::accounts
