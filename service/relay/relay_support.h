// For tests: a server of the platform that hears what is handed to it, and can be slow, away or
// choosy.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "service/emitters/emitter.h"

namespace hotclock::relay {

// Threads: any.
class Platform {
 public:
  using Ids = std::vector<std::int64_t>;

  // A connection of one node's to it.
  std::unique_ptr<emitters::Emitter> emitter();

  void goes_away(bool away = true);
  // It takes whatever it is sent next and says nothing, until it goes on or goes away.
  void hangs(bool hanging = true);
  void refuses(std::int64_t id);

  // In the order in which they came, repeats too.
  Ids heard() const;
  bool has_heard(std::int64_t id) const;
  // How often it was asked.
  int asked() const;
  bool is_hung_on() const;

 private:
  class Connection;
  emitters::Published take(std::span<const emitters::Emission> emissions);

  mutable std::mutex m_;
  std::condition_variable changed_;
  Ids heard_;
  std::set<std::int64_t> refused_;
  bool away_ = false, hanging_ = false;
  int asked_ = 0, waiting_ = 0;
};

}  // namespace hotclock::relay
