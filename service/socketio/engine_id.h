// Names of sessions that nobody can guess.
#pragma once

#include <array>
#include <string>

namespace hotclock::socketio {

// 15 random bytes as 20 URL-safe characters. Threads: one.
class SessionIds {
 public:
  std::string next();

 private:
  static constexpr std::size_t bytes_each = 15;
  std::array<char, bytes_each * 64> pool_;
  std::size_t used_ = pool_.size();
};

}  // namespace hotclock::socketio
