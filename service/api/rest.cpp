#include "service/api/rest.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "scheduler/base/utf8.h"
#include "scheduler/base/uuid.h"
#include "service/access/sessions.h"
#include "service/api/answers.h"
#include "service/api/problem_pages.h"
#include "service/api/rendered.h"
#include "service/api/requests.h"
#include "service/api/runbook_pages.h"
#include "service/digest/sha256.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/openapi.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;
using operations::Answer;

constexpr std::string_view root = "/api/v1";
constexpr std::size_t longest_query = 4096;
constexpr std::size_t largest_body = 64 << 10;
constexpr std::size_t longest_key = 100;

// The id of a request lives as long as it does, so that every answer can carry it.
struct Numbered final : http::Ticket {
  Numbered(std::string number, Steady at) : id(std::move(number)), came(at) {}
  const std::string id;
  const Steady came;
};

// Printable, and short: it stands in the log and in the audit.
bool may_be_id(std::string_view id) {
  const auto fine = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  };
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, fine);
}

std::string id_of(const http::Request& request, Instant now) {
  const std::string_view sent = request.header("x-request-id");
  return may_be_id(sent) ? std::string(sent) : UuidSource().next(now).text();
}

bool is_change(std::string_view method) { return method != "GET" && method != "HEAD"; }

