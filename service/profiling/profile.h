// Where an attempt's time went: its phases, its chunks, its statements, and what the engine means
// to do for the slowest of these. Small however long the attempt is: of chunks the first and the
// slowest are kept, of statements those that took the most.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::profiling {

// What is measured here is often shorter than a Duration can tell.
using Span = std::chrono::microseconds;

// What a transaction's time is spent on. `own`: the job's code between its statements.
struct Phases {
  Span turn{};        // waiting for a connection or the writer's lock, and beginning
  Span statements{};  // the job's own
  Span events{};      // events into the outbox
  Span fence{};       // looking whether the lease is still held
  Span commit{};
  Span own{};

  Phases& operator+=(const Phases& other);
};

// One chunk, from asking for its transaction to the end of that.
struct ChunkProfile {
  std::int64_t number = 0;  // from 1
  Span began{};             // since the attempt did
  Span took{};
  Phases phases;
  std::int64_t rows = 0;   // given and changed by the job's statements
  std::int64_t bytes = 0;  // sent with them and read from their rows
  bool committed = false;
};

struct StatementProfile {
  std::string name;
  std::int64_t runs = 0;
  Span took{};
  Span longest{};
  std::int64_t rows_given = 0, rows_changed = 0;
  std::int64_t bytes_sent = 0, bytes_given = 0;  // as parameters, and what was read of the rows
};

// What is wrong in a plan.
struct Finding {
  enum class Kind { scan, missing_index, sort_on_disk, stale_estimate, no_plan };
  Kind kind;
  std::string words;
};
std::string_view to_string(Finding::Kind);
bool from_string(std::string_view text, Finding::Kind& out);

struct Plan {
  std::string statement;           // its name
  std::vector<std::string> lines;  // in the engine's words
  std::vector<Finding> findings;
};

struct Profile {
  static constexpr std::size_t first_chunks = 5, slowest_chunks = 20;
  static constexpr std::size_t most_statements = 40, most_plans = 5, most_plan_lines = 60;

  std::string job;
  std::int64_t attempts = 1;  // of which it tells
  Span waiting{};             // from when it could have been claimed until it was
  Span claim{};               // from then until the job's code began
  Span run{};
  std::optional<Span> ending;                // from then until its end was recorded
  Span reading{};                            // in transactions that only read
  Phases phases;                             // of all chunks together
  std::int64_t chunks = 0, rolled_back = 0;  // all; those of them of which nothing stands
  std::int64_t rows = 0, bytes = 0;
  std::vector<ChunkProfile> kept_chunks;     // by their numbers
  std::vector<StatementProfile> statements;  // the one that took the most first
  std::vector<Plan> plans;

  // Of the run, what passed outside any transaction.
  Span elsewhere() const;
  // Forgets what is more than is kept, and puts the rest in order.
  void bound();
  // The two as one: times and counts are sums, the chunks kept are those of the longer run, and of
  // plans of one statement the first stays.
  void add(Profile other);
};

boost::json::object to_json(const Profile& profile);
// Errc::corrupt where it is none.
Result<Profile> profile_of(std::string_view json);

}  // namespace hotclock::profiling
