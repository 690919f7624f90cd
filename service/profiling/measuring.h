// A database that notes what is done with it: for one attempt, whose job works on it instead of the
// real one. Who is not profiled works on the real one and pays nothing.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "service/profiling/profile.h"
#include "service/sql/sql.h"

namespace hotclock::profiling {

// Parameters that outlive the call they came with.
class KeptParams {
 public:
  KeptParams() = default;
  explicit KeptParams(std::span<const sql::Param> params);
  KeptParams(KeptParams&&) = default;
  KeptParams& operator=(KeptParams&&) = default;

  std::span<const sql::Param> params() const { return params_; }

 private:
  sql::Param kept(const sql::Param& param);

  std::vector<sql::Param> params_;
  std::deque<std::string> texts_;
  std::deque<std::vector<std::int64_t>> integers_;
  std::deque<std::vector<std::string_view>> lists_;
  std::deque<std::vector<Instant>> instants_;
};

// What was run, and with what the longest run of it was asked.
struct Ran {
  StatementProfile figures;
  std::string text;
  KeptParams params;
  std::int64_t rows_of_longest = 0;
};

// Takes down what an attempt does. Threads: one at a time, the attempt's.
class Recorder {
 public:
  using Told = std::function<void(const ChunkProfile&)>;

  // `told` hears of each chunk as it ends.
  explicit Recorder(Told told = {})
      : began_(std::chrono::steady_clock::now()), told_(std::move(told)) {}

  // Everything noted so far, but the plans and what the attempt waited for.
  Profile profile() const;
  // By their names.
  const std::map<std::string, Ran, std::less<>>& statements() const { return statements_; }
  std::map<std::string, Ran, std::less<>>& statements() { return statements_; }

 private:
  friend class MeasuringTransaction;
  friend class MeasuringRows;

  Ran& ran(const sql::Statement& statement);
  void ended(ChunkProfile chunk);
  void read(Span took) { sums_.reading += took; }

  const Steady began_;
  const Told told_;
  Profile sums_;
  std::map<std::string, Ran, std::less<>> statements_;
};

// `real` and `recorder` outlive it. Threads: as the recorder.
std::unique_ptr<sql::Database> measuring(sql::Database& real, Recorder& recorder);

}  // namespace hotclock::profiling
