// Live changes over the settings: the strongest layer of them.
//
// A value that is no good any more, since a file or a zone is another one, keeps nobody from
// anything: it is left out, the files count, and whoever lays it says so.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/live/live.h"

namespace hotclock::live {

// Values of one job that are good settings no more. "schedule", "zone" and "dst" are judged
// together.
struct LeftOut {
  std::string job;
  std::vector<std::string> keys;
  std::string why;

  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct Laid {
  config::Config settings;
  std::vector<LeftOut> left_out;
};

// Reads `sources` with what is in force over them, each value with the origin "live change 12 by
// asha". Values of jobs that are not among `jobs` are left alone. Errors are those of the sources
// themselves.
Result<Laid> lay_over(const config::Sources& sources, const config::Environment& environment,
                      const config::Jobs& jobs, const InForce& in_force);

// What an edit would make of a job, to be checked with lay_over() before it is made: its values are
// in what that leaves out where they are no good.
InForce with(InForce in_force, const Edit& edit, const std::string& author);

// A job's next `n` due instants after `from`, before an edit and after it. None of a job that is not enabled.
struct Runs {
  std::vector<Instant> before, after;
};
Runs before_and_after(const config::JobConfig& before, const config::JobConfig& after, Instant from,
                      int n);

// Where live and files disagree, or could.
struct Drift {
  enum class Kind {
    differs,   // the live value counts
    same,      // the files say so too: a reset would change nothing
    left_out,  // it is no good setting any more: the files count
    nowhere,   // this program knows no such job
  };
  std::string job, key;
  Kind kind;
  std::string file;    // the value of the files, as it would stand in one; empty: nowhere
  std::string origin;  // where that comes from: "jobs.d/trust-score.toml:3:12"
  ValueInForce live;   // and who set it, why, since when
  std::string why;     // left_out: what is wrong with it

  // jobs.trust-score.schedule: the files have "0 3 * * *" (default), live it is 0 5 * * * (change 1
  // by asha: ...)
  std::string text() const;
};
std::string_view to_string(Drift::Kind);

// Of all values in force, in the order of jobs and keys. `files`: the settings without live
// changes.
std::vector<Drift> drift(const config::Config& files, const InForce& in_force,
                         std::span<const LeftOut> left_out);

}  // namespace hotclock::live
