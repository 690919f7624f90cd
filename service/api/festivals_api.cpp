#include "service/api/festivals_api.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "service/api/answers.h"
#include "service/api/reading.h"

namespace hotclock::api {
namespace {

constexpr std::string_view root = "/api/v1/festivals";
constexpr std::size_t longest_query = 2048;
constexpr std::size_t largest_body = 64 << 10;

// An act that its editor may do, until the request ends.
struct Admitted final : http::Ticket {
  Admitted(const FestivalAct& what, std::int64_t which, std::int64_t who)
      : act(what), id(which), user(who) {}

  const FestivalAct& act;
  const std::int64_t id;
  const std::int64_t user;
};

// "/3/end" -> "/ID/end" and 3.
struct Address {
  std::string page;
  std::int64_t id = 0;
};
Address address_of(std::string_view rest) {
  if (!rest.starts_with('/')) return {std::string(rest)};
  const std::size_t end = std::min(rest.find('/', 1), rest.size());
  const std::string_view first = rest.substr(1, end - 1);
  const std::int64_t id = first.empty() ? -1 : number_in(first);
  if (id < 1) return {std::string(rest)};
  return {"/ID" + std::string(rest.substr(end)), id};
}

http::Response wrong_method(const std::string& allowed) {
  auto response = problem(405, "this can be asked with " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

// The act that is asked for, or why there is none.
std::variant<const FestivalAct*, http::Response> act_of(const std::string& method,
                                                        const std::string& page) {
  std::string allowed;
  for (const FestivalAct& act : festival_acts()) {
    if (act.page != page) continue;
    if (act.method == method || (act.method == "GET" && method == "HEAD")) return &act;
    allowed.append(allowed.empty() ? "" : ", ").append(act.method);
  }
  return allowed.empty() ? problem(404, "there is no such page") : wrong_method(allowed);
}

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  constexpr std::string_view wanted = "application/json";
  const std::string_view given = type.substr(0, type.find(' '));
  return std::ranges::equal(given, wanted, [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

Call call_of(http::Request& request, const Admitted& admitted) {
  return {.id = admitted.id,
          .user = admitted.user,
          .body = std::move(request.body),
          .parameters = std::move(request.parameters),
          .if_match = std::string(request.header("if-match")),
          .if_none_match = std::string(request.header("if-none-match"))};
}

void dress(const http::Request&, http::Response& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace

void FestivalsApi::serve(http::Server& server) {
  server.route({.prefix = std::string(root),
                .methods = {},
                .handler = [this](http::Exchange exchange) { answer(std::move(exchange)); },
                .body_bytes = largest_body,
                .gate = [this](http::Request& request) { return gate(request); },
                .dress = dress});
}

std::optional<http::Response> FestivalsApi::gate(http::Request& request) {
  if (request.query.size() > longest_query) return problem(400, "the query is too long");
  auto who = ground_.access.look(request, Need::editor);
  if (auto* no = std::get_if<http::Response>(&who)) return std::move(*no);
  const Address address = address_of(std::string_view(request.path).substr(root.size()));
  auto found = act_of(request.method, address.page);
  if (auto* no = std::get_if<http::Response>(&found)) return std::move(*no);
  const FestivalAct& act = **std::get_if<const FestivalAct*>(&found);
  const bool with_body = act.method == "POST" || act.method == "PUT";
  if (with_body && !is_json(request.header("content-type")))
    return problem(415, "send it as Content-Type: application/json");
  const auto& editor = *std::get_if<auth::Identity>(&who);
  request.ticket = std::make_unique<Admitted>(act, address.id, editor.user);
  return std::nullopt;
}

void FestivalsApi::answer(http::Exchange exchange) {
  const auto& admitted = static_cast<const Admitted&>(*exchange.request().ticket);
  const auto work = admitted.act.work;
  auto call = std::make_shared<const Call>(call_of(exchange.request(), admitted));
  api::answer(ground_, std::move(exchange),
              [this, work, call](const std::stop_token&) { return work(editing_, *call); });
}

}  // namespace hotclock::api
