// Slack's incoming webhooks, and those of others that take the same.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/notices/kinds.h"
#include "service/notices/rendering.h"

namespace hotclock::notices {
namespace {

std::string_view colour_of(const Message& message) {
  if (message.test) return "#439fe0";
  if (message.state() == "resolved") return "good";
  return severity_of(message.alerts) == "critical" ? "danger" : "warning";
}

class Slack final : public Notifier {
 public:
  explicit Slack(config::NotifierConfig settings) : settings_(std::move(settings)) {}

  Answer tell(const Message& message, Instant, std::stop_token stop) override {
    const Rendered texts = rendered(message, settings_.title, settings_.text, Medium::slack);
    const boost::json::object attachment{{"color", colour_of(message)},
                                         {"text", texts.text},
                                         {"fallback", texts.title},
                                         {"mrkdwn_in", boost::json::array{"text"}}};
    const auto request =
        post_of(settings_, "",
                boost::json::serialize(boost::json::object{
                    {"text", texts.title}, {"attachments", boost::json::array{attachment}}}));
    if (!request) return away(request.error());
    return judged(outgoing::send(*request, std::move(stop)));
  }

 private:
  const config::NotifierConfig settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_slack(const config::NotifierConfig& settings) {
  return std::make_unique<Slack>(settings);
}

}  // namespace hotclock::notices
