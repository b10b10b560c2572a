#pragma once
/** A mutex whose use the compiler checks: clang's -Wthread-safety refuses what touches a member without the lock that
 * the member names. In daemon/ and collectors/ there is no other one (tests/architecture_test.cpp).
 *
 *   mutable mutex mutex_;
 *   int count_ GUARDED_BY(mutex_) = 0;
 *   void grow() REQUIRES(mutex_);        // its caller holds it
 *
 * A lambda is checked as a function of its own: one that waits for a guarded member to change says what it needs,
 * `[this]() REQUIRES(mutex_) { return count_ > 0; }`. Constructors and destructors are not checked. */
#include <mutex>

#if defined(__clang__)
#define CHANGTONG_CHECKED(x) __attribute__((x))
#else
#define CHANGTONG_CHECKED(x)
#endif
#define GUARDED_BY(m) CHANGTONG_CHECKED(guarded_by(m))
#define REQUIRES(m) CHANGTONG_CHECKED(requires_capability(m))

namespace changtong {

class CHANGTONG_CHECKED(capability("mutex")) mutex {
 public:
  void lock() CHANGTONG_CHECKED(acquire_capability()) { inner_.lock(); }
  void unlock() CHANGTONG_CHECKED(release_capability()) { inner_.unlock(); }

 private:
  std::mutex inner_;
};

/** Holds a mutex to the end of its block. May let go of it before, and take it again: std::condition_variable_any
 * waits with it. */
class CHANGTONG_CHECKED(scoped_lockable) holding {
 public:
  explicit holding(mutex& m) CHANGTONG_CHECKED(acquire_capability(m)) : mutex_(m) { mutex_.lock(); }
  ~holding() CHANGTONG_CHECKED(release_capability()) {
    if (held_) mutex_.unlock();
  }
  holding(const holding&) = delete;
  holding& operator=(const holding&) = delete;

  void lock() CHANGTONG_CHECKED(acquire_capability()) {
    mutex_.lock();
    held_ = true;
  }
  void unlock() CHANGTONG_CHECKED(release_capability()) {
    held_ = false;
    mutex_.unlock();
  }

 private:
  mutex& mutex_;
  bool held_ = true;
};

}  // namespace changtong
