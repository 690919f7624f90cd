// The kinds of notifiers there are, and what those that speak HTTP have in common.
#pragma once

#include <memory>
#include <string>

#include "service/notices/notifier.h"
#include "service/outgoing/http_client.h"

namespace hotclock::notices {

std::unique_ptr<Notifier> make_alertmanager(const config::NotifierConfig& settings);
std::unique_ptr<Notifier> make_webhook(const config::NotifierConfig& settings);
std::unique_ptr<Notifier> make_slack(const config::NotifierConfig& settings);
std::unique_ptr<Notifier> make_email(const config::NotifierConfig& settings);
std::unique_ptr<Notifier> make_command(const config::NotifierConfig& settings);

// A request with a JSON body to the notifier's URL, with `path` behind it; not yet sent. The error
// says which secret is none.
Result<outgoing::Request> post_of(const config::NotifierConfig& settings, std::string_view path,
                                  std::string body);

// What the answer means, or the lack of one. The request's URL and its secrets are not in it.
Answer judged(const Result<outgoing::Response>& response);
// A secret that cannot be read is for its owner to mend; until then it is away.
Answer away(const Error& why);

// What webhooks and commands are told, as JSON: type, timestamp, data.
std::string json_of(const Message& message, const config::NotifierConfig& settings);

}  // namespace hotclock::notices
