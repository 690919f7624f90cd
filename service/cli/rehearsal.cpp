#include "service/cli/rehearsal.h"

#include <fmt/format.h>

#include "scheduler/core/runner.h"
#include "service/cli/progress_line.h"

namespace hotclock::cli {
namespace {

std::string words(const Tally& tally) {
  std::string text;
  for (const auto& [name, count] : tally)
    text += (text.empty() ? "" : ", ") + grouped(count) + " " + name;
  return text.empty() ? "nothing" : text;
}

Execution rehearsal_of(Session& session, const config::JobConfig& job, Instant at) {
  UuidSource uuids;
  Execution execution;
  execution.permit =
      std::make_shared<Permit>(Slot{job.name, at, Trigger::manual, {}}, std::int64_t{0},
                               uuids.next(session.clock->now()), std::int64_t{0}, 1, Steady::max());
  execution.dry_run = true;
  execution.available_at = at;
  return execution;
}

}  // namespace

Result<Outcome> rehearse(Session& session, const config::JobConfig& job, Instant at) {
  work::Desk desk(*session.database, *session.clock);
  auto made = jobs::make(desk, job, session.settings, session.catalogue);
  if (!made) return std::move(made).error();
  Execution execution = rehearsal_of(session, job, at);
  return perform(**made, execution);
}

Result<profiling::Observed> rehearse_observed(Session& session, const config::JobConfig& job,
                                              Instant at) {
  Execution execution = rehearsal_of(session, job, at);
  return profiling::observe(
      *session.database, *session.clock, {},
      [&](work::Desk& desk) { return jobs::make(desk, job, session.settings, session.catalogue); },
      execution);
}

std::string rehearsal_words(const Outcome& outcome) {
  if (const auto* done = std::get_if<Done>(&outcome)) return words(done->tally);
  if (const auto* partial = std::get_if<Partial>(&outcome))
    return fmt::format("{}; {} set aside", words(partial->tally), partial->total);
  if (const auto* failed = std::get_if<Failed>(&outcome)) return "would fail: " + failed->why.message();
  return "would stop";
}

}  // namespace hotclock::cli
