#include "service/jobs/http_kind/http_kind.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace hotclock::http_kind {
namespace {

using namespace std::chrono_literals;

// What Hotclock or the protocol itself says.
constexpr std::array<std::string_view, 10> taken{
    "webhook-id",         "webhook-timestamp", "webhook-signature", "idempotency-key",
    "hotclock-execution", "hotclock-attempt",  "content-length",    "host",
    "transfer-encoding",  "connection"};

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool is_token(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, fits);
}

bool fits_a_line(std::string_view value) {
  return std::ranges::none_of(value,
                              [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; });
}

// Whether a value stands in the settings itself.
bool is_plain(const config::Secret& value) {
  return value.file.empty() && !value.shown.starts_with("env:");
}

std::vector<std::pair<std::string, config::Secret>> read_headers(config::Section section) {
  std::vector<std::pair<std::string, config::Secret>> headers;
  for (const std::string& name : section.keys()) {
    headers.emplace_back(name, section.secret_url(name));
    if (!is_token(name)) section.refuse(name, "this is no name of a header");
    if (std::ranges::find(taken, in_small_letters(name)) != taken.end())
      section.refuse(name, "this header is set by Hotclock");
    if (!fits_a_line(headers.back().second.value)) section.refuse(name, "it is more than one line");
  }
  static_cast<void>(section.finish());
  return headers;
}

void check_url(config::Section& section, const Settings& settings) {
  if (!settings.url.given())
    section.refuse("url", "it is not set", "write url = \"https://...\", or env:NAME or file:PATH");
  else if (is_plain(settings.url))
    if (const auto wrong = outgoing::wrong_with_url(settings.url.value, settings.reach))
      section.refuse("url", *wrong, "write https://HOST/PATH");
}

// The same for every attempt, as its id is: a receiver may compare them.
std::string usual_body(const Slot& slot) {
  const std::string at = to_string(slot.scheduled_for);
  return boost::json::serialize(boost::json::object{{"type", "slot.due"},
                                                    {"timestamp", at},
                                                    {"data",
                                                     {{"job", slot.job},
                                                      {"scheduled_for", at},
                                                      {"trigger", to_string(slot.trigger)},
                                                      {"id", id_of(slot)}}}});
}

void tell(ExecutionLog& log, const outgoing::Response& response) {
  log.line(fmt::format("HTTP {}", response.status));
  for (const auto& [name, value] : response.headers) log.line(name + ": " + value);
  if (response.body.empty()) return;
  log.line("");
  log.append(response.body);
  if (response.cut) log.line("[the rest of the answer was not read]");
}

bool is_worth_another_try(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::string words_of(const outgoing::Response& response) {
  const int status = response.status;
  if (status == 410)
    return "HTTP 410: whoever was to hear of it does not want to any more; take the job away";
  if (status < 300 || status >= 400) return fmt::format("HTTP {}", status);
  const auto to = std::ranges::find(response.headers, "location",
                                    [](const auto& header) { return header.first; });
  return fmt::format("HTTP {}: it leads elsewhere{}, and redirects are not followed", status,
                     to == response.headers.end() ? "" : " (" + to->second + ")");
}

Outcome judged(const outgoing::Response& response) {
  if (response.status >= 200 && response.status < 300) return Done{};
  const bool again = is_worth_another_try(response.status);
  return Failed{Error(again ? Errc::unavailable : Errc::invalid, words_of(response)), !again,
                response.retry_after};
}

// One that was stopped with its node before the answer came is as unclear as one that was cut off.
Outcome judged(Error why, const Permit& permit) {
  if (why.code() == Errc::stopped) return Stopped{};
  const StopReason reason = permit.stop_reason();
  if (reason != StopReason::none && reason != StopReason::drain) return Stopped{};
  if (why.code() == Errc::unknown) return Unclear{std::move(why).within("no answer came")};
  return Failed{why, why.code() == Errc::invalid};
}

}  // namespace

