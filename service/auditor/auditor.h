// The auditor at work: by one node at a time, in small pieces, for as long as the node serves.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "scheduler/base/clock.h"
#include "service/auditor/comparison.h"
#include "service/auditor/signature.h"
#include "service/log/logger.h"
#include "service/sql/sql.h"

namespace hotclock::auditor {

struct AuditorSettings {
  std::int64_t node = 0;
  Duration every = std::chrono::minutes{10};  // the last day is looked at
  Duration turn = std::chrono::seconds{
      10};  // whose turn it is, and what settings and prices are, is asked so often
  Duration lease = std::chrono::seconds{30};  // a node that is gone is followed within this
  Duration pause = std::chrono::milliseconds{
      20};  // between two pieces, so that others have the database meanwhile
};

// Threads: start() and stop() in one. What is handed in outlives it.
class Auditor {
 public:
  using InForce = std::function<std::shared_ptr<const config::Config>()>;

  // `key`: none: reports are kept without a signature.
  Auditor(sql::Database& database, Clock& clock, log::Logger& logger, InForce settings,
          std::optional<SigningKey> key, AuditorSettings options);
  ~Auditor();  // stops
  Auditor(const Auditor&) = delete;
  Auditor& operator=(const Auditor&) = delete;

  // What the settings are is written down before anything is worked by them.
  Result<> start();
  void stop();

  // One turn, for tests: whatever is due now. True where it was this node's.
  Result<bool> take_turn(std::stop_token stop = {});

 private:
  struct Held {
    std::int64_t fence = 0;
    Instant until;
    std::optional<Instant> passed_at;
  };

  void work(std::stop_token stop);
  Result<bool> hold(Instant now);
  Result<> claim(Instant now);
  Result<> keep_lease();
  Result<> keep_lease_for(Duration lease);
  Ground ground(const config::Config& settings, std::stop_token stop);
  Result<> pass(const config::Config& settings, std::stop_token stop);
  Result<> note_pass(Instant now);
  bool wants_money(const std::string& date, Instant now) const;
  void remember_money(const Comparison& comparison, Instant now);
  Result<> report(const config::Config& settings, std::stop_token stop);
  Result<std::optional<std::string>> day_to_report(Instant now);
  void tell(const Comparison& comparison, std::string_view what) const;
  void release();

  sql::Database& database_;
  Clock& clock_;
  log::Logger& logger_;
  const InForce settings_;
  const std::optional<SigningKey> key_;
  const AuditorSettings options_;
  std::optional<Held> held_;
  // When the money of a date was compared last, where nothing was open: it is not looked at again
  // within the hour.
  std::map<std::string, Instant> compared_;
  std::jthread thread_;
};

}  // namespace hotclock::auditor
