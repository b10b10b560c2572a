#include <algorithm>
#include <optional>
#include <system_error>

#include "daemon/core/phrase.h"
#include "daemon/host/post.h"

namespace changtong::host {
namespace {

/** An address without its query: what hangs together. Behind one relay there are many receivers. */
std::string receiver_of(const post_request& r) {
  const std::string& url = std::visit([](const auto& p) -> const secret& { return p.url; }, r.what).reveal();
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

bool post_office::may_begin(const job& j) const {
  const auto known = under_way_.find(j.receiver);
  return known == under_way_.end() || known->second < most_of_one;
}

std::deque<post_office::job>::iterator post_office::next() {
  return std::find_if(jobs_.begin(), jobs_.end(), [this](const job& j) REQUIRES(mutex_) { return may_begin(j); });
}

std::size_t post_office::could_begin() const {
  std::map<std::string, std::size_t> taken = under_way_;
  return static_cast<std::size_t>(
      std::count_if(jobs_.begin(), jobs_.end(), [&taken](const job& j) { return ++taken[j.receiver] <= most_of_one; }));
}

void post_office::send(post_request r, told end) {
  std::string receiver = receiver_of(r);
  std::optional<job> nobodys;
  std::string why;
  {
    const holding lock(mutex_);
    jobs_.push_back({std::move(receiver), std::move(r), std::move(end)});
    if (threads_.size() < most_of_all && threads_.size() < busy_ + could_begin()) try {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
      } catch (const std::system_error& e) {
        if (threads_.empty()) {
          why = e.what();
          nobodys = std::move(jobs_.back());
          jobs_.pop_back();
        }
      }
  }
  wake_.notify_all();
  if (nobodys) nobodys->end(said(both("系统不给线程（{}）", "the system gives no thread ({})", why)));
}

std::size_t post_office::waiting() const {
  const holding lock(mutex_);
  return jobs_.size() + busy_;
}

void post_office::work(const std::stop_token& stop) {
  holding lock(mutex_);
  for (;;) {
    wake_.wait(lock, stop, [this]() REQUIRES(mutex_) { return next() != jobs_.end(); });
    if (stop.stop_requested()) return;
    const auto first = next();
    job j = std::move(*first);
    jobs_.erase(first);
    ++under_way_[j.receiver];
    ++busy_;
    lock.unlock();
    j.end(post(j.request, stop));
    lock.lock();
    --busy_;
    if (--under_way_[j.receiver] == 0) under_way_.erase(j.receiver);
    wake_.notify_all();
  }
}

post_office::~post_office() {
  std::vector<std::jthread> all;
  {
    const holding lock(mutex_);
    all.swap(threads_);
  }
  for (std::jthread& t : all) t.request_stop();
  all.clear();
  std::deque<job> left;
  {
    const holding lock(mutex_);
    left.swap(jobs_);
  }
  for (job& j : left) j.end(said({"程序正在停止", "the program is stopping"}));
}

}  // namespace changtong::host
