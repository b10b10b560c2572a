#include "daemon/publish/http/lane.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace changtong::http {

void give_way(int niceness) { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness); }

lane::lane(std::size_t threads, int niceness, std::size_t most) : most_(most) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
    threads_.emplace_back([this, niceness] {
      give_way(niceness);
      io_.run();
    });
}

void lane::stop() {
  io_.stop();
  for (std::thread& one : threads_)
    if (one.joinable()) one.join();
}

}  // namespace changtong::http