Result<Settings> read_settings(config::Section section) {
  Settings settings;
  settings.reach.allow_private = section.flag("allow_private", false);
  settings.reach.allow_hosts = section.texts("allow_hosts", {});
  settings.url = section.secret_url("url");
  check_url(section, settings);
  settings.method =
      section.choice("method", settings.method, {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"});
  settings.headers = read_headers(section.section("headers"));
  settings.body = section.text("body", "");
  settings.secret = section.secret("secret");
  settings.timeout = section.duration("timeout", settings.timeout, 1s, 10min);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

config::Kind kind() {
  config::Kind kind{.name = "http"};
  kind.asks_whether_repeatable = true;
  kind.policy.retry.retries = 5;
  kind.policy.retry.first_delay = 10s;
  kind.policy.retry.backoff = Backoff::jittered;
  kind.check = [](config::Section section, const config::Config&) {
    static_cast<void>(read_settings(std::move(section)));
  };
  return kind;
}

std::string id_of(const Slot& slot) {
  return "slot_" + outgoing::digest(fmt::format("{}\n{}\n{}", slot.job,
                                                to_millis(slot.scheduled_for), slot.key));
}

Outcome HttpJob::run(Execution& execution) {
  ExecutionLog& log = execution.log();
  log.keep(128 << 10);  // the answer's headers and its body both fit
  auto request = this->request(execution);
  if (!request) return Failed{std::move(request).error(), true};
  if (auto made = add_signature(*request, execution); !made)
    return Failed{std::move(made).error(), true};
  log.line(fmt::format("{} {}", settings_.method, settings_.url.shown));
  if (execution.dry_run) return Done{};
  auto response = outgoing::send(*request, execution.stop());
  if (!response) return judged(std::move(response).error(), *execution.permit);
  tell(log, *response);
  return judged(*response);
}

Result<outgoing::Request> HttpJob::request(Execution& execution) const {
  outgoing::Request request{
      .method = settings_.method, .timeout = settings_.timeout, .reach = settings_.reach};
  const auto reveal = [&execution](const config::Secret& value) {
    auto revealed = value.given() ? value.reveal() : Result<std::string>("");
    if (revealed && !is_plain(value)) execution.log().hide(*revealed);
    return revealed;
  };
  auto url = reveal(settings_.url);
  if (!url) return std::move(url).error().within("url");
  request.url = std::move(url).value();
  bool says_type = false;
  for (const auto& [name, secret] : settings_.headers) {
    auto value = reveal(secret);
    if (value && !fits_a_line(*value)) value = Error(Errc::invalid, "it is more than one line");
    if (!value) return std::move(value).error().within("headers." + name);
    says_type = says_type || in_small_letters(name) == "content-type";
    request.headers.emplace_back(name, std::move(value).value());
  }
  const bool has_body = settings_.method != "GET" && settings_.method != "HEAD";
  if (has_body)
    request.body = settings_.body.empty() ? usual_body(execution.slot()) : settings_.body;
  if (has_body && !says_type) request.headers.emplace_back("Content-Type", "application/json");
  return request;
}

Result<> HttpJob::add_signature(outgoing::Request& request, Execution& execution) const {
  const std::string id = id_of(execution.slot());
  const Instant now = clock_.now();
  const auto add = [&request](const char* name, std::string value) {
    request.headers.emplace_back(name, std::move(value));
  };
  add("webhook-id", id);
  add("webhook-timestamp", outgoing::webhook_timestamp(now));
  add("Idempotency-Key", id);
  add("Hotclock-Execution", execution.permit->execution.text());
  add("Hotclock-Attempt", std::to_string(execution.permit->attempt));
  add("User-Agent", "Hotclock");
  if (!settings_.secret.given()) return {};
  auto secret = settings_.secret.reveal();
  if (!secret) return std::move(secret).error().within("secret");
  execution.log().hide(*secret);
  auto keys = outgoing::read_signing_keys(*secret);
  if (!keys) return std::move(keys).error().within("secret").within(settings_.secret.shown);
  add("webhook-signature", outgoing::signature_of(*keys, id, now, request.body));
  return {};
}

}  // namespace hotclock::http_kind
