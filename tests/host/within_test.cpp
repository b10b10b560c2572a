// Work that nobody can end, and who does not wait for it.
#include "daemon/host/within.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace changtong::host {
namespace {

using namespace std::chrono_literals;

TEST(within, WhatIsDoneInTimeIsHeard) {
  EXPECT_EQ(within<int>(1h, [] { return 7; }), 7);
}

TEST(within, WhatTakesLongerIsLeftToItsThread) {
  const auto let_go = std::make_shared<std::promise<void>>();
  const auto ended = std::make_shared<std::promise<void>>();
  auto over = ended->get_future();
  EXPECT_EQ(within<int>(1ms,
                        [let_go, ended] {
                          let_go->get_future().wait();
                          ended->set_value();
                          return 7;
                        }),
            std::nullopt);
  let_go->set_value();
  over.wait();
}

TEST(within, AStopIsHeardWhateverThePatience) {
  const auto let_go = std::make_shared<std::promise<void>>();
  std::stop_source told;
  told.request_stop();
  EXPECT_EQ(within<int>(
                1h,
                [let_go] {
                  let_go->get_future().wait();
                  return 7;
                },
                told.get_token()),
            std::nullopt);
  let_go->set_value();
}

TEST(within, WhatItUsedIsGoneOnceItIsHeard) {
  const auto used = std::make_shared<int>(7);
  EXPECT_EQ(within<int>(1h, [used] { return *used; }), 7);
  EXPECT_EQ(used.use_count(), 1);
}

}  // namespace
}  // namespace changtong::host
