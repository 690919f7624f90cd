#include "service/api/answers.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::api {
namespace {

namespace json = boost::json;

http::Response later(std::string_view detail) {
  auto response = problem(503, detail);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

json::array problems_json(const std::vector<theme::Problem>& problems) {
  json::array out;
  for (const theme::Problem& one : problems)
    out.push_back({{"where", one.where}, {"what", one.what}, {"right", one.right}});
  return out;
}

http::Response problem(int status, std::string_view detail,
                       const std::vector<theme::Problem>& problems) {
  const std::string_view title = http::reason(status);
  json::object body{{"type", "about:blank"},
                    {"title", json::string_view(title.data(), title.size())},
                    {"status", status},
                    {"detail", json::string_view(detail.data(), detail.size())}};
  if (!problems.empty()) body["problems"] = problems_json(problems);
  auto response = http::Response::text(status, json::serialize(body), "application/problem+json");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response private_answer(std::string text, std::string_view type) {
  auto response = http::Response::text(200, std::move(text), type);
  response.headers.emplace_back("Cache-Control", for_nobody_else);
  return response;
}

http::Response problem_of(const Error& error) {
  switch (error.code()) {
    case Errc::invalid:
      return problem(400, error.message());
    case Errc::not_found:
      return problem(404, error.message());
    case Errc::forbidden:
      return problem(403, error.message());
    case Errc::stale:
      return problem(412, error.message());
    case Errc::conflict:
    case Errc::unique:
      return problem(409, error.message());
    case Errc::unsupported:
      return problem(501, error.message());
    case Errc::busy:
    case Errc::stopped:
      return later(error.message());
    case Errc::timeout:
    case Errc::unavailable:
    case Errc::read_only:
    case Errc::disk_full:
      return later("the database does not answer as it should");
    default:
      return problem(500, "this should not have happened; the log of this node says more");
  }
}

}  // namespace hotclock::api
