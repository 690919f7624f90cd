#include "service/api/festival_acts.h"

#include <array>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/utf8.h"
#include "service/api/answers.h"
#include "service/api/reading.h"
#include "service/api/rendered.h"
#include "service/strict_json/strict_json.h"
#include "service/festivals/festival_json.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;
using festivals::Festival;
using festivals::Person;
using festivals::Which;

constexpr std::size_t longest_reason = 500;

Error invalid(std::string message) { return Error(Errc::invalid, std::move(message)); }

// ---------------------------------------------------------------- what a request says

// The revision that If-Match names; empty where it is "*", or there is none.
Result<std::string> revision_of(const Call& call) {
  std::string_view tag = call.if_match;
  if (tag.empty() || tag == "*") return std::string();
  const bool quoted = tag.size() > 2 && tag.front() == '"' && tag.find('"', 1) == tag.size() - 1;
  if (!quoted) return invalid("If-Match names one ETag, as it was given out, or *");
  return std::string(tag.substr(1, tag.size() - 2));
}

Result<Which> which_of(const Call& call) {
  auto revision = revision_of(call);
  if (!revision) return std::move(revision).error();
  return Which{call.id, std::move(revision).value()};
}

Result<Person> person_of(const Call& call, std::string_view reason) {
  if (reason.size() > longest_reason || !is_well_formed(reason) ||
      reason.find('\0') != std::string_view::npos)
    return invalid("a reason is a text of at most 500 bytes");
  return Person{fmt::format("user {}", call.user), std::string(reason)};
}

Result<Person> by_parameter(const Call& call) {
  return person_of(call, http::find(call.parameters, "reason"));
}

// Of {"reason":"..."}.
Result<Person> by_body(const Call& call) {
  auto said = strict_json::object_of(call.body);
  if (!said) return std::move(said).error().within("the body");
  const json::string* reason = strict_json::text_of(*said, "reason");
  if (!reason || said->size() != 1) return invalid("the body is {\"reason\": \"...\"} and no more");
  return person_of(call, {reason->data(), reason->size()});
}

Result<festivals::Query> query_of(const Call& call) {
  festivals::Query query;
  for (const auto& [name, value] : call.parameters) {
    if (name == "country") {
      const auto country = country_in(value);
      if (!country) return invalid("country is two letters, such as NP, or GLOBAL");
      query.country = *country;
    } else if (name == "standing" || name == "active") {
      for (const auto one :
           {festivals::Standing::coming, festivals::Standing::running, festivals::Standing::over})
        if (value == festivals::to_string(one)) query.standing = one;
      if (name == "active" && value == "true") query.standing = festivals::Standing::running;
      if (!query.standing) return invalid("standing is coming, running or over; active is true");
    } else if (name == "after" || name == "limit") {
      const std::int64_t number = number_in(value);
      if (number < 0) return invalid(name + " is a whole number");
      (name == "after" ? query.after : query.limit) = number;
    } else {
      return invalid("parameters are country, standing, active, after and limit");
    }
  }
  return query;
}

// ---------------------------------------------------------------- what it is answered

json::array listed(const std::vector<std::string>& notes) {
  return json::array(notes.begin(), notes.end());
}

std::string tag_of(const Festival& festival) { return "\"" + festival.revision + "\""; }

http::Response shown(const Festival& festival) {
  auto response = http::Response::text(200, festivals::to_json(festival), json_type);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  response.headers.emplace_back("ETag", tag_of(festival));
  return response;
}

// The festival, and what its editor should know.
http::Response saved(const festivals::Saved& saved) {
  auto response = shown(saved.festival);
  std::string text = festivals::to_json(saved.festival);
  text.pop_back();
  response.body = text + ",\"notes\":" + json::serialize(listed(saved.notes)) + "}";
  return response;
}

http::Response refused(const festivals::Refused& refused) {
  const std::size_t count = refused.problems.size();
  return problem(422, fmt::format("the festival has {} mistake{}", count, count == 1 ? "" : "s"),
                 refused.problems);
}

http::Response answer_of(const festivals::Answer& answer) {
  const auto* good = std::get_if<festivals::Saved>(&answer);
  return good ? saved(*good) : refused(std::get<festivals::Refused>(answer));
}

// An act that met a festival which was changed meanwhile was refused as a precondition, not because
// of what the festival is.
Result<http::Response> failed(const Editing& editing, const Which& which, Error error) {
  if (error.code() != Errc::conflict || which.revision.empty()) return error;
  const auto now = festivals::find(editing.database, which.id);
  if (!now || now->revision == which.revision) return error;
  auto response = problem(412, error.message());
  response.headers.emplace_back("ETag", tag_of(*now));
  return response;
}

// ---------------------------------------------------------------- acts

