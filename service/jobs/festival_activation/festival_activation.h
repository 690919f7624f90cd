// festival-activation: makes festivals, their gifts and their themes what the calendar says.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/outbox/event.h"
#include "service/theme/festival.h"
#include "service/theme/look.h"
#include "service/work/chunk.h"

namespace hotclock::festival_activation {

using theme::Festival;

struct Settings {
  // Whose images and links a look may name beside those of the page's own origin: names of hosts,
  // which are reached by https. The editors' commands read them here too.
  std::vector<std::string> hosts;
};
Result<Settings> read_settings(config::Section& section);

// What it says to an engine.
std::span<const sql::Statement* const> statements();

// festival:activated and festival:deactivated, each to everybody.
outbox::Event activated(const Festival& festival);
outbox::Event deactivated(const Festival& festival);

// Flags, gifts, themes with their documents, and events change in one chunk, which also takes away
// the edits it has seen. Values of a look that cannot be shown are set aside, once for each
// version.
//
// The calendar never runs backwards by itself: a slot that comes after a later one was worked (a
// retry, a plan over past days) is worked at the instant of that later one, which the job keeps in
// its memo. A person who asks for an instant gets that instant.
class FestivalActivation final : public Job {
 public:
  explicit FestivalActivation(work::Desk& desk, const Settings& settings = {})
      : desk_(desk), rules_{settings.hosts} {}

  Outcome run(Execution& execution) override;

  bool wakes_early() const override { return true; }
  // The nearest start or end; `now` where a date was moved and a flag is wrong already, and where
  // somebody has changed a festival (festival_edits).
  Result<std::optional<Instant>> next_wake(Instant now) override;

 private:
  work::Desk& desk_;
  const theme::Rules rules_;
};

}  // namespace hotclock::festival_activation
