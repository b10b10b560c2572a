#pragma once
/** A list that grows at its end and is left at its front, both in constant time, for what waits until time reaches it.
 * It lies together in memory and asks for none until the first element comes: there is one for every check. Pure. */
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace changtong::verdict {

template <class T>
class passing {
 public:
  [[nodiscard]] bool empty() const { return gone_ == all_.size(); }
  [[nodiscard]] auto begin() { return all_.begin() + static_cast<std::ptrdiff_t>(gone_); }
  [[nodiscard]] auto begin() const { return all_.begin() + static_cast<std::ptrdiff_t>(gone_); }
  [[nodiscard]] auto end() { return all_.end(); }
  [[nodiscard]] auto end() const { return all_.end(); }
  [[nodiscard]] T& front() { return all_[gone_]; }
  [[nodiscard]] const T& front() const { return all_[gone_]; }
  [[nodiscard]] T& back() { return all_.back(); }
  void push_back(T one) { all_.push_back(std::move(one)); }
  void pop_back() { all_.pop_back(); }
  void pop_front(std::size_t count = 1) {
    gone_ += count;
    if (2 * gone_ < all_.size()) return;  // as many have left as are moved now
    all_.erase(all_.begin(), begin());
    gone_ = 0;
  }
  void assign(std::vector<T> all) {
    all_ = std::move(all);
    gone_ = 0;
  }
  /** Iterators of this list; costs what comes after `first`. */
  void replace(typename std::vector<T>::iterator first, typename std::vector<T>::iterator last, std::vector<T> by) {
    const auto at = all_.erase(first, last);
    all_.insert(at, std::make_move_iterator(by.begin()), std::make_move_iterator(by.end()));
  }
  [[nodiscard]] std::vector<T> take() && {
    all_.erase(all_.begin(), begin());
    gone_ = 0;
    return std::move(all_);
  }

 private:
  std::vector<T> all_;
  std::size_t gone_ = 0;  ///< elements of all_ that have left
};

}  // namespace changtong::verdict
