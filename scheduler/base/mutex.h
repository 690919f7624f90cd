// A mutex whose guarded data the compiler knows: under clang, touching a HOTCLOCK_GUARDED_BY member
// without its lock does not compile (-Werror=thread-safety). Under g++ the marks are empty.
// The attributes: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define HOTCLOCK_ATTRIBUTE(x) __attribute__((x))
#else
#define HOTCLOCK_ATTRIBUTE(x)
#endif
#define HOTCLOCK_GUARDED_BY(m) HOTCLOCK_ATTRIBUTE(guarded_by(m))
#define HOTCLOCK_REQUIRES(...) HOTCLOCK_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define HOTCLOCK_EXCLUDES(...) HOTCLOCK_ATTRIBUTE(locks_excluded(__VA_ARGS__))

namespace hotclock {

class HOTCLOCK_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() HOTCLOCK_ATTRIBUTE(acquire_capability()) { m_.lock(); }
  void unlock() HOTCLOCK_ATTRIBUTE(release_capability()) { m_.unlock(); }

 private:
  friend class Lock;
  std::mutex m_;
};

// Holds a Mutex for its own lifetime. wait() gives it up while it waits, for a condition only.
class HOTCLOCK_ATTRIBUTE(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& m) HOTCLOCK_ATTRIBUTE(acquire_capability(m)) : lock_(m.m_) {}
  ~Lock() HOTCLOCK_ATTRIBUTE(release_capability()) {}

  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Wakes may be spurious: call it in a loop around the condition.
  void wait(std::condition_variable& changed) { changed.wait(lock_); }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace hotclock
