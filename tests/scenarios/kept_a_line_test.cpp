// What a line takes in memory as long as it is watched: a province of 100,000 must fit in 300 MB beside its ledger, and
// a hundred bytes more a line are ten of them.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <memory>

#include "collectors/registry.h"
#include "daemon/run/board_keeper.h"
#include "daemon/schedule/planner.h"
#include "daemon/settings/settings.h"
#include "daemon/verdict/judge.h"

namespace changtong::scenarios {
namespace {

constexpr std::size_t lines = 10'000;
constexpr const char* configuration =
    "zone: Asia/Shanghai\nlisten: 127.0.0.1:8080\nledger: l.db\ninventory: lines.csv\n"
    "credentials: { public: { version: 2c, community: public } }\n";

std::size_t in_use() {
  const auto now = ::mallinfo2();
  return now.uordblks + now.hblkhd;
}

/** Another allocator, a sanitizer's, does not say what it has. */
bool is_told() {
  using block = std::array<char, 1U << 20U>;
  const std::size_t before = in_use();
  const auto more = std::make_unique<block>();
  return in_use() - before >= more->size();
}

/** A line with two checks, as tests/bench/run scale has a hundred thousand. */
load_result load_province() {
  std::string rows = "id,name,category,town,carrier,address,checks\n";
  for (std::size_t k = 0; k < lines; ++k)
    rows += fmt::format(
        "L{0},线路{0},village,镇{1},运营商{2},10.{3}.{4}.1,\"icmp snmp:credential=public,port=1161,if=1\"\n", k,
        k % 300, k % 3, k / 250, k % 250);
  surroundings from{.read = [](const std::string&) -> result<std::string> {
                      return result<std::string>(boost::system::in_place_value, configuration);
                    },
                    .environment = [](const std::string&) { return std::optional<std::string>(); },
                    .open_to_others = [](const std::string&) { return false; },
                    .kinds = kinds(),
                    .lines = std::move(rows)};
  return load("changtong.yaml", from);
}

/** What `make` returns, and how many bytes a line that keeps. */
template <class Make>
auto weighed(std::size_t& a_line, Make make) {
  const std::size_t before = in_use();
  auto made = std::make_unique<decltype(make())>(make());
  a_line = (in_use() - before) / lines;
  return made;
}

TEST(KeptALine, IsBoundedWhereverItIsKept) {
  // In the sanitizers' trees there is nothing to weigh; the release tree, which is what people run, always weighs.
  if (!is_told()) GTEST_SKIP() << "the allocator does not say what it has";
  static_cast<void>(load_province());  // what a first time leaves behind is not a line's
  std::size_t settings = 0, plans = 0, belief = 0, shown = 0;
  const auto loaded = weighed(settings, load_province);
  ASSERT_TRUE(*loaded);
  const auto& inv = (*loaded)->value.targets;
  ASSERT_EQ(inv->checks.size(), 2 * lines);
  const auto planner = weighed(plans, [&] {
    schedule::planner one(mono_t{}, nanoseconds{0});
    one.adopt(inv, mono_t{});
    return one;
  });
  const auto judge = weighed(belief, [&] { return verdict::judge(inv, wall_from_ms(0)); });
  const auto board = weighed(shown, [&] { return board_keeper(inv, {}); });
  SCOPED_TRACE(fmt::format("bytes a line: settings {}, plans {}, belief {}, shown {}", settings, plans, belief, shown));
  // as measured, and one in twenty more
  EXPECT_LE(settings, 915U);
  EXPECT_LE(plans, 160U);
  EXPECT_LE(belief, 655U);
  EXPECT_LE(shown, 305U);
}

}  // namespace
}  // namespace changtong::scenarios
