#include "service/cli/preview.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_times = 100'000;
constexpr std::array<std::string_view, 7> known_keys = {"expr", "tz",      "from",    "n",
                                                        "dst",  "dialect", "previous"};

// A request, checked.
struct Request {
  std::string expr, zone = "UTC", from, dst = "vixie", dialect = "hotclock";
  std::int64_t n = 1;
  bool previous = false;
};

Result<> read_key(const json::key_value_pair& member, Request& request) {
  const auto& [key, value] = member;
  const auto text = [&key = key, &value = value](std::string& target) -> Result<> {
    if (!value.is_string())
      return Error(Errc::invalid, fmt::format("\"{}\" must be a string", std::string_view(key)));
    target = std::string(value.get_string());
    return {};
  };
  if (key == "expr") return text(request.expr);
  if (key == "tz") return text(request.zone);
  if (key == "from") return text(request.from);
  if (key == "dst") return text(request.dst);
  if (key == "dialect") return text(request.dialect);
  if (key == "n") {
    const auto* n = value.if_int64();
    if (!n || *n < 1 || *n > most_times)
      return Error(Errc::invalid, fmt::format("\"n\" must be a whole number from 1 to {}", most_times));
    request.n = *n;
    return {};
  }
  if (key == "previous") {
    if (!value.is_bool()) return Error(Errc::invalid, "\"previous\" must be true or false");
    request.previous = value.get_bool();
    return {};
  }
  std::string message = fmt::format("there is no key \"{}\"", std::string_view(key));
  const std::string_view word(key);
  if (const auto near = nearest(word, std::span<const std::string_view>(known_keys)); !near.empty())
    message += fmt::format("; did you mean \"{}\"?", near);
  return Error(Errc::invalid, message);
}

Result<Request> read_request(std::string_view line) {
  json::error_code failed;
  const json::value value = json::parse({line.data(), line.size()}, failed);
  if (failed) return Error(Errc::invalid, "the line is not JSON: " + failed.message());
  if (!value.is_object()) return Error(Errc::invalid, "a request is a JSON object");
  Request request;
  for (const auto& member : value.get_object())
    if (auto read = read_key(member, request); !read) return read.error();
  if (!value.get_object().contains("expr")) return Error(Errc::invalid, "\"expr\" is missing");
  return request;
}

json::object plain_error(const Error& error) {
  return {{"code", to_string(error.code())}, {"message", error.message()}};
}

Result<json::object> times_of(const Request& request, Instant now) {
  const auto dst = parse_dst_rule(request.dst);
  if (!dst) return dst.error();
  const auto dialect = parse_dialect(request.dialect);
  if (!dialect) return dialect.error();
  const auto zone = load_zone(request.zone);
  if (!zone) return zone.error();
  const auto from = read_instant(request.from, **zone, now);
  if (!from) return from.error().within("from");
  const auto read = Schedule::read(request.expr, {.zone = request.zone, .dst = *dst, .dialect = *dialect});
  if (const auto* error = std::get_if<ScheduleError>(&read))
    return json::object{{"error", error_json(*error)}};
  json::array times;
  for (const NextRun& run : next_runs(std::get<Schedule>(read), *from, static_cast<int>(request.n),
                                      request.previous))
    if (!run.lost) times.emplace_back(to_string(run.at));
  return json::object{{"times", std::move(times)}};
}

}  // namespace

json::object error_json(const ScheduleError& error) {
  json::object object{{"code", "invalid"},     {"message", error.message()}, {"column", error.column},
                      {"token", error.token},  {"field", error.field},       {"problem", error.problem},
                      {"accepted", error.accepted}};
  if (!error.suggestion.empty()) object["suggestion"] = error.suggestion;
  return object;
}

json::object answer(std::string_view line, Instant now) {
  const auto request = read_request(line);
  if (!request) return {{"error", plain_error(request.error())}};
  auto times = times_of(*request, now);
  if (!times) return {{"error", plain_error(times.error())}};
  return std::move(times).value();
}

}  // namespace hotclock::cli