bool is_json(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  type = type.substr(0, type.find(' '));
  constexpr std::string_view wanted = "application/json";
  return std::ranges::equal(type, wanted, [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

bool is_open_to_all(std::string_view path) {
  return path == "/api/v1/openapi.json" || path.starts_with("/api/v1/problems/") ||
         path.starts_with("/api/v1/runbook/");
}

// What is no UTF-8 has no place in JSON, in the database or in the log.
bool is_text(const http::Request& request) {
  const auto fine = [](const auto& one) {
    return is_well_formed(one.first) && is_well_formed(one.second);
  };
  return is_well_formed(request.path) && std::ranges::all_of(request.parameters, fine);
}

bool may_be_key(std::string_view key) {
  return key.size() <= longest_key &&
         std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
}

bool has_body(const http::Request& request) {
  const std::string_view size = request.header("content-length");
  return (!size.empty() && size != "0") || !request.header("transfer-encoding").empty();
}

std::string fingerprint(std::string_view text) {
  return "\"" + digest::sha256_hex(text).substr(0, 24) + "\"";
}

std::string cookie(std::string_view name, std::string_view value, bool secure, bool for_scripts,
                   std::int64_t seconds) {
  return fmt::format("{}={}; Path=/; Max-Age={}; SameSite=Strict{}{}", name, value, seconds,
                     for_scripts ? "" : "; HttpOnly", secure ? "; Secure" : "");
}

Answer refused(int status, std::string_view code, std::string_view detail) {
  return operations::problem(status, code, detail);
}

std::string_view code_of(int status) {
  switch (status) {
    case 400:
      return "invalid";
    case 405:
      return "method_not_allowed";
    case 408:
      return "too_slow";
    case 413:
      return "too_large";
    case 500:
      return "internal";
    default:
      return {};
  }
}

// What the server itself says of a request, such as 413, in the API's form.
void tell_as_problem(const http::Request& request, http::Response& response) {
  const std::string_view code = code_of(response.status);
  const auto* numbered = dynamic_cast<const Numbered*>(request.ticket.get());
  const bool plain = http::find(response.headers, "Content-Type").starts_with("text/plain");
  if (code.empty() || !numbered || !plain) return;
  auto told = response_of(refused(response.status, code, http::reason(response.status)),
                          request.path, numbered->id);
  for (auto& header : response.headers)
    if (header.first != "Content-Type") told.headers.push_back(std::move(header));
  told.close = response.close;
  response = std::move(told);
}

// As the audit calls it.
std::string act_of(const operations::Request& request) {
  const auto found = operations::find(request.method, request.path);
  const auto* known = std::get_if<operations::Found>(&found);
  if (!known) return "session";
  const operations::Operation& operation = *known->operation;
  return std::string(operation.act.empty() ? operation.id : operation.act);
}

}  // namespace

struct Rest::Asked {
  operations::Request request;  // its path is below the root
  Credentials shown;
  std::string path;   // as it was asked for
  std::string query;  // the same
  std::string if_none_match;
  std::string key;  // Idempotency-Key
};

// The query as it was sent, but for its place in the list.
std::string query_without_cursor(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    if (const auto one = query.substr(0, end); !one.empty() && !one.starts_with("cursor="))
      kept.append(one) += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return kept;
}

http::Response response_of(Answer answer, const std::string& path, const std::string& request_id,
                           std::string_view query) {
  const bool wrong = answer.status >= 400;
  if (auto* problem = answer.body.if_object(); wrong && problem) {
    (*problem)["instance"] = path;
    (*problem)["request_id"] = request_id;
  }
  const std::string_view type = wrong                 ? "application/problem+json"
                                : answer.type.empty() ? json_type
                                                      : std::string_view(answer.type);
  std::string text = answer.type.empty() ? json::serialize(answer.body) : std::move(answer.text);
  http::Response response = answer.status == 204
                                ? http::Response{.status = 204}
                                : http::Response::text(answer.status, std::move(text), type);
  const auto add = [&response](const char* name, std::string value) {
    if (!value.empty()) response.headers.emplace_back(name, std::move(value));
  };
  add("ETag", std::move(answer.etag));
  add("Location", answer.location.empty() ? "" : std::string(root) + answer.location);
  add("Allow", std::move(answer.allow));
  add("Retry-After", answer.retry_after ? std::to_string(*answer.retry_after) : "");
  if (!answer.next.empty())
    add("Link", fmt::format("<{}?{}cursor={}>; rel=\"next\"", path, query_without_cursor(query),
                            answer.next));
  if (answer.status == 401) add("WWW-Authenticate", "Bearer");
  return response;
}

void dress(const http::Request& request, http::Response& response) {
  const auto add = [&response](const char* name, std::string_view value) {
    response.headers.emplace_back(name, value);
  };
  tell_as_problem(request, response);
  if (const auto* numbered = dynamic_cast<const Numbered*>(request.ticket.get()))
    add("X-Request-Id", numbered->id);
  add("Cache-Control", for_nobody_else);
  add("X-Content-Type-Options", "nosniff");
  add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add("Referrer-Policy", "no-referrer");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  if (request.secure) add("Strict-Transport-Security", "max-age=31536000");
}

Rest::Rest(RestGround ground, RestSettings settings)
    : ground_(ground),
      limits_(settings.limits),
      callers_(ground.desk.database, ground.desk.clock, limits_, settings.sessions),
      operations_(ground.desk),
      lists_(ground.loop, ground.workers, ground.desk, limits_),
      openapi_(std::make_shared<const std::string>(operations::openapi())) {}

void Rest::serve(http::Server& server) {
  const auto route = [&](std::string prefix, std::vector<std::string> methods,
                         std::function<void(http::Exchange)> handler) {
    server.route({.prefix = std::move(prefix),
                  .methods = std::move(methods),
                  .handler = std::move(handler),
                  .body_bytes = largest_body,
                  .gate = [this](http::Request& request) { return gate(request); },
                  .dress =
                      [this](const http::Request& request, http::Response& response) {
                        dress(request, response);
                        count(request, response);
                      }});
  };
  const auto works = [this](http::Response (Rest::*work)(const Asked&) const) {
    return [this, work](http::Exchange exchange) {
      answer(std::move(exchange), [this, work](const Asked& asked, const std::stop_token&) {
        return (this->*work)(asked);
      });
    };
  };
  // For all other methods than those that follow for the same path.
  const auto otherwise = [&](std::string prefix, std::string allowed) {
    route(std::move(prefix), {}, [allowed = std::move(allowed)](http::Exchange exchange) {
      Answer answer = refused(405, "method_not_allowed", "this can be asked with " + allowed);
      answer.allow = allowed;
      const http::Request& request = exchange.request();
      exchange.respond(response_of(std::move(answer), request.path,
                                   static_cast<const Numbered&>(*request.ticket).id));
    });
  };
  route(std::string(root) + "/", {}, works(&Rest::perform));
  otherwise("=/api/v1/session", "GET, POST, DELETE");
  otherwise("=/api/v1/events", "GET");
  otherwise("=/api/v1/openapi.json", "GET");
  otherwise("/api/v1/problems/", "GET");
  otherwise("/api/v1/runbook/", "GET");
  route("=/api/v1/session", {"POST"}, works(&Rest::open_session));
  route("=/api/v1/session", {"GET"}, works(&Rest::show_session));
  route("=/api/v1/session", {"DELETE"}, works(&Rest::end_session));
  route("=/api/v1/events", {"GET"},
        [this](http::Exchange exchange) { listen(std::move(exchange)); });
  route("=/api/v1/openapi.json", {"GET"}, [this](http::Exchange exchange) {
    http::Response response{.headers = {{"Content-Type", std::string(json_type)}}};
    response.body = openapi_;
    exchange.respond(std::move(response));
  });
  route("/api/v1/problems/", {"GET"},
        [](http::Exchange exchange) { exchange.respond(problem_page(exchange.request().path)); });
  route("/api/v1/runbook/", {"GET"},
        [](http::Exchange exchange) { exchange.respond(runbook_page(exchange.request())); });
}

void Rest::count(const http::Request& request, const http::Response& response) const {
  const auto* numbered = dynamic_cast<const Numbered*>(request.ticket.get());
  if (!ground_.requests || !numbered) return;
  const auto took = ground_.desk.clock.steady() - numbered->came;
  ground_.requests->answered(request.method, request.path, response.status,
                             std::chrono::duration_cast<Duration>(took));
}

std::optional<http::Response> Rest::gate(http::Request& request) {
  auto numbered =
      std::make_unique<Numbered>(id_of(request, ground_.desk.now()), ground_.desk.clock.steady());
  const std::string id = numbered->id;
  request.ticket = std::move(numbered);
  const Asks asks = is_change(request.method) ? Asks::change : Asks::read;
  if (!limits_.address_may(request.address, asks, ground_.desk.clock.steady()))
    return too_many(request);
  if (!is_text(request))
    return response_of(refused(400, "invalid", "paths and queries are UTF-8"), std::string(root),
                       id);
  if (request.escaped_slash)
    return response_of(refused(404, "not_found", "no resource has a slash in its name"),
                       request.path, id);
  if (request.query.size() > longest_query)
    return response_of(refused(400, "invalid", "the query is too long"), request.path, id);
  // Who shows nothing at all is told before a body is sent.
  if (!is_open_to_all(request.path) && !Credentials::of(request).any())
    return response_of(refused(401, "unauthorized", "show a token: Authorization: Bearer TOKEN"),
                       request.path, id);
  if (has_body(request) && !is_json(request.header("content-type")))
    return response_of(
        refused(415, "unsupported_media_type", "send it as Content-Type: application/json"),
        request.path, id);
  return std::nullopt;
}

http::Response Rest::too_many(const http::Request& request) const {
  Answer answer = refused(429, "too_many_requests", "too many requests come from your address");
  answer.retry_after = 1;
  return response_of(std::move(answer), request.path,
                     static_cast<const Numbered&>(*request.ticket).id);
}

std::shared_ptr<const Rest::Asked> Rest::taken(http::Request& request) {
  auto asked = std::make_shared<Asked>();
  asked->shown = Credentials::of(request);
  asked->path = request.path;
  asked->query = request.query;
  asked->if_none_match = request.header("if-none-match");
  asked->key = request.header("idempotency-key");
  asked->request = {.method = request.method,
                    .path = request.path.substr(root.size()),
                    .query = std::move(request.parameters),
                    .body = std::move(request.body),
                    .if_match = std::string(request.header("if-match")),
                    .id = static_cast<const Numbered&>(*request.ticket).id,
                    .key = asked->key};
  asked->shown.request = asked->request.id;
  if (asked->shown.changes) asked->shown.what = act_of(asked->request);
  return asked;
}

// No SQL on the loop's thread.
void Rest::answer(http::Exchange exchange, Answered work) {
  const auto asked = taken(exchange.request());
  const auto waiting = std::make_shared<http::Exchange>(std::move(exchange));
  ground_.workers.run<http::Response>(
      [asked, work = std::move(work)](const std::stop_token& stop) {
        return Result<http::Response>(work(*asked, stop));
      },
      [this, asked, waiting](Result<http::Response> response) {
        if (!response)
          response =
              response_of(operations::problem_of(response.error()), asked->path, asked->request.id);
        if (response->status == 500)
          ground_.logger.error("a request could not be answered",
                               {{"path", asked->path}, {"request", asked->request.id}});
        waiting->respond(std::move(response).value());
      });
}

http::Response Rest::perform(const Asked& asked) const {
  const auto respond = [&](Answer answer) {
    return response_of(std::move(answer), asked.path, asked.request.id, asked.query);
  };
  auto who = callers_.look(asked.shown);
  if (auto* no = std::get_if<Answer>(&who)) return respond(std::move(*no));
  const auto& principal = std::get<access::Principal>(who);
  const auto work = [&] { return operations_.perform(principal, asked.request); };
  if (!may_be_key(asked.key))
    return respond(
        refused(400, "invalid", "an Idempotency-Key has 100 characters of ASCII at most"));
  const bool keyed = !asked.key.empty() && asked.request.method == "POST";
  http::Response response = respond(keyed ? once(ground_.desk.database, asked.key, principal,
                                                 asked.request, ground_.desk.now(), work)
                                          : work());
  if (is_change(asked.request.method) || response.status != 200) return response;
  // A version is for If-Match: what else stands beside it changes under the same one.
  if (!http::find(response.headers, "ETag").empty()) return response;
  response.headers.emplace_back("ETag", fingerprint(http::bytes(response.body)));
  if (!names_tag(asked.if_none_match, http::find(response.headers, "ETag"))) return response;
  response.status = 304;
  response.body = {};
  return response;
}

// ---------------------------------------------------------------- sessions of browsers

http::Response Rest::open_session(const Asked& asked) const {
  const auto respond = [&](Answer answer) {
    return response_of(std::move(answer), asked.path, asked.request.id);
  };
  if (asked.shown.token.empty())
    return respond(refused(401, "unauthorized", "show the token that the session is to be of"));
  auto who = callers_.look(asked.shown);
  if (auto* no = std::get_if<Answer>(&who)) return respond(std::move(*no));
  const Instant now = ground_.desk.now();
  const auto session = access::begin_session(
      ground_.desk.database, std::get<access::Principal>(who), callers_.rules(), now);
  if (!session) return respond(operations::problem_of(session.error()));
  const bool secure = asked.shown.secure;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(session->ends_at - now).count();
  auto response = respond(operations::answer_of(
      json::object{{"csrf", session->csrf}, {"ends_at", operations::rfc3339(session->ends_at)}},
      201));
  response.headers.emplace_back(
      "Set-Cookie", cookie(session_cookie(secure), session->secret, secure, false, seconds));
  response.headers.emplace_back("Set-Cookie",
                                cookie(csrf_cookie(secure), session->csrf, secure, true, seconds));
  return response;
}

http::Response Rest::show_session(const Asked& asked) const {
  auto who = callers_.look(asked.shown);
  if (auto* no = std::get_if<Answer>(&who))
    return response_of(std::move(*no), asked.path, asked.request.id);
  operations::Request me{.method = "GET", .path = "/me", .id = asked.request.id};
  return response_of(operations_.perform(std::get<access::Principal>(who), me), asked.path,
                     asked.request.id);
}

http::Response Rest::end_session(const Asked& asked) const {
  const auto respond = [&](Answer answer) {
    return response_of(std::move(answer), asked.path, asked.request.id);
  };
  Credentials shown = asked.shown;
  shown.token.clear();
  auto who = callers_.look(shown);
  if (auto* no = std::get_if<Answer>(&who)) return respond(std::move(*no));
  auto ended = access::end_session(ground_.desk.database, shown.cookie, ground_.desk.now());
  if (!ended) return respond(operations::problem_of(ended.error()));
  auto response = respond({.status = 204});
  response.headers.emplace_back("Set-Cookie",
                                cookie(session_cookie(shown.secure), "", shown.secure, false, 0));
  response.headers.emplace_back("Set-Cookie",
                                cookie(csrf_cookie(shown.secure), "", shown.secure, true, 0));
  return response;
}

// ---------------------------------------------------------------- live lists

void Rest::listen(http::Exchange exchange) {
  auto topics = topics_of(exchange.request().parameter("topics"));
  const std::string path = exchange.request().path;
  const std::string id = static_cast<const Numbered&>(*exchange.request().ticket).id;
  if (!topics)
    return exchange.respond(response_of(operations::problem_of(topics.error()), path, id));
  const Listening listening{.topics = *topics,
                            .last = std::string(exchange.request().header("last-event-id")),
                            .address = exchange.request().address};
  const auto shown = std::make_shared<const Credentials>(Credentials::of(exchange.request()));
  const auto waiting = std::make_shared<http::Exchange>(std::move(exchange));
  // An answer, where they may not; none: they may.
  const Check check = [this, shown]() -> std::optional<Answer> {
    auto who = callers_.look(*shown);
    if (auto* no = std::get_if<Answer>(&who)) return std::move(*no);
    auto may = access::may(std::get<access::Principal>(who), access::Right::look);
    if (!may) return operations::problem_of(may.error());
    return std::nullopt;
  };
  ground_.workers.run<std::optional<Answer>>(
      [check](const std::stop_token&) { return Result<std::optional<Answer>>(check()); },
      [this, waiting, listening, check, path, id](Result<std::optional<Answer>> no) {
        if (!no) return waiting->respond(response_of(operations::problem_of(no.error()), path, id));
        if (*no) return waiting->respond(response_of(std::move(**no), path, id));
        if (auto refused = lists_.add(*waiting, listening, check))
          waiting->respond(response_of(std::move(*refused), path, id));
      });
}

}  // namespace hotclock::api
