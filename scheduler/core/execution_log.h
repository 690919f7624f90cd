// What one attempt said: lines for whoever wants to know later what happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/mutex.h"

namespace hotclock {

// As it is kept with the attempt.
struct LogText {
  std::string text;          // well-formed UTF-8 without NUL characters
  std::int64_t dropped = 0;  // bytes that stood in front of it

  bool empty() const { return text.empty() && dropped == 0; }
};

// Bounded: of what is too much the end is kept, since that tells how it came out. Secrets are
// hidden before anything is kept, wherever the pieces they arrive in are cut. Threads: any.
class ExecutionLog {
 public:
  static constexpr std::size_t usual = 64 << 10;

  explicit ExecutionLog(std::size_t most = usual) : most_(most) {}

  // How many bytes are kept from now on.
  void keep(std::size_t most);
  // From now on "***" stands where this would. Nothing where it is empty.
  void hide(std::string secret);

  // More of what somebody else says, in pieces of any size.
  void append(std::string_view bytes);
  // A line of our own; it begins a new one where the last has not ended.
  void line(std::string_view text);

  // The last line that is not blank, without what is not printable.
  std::string last_line() const;
  LogText text() const;

 private:
  void put(std::string_view bytes) HOTCLOCK_REQUIRES(m_);
  void take_in(std::string_view bytes) HOTCLOCK_REQUIRES(m_);
  std::string all() const HOTCLOCK_REQUIRES(m_);

  mutable Mutex m_;
  std::size_t most_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<std::string> secrets_ HOTCLOCK_GUARDED_BY(m_);  // the longest first
  std::string kept_ HOTCLOCK_GUARDED_BY(m_);
  std::string pending_ HOTCLOCK_GUARDED_BY(m_);  // may be the beginning of a secret
  std::int64_t dropped_ HOTCLOCK_GUARDED_BY(m_) = 0;
};

}  // namespace hotclock
