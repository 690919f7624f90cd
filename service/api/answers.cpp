#include "service/api/answers.h"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::api {
namespace {

namespace json = boost::json;

json::array listed(const std::vector<theme::Problem>& problems) {
  json::array out;
  for (const theme::Problem& one : problems)
    out.push_back({{"where", one.where}, {"what", one.what}, {"right", one.right}});
  return out;
}

http::Response later(std::string_view detail) {
  auto response = problem(503, detail);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

http::Response problem(int status, std::string_view detail,
                       const std::vector<theme::Problem>& problems) {
  const std::string_view title = http::reason(status);
  json::object body{{"type", "about:blank"},
                    {"title", json::string_view(title.data(), title.size())},
                    {"status", status},
                    {"detail", json::string_view(detail.data(), detail.size())}};
  if (!problems.empty()) body["problems"] = listed(problems);
  auto response = http::Response::text(status, json::serialize(body), "application/problem+json");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response problem_of(const Error& error) {
  switch (error.code()) {
    case Errc::invalid:
      return problem(400, error.message());
    case Errc::not_found:
      return problem(404, error.message());
    case Errc::conflict:
    case Errc::unique:
      return problem(409, error.message());
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

std::int64_t number_in(std::string_view text) {
  std::int64_t number = -1;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() > 18 || !std::ranges::all_of(text, is_digit)) return -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace hotclock::api
