// Festivals, for who edits them. What an editor wrote is judged by service/festivals alone.
#include "service/festivals/festivals.h"

#include <algorithm>
#include <charconv>
#include <variant>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include "service/festivals/festival_json.h"
#include "service/operations/functions.h"
#include "service/operations/json.h"
#include "service/theme/festival.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
using festivals::Festival;
using festivals::Which;

json::object festival_json(const Festival& festival) {
  return json::parse(festivals::to_json(festival)).as_object();
}

std::string tag_of(const Festival& festival) { return "\"" + festival.revision + "\""; }

// The revision that If-Match names; empty where it is "*", or there is none.
Result<Which> which_of(const Call& call) {
  Which which{.id = call.id("festival")};
  const std::string& tag = call.if_match;
  if (tag.empty() || tag == "*") return which;
  const bool quoted = tag.size() > 2 && tag.front() == '"' && tag.find('"', 1) == tag.size() - 1;
  if (!quoted) return Error(Errc::invalid, "If-Match names one ETag, as it was given out, or *");
  which.revision = tag.substr(1, tag.size() - 2);
  return which;
}

Answer shown(const Festival& festival, int status = 200) {
  Answer answer = answer_of(festival_json(festival), status);
  answer.etag = tag_of(festival);
  return answer;
}

Answer refusal(const festivals::Refused& refused) {
  const std::size_t count = refused.problems.size();
  return problem(422, "refused",
                 fmt::format("the festival has {} mistake{}", count, count == 1 ? "" : "s"),
                 refused.problems);
}

Answer previewed(const theme::Document& document, const Call& call) {
  if (call.text("format") == "css")
    return Answer{.text = theme::to_css(document), .type = "text/css; charset=UTF-8"};
  return answer_of(json::parse(theme::to_json(document)));
}

// The festival and what its editor should know; or every mistake.
Answer judged(const festivals::Answer& answer, int status = 200) {
  if (const auto* refused = std::get_if<festivals::Refused>(&answer)) return refusal(*refused);
  const auto& saved = std::get<festivals::Saved>(answer);
  Answer out = shown(saved.festival, status);
  out.body.as_object()["notes"] = texts_json(saved.notes);
  return out;
}

// An act that met a festival which was changed meanwhile was refused as a precondition, not because
// of what the festival is.
Result<Answer> failed(Desk& desk, const Which& which, Error error) {
  if (error.code() != Errc::conflict || which.revision.empty()) return error;
  const auto now = festivals::find(desk.database, which.id);
  if (!now || now->revision == which.revision) return error;
  Answer answer = problem(412, "stale", error.message());
  answer.etag = tag_of(*now);
  return answer;
}

// As it was said, in capitals; empty where it was not.
Result<std::string> country_of(const Call& call) {
  std::string country = call.text("country");
  for (char& c : country)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool two = country.size() == 2 && std::ranges::all_of(country, is_capital);
  if (country.empty() || two || country == theme::global) return country;
  return Error(Errc::invalid, "country is two letters, such as NP, or GLOBAL");
}

std::optional<festivals::Standing> standing_of(std::string_view word) {
  for (const auto one :
       {festivals::Standing::coming, festivals::Standing::running, festivals::Standing::over})
    if (word == festivals::to_string(one)) return one;
  return std::nullopt;
}

Result<Answer> edited(Desk& desk, const Call& call, festivals::Absent absent) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto answer = festivals::edit(desk.database, {*which, call.body, absent}, desk.rules,
                                      call.person(), desk.now());
  if (!answer) return failed(desk, *which, answer.error());
  return judged(*answer);
}

}  // namespace

Result<Answer> list_festivals(Desk& desk, const Call& call) {
  const auto country = country_of(call);
  if (!country) return country.error();
  festivals::Query query{.country = *country,
                         .standing = standing_of(call.text("standing")),
                         .limit = call.number("limit", 50)};
  if (const std::string cursor = call.text("cursor"); !cursor.empty()) {
    const auto [end, no] =
        std::from_chars(cursor.data(), cursor.data() + cursor.size(), query.after);
    if (no != std::errc{} || end != cursor.data() + cursor.size())
      return Error(Errc::invalid, "the cursor is none that was given out");
  }
  const auto page = festivals::list(desk.database, query, desk.now());
  if (!page) return page.error();
  json::array items;
  for (const Festival& festival : page->festivals) items.push_back(festival_json(festival));
  return listed(std::move(items), page->next_after ? std::to_string(*page->next_after) : "");
}

Result<Answer> show_festival(Desk& desk, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto festival = festivals::find(desk.database, which->id);
  if (!festival) return festival.error();
  return shown(*festival);
}

Result<Answer> create_festival(Desk& desk, const Call& call) {
  const auto answer =
      festivals::create(desk.database, call.body, desk.rules, call.person(), desk.now());
  if (!answer) return answer.error();
  Answer out = judged(*answer, 201);
  if (const auto* saved = std::get_if<festivals::Saved>(&*answer))
    out.location = fmt::format("/festivals/{}", saved->festival.id);
  return out;
}

Result<Answer> validate_festival(Desk& desk, const Call& call) {
  const auto judged = festivals::validate(desk.database, call.body, desk.rules);
  if (!judged) return judged.error();
  return answer_of(json::object{{"valid", judged->problems.empty()},
                                {"problems", problems_json(judged->problems)},
                                {"notes", texts_json(judged->notes)}});
}

// What the body leaves out is as if the festival were made anew.
Result<Answer> replace_festival(Desk& desk, const Call& call) {
  return edited(desk, call, festivals::Absent::defaults);
}

Result<Answer> edit_festival(Desk& desk, const Call& call) {
  return edited(desk, call, festivals::Absent::stays);
}

Result<Answer> remove_festival(Desk& desk, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto gone = festivals::remove(desk.database, *which, call.person(), desk.now());
  if (!gone) return failed(desk, *which, gone.error());
  return Answer{.status = 204};
}

Result<Answer> activate_festival(Desk& desk, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto answer =
      festivals::activate(desk.database, *which, desk.rules, call.person(), desk.now());
  if (!answer) return failed(desk, *which, answer.error());
  return judged(*answer);
}

Result<Answer> end_festival(Desk& desk, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto ended = festivals::end(desk.database, *which, call.person(), desk.now());
  if (!ended) return failed(desk, *which, ended.error());
  return shown(*ended);
}

Result<Answer> preview_festival(Desk& desk, const Call& call) {
  const auto which = which_of(call);
  if (!which) return which.error();
  const auto country = country_of(call);
  if (!country) return country.error();
  const auto document =
      festivals::preview(desk.database, which->id, *country, desk.rules, desk.now());
  if (!document) return document.error();
  return previewed(*document, call);
}

Result<Answer> preview_draft(Desk& desk, const Call& call) {
  const auto country = country_of(call);
  if (!country) return country.error();
  const auto preview =
      festivals::preview_draft(desk.database, call.body, *country, desk.rules, desk.now());
  if (!preview) return preview.error();
  if (const auto* refused = std::get_if<festivals::Refused>(&*preview)) return refusal(*refused);
  return previewed(std::get<theme::Document>(*preview), call);
}

}  // namespace hotclock::operations
