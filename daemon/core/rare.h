#pragma once
/** A value that is what a new one is for nearly every owner at nearly every time: then it takes no more than a pointer.
 * Copied with what it holds. Pure. */
#include <memory>
#include <utility>

namespace changtong {

template <class T>
class rare {
 public:
  rare() = default;
  rare(const rare& other) : some_(other.some_ ? std::make_unique<T>(*other.some_) : nullptr) {}
  rare(rare&&) noexcept = default;
  rare& operator=(rare other) noexcept {
    some_ = std::move(other.some_);
    return *this;
  }
  ~rare() = default;

  [[nodiscard]] const T& operator*() const { return some_ ? *some_ : usual; }
  [[nodiscard]] const T* operator->() const { return &**this; }
  /** To be written to. */
  [[nodiscard]] T& own() {
    if (!some_) some_ = std::make_unique<T>();
    return *some_;
  }
  /** To be written to where it is something of its own; null: it is as a new one. */
  [[nodiscard]] T* kept() { return some_.get(); }
  /** As a new one; gives back its memory. */
  T take() {
    T all = some_ ? std::move(*some_) : T{};
    some_.reset();
    return all;
  }

 private:
  inline static const T usual{};
  std::unique_ptr<T> some_;
};

}  // namespace changtong
