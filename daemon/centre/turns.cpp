#include "daemon/centre/turns.h"

#include <algorithm>
#include <utility>

namespace changtong::centre {

/** A request without a body takes room as well. */
std::size_t turns::weight(const std::string& node, const broker_message& request) {
  return sizeof request + request.subject.size() + request.answer_to.size() + request.body.size() + node.size();
}

bool turns::take(const std::string& node, broker_message request) {
  const holding lock(mutex_);
  line& mine = lines_[node];
  if (mine.waiting.size() >= most_of_one_) return false;
  const std::size_t bytes = weight(node, request);
  mine.waiting.push_back(std::move(request));
  mine.bytes += bytes;
  bytes_ += bytes;
  if (mine.waiting.size() == 1 && !mine.at_work) order_.push_back(node);
  bool kept = true;
  while (bytes_ > most_bytes_) kept = drop_one() != node && kept;
  if (kept) came_.notify_one();
  return kept;
}

std::string turns::drop_one() {
  const auto longest = std::ranges::max_element(lines_, {}, [](const auto& l) { return l.second.bytes; });
  std::string node = longest->first;
  (void)leave(longest, false);
  return node;
}

/** The first of a line, or the last; a line in which nobody stands is none. */
broker_message turns::leave(lines::iterator of, bool first) {
  line& l = of->second;
  broker_message out = std::move(first ? l.waiting.front() : l.waiting.back());
  first ? l.waiting.pop_front() : l.waiting.pop_back();
  const std::size_t bytes = weight(of->first, out);
  l.bytes -= bytes;
  bytes_ -= bytes;
  if (l.waiting.empty()) {
    std::erase(order_, of->first);
    if (!l.at_work) lines_.erase(of);
  }
  return out;
}

bool turns::serve(const std::function<void(const std::string& node, const broker_message& request)>& work,
                  milliseconds patience, const std::stop_token& stop) {
  holding lock(mutex_);
  if (!came_.wait_for(lock, stop, patience, [this]() REQUIRES(mutex_) { return !order_.empty(); })) return false;
  const std::string node = order_.front();
  order_.pop_front();
  const auto mine = lines_.find(node);
  mine->second.at_work = true;  // which keeps the line
  const broker_message request = leave(mine, true);
  lock.unlock();
  work(node, request);
  lock.lock();
  mine->second.at_work = false;
  if (mine->second.waiting.empty()) {
    lines_.erase(mine);
  } else {
    order_.push_back(node);
    came_.notify_one();
  }
  return true;
}

}  // namespace changtong::centre
