#include "daemon/publish/api/readers.h"

#include <exception>

namespace changtong::api {

result<reader_pool::borrowed> reader_pool::borrow() {
  std::unique_ptr<ledger::reader> one;
  {
    const holding lock(mutex_);
    if (!idle_.empty()) {
      one = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!one) {
    auto opened = open_();
    if (!opened) return opened.error();
    one = std::move(*opened);
  }
  return borrowed(one.release(), [this](ledger::reader* r) { give_back(std::unique_ptr<ledger::reader>(r)); });
}

void reader_pool::give_back(std::unique_ptr<ledger::reader> one) {
  if (std::uncaught_exceptions() > 0) return;  // it failed its borrower: the next one gets a fresh look at the file
  const holding lock(mutex_);
  if (idle_.size() < kept) idle_.push_back(std::move(one));
}

}  // namespace changtong::api
