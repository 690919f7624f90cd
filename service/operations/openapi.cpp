#include "service/operations/openapi.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/operations/front_paths.json.h"
#include "service/operations/path_parameters.h"
#include "service/operations/schemas.h"
#include "service/operations/table.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

json::string text(std::string_view view) { return json::string(view); }

json::object reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::object parameter(std::string_view in, const Parameter& one) {
  return {{"name", text(one.name)},
          {"in", text(in)},
          {"description", text(one.what)},
          {"required", one.required},
          {"schema", reference(one.schema)}};
}

json::object header(std::string_view name, std::string_view what, bool required) {
  return {{"name", text(name)},
          {"in", "header"},
          {"description", text(what)},
          {"required", required},
          {"schema", {{"type", "string"}}}};
}

json::array parameters_of(const Operation& operation) {
  json::array out;
  for (const Parameter& one : path_parameters(operation.path))
    out.push_back(parameter("path", one));
  for (const Parameter& one : operation.query) out.push_back(parameter("query", one));
  if (operation.version != Version::none)
    out.push_back(header("If-Match", "the ETag of what is changed, as it was seen",
                         operation.version == Version::must));
  if (operation.method == "POST")
    out.push_back(header("Idempotency-Key", "the same key is the same request, for a day", false));
  return out;
}

json::object content(std::string_view type, std::string_view schema) {
  return {{type, {{"schema", reference(schema)}}}};
}

json::object problem_response(std::string_view what) {
  return {{"description", text(what)}, {"content", content("application/problem+json", "Problem")}};
}

json::object success(const Operation& operation) {
  if (operation.response.empty()) return {{"description", "done"}};
  const std::string_view type =
      operation.response == "JsonLines" ? "application/jsonl" : "application/json";
  json::object contents = content(type, operation.response);
  if (operation.id == "exportHistory") contents["text/csv"] = {{"schema", {{"type", "string"}}}};
  if (operation.response == "Theme") contents["text/css"] = {{"schema", {{"type", "string"}}}};
  return {{"description", text(operation.summary)}, {"content", std::move(contents)}};
}

json::object responses_of(const Operation& operation) {
  json::object out{{std::to_string(operation.status), success(operation)},
                   {"400", problem_response("the request is wrong")},
                   {"401", problem_response("no good token was shown")},
                   {"403", problem_response("whoever asks may not")},
                   {"404", problem_response("there is no such thing")},
                   {"429", problem_response("asked too often")},
                   {"503", problem_response("not now")}};
  if (operation.changes())
    out["409"] = problem_response("its state forbids it");
  else
    out["304"] = {{"description", "If-None-Match named what it is"}};
  if (!operation.request.empty()) {
    out["413"] = problem_response("the body is too large");
    out["415"] = problem_response("the body is sent as something else than JSON");
  }
  if (operation.method == "POST" || operation.tag == "Festivals")
    out["422"] = problem_response("it is no good; or the Idempotency-Key was another request's");
  if (operation.version != Version::none || operation.id == "startBackfill" ||
      operation.request == "SlotsOrder")
    out["412"] = problem_response("it was changed meanwhile");
  if (operation.version == Version::must)
    out["428"] = problem_response("say which version is meant");
  if (operation.id == "cancelSlot" || operation.id == "cancelExecution")
    out["202"] = {{"description", "its node was asked to stop it"},
                  {"content", content("application/json", operation.response)}};
  if (operation.persons == Persons::two) {
    json::object& accepted =
        out["202"].is_object() ? out["202"].as_object() : out["202"].emplace_object();
    json::array either;
    if (!operation.response.empty() && operation.status == 202)
      either.push_back(reference(operation.response));
    either.push_back(reference("Approval"));
    accepted = {{"description", "accepted; or it waits for a second person"},
                {"content", {{"application/json", {{"schema", {{"anyOf", std::move(either)}}}}}}}};
  }
  return out;
}

json::object operation_json(const Operation& operation) {
  json::object out{
      {"operationId", text(operation.id)},      {"tags", json::array{text(operation.tag)}},
      {"summary", text(operation.summary)},     {"x-right", text(to_string(operation.right))},
      {"parameters", parameters_of(operation)}, {"responses", responses_of(operation)}};
  if (!operation.request.empty())
    out["requestBody"] = {{"required", true},
                          {"content", content("application/json", operation.request)}};
  return out;
}

std::string lower(std::string_view method) {
  std::string out(method);
  for (char& c : out) c = static_cast<char>(c | 0x20);
  return out;
}

json::object paths() {
  json::object out = json::parse(front_paths_json).as_object();
  for (const Operation& one : table()) {
    auto& path = out[one.path];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[lower(one.method)] = operation_json(one);
  }
  return out;
}

}  // namespace

std::string openapi() {
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Hotclock"},
        {"version", "v1"},
        {"description",
         "Instants are RFC 3339 in UTC with milliseconds, spans of time whole milliseconds, ids "
         "texts. "
         "Lists are {items, next}; what next holds goes into ?cursor=. Problems are RFC 9457."}}},
      {"servers", json::array{json::object{{"url", "/api/v1"}}}},
      {"security", json::array{json::object{{"token", json::array()}},
                               json::object{{"session", json::array()}}}},
      {"paths", paths()},
      {"components",
       {{"schemas", schemas()},
        {"securitySchemes",
         {{"token", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-hotclock"}}}}}}}};
  return json::serialize(document);
}

}  // namespace hotclock::operations
