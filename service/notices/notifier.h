// Who is told: one way out of this process, of whatever kind.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/config/notifiers.h"
#include "service/notices/batch.h"

namespace hotclock::notices {

// What came of telling it.
struct Answer {
  enum class Fate {
    sent,     // it has it
    away,     // it takes nothing now, or nobody can tell whether it did: all that waits goes on
              // waiting
    refused,  // it does not take this one
  };
  Fate fate = Fate::sent;
  std::string said;                         // "HTTP 200", "250 OK: queued", "exit 1: no such pager"
  Duration retry_after = Duration::zero();  // as it asks for, where it is away
  std::vector<std::string> owed = {};       // of e-mail: recipients who may get it later
};
std::string_view word_of(Answer::Fate fate);  // "sent", "away", "refused"

// Threads: one at a time.
class Notifier {
 public:
  virtual ~Notifier() = default;
  // Tells it once. Within a second of the request to stop, or when its time is over, it has
  // returned. Secrets are read anew each time, so that they may be changed; none is in `said`.
  virtual Answer tell(const Message& message, Instant now, std::stop_token stop) = 0;
};

// Of the kind that the settings say. What is wrong with a secret is found when it is told.
std::unique_ptr<Notifier> make_notifier(const config::NotifierConfig& settings);

// What a test says.
Message test_message(const std::string& notifier, const std::string& id, Instant now);

}  // namespace hotclock::notices
