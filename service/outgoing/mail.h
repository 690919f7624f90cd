// E-mail, handed to a server that takes it from us (SMTP, RFC 5321): encrypted unless told
// otherwise, to each recipient by itself as far as the server says.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/outgoing/http_client.h"

namespace hotclock::outgoing {

// Who takes it.
struct MailServer {
  std::string url;        // smtp://HOST:PORT (STARTTLS), smtps://HOST:PORT (TLS at once)
  bool encrypted = true;  // false: smtp:// as plain text
  std::string user = {};  // empty: nobody logs in
  std::string password = {};
  Duration timeout = std::chrono::seconds{30};  // for all of it
  Reach reach = {};
  std::string ca_file = {};  // whom certificates are believed from; empty: whom this machine does
};

struct Mail {
  std::string from;             // an address: alerts@live.example
  std::vector<std::string> to;  // addresses, at least one
  std::string subject;          // any text: what is no printable character becomes a space
  std::string text;             // any UTF-8
  std::string id;               // of its Message-ID: the same over all tries
  Instant date;
  std::vector<std::pair<std::string, std::string>> headers = {};  // more of them, by us
};

// A recipient whom the server does not want to take it for.
struct RefusedRecipient {
  std::string address;
  std::string said;      // "550 5.1.1 no such user"
  bool for_good = true;  // false: later may do (greylisting)
};

struct MailSent {
  std::string said;                       // the server's last words: "250 OK: queued as 12345"
  std::vector<RefusedRecipient> refused;  // the others have got it
};

// Hands it over once. A line's end in an address, a subject or a header never begins a header.
// Errc::invalid: the mail itself is not wanted, or cannot be sent there, ever; Errc::unavailable:
// nobody has got it, which may change (also of a server that knows the user not); Errc::unknown:
// all of it was sent and the answer did not come; Errc::stopped: before that. Within a second of
// the request to stop it has returned.
Result<MailSent> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop);

// What is wrong with a server's URL, or with an address; none where nothing is.
std::optional<std::string> wrong_with_mail_server(const std::string& url, const Reach& reach);
std::optional<std::string> wrong_with_mail_address(std::string_view address);

// The value of a header: as it is where it is short and of printable ASCII, else in encoded words
// (RFC 2047), folded.
std::string header_text(std::string_view text);

}  // namespace hotclock::outgoing
