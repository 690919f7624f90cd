// What a user's reputation comes to, as plain functions of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock::trust_score {

// A tenth of the sum, but at least 0 and at most 100.
double score_of(double sum);

// "verified" from 80, "high" from 60, "medium" from 30, else "low".
std::string_view level_of(double score);

// What stands beside the score, for whoever judges a user.
struct Factors {
  bool kyc_verified = false;
  bool phone_verified = false;
  bool email_verified = false;
  bool social_connected = false;
  std::int64_t active_days = 0;  // whole days since the user was created
  std::int64_t streams_hosted = 0;
  std::int64_t gifts_sent = 0;
  std::int64_t reports_received = 0;
};

std::int64_t whole_days(Instant from, Instant to);

// As a JSON object.
std::string to_json(const Factors& factors);

// How much of an amount is left after `age` when half of it fades in each `half_life`; all of it
// where half_life is zero (off) or age is not positive.
double faded(double amount, Duration age, Duration half_life);

}  // namespace hotclock::trust_score
