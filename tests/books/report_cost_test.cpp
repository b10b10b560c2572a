// What a report costs, counted in allocations, so that no clock is asked.
#include <cstdlib>
#include <new>

#include "daemon/books/report_figures.h"
#include "tests/ledger/desk.h"

namespace {
std::uint64_t allocations = 0;  // these tests have one thread
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const room = std::malloc(size > 0 ? size : 1)) return room;
  throw std::bad_alloc();
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }

namespace changtong {
namespace {

using namespace ledger::desk;

/** Allocations for a report of one window of so many lines. */
std::uint64_t cost_of(int lines) {
  const folder f;
  {
    const auto w = opened(f);
    std::vector<record> all{policy_version{at(0), "Asia/Shanghai", R"({"zone":"Asia/Shanghai"})", "x"}};
    for (int i = 0; i < lines; ++i)
      all.emplace_back(window("W1", "L" + std::to_string(i), 10, 1000, 2000, "requested"));
    commit(*w, 86'400, std::move(all));
  }
  const auto books = reading(f);
  const std::uint64_t before = allocations;
  const auto report =
      gather_report(*books, {.when = {.when = {at(0), at(86'400)}, .name = {}, .title = {}, .token = {}},
                             .now = at(86'400),
                             .as_known_at = {},
                             .fingerprint = {}});
  EXPECT_TRUE(report);
  return allocations - before;
}

TEST(ReportCost, AWindowOfTwiceAsManyLinesCostsTwiceAsMuch) {
  const std::uint64_t some = cost_of(300);
  ASSERT_GT(some, 300u);
  EXPECT_LE(cost_of(600), some * 5 / 2);
}

}  // namespace
}  // namespace changtong
