// stream-ranking: ranks the live streams by engagement, and tells whoever watches a ranking when its
// first fifty changed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/jobs/stream_ranking/ranking.h"
#include "service/outbox/event.h"
#include "service/work/chunk.h"

namespace hotclock::stream_ranking {

struct Settings {
  Weights weights;
};

// The weights are exact decimals and must sum to exactly 1.
Result<Settings> read_settings(config::Section& section);

// What it says to an engine.
std::span<const sql::Statement* const> statements(const sql::Dialect& dialect);

// ranking:updated. `scope` is "overall", "category:music" or "country:NP".
outbox::Event updated(std::string scope, std::string room, const Top& top, Instant computed_at);

// Ranks in memory and writes the places that changed, in one transaction: whoever reads ranks sees
// those of one run, and no two streams at one rank.
class StreamRanking final : public Job {
 public:
  StreamRanking(work::Desk& desk, Settings settings) : desk_(desk), settings_(settings) {}

  Outcome run(Execution& execution) override;

 private:
  struct Found {
    std::vector<Stream> streams;
    std::vector<Gone> gone;
  };
  Result<Found> read(const Execution& execution) const;
  Result<> write(Execution& execution, const Found& found, std::int64_t changed) const;

  work::Desk& desk_;
  const Settings settings_;
};

}  // namespace hotclock::stream_ranking
