// Which of what waits for a notifier goes next, and together. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/notices/notice.h"

namespace hotclock::notices {

// A notice in line.
struct Waiting {
  std::int64_t id = 0;
  Notice notice;
  Instant created;
  std::int64_t attempts = 0;  // that were refused for what it says
  bool due = true;
};

// What a notifier is told at once: each alert as it is now.
struct Message {
  std::string id;     // the same for the same notices: over all tries
  std::string group;  // "failed/critical"; of several "failed/critical, missed/warning"
  std::vector<AlertText> alerts;
  Instant created;  // of the first of them
  bool test = false;
  std::vector<std::string> only_to = {};

  // "firing" while one of them fires, else "resolved".
  std::string state() const;
};

// What a notifier wants to be told.
struct Wishes {
  std::vector<std::string> severities;
  bool resolved = true;
  bool all_at_once = false;  // it makes groups by itself
};

struct Batch {
  std::vector<std::int64_t> notices;
  std::int64_t attempts = 0;  // of the one that was refused most
  Message message;            // of no alert: nobody wants to hear of these
};

// The next of `waiting`, which is in the order of the line; none where nothing is due. All notices
// of a group go together, those that are not due yet too: what is older is never told after what is
// newer. With one message left in this minute all groups do.
// An alert that was over before anybody was told that it fires is told of once, whatever the wish.
std::optional<Batch> next_batch(const std::vector<Waiting>& waiting, const Wishes& wishes,
                                int messages_left);

}  // namespace hotclock::notices
