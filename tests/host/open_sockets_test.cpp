// Sockets that a stop shuts, and writes to whoever has hung up.
#include "daemon/host/open_sockets.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace changtong::host {
namespace {

bool is_waiting(int signal) {
  sigset_t waiting;
  ::sigpending(&waiting);
  return ::sigismember(&waiting, signal) == 1;
}

TEST(OpenSockets, AStopShutsThemAndNoneIsOpenedAfterwards) {
  open_sockets all;
  const int one = all.open(AF_INET, SOCK_STREAM, 0), closed = all.open(AF_INET6, SOCK_DGRAM, 0);
  ASSERT_GE(one, 0);
  EXPECT_EQ(all.close(closed), 0);
  all.shut();
  pollfd shut{one, POLLIN, 0};
  EXPECT_EQ(::poll(&shut, 1, 0), 1) << "whoever waits on it goes on";
  EXPECT_EQ(all.close(one), 0);
  EXPECT_EQ(all.open(AF_INET, SOCK_STREAM, 0), -1);
}

TEST(NoBrokenPipe, AWriteToWhoeverHasHungUpIsAnErrorAndNoMore) {
  int pair[2]{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  ::close(pair[1]);
  {
    const no_broken_pipe quiet;
    const no_broken_pipe again;
    EXPECT_EQ(::write(pair[0], "a", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    EXPECT_TRUE(is_waiting(SIGPIPE));
  }
  EXPECT_FALSE(is_waiting(SIGPIPE)) << "what we caused is not left to others";
  ::close(pair[0]);
}

}  // namespace
}  // namespace changtong::host
