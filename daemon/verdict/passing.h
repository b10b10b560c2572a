#pragma once
/** A list that grows at its end and is left at its front, both in constant time, for what waits until time reaches it.
 * It lies together in memory, and takes no more than a pointer while it is empty: there is one for every check. Pure.
 */
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "daemon/core/rare.h"

namespace changtong::verdict {

template <class T>
class passing {
 public:
  [[nodiscard]] bool empty() const { return in_->gone == in_->all.size(); }
  [[nodiscard]] auto begin() { return first(in_.own()); }
  [[nodiscard]] auto begin() const { return in_->all.begin() + static_cast<std::ptrdiff_t>(in_->gone); }
  [[nodiscard]] auto end() { return in_.own().all.end(); }
  [[nodiscard]] auto end() const { return in_->all.end(); }
  [[nodiscard]] T& front() { return in_.own().all[in_->gone]; }
  [[nodiscard]] const T& front() const { return in_->all[in_->gone]; }
  [[nodiscard]] T& back() { return in_.own().all.back(); }
  void push_back(T one) { in_.own().all.push_back(std::move(one)); }
  void pop_back() { in_.own().all.pop_back(); }
  void pop_front(std::size_t count = 1) {
    inside* in = in_.kept();
    if (in == nullptr) return;
    in->gone += count;
    if (empty()) {
      in_.take();
    } else if (2 * in->gone >= in->all.size()) {  // as many have left as are moved now
      in->all.erase(in->all.begin(), first(*in));
      in->gone = 0;
    }
  }
  void assign(std::vector<T> all) {
    in_.take();
    if (!all.empty()) in_.own().all = std::move(all);
  }
  /** Iterators of this list; costs what comes after `first`. */
  void replace(typename std::vector<T>::iterator first, typename std::vector<T>::iterator last, std::vector<T> by) {
    auto& all = in_.own().all;
    const auto at = all.erase(first, last);
    all.insert(at, std::make_move_iterator(by.begin()), std::make_move_iterator(by.end()));
  }
  [[nodiscard]] std::vector<T> take() && {
    inside in = in_.take();
    in.all.erase(in.all.begin(), first(in));
    return std::move(in.all);
  }

 private:
  struct inside {
    std::vector<T> all{};
    std::size_t gone = 0;  ///< elements of `all` that have left
  };
  [[nodiscard]] static auto first(inside& in) { return in.all.begin() + static_cast<std::ptrdiff_t>(in.gone); }
  rare<inside> in_;
};

}  // namespace changtong::verdict
