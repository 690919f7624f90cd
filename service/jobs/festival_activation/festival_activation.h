// festival-activation: makes festivals, their gifts and their themes what the calendar says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/theme/festival.h"
#include "service/outbox/event.h"
#include "service/work/chunk.h"

namespace hotclock::festival_activation {

using theme::Festival;
using theme::Theme;

// It has none of its own; a key in them is a mistake.
struct Settings {};
Result<Settings> read_settings(config::Section& section);

// festival:activated, festival:deactivated and theme:changed, each to everybody.
outbox::Event activated(const Festival& festival);
outbox::Event deactivated(const Festival& festival);
outbox::Event theme_changed(const Theme& theme);

// Flags, gifts, themes and events change in one chunk.
//
// The calendar never runs backwards by itself: a slot that comes after a later one was worked (a
// retry, a plan over past days) is worked at the instant of that later one, which the job keeps in
// its memo. A person who asks for an instant gets that instant.
class FestivalActivation final : public Job {
 public:
  explicit FestivalActivation(work::Desk& desk) : desk_(desk) {}

  Outcome run(Execution& execution) override;

  bool wakes_early() const override { return true; }
  // The nearest start or end; `now` where a date was moved and a flag is wrong already.
  Result<std::optional<Instant>> next_wake(Instant now) override;

 private:
  work::Desk& desk_;
};

}  // namespace hotclock::festival_activation
