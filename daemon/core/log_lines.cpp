#include "daemon/core/log_lines.h"

namespace changtong::log {

struct lines::inside {
  std::function<void(const line&, std::uint64_t)> put;
  mutex access;
  std::condition_variable_any changed;
  std::deque<line> waiting GUARDED_BY(access);
  std::uint64_t added GUARDED_BY(access) = 0, written GUARDED_BY(access) = 0, lost GUARDED_BY(access) = 0;
  bool over GUARDED_BY(access) = false, ended GUARDED_BY(access) = false;

  void run() {
    holding lock(access);
    for (;;) {
      changed.wait(lock, [this]() REQUIRES(access) { return over || !waiting.empty(); });
      if (waiting.empty()) break;
      const line next = std::move(waiting.front());
      waiting.pop_front();
      const std::uint64_t missing = std::exchange(lost, 0);
      lock.unlock();
      put(next, missing);
      lock.lock();
      ++written;
      changed.notify_all();
    }
    ended = true;
    changed.notify_all();
  }
};

lines::lines(std::function<void(const line&, std::uint64_t)> put) : in_(std::make_shared<inside>()) {
  in_->put = std::move(put);
  thread_ = std::thread([in = in_] { in->run(); });
}

lines::~lines() {
  holding lock(in_->access);
  in_->over = true;
  in_->changed.notify_all();
  inside& in = *in_;
  const bool done = in.changed.wait_for(lock, last_wait, [&in]() REQUIRES(in.access) { return in.ended; });
  if (!done) in.waiting.clear();
  lock.unlock();
  done ? thread_.join() : thread_.detach();
}

void lines::add(line one) {
  inside& in = *in_;
  holding lock(in.access);
  if (in.waiting.size() >= most_waiting) {
    ++in.lost;
    return;
  }
  in.waiting.push_back(std::move(one));
  const bool first = in.added == in.written;
  const std::uint64_t mine = ++in.added;
  in.changed.notify_all();
  if (first) in.changed.wait_for(lock, patience, [&in, mine]() REQUIRES(in.access) { return in.written >= mine; });
}

}  // namespace changtong::log
