// The small nouns: problem, secret, histogram, board.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>

#include "daemon/core/board.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"
#include "daemon/core/tallies.h"

namespace changtong {
namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!std::is_convertible_v<secret, std::string>, "a secret must not become text by accident");
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!fmt::is_formattable<secret>::value, "a secret must not reach a log line");
static_assert(!streamable<secret>);

TEST(Secret, OnlyRevealShowsIt) {
  EXPECT_EQ(secret("s3cret").reveal(), "s3cret");
  EXPECT_TRUE(secret{}.empty());
}

TEST(Problem, NamesThePlaceWhenItKnowsOne) {
  EXPECT_EQ(to_string(problem{.text = "unknown key 'zonee'", .file = "changtong.yaml", .line = 3, .column = 7}),
            "changtong.yaml:3:7: unknown key 'zonee'");
  EXPECT_EQ(to_string(problem{.text = "disk full"}), "disk full");
}

TEST(Problem, AskingAProblemForItsValueIsABug) {
  const result<int> r = problem{.text = "no"};
  EXPECT_FALSE(r);
  EXPECT_THROW((void)r.value(), std::logic_error);
}

TEST(Histogram, AValueOnABoundBelongsToTheBucketBelow) {
  histogram<2> h({0.1, 1.0});
  h.observe(0.1);
  h.observe(0.100001);
  h.observe(7);
  EXPECT_EQ(h.bucket(0), 1U);
  EXPECT_EQ(h.bucket(1), 1U);
  EXPECT_EQ(h.bucket(2), 1U);
  EXPECT_DOUBLE_EQ(h.sum(), 0.1 + 0.100001 + 7);
}

TEST(Board, BeforeTheFirstSampleEveryLineIsUnknown) {
  auto inv = std::make_shared<inventory>();
  inv->targets.resize(2);
  const board b(inv);
  ASSERT_EQ(b.lines.size(), 2U);
  EXPECT_EQ(b.lines[1].state.load(), line_state::unknown);
  EXPECT_EQ(b.lines[1].why.load(), cause::not_started);
}

TEST(Board, AReaderKeepsTheBoardItTookOverAReload) {
  board_holder holder;
  EXPECT_EQ(holder.get(), nullptr);
  holder.set(std::make_shared<board>(std::make_shared<inventory>()));
  const auto taken = holder.get();
  holder.set(std::make_shared<board>(std::make_shared<inventory>()));
  EXPECT_NE(holder.get(), taken);
  EXPECT_TRUE(taken->lines.empty());
}

}  // namespace
}  // namespace changtong
