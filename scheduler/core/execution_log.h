// What one attempt said: lines for whoever wants to know later what happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/core/redaction.h"

namespace hotclock {

// As it is kept with the attempt.
struct LogText {
  std::string text;          // well-formed UTF-8 without NUL characters
  std::int64_t dropped = 0;  // bytes that stood in front of it

  bool empty() const { return text.empty() && dropped == 0; }
  // Of all that was said: where the text ends.
  std::int64_t length() const { return dropped + static_cast<std::int64_t>(text.size()); }
};

// Bounded: of what is too much the end is kept, since that tells how it came out. Secrets that are
// known, and what names itself one (see Redaction), are hidden before anything is kept, wherever
// the pieces they arrive in are cut. What is kept is
// well-formed from the beginning, so a byte of it has the same place at the end as while it grows.
// Threads: any.
class ExecutionLog {
 public:
  static constexpr std::size_t usual = 64 << 10;

  // `keys`: whose values are hidden beside those of the usual ones.
  explicit ExecutionLog(std::size_t most = usual, const std::vector<std::string>& keys = {})
      : most_(most), redaction_(keys) {}

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

  // While it grows: what is kept behind the first `from` bytes of all that was said, as far as
  // nothing that comes can change it any more. Empty once finish() was called.
  struct Piece {
    std::int64_t begins = 0;  // where in all that was said
    std::string text;
    std::int64_t kept_from = 0;  // what stands in front of here would not be kept, were it over now
  };
  Piece behind(std::int64_t from);
  // At the end: text(), and behind() shows nothing more. `shown`: whether it ever has.
  struct Whole {
    LogText log;
    bool shown = false;
  };
  Whole finish();

 private:
  LogText whole() const HOTCLOCK_REQUIRES(m_);
  void put(std::string_view bytes) HOTCLOCK_REQUIRES(m_);
  void take_in(std::string_view bytes) HOTCLOCK_REQUIRES(m_);
  std::string all() const HOTCLOCK_REQUIRES(m_);

  mutable Mutex m_;
  std::size_t most_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<std::string> secrets_ HOTCLOCK_GUARDED_BY(m_);  // the longest first
  Redaction redaction_ HOTCLOCK_GUARDED_BY(m_);
  std::string kept_ HOTCLOCK_GUARDED_BY(m_);
  std::string begun_ HOTCLOCK_GUARDED_BY(m_);    // the first bytes of a character
  std::string pending_ HOTCLOCK_GUARDED_BY(m_);  // may be the beginning of a secret
  std::int64_t dropped_ HOTCLOCK_GUARDED_BY(m_) = 0;
  bool shown_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool finished_ HOTCLOCK_GUARDED_BY(m_) = false;
};

}  // namespace hotclock
