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

bool lane::enter(const peer_group& from) {
  const std::size_t quarter = std::max<std::size_t>(most_ / 4, 1);
  const auto own = of_.find(from.name);
  if (here_ >= most_) return false;
  if (own != of_.end() && own->second >= (from.loopback ? std::max(most_ - quarter, quarter) : quarter)) return false;
  ++of_[from.name];
  ++here_;
  return true;
}

void lane::leave(const peer_group& from) {
  --here_;
  if (const auto own = of_.find(from.name); --own->second == 0) of_.erase(own);
}

void lane::stop() {
  io_.stop();
  for (std::thread& one : threads_)
    if (one.joinable()) one.join();
}

}  // namespace changtong::http
