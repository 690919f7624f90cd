// How a database is used by this process: how long statements take, what fails, and who waits for a
// connection. Counted where it happens, by additions alone, and read by whoever shows it.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::sql {

// The times of one statement, by how many took no longer than each bound. Threads: any.
class Timing {
 public:
  // In seconds; what took longer than all of them falls behind the last.
  static constexpr std::array<double, 7> bounds{0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5};
  using Counts = std::array<std::uint64_t, bounds.size() + 1>;

  struct Read {
    Counts counts{};
    double seconds = 0;  // in all
  };

  void took(std::chrono::nanoseconds span);
  Read read() const;

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::int64_t> nanoseconds_ = 0;
};

// From here until it is stopped, or not at all where nobody counts. It is stopped once.
class Stopwatch {
 public:
  explicit Stopwatch(Timing* timing) : timing_(timing) {
    if (timing_) began_ = std::chrono::steady_clock::now();
  }
  void stop() const {
    if (timing_) timing_->took(std::chrono::steady_clock::now() - began_);
  }

 private:
  Timing* timing_;
  Steady began_;
};

// Connections of one kind.
struct PoolUse {
  std::string pool;  // "write", "read", ...
  int size = 0;
  int taken = 0;
  std::size_t waiting = 0;
  std::uint64_t waits = 0;  // who had to wait, in all, and how long
  double waited_seconds = 0;
};

struct Usage {
  std::map<std::string, Timing::Read> statements;  // by name
  std::map<Errc, std::uint64_t> errors;            // of transactions, by their kind
  std::vector<PoolUse> pools;
};

// Threads: any.
class Meter {
 public:
  // Statements that are told apart; those behind share the name "other", and so do those that an
  // operator wrote: their names are no names of ours.
  static constexpr std::size_t most_names = 1000;

  // Good for as long as the meter lives: whoever runs a statement often keeps it.
  Timing& of(std::string_view statement);
  // A transaction ended with an error.
  void failed(Errc kind) { errors_[static_cast<std::size_t>(kind)].fetch_add(1, relaxed); }
  // All but the pools.
  Usage read() const;

 private:
  static constexpr auto relaxed = std::memory_order_relaxed;
  static constexpr std::size_t kinds = static_cast<std::size_t>(Errc::internal) + 1;

  std::array<std::atomic<std::uint64_t>, kinds> errors_{};
  mutable Mutex m_;
  std::map<std::string, Timing, std::less<>> statements_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::sql
