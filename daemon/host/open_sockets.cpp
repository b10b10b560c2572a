#include "daemon/host/open_sockets.h"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

namespace changtong::host {
namespace {

sigset_t broken_pipe() {
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, SIGPIPE);
  return only;
}

}  // namespace

int open_sockets::open(int family, int type, int protocol) {
  const holding lock(mutex_);
  if (shut_) return -1;
  const int made = ::socket(family, type | SOCK_CLOEXEC, protocol);
  if (made >= 0) open_.insert(made);
  return made;
}

int open_sockets::close(int socket) {
  const holding lock(mutex_);
  open_.erase(socket);
  return ::close(socket);
}

void open_sockets::shut() {
  const holding lock(mutex_);
  shut_ = true;
  for (const int s : open_) ::shutdown(s, SHUT_RDWR);
}

no_broken_pipe::no_broken_pipe() {
  const sigset_t only = broken_pipe();
  sigset_t before, waiting;
  ::sigpending(&waiting);
  ::pthread_sigmask(SIG_BLOCK, &only, &before);
  ours_ = ::sigismember(&before, SIGPIPE) == 0 && ::sigismember(&waiting, SIGPIPE) == 0;
}

no_broken_pipe::~no_broken_pipe() {
  if (!ours_) return;
  const sigset_t only = broken_pipe();
  constexpr timespec at_once{};
  while (::sigtimedwait(&only, nullptr, &at_once) == SIGPIPE) {
  }
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

}  // namespace changtong::host
