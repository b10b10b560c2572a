#include "daemon/centre/archives.h"

#include <utility>

#include "daemon/host/clocks.h"

namespace changtong::centre {
namespace {

constexpr milliseconds nobody_tries{1'000};

}  // namespace

archives::archives(database_place where, std::vector<std::string> nodes)
    : where_(std::move(where)), nodes_(std::move(nodes)) {}

result<std::unique_ptr<archive>> archives::borrow() {
  {
    const holding lock(mutex_);
    if (!idle_.empty()) {
      auto one = std::move(idle_.back());
      idle_.pop_back();
      return one;
    }
    if (away_ && system_clocks().mono() < until_) return *away_;
  }
  auto made = archive::open(where_, nodes_);
  const holding lock(mutex_);
  away_.reset();
  if (!made) {
    away_ = made.error();
    until_ = system_clocks().mono() + nobody_tries;
  }
  return made;
}

void archives::give_back(std::unique_ptr<archive> one, bool well) {
  const holding lock(mutex_);
  if (!one->good()) idle_.clear();
  if (well && one->good()) idle_.push_back(std::move(one));
}

}  // namespace changtong::centre
