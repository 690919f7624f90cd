// Jobs of the kind `http`: a request for each slot, signed by the Standard Webhooks scheme.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/core/job.h"
#include "service/config/config.h"
#include "service/outgoing/http_client.h"
#include "service/outgoing/webhook.h"

namespace hotclock::http_kind {

struct Settings {
  config::Secret url;  // as it is, or by reference
  std::string method = "POST";
  std::vector<std::pair<std::string, config::Secret>> headers;
  std::string body;       // empty: a JSON object that names the slot
  config::Secret secret;  // signs; may hold several keys
  Duration timeout = std::chrono::seconds{30};
  outgoing::Reach reach;
};

Result<Settings> read_settings(config::Section section);

// What a job of this kind is by itself: repeatable, since webhook-id and Idempotency-Key tell a
// receiver that it has had a slot's request before.
config::Kind kind();

// What webhook-id and Idempotency-Key are: the same for all attempts at a slot, and for no other
// slot's.
std::string id_of(const Slot& slot);

// 2xx is success. 408, 425, 429, 5xx and what was not sent are tried again by the job's rule, not
// before the answer's Retry-After; any other answer is final. A request whose answer did not come
// is unclear.
class HttpJob final : public Job {
 public:
  HttpJob(const Clock& clock, Settings settings) : clock_(clock), settings_(std::move(settings)) {}

  Outcome run(Execution& execution) override;

 private:
  // The request but for what makes it known as ours; secrets are registered with the execution's
  // log.
  Result<outgoing::Request> request(Execution& execution) const;
  Result<> add_signature(outgoing::Request& request, Execution& execution) const;

  const Clock& clock_;
  const Settings settings_;
};

}  // namespace hotclock::http_kind
