#include "service/jobs/trust_score/trust.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace hotclock::trust_score {

double score_of(double sum) { return std::clamp(sum / 10, 0.0, 100.0); }

std::string_view level_of(double score) {
  if (score >= 80) return "verified";
  if (score >= 60) return "high";
  if (score >= 30) return "medium";
  return "low";
}

std::int64_t whole_days(Instant from, Instant to) {
  return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(to - from).count());
}

std::string to_json(const Factors& f) {
  return fmt::format(
      R"({{"kycVerified":{},"phoneVerified":{},"emailVerified":{},"socialConnected":{},)"
      R"("activeDays":{},"streamsHosted":{},"giftsSent":{},"reportsReceived":{}}})",
      f.kyc_verified, f.phone_verified, f.email_verified, f.social_connected, f.active_days,
      f.streams_hosted, f.gifts_sent, f.reports_received);
}

double faded(double amount, Duration age, Duration half_life) {
  if (half_life <= Duration::zero() || age <= Duration::zero()) return amount;
  return amount * std::exp2(-static_cast<double>(age.count()) /
                            static_cast<double>(half_life.count()));
}

}  // namespace hotclock::trust_score
