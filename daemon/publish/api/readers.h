#pragma once
/** Ledger readers to borrow: one reader serves one thread at a time, opening one costs a file. Thread-safe. */
#include <functional>
#include <memory>
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/core/result.h"
#include "daemon/ledger/reader.h"

namespace changtong::api {

class reader_pool {
 public:
  using opener = std::function<result<std::unique_ptr<ledger::reader>>()>;
  using borrowed = std::unique_ptr<ledger::reader, std::function<void(ledger::reader*)>>;

  explicit reader_pool(opener open) : open_(std::move(open)) {}

  /** Goes back to the pool by itself, unless an exception passes its borrower. The pool must still be there then. */
  [[nodiscard]] result<borrowed> borrow();

 private:
  static constexpr std::size_t kept = 4;
  void give_back(std::unique_ptr<ledger::reader> one);

  opener open_;
  mutex mutex_;
  std::vector<std::unique_ptr<ledger::reader>> idle_ GUARDED_BY(mutex_);
};

}  // namespace changtong::api
