#pragma once
/** The sockets of one transfer: a stop shuts them, and whoever waits on one goes on at once. libcurl waits for some
 * answers of a mail server without looking at anything else. */
#include <set>

#include "daemon/core/mutex.h"

namespace changtong::host {

class open_sockets {
 public:
  /** -1: the system refuses, or they have been shut. Closed across exec. */
  [[nodiscard]] int open(int family, int type, int protocol);
  int close(int socket);
  /** Any thread; for good. */
  void shut();

 private:
  mutex mutex_;
  bool shut_ GUARDED_BY(mutex_) = false;
  std::set<int> open_ GUARDED_BY(mutex_);
};

/** While it lives, a write of this thread to whoever has hung up is an error, not the end of the process: OpenSSL
 * writes without saying that it wants no SIGPIPE. */
class no_broken_pipe {
 public:
  no_broken_pipe();
  ~no_broken_pipe();
  no_broken_pipe(const no_broken_pipe&) = delete;
  no_broken_pipe& operator=(const no_broken_pipe&) = delete;

 private:
  bool ours_ = false;  ///< it was not blocked, nor waiting, before
};

}  // namespace changtong::host