Result<http::Response> list(const Editing& editing, const Call& call) {
  const auto query = query_of(call);
  if (!query) return query.error();
  const auto page = festivals::list(editing.database, *query, editing.clock.now());
  if (!page) return page.error();
  std::string text = "{\"festivals\":[";
  for (const Festival& festival : page->festivals)
    text.append(text.back() == '[' ? "" : ",").append(festivals::to_json(festival));
  const std::string next = page->next_after ? fmt::format("\"{}\"", *page->next_after) : "null";
  return private_answer(text + "],\"nextAfter\":" + next + "}", json_type);
}

Result<http::Response> show(const Editing& editing, const Call& call) {
  const auto festival = festivals::find(editing.database, call.id);
  if (!festival) return festival.error();
  auto response = shown(*festival);
  if (!names_tag(call.if_none_match, tag_of(*festival))) return response;
  response.status = 304;
  response.body = {};
  return response;
}

Result<http::Response> create(const Editing& editing, const Call& call) {
  const auto by = by_parameter(call);
  if (!by) return by.error();
  const auto answer =
      festivals::create(editing.database, call.body, editing.rules, *by, editing.clock.now());
  if (!answer) return answer.error();
  auto response = answer_of(*answer);
  const auto* made = std::get_if<festivals::Saved>(&*answer);
  if (!made) return response;
  response.status = 201;
  response.headers.emplace_back("Location", fmt::format("/api/v1/festivals/{}", made->festival.id));
  return response;
}

Result<http::Response> validate(const Editing& editing, const Call& call) {
  const auto judged = festivals::validate(editing.database, call.body, editing.rules);
  if (!judged) return judged.error();
  const json::object out{{"valid", judged->problems.empty()},
                         {"problems", problems_json(judged->problems)},
                         {"notes", listed(judged->notes)}};
  return private_answer(json::serialize(out), json_type);
}

// What the body leaves out is as if the festival were made anew.
Result<http::Response> replace(const Editing& editing, const Call& call) {
  if (call.if_match.empty())
    return problem(428, "say which version you changed: If-Match, with the ETag you were given");
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto by = by_parameter(call);
  if (!by) return by.error();
  const auto answer =
      festivals::edit(editing.database, {*which, call.body, festivals::Absent::defaults},
                      editing.rules, *by, editing.clock.now());
  if (!answer) return failed(editing, *which, answer.error());
  return answer_of(*answer);
}

Result<http::Response> remove(const Editing& editing, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto by = by_parameter(call);
  if (!by) return by.error();
  const auto gone = festivals::remove(editing.database, *which, *by, editing.clock.now());
  if (!gone) return failed(editing, *which, gone.error());
  return http::Response{.status = 204};
}

Result<http::Response> activate(const Editing& editing, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto by = by_body(call);
  if (!by) return by.error();
  const auto answer =
      festivals::activate(editing.database, *which, editing.rules, *by, editing.clock.now());
  if (!answer) return failed(editing, *which, answer.error());
  return answer_of(*answer);
}

Result<http::Response> end(const Editing& editing, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto by = by_body(call);
  if (!by) return by.error();
  const auto ended = festivals::end(editing.database, *which, *by, editing.clock.now());
  if (!ended) return failed(editing, *which, ended.error());
  return shown(*ended);
}

Result<http::Response> preview(const Editing& editing, const Call& call) {
  const std::string_view asked = http::find(call.parameters, "country");
  const auto country = asked.empty() ? std::string() : country_in(asked);
  if (!country) return invalid("country is two letters, such as NP, or GLOBAL");
  return festival_preview(editing, call.id, *country, http::find(call.parameters, "format"));
}

constexpr std::array all_acts{FestivalAct{"GET", "", list},
                              FestivalAct{"POST", "", create},
                              FestivalAct{"POST", "/validate", validate},
                              FestivalAct{"GET", "/ID", show},
                              FestivalAct{"PUT", "/ID", replace},
                              FestivalAct{"DELETE", "/ID", remove},
                              FestivalAct{"POST", "/ID/activate", activate},
                              FestivalAct{"POST", "/ID/end", end},
                              FestivalAct{"GET", "/ID/preview", preview}};

}  // namespace

Result<http::Response> festival_preview(const Editing& editing, std::int64_t id,
                                        std::string_view country, std::string_view format) {
  const bool css = format == "css";
  if (!css && !format.empty() && format != "json") return invalid("format is json or css");
  const auto document =
      festivals::preview(editing.database, id, country, editing.rules, editing.clock.now());
  if (!document) return document.error();
  return css ? private_answer(theme::to_css(*document), css_type)
             : private_answer(theme::to_json(*document), json_type);
}

std::span<const FestivalAct> festival_acts() { return all_acts; }

}  // namespace hotclock::api
