// What request classes and credentials in use are kept in.
#include "collectors/shared_table.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace changtong::test {
namespace {

struct numbered {
  std::uint32_t number = 0;
  std::string text;
};
using table = shared_table<std::string, numbered>;

TEST(SharedTable, EqualOnesAreOneWhileAnybodyHoldsIt) {
  const table all;
  EXPECT_EQ(all.find("a"), nullptr);
  const auto a = all.keep("a", {.text = "first"});
  EXPECT_EQ(all.find("a"), a);
  EXPECT_EQ(all.keep("a", {.text = "second"}), a) << "it came meanwhile";
  EXPECT_NE(all.keep("b", {})->number, a->number);
  EXPECT_EQ(a->text, "first");
}

TEST(SharedTable, WhoIsHeldByNobodyLeavesNothingBehind) {
  const table all;
  const auto lasting = all.keep("lasting", {});
  std::uint32_t last = lasting->number;
  for (int n = 0; n < 1000; ++n) {
    const auto passing = all.keep("password " + std::to_string(n), {});
    EXPECT_GT(passing->number, last) << "never used again";
    last = passing->number;
    EXPECT_EQ(all.size(), 2U);
  }
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all.find("lasting"), lasting);
}

TEST(SharedTable, ThingsMayOutliveIt) {
  std::shared_ptr<const numbered> a;
  {
    const table all;
    a = all.keep("a", {.text = "there"});
  }
  EXPECT_EQ(a->text, "there");
}

TEST(SharedTable, ThreadsShareAndLetGoAtOnce) {
  const table all;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&all] {
      for (int n = 0; n < 20'000; ++n) {
        const std::string key(1, static_cast<char>('a' + n % 3));
        auto held = all.find(key);
        if (!held) held = all.keep(key, {.text = key});
        if (held->text != key) ADD_FAILURE() << key;
      }
    });
  threads.clear();
  EXPECT_EQ(all.size(), 0U);
}

}  // namespace
}  // namespace changtong::test
