#include "service/cli/remote_door.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include "scheduler/base/uuid.h"
#include "service/outgoing/http_client.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view root = "/api/v1";
constexpr std::size_t largest_answer = 64 << 20;
constexpr Duration patience = std::chrono::seconds{30};
// Before it asks again.
constexpr std::array<Duration, 3> pauses = {
    std::chrono::milliseconds{200}, std::chrono::milliseconds{800}, std::chrono::seconds{2}};
constexpr Duration longest_pause = std::chrono::seconds{10};

// ---------------------------------------------------------------- where, and with which token

std::string from_environment(const Console& console, std::string_view name) {
  const auto set = console.environment.find(name);
  return set == console.environment.end() ? std::string() : set->second;
}

std::string host_in(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// "https://hotclock.internal:8081/" -> "https://hotclock.internal:8081/api/v1".
Result<std::string> base_of(std::string url, const Common& common) {
  if (const auto wrong = outgoing::wrong_with_url(url, {.allow_private = true}))
    return Error(Errc::invalid, "--server: '" + url + "': " + *wrong + "; write https://HOST:PORT");
  while (url.ends_with('/')) url.pop_back();
  const bool plain = url.starts_with("http:");
  if (plain && !common.insecure_http && !is_loopback(host_in(url)))
    return Error(Errc::invalid, "--server: " + url +
                                    " would send the token over the net for all to read; use "
                                    "https, or say --insecure-http");
  if (!url.ends_with(root)) url += root;
  return url;
}

std::string trimmed(std::string text) {
  const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  text.erase(std::find_if_not(text.rbegin(), text.rend(), is_space).base(), text.end());
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
  return text;
}

Result<std::string> token_in(const std::string& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0)
    return Error(Errc::invalid, "--token-file: " + file + " is not there, or may not be read");
  if (S_ISREG(about.st_mode) && (about.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0)
    return Error(Errc::invalid,
                 "--token-file: others may read " + file + "; `chmod 600 " + file + "`");
  std::ifstream in(file);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return Error(Errc::invalid, "--token-file: " + file + " cannot be read");
  return trimmed(std::move(text));
}

bool may_be_token(std::string_view token) {
  return !token.empty() &&
         std::ranges::all_of(token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

Result<std::string> token_of(const Console& console, const Common& common) {
  const std::string set = from_environment(console, "HOTCLOCK_TOKEN");
  std::string file = common.token_file;
  if (file.empty() && set.empty()) file = from_environment(console, "HOTCLOCK_TOKEN_FILE");
  auto token = file.empty() ? Result<std::string>(trimmed(set)) : token_in(file);
  if (!token) return token;
  if (file.empty() && token->empty())
    return Error(Errc::invalid,
                 "a server wants a token: put it into HOTCLOCK_TOKEN, or into a file "
                 "that HOTCLOCK_TOKEN_FILE or --token-file names");
  if (!may_be_token(*token))
    return Error(Errc::invalid, (file.empty() ? "HOTCLOCK_TOKEN" : file) + " holds no token");
  return token;
}

// ---------------------------------------------------------------- to HTTP and back

std::string encoded(std::string_view text, std::string_view also_fine) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool fine = std::isalnum(byte) || also_fine.find(c) != also_fine.npos;
    out += fine ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string target_of(const Request& request) {
  std::string out = encoded(request.path, "-._~/");
  for (const auto& [name, value] : request.query)
    out += (out.find('?') == out.npos ? "?" : "&") + encoded(name, "-._~") + "=" +
           encoded(value, "-._~");
  return out;
}

// Such a part would lead elsewhere than the path says.
bool leads_elsewhere(std::string_view path) {
  return (std::string(path) + "/").find("/./") != std::string::npos ||
         (std::string(path) + "/").find("/../") != std::string::npos;
}

std::string header(const outgoing::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

// Of `<PATH?cursor=CURSOR>; rel="next"`; empty where there is none.
std::string cursor_in(std::string_view link) {
  constexpr std::string_view before = "?cursor=";
  const auto at = link.find(before);
  if (at == link.npos) return {};
  link.remove_prefix(at + before.size());
  return std::string(link.substr(0, link.find('>')));
}

bool is_of(std::string_view type, std::string_view wanted) {
  return type.substr(0, type.find(';')) == wanted;
}

Error no_hotclock(const std::string& base, const outgoing::Response& response) {
  std::string what = fmt::format("status {}", response.status);
  if (const std::string type = header(response, "content-type"); !type.empty())
    what += ", " + type.substr(0, 60);
  if (response.status >= 300 && response.status < 400)
    what = "it points to " + header(response, "location").substr(0, 200);
  return Error(
      Errc::unsupported,
      fmt::format("what answers at {} is no Hotclock ({}): is --server right?", base, what));
}

Result<Answer> answer_of(const std::string& base, outgoing::Response response) {
  if (response.cut) return Error(Errc::unsupported, fmt::format("{} answers with too much", base));
  Answer answer{.status = response.status, .etag = header(response, "etag")};
  answer.location = header(response, "location");
  if (answer.location.starts_with(root)) answer.location.erase(0, root.size());
  if (response.retry_after > Duration::zero())
    answer.retry_after = static_cast<int>(response.retry_after / std::chrono::seconds{1});
  const std::string type = header(response, "content-type");
  const bool fine = response.status >= 200 && response.status < 300;
  if (response.status == 204) return answer;
  if (fine &&
      (is_of(type, "text/css") || is_of(type, "text/csv") || is_of(type, "application/jsonl"))) {
    answer.next = cursor_in(header(response, "link"));
    answer.type = type;
    answer.text = std::move(response.body);
    return answer;
  }
  json::error_code failed;
  if (!is_of(type, fine ? "application/json" : "application/problem+json"))
    return no_hotclock(base, response);
  answer.body = json::parse(response.body, failed);
  const auto* members = failed ? nullptr : answer.body.if_object();
  if (!members || (!fine && !members->contains("code"))) return no_hotclock(base, response);
  return answer;
}

// ---------------------------------------------------------------- the door

class RemoteDoor final : public Door {
 public:
  RemoteDoor(Console& console, std::string base, std::string token, std::string ca_file)
      : console_(console),
        base_(std::move(base)),
        token_(std::move(token)),
        ca_file_(std::move(ca_file)) {}

  Result<Answer> send(const Request& request) override {
    if (leads_elsewhere(request.path))
      return Error(Errc::not_found, "there is no such resource; /api/v1/openapi.json lists them");
    const outgoing::Request sent = on_the_wire(request);
    for (const Duration pause : pauses) {
      auto answer = once(sent);
      const auto again = asks_again(request, answer, pause);
      if (!again) return answer;
      console_.clock.sleep_until(console_.clock.now() + *again, {});
    }
    return once(sent);
  }
  Instant now() const override { return console_.clock.now(); }

 private:
  outgoing::Request on_the_wire(const Request& request) const {
    outgoing::Request out{.method = request.method,
                          .url = base_ + target_of(request),
                          .headers = {{"Authorization", "Bearer " + token_},
                                      {"Accept", "application/json"},
                                      {"User-Agent", "hotclock/" HOTCLOCK_VERSION}},
                          .body = request.body,
                          .timeout = patience,
                          .reach = {.allow_private = true},
                          .most_body = largest_answer,
                          .ca_file = ca_file_};
    if (!request.body.empty()) out.headers.emplace_back("Content-Type", "application/json");
    if (!request.if_match.empty()) out.headers.emplace_back("If-Match", request.if_match);
    // One for all the times it is sent.
    if (request.method == "POST")
      out.headers.emplace_back("Idempotency-Key", UuidSource().next(now()).text());
    return out;
  }

  Result<Answer> once(const outgoing::Request& request) const {
    auto response = outgoing::send(request, {});
    if (response) return answer_of(base_, std::move(response).value());
    const Error& why = response.error();
    const bool safe = request.method == "GET";
    if (why.code() == Errc::unknown && !safe)
      return Error(Errc::unknown, base_ + " did not answer (" + why.message() +
                                      "): it may be done or not; look before you ask again");
    const Errc code = why.code() == Errc::unknown ? Errc::unavailable : why.code();
    return Error(code, base_ + " cannot be asked: " + why.message());
  }

  // How long to wait before that; none: the answer stands.
  static std::optional<Duration> asks_again(const Request& request, const Result<Answer>& answer,
                                            Duration pause) {
    if (!answer) {
      const bool twice_is_once = request.method == "GET" || request.method == "POST";
      const bool fails = answer.error().code() == Errc::unavailable ||
                         (answer.error().code() == Errc::unknown && twice_is_once);
      return fails ? std::optional(pause) : std::nullopt;
    }
    if (answer->status != 503 && answer->status != 429) return std::nullopt;
    const Duration asked = std::chrono::seconds{answer->retry_after.value_or(0)};
    if (asked > longest_pause) return std::nullopt;
    return std::max(pause, asked);
  }

  Console& console_;
  const std::string base_, token_, ca_file_;
};

}  // namespace

Result<std::unique_ptr<Door>> open_remote_door(Console& console, const Common& common) {
  auto base = base_of(server_of(console, common), common);
  if (!base) return std::move(base).error();
  auto token = token_of(console, common);
  if (!token) return std::move(token).error();
  std::string ca_file = common.ca_file;
  if (ca_file.empty()) ca_file = from_environment(console, "HOTCLOCK_CA_FILE");
  if (!ca_file.empty() && ::access(ca_file.c_str(), R_OK) != 0)
    return Error(Errc::invalid, "--ca-file: " + ca_file + " is not there, or may not be read");
  return std::unique_ptr<Door>(std::make_unique<RemoteDoor>(
      console, std::move(base).value(), std::move(token).value(), std::move(ca_file)));
}

}  // namespace hotclock::cli
