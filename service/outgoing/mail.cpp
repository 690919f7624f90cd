#include "service/outgoing/mail.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "scheduler/base/utf8.h"
#include "service/outgoing/base64.h"
#include "service/outgoing/transfer.h"

namespace hotclock::outgoing {
namespace {

constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_plain_header = 70;
constexpr std::size_t longest_subject = 400;
// So that an encoded word is at most 75 characters.
constexpr std::size_t bytes_of_a_word = 45;

bool is_printable(char c) { return c >= ' ' && c < 0x7f; }

bool is_one_of(char c, std::string_view more) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         more.find(c) != more.npos;
}

// Words of these characters, with single dots between them.
bool is_dotted(std::string_view text, std::string_view more) {
  const auto fits = [more](char c) { return is_one_of(c, more) || c == '.'; };
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos && std::ranges::all_of(text, fits);
}

// "Fri, 27 Nov 2026 10:00:00 +0000"
std::string mail_date(Instant at) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = to_millis(at) / 1000;
  std::tm t{};
  gmtime_r(&seconds, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     days[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                     months[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

// At most so many bytes of a well-formed text, and no part of a character.
std::string_view beginning_of(std::string_view text, std::size_t most) {
  std::size_t size = std::min(text.size(), most);
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string listed(const std::vector<std::string>& addresses) {
  std::string out;
  for (const std::string& address : addresses) out += (out.empty() ? "" : ",\r\n ") + address;
  return out;
}

std::optional<std::string> wrong_with(const MailServer& server, const Mail& mail) {
  if (const auto wrong = wrong_with_mail_server(server.url, server.reach)) return wrong;
  if (mail.to.empty()) return "it is to nobody";
  if (const auto wrong = wrong_with_mail_address(mail.from)) return mail.from + ": " + *wrong;
  for (const std::string& address : mail.to)
    if (const auto wrong = wrong_with_mail_address(address)) return address + ": " + *wrong;
  for (const auto& [name, value] : mail.headers)
    if (name.empty() || !std::ranges::all_of(name, [](char c) { return is_one_of(c, "-"); }))
      return name + ": this is no name of a header";
  return std::nullopt;
}

// One mail on its way.
class MailTransfer final : public Transfer {
 public:
  MailTransfer(const MailServer& server, const Mail& mail, std::stop_token stop)
      : Transfer({server.reach, server.timeout, server.ca_file}, std::move(stop)),
        server_(server),
        mail_(mail) {}
  ~MailTransfer() {
    curl_slist_free_all(recipients_);
    if (mime_) curl_mime_free(mime_);
  }

  Result<MailSent> send() {
    if (!prepare()) return Error(Errc::unavailable, "no mail can be made: out of memory");
    const auto code = run();
    if (code && *code == CURLE_OK) return MailSent{std::move(said_), std::move(refused_ones_)};
    if (!code) return Error(was_sent() ? Errc::unknown : Errc::stopped, "a stop was requested");
    return failure(*code);
  }

 private:
  bool prepare() {
    if (!begin("smtp,smtps")) return false;
    set(CURLOPT_URL, server_.url.c_str());
    set(CURLOPT_USE_SSL, static_cast<long>(server_.encrypted ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server_.user.empty()) {
      set(CURLOPT_USERNAME, server_.user.c_str());
      set(CURLOPT_PASSWORD, server_.password.c_str());
    }
    set_envelope();
    set_text();
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &MailTransfer::overhear);
    set(CURLOPT_DEBUGDATA, this);
    return is_fine();
  }

  void set_envelope() {
    set(CURLOPT_MAIL_FROM, mail_.from.c_str());
    for (const std::string& address : mail_.to) {
      curl_slist* longer = curl_slist_append(recipients_, address.c_str());
      must(longer);
      if (longer) recipients_ = longer;
    }
    set(CURLOPT_MAIL_RCPT, recipients_);
    set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  }

  void set_text() {
    add_header("From: " + mail_.from);
    add_header("To: " + listed(mail_.to));
    add_header("Subject: " + header_text(mail_.subject));
    add_header("Date: " + mail_date(mail_.date));
    add_header(fmt::format("Message-ID: <{}@{}>", digest_of_id(), domain()));
    for (const auto& [name, value] : mail_.headers) add_header(name + ": " + header_text(value));
    set(CURLOPT_HTTPHEADER, headers());
    mime_ = curl_mime_init(easy());
    curl_mimepart* part = mime_ ? curl_mime_addpart(mime_) : nullptr;
    must(part && curl_mime_data(part, mail_.text.data(), mail_.text.size()) == CURLE_OK &&
         curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
         curl_mime_encoder(part, "quoted-printable") == CURLE_OK);
    set(CURLOPT_MIMEPOST, mime_);
  }

  std::string digest_of_id() const {
    std::string id = mail_.id;
    std::erase_if(id, [](char c) { return !is_one_of(c, "-_"); });
    return id;
  }
  std::string domain() const { return mail_.from.substr(mail_.from.find('@') + 1); }

  // The library says only how the last recipient was taken: each is listened for here.
  static int overhear(CURL*, curl_infotype kind, char* text, std::size_t size, void* self) {
    auto& transfer = *static_cast<MailTransfer*>(self);
    std::string_view line(text, size);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (kind == CURLINFO_HEADER_OUT) transfer.note_command(line);
    if (kind == CURLINFO_HEADER_IN) transfer.note_reply(line);
    return 0;
  }

  void note_command(std::string_view line) {
    if (line.starts_with("RCPT TO:")) ++recipient_;
    command_ = line.substr(0, 4);
  }

  void note_reply(std::string_view line) {
    if (line.size() < 3 || (line.size() > 3 && line[3] == '-')) return;  // more of it follows
    said_ = line;
    if (command_ == "DATA" && line[0] == '3') text_goes_ = true;
    if (command_ == "RCPT" && (line[0] == '4' || line[0] == '5') && recipient_ <= mail_.to.size())
      refused_ones_.push_back({mail_.to[recipient_ - 1], said_, line[0] == '5'});
  }

  bool was_sent() const { return text_goes_; }

  Error failure(CURLcode code) const {
    if (code == CURLE_COULDNT_CONNECT && !refused().empty()) return Error(Errc::invalid, refused());
    if (refused_ones_.size() == mail_.to.size()) return refused_by_all();
    long status = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    const std::string what =
        status >= 400 ? fmt::format("{} ({})", said_, words(code)) : words(code);
    if (!text_goes_) return Error(Errc::unavailable, what);
    if (status >= 500) return Error(Errc::invalid, what);
    return Error(status >= 400 ? Errc::unavailable : Errc::unknown, what);
  }

  Error refused_by_all() const {
    const auto later =
        std::ranges::find(refused_ones_, false, [](const auto& one) { return one.for_good; });
    const auto& one = later == refused_ones_.end() ? refused_ones_.front() : *later;
    return Error(later == refused_ones_.end() ? Errc::invalid : Errc::unavailable,
                 one.address + ": " + one.said);
  }

  const MailServer& server_;
  const Mail& mail_;
  curl_slist* recipients_ = nullptr;
  curl_mime* mime_ = nullptr;
  std::string command_;        // the last one's first letters
  std::size_t recipient_ = 0;  // how many were named
  bool text_goes_ = false;     // the server waits for the text
  std::string said_;
  std::vector<RefusedRecipient> refused_ones_;
};

}  // namespace

std::string header_text(std::string_view text) {
  std::string clean = well_formed(text);
  for (char& c : clean)
    if ((c >= 0 && c < ' ') || c == 0x7f) c = ' ';
  clean.resize(beginning_of(clean, longest_subject).size());
  if (clean.size() <= longest_plain_header && std::ranges::all_of(clean, is_printable) &&
      clean.find("=?") == clean.npos)
    return clean;
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const std::string_view word = beginning_of(rest, bytes_of_a_word);
    rest.remove_prefix(word.size());
    out += fmt::format("{}=?utf-8?B?{}?=", out.empty() ? "" : "\r\n ", to_base64(word));
  }
  return out;
}

std::optional<std::string> wrong_with_mail_address(std::string_view address) {
  const auto at = address.rfind('@');
  const std::string_view local = address.substr(0, at);
  if (at == address.npos || address.size() > longest_address || local.size() > 64 ||
      !is_dotted(local, "!#$%&'*+-/=?^_`{|}~") || !is_dotted(address.substr(at + 1), "-"))
    return "this is no address for e-mail";
  return std::nullopt;
}

std::optional<std::string> wrong_with_mail_server(const std::string& url, const Reach& reach) {
  const Url parts = parsed(url);
  if (!parts) return "this is no URL";
  const std::string scheme = part_of(parts.get(), CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps") return "only smtp and smtps are spoken here";
  if (part_of(parts.get(), CURLUPART_PATH).size() > 1) return "a path stands in it";
  return not_allowed(parts.get(), reach);
}

Result<MailSent> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop) {
  if (const auto wrong = wrong_with(server, mail)) return Error(Errc::invalid, *wrong);
  return MailTransfer(server, mail, std::move(stop)).send();
}

}  // namespace hotclock::outgoing
