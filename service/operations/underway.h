// How far acts on many are that this node works at.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "scheduler/base/mutex.h"

namespace hotclock::operations {

// Known by who does them and by the key that their request came with; the newest so many are. Of
// requests without a key nothing is kept. Threads: any.
class Underway {
 public:
  struct Standing {
    std::size_t done = 0, refused = 0, of = 0;
    bool over = false;
  };

  void stands(const std::string& who, const std::string& key, const Standing& standing);
  // None where this node does not know.
  std::optional<Standing> of(const std::string& who, const std::string& key) const;

 private:
  static constexpr std::size_t most = 64;
  using Whose = std::pair<std::string, std::string>;

  mutable Mutex m_;
  std::deque<std::pair<Whose, Standing>> acts_ HOTCLOCK_GUARDED_BY(m_);  // the newest last
};

}  // namespace hotclock::operations
