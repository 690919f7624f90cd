// A webhook, signed as Standard Webhooks has it.
#include "service/outgoing/webhook.h"

#include "service/notices/kinds.h"

namespace hotclock::notices {
namespace {

class Webhook final : public Notifier {
 public:
  explicit Webhook(config::NotifierConfig settings) : settings_(std::move(settings)) {}

  Answer tell(const Message& message, Instant now, std::stop_token stop) override {
    auto request = post_of(settings_, "", json_of(message, settings_));
    if (!request) return away(request.error());
    request->headers.emplace_back("webhook-id", message.id);
    request->headers.emplace_back("webhook-timestamp", outgoing::webhook_timestamp(now));
    if (auto made = sign(*request, message.id, now); !made) return away(made.error());
    return judged(outgoing::send(*request, std::move(stop)));
  }

 private:
  Result<> sign(outgoing::Request& request, const std::string& id, Instant now) const {
    if (!settings_.secret.given()) return {};
    auto secret = settings_.secret.reveal();
    if (!secret) return std::move(secret).error().within("secret");
    auto keys = outgoing::read_signing_keys(*secret);
    if (!keys) return std::move(keys).error().within("secret");
    request.headers.emplace_back("webhook-signature",
                                 outgoing::signature_of(*keys, id, now, request.body));
    return {};
  }

  const config::NotifierConfig settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_webhook(const config::NotifierConfig& settings) {
  return std::make_unique<Webhook>(settings);
}

}  // namespace hotclock::notices
