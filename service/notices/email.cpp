// E-mail, by a server that takes it from us.
#include <algorithm>

#include <fmt/format.h>

#include "service/notices/kinds.h"
#include "service/notices/rendering.h"
#include "service/outgoing/mail.h"

namespace hotclock::notices {
namespace {

// Who was told, and whom the server does not take it for.
Answer answer_of(outgoing::MailSent sent) {
  Answer answer{.said = std::move(sent.said)};
  for (outgoing::RefusedRecipient& one : sent.refused) {
    answer.said += fmt::format("; {}: {}", one.address, one.said);
    if (!one.for_good) answer.owed.push_back(std::move(one.address));
  }
  return answer;
}

class Email final : public Notifier {
 public:
  explicit Email(config::NotifierConfig settings) : settings_(std::move(settings)) {}

  Answer tell(const Message& message, Instant now, std::stop_token stop) override {
    const auto server = this->server();
    if (!server) return away(server.error());
    auto sent = outgoing::send_mail(*server, mail_of(message, now), std::move(stop));
    if (sent) return answer_of(std::move(sent).value());
    Answer answer = away(sent.error());
    if (sent.error().code() == Errc::invalid) answer.fate = Answer::Fate::refused;
    return answer;
  }

 private:
  Result<outgoing::MailServer> server() const {
    outgoing::MailServer out{.encrypted = settings_.encrypted,
                             .user = settings_.user,
                             .timeout = settings_.timeout,
                             .reach = {.allow_private = settings_.allow_private},
                             .ca_file = settings_.ca.string()};
    auto url = settings_.url.reveal();
    if (!url) return std::move(url).error().within("url");
    out.url = std::move(url).value();
    if (!settings_.password.given()) return out;
    auto password = settings_.password.reveal();
    if (!password) return std::move(password).error().within("password");
    out.password = std::move(password).value();
    return out;
  }

  outgoing::Mail mail_of(const Message& message, Instant now) const {
    Rendered texts = rendered(message, settings_.title, settings_.text, Medium::plain);
    return {.from = settings_.from,
            .to = message.only_to.empty() ? settings_.to : message.only_to,
            .subject = std::move(texts.title),
            .text = std::move(texts.text),
            .id = message.id,
            .date = now,
            .headers = {{"Auto-Submitted", "auto-generated"}, {"X-Hotclock-Group", message.group}}};
  }

  const config::NotifierConfig settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_email(const config::NotifierConfig& settings) {
  return std::make_unique<Email>(settings);
}

}  // namespace hotclock::notices
