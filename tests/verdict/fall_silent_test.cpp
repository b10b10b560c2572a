// A word ended at many places at once is the word ended at one after the other.
#include "daemon/verdict/fall_silent.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace changtong::verdict {
namespace {

wall_t at(int second) { return wall_t{std::chrono::seconds{second}}; }

/** One silence alone, second by second: what is up of a second within it is unknown. */
using second_said = std::tuple<line_state, cause, wall_t>;
std::vector<second_said> seconds_of(const std::vector<piece>& pieces) {
  std::vector<second_said> out;
  for (const piece& p : pieces)
    for (wall_t t = p.when.from; t < p.when.to; t += std::chrono::seconds{1})
      out.emplace_back(p.state, p.why, p.good_before);
  return out;
}

TEST(FallSilent, AllAtOnceIsOneAfterTheOther) {
  rc::check([] {
    std::vector<piece> pieces;
    int end = 0;
    for (const int length : *rc::gen::container<std::vector<int>>(8, rc::gen::inRange(1, 6))) {
      const auto state = *rc::gen::element(line_state::up, line_state::up, line_state::down, line_state::unknown);
      pieces.push_back({.when = {at(end), at(end + length)}, .state = state, .good_before = at(-end)});
      end += length;
    }
    auto begins = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-2, 50));
    std::ranges::sort(begins);
    std::vector<period> silences;
    int until = -1;
    for (const int b : begins) silences.push_back({at(b), at(until = std::max(until, b + *rc::gen::inRange(0, 9)))});

    auto expected = seconds_of(pieces);
    for (const period& s : silences)
      for (std::size_t i = 0; i < expected.size(); ++i)
        if (auto& [state, why, good] = expected[i];
            state == line_state::up && s.from <= at(static_cast<int>(i)) && at(static_cast<int>(i)) < s.to)
          state = line_state::unknown, why = cause::silent;

    passing<piece> queue;
    for (const piece& p : pieces) queue.push_back(p);
    std::uint64_t looked_at = 0;
    fall_silent(queue, silences, looked_at);
    const std::vector<piece> after(queue.begin(), queue.end());
    RC_ASSERT(seconds_of(after) == expected);
    for (std::size_t i = 0; i < after.size(); ++i) {
      RC_ASSERT(after[i].when.from < after[i].when.to);
      if (i > 0) RC_ASSERT(after[i].when.from == after[i - 1].when.to);
    }
  });
}

}  // namespace
}  // namespace changtong::verdict
