#include "service/operations/operations.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/nearest.h"
#include "service/access/approvals.h"
#include "service/audit/audit.h"
#include "service/ledger/history.h"
#include "service/operations/acts.h"
#include "service/operations/approval_json.h"
#include "service/operations/backfill_key.h"
#include "service/operations/json.h"
#include "service/operations/schemas.h"
#include "service/operations/table.h"
#include "service/strict_json/strict_json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// ---------------------------------------------------------------- which operation

// What stands before the next slash; takes it and the slash off.
std::string_view part_of(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return part;
}

// What a path says where it has the shape of the template.
std::optional<json::object> matched(std::string_view shape, std::string_view path) {
  if (std::ranges::count(shape, '/') != std::ranges::count(path, '/')) return std::nullopt;
  json::object said;
  while (!shape.empty() || !path.empty()) {
    const std::string_view wanted = part_of(shape);
    const std::string_view given = part_of(path);
    if (wanted.starts_with('{') && !given.empty())
      said[wanted.substr(1, wanted.size() - 2)] = json::string(given);
    else if (wanted != given)
      return std::nullopt;
  }
  return said;
}

Answer wrong_method(const std::string& allowed) {
  Answer answer = problem(405, "method_not_allowed", "this can be asked with " + allowed);
  answer.allow = allowed;
  return answer;
}

// "/festivals/validate" is no festival.
bool more_exact(const Operation& one, const Operation* other) {
  return !other || std::ranges::count(one.path, '{') < std::ranges::count(other->path, '{');
}

// ---------------------------------------------------------------- which job

std::string said_text(const json::object& said, std::string_view name) {
  const auto* value = said.if_contains(name);
  return value ? std::string(value->as_string()) : std::string();
}

// The job whose rights count; empty where it concerns none. Looking is for all jobs.
Result<std::string> job_of(Desk& desk, const Found& found) {
  if (found.operation->right == access::Right::look) return std::string();
  if (const auto job = said_text(found.path, "job"); !job.empty()) return job;
  if (const auto key = said_text(found.path, "backfill"); !key.empty()) {
    auto read = read_backfill_key(key);
    if (!read) return std::move(read).error();
    return std::move(read->job);
  }
  std::string slot = said_text(found.path, "slot");
  if (slot.empty()) slot = said_text(found.path, "execution");
  if (slot.empty()) return std::string();
  auto view = ledger::show_execution(desk.database, slot);
  if (!view) return std::move(view).error();
  return view->slot.slot.job;
}

// The job's settings may say that fewer roles may act on it than hold the right.
Result<> may_act_on(Desk& desk, const access::Principal& who, std::string_view job) {
  const auto settings = desk.settings();
  const auto known = std::ranges::find(settings->jobs, job, &config::JobConfig::name);
  if (known == settings->jobs.end()) return {};
  const std::string_view role = access::to_string(who.grant.role);
  if (std::ranges::find(known->may_act, role) != known->may_act.end()) return {};
  return Error(
      Errc::forbidden,
      fmt::format(
          "{} is an {}, and {} is for {} alone to act on (may_act)", who.name, role, job,
          known->may_act.empty() ? "nobody" : fmt::format("{}", fmt::join(known->may_act, ", "))));
}

}  // namespace

Result<> may_do_to(Desk& desk, const access::Principal& who, access::Right right,
                   const std::string& job) {
  if (auto allowed = access::may(who, right, job); !allowed) return allowed;
  return may_act_on(desk, who, job);
}

namespace {

// Whether a right is held for any job at all.
access::Principal for_any_job(access::Principal who) {
  who.grant.jobs.clear();
  return who;
}

// ---------------------------------------------------------------- what the request says

const Parameter* parameter_of(const Operation& operation, std::string_view name) {
  const auto at = std::ranges::find(operation.query, name, &Parameter::name);
  return at == operation.query.end() ? nullptr : &*at;
}

std::string nearest_parameter(const Operation& operation, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Parameter& one : operation.query) names.push_back(one.name);
  if (names.empty()) return "it takes none";
  const std::string_view near = nearest(name, std::span<const std::string_view>(names));
  return near.empty() ? fmt::format("{}", fmt::join(names, ", "))
                      : fmt::format("{}, perhaps", near);
}

void read_query(const Operation& operation, const Request& request, json::object& said,
                std::vector<Problem>& problems) {
  for (const auto& [name, text] : request.query) {
    const std::string where = "query " + name;
    const Parameter* const known = parameter_of(operation, name);
    if (!known) {
      problems.push_back({where, "there is no such parameter", nearest_parameter(operation, name)});
      continue;
    }
    if (said.contains(name)) problems.push_back({where, "it is said twice", "once"});
    const json::value value = value_of(known->schema, text);
    const auto wrong = check(known->schema, value, where);
    problems.insert(problems.end(), wrong.begin(), wrong.end());
    said[name] = value;
  }
  for (const Parameter& one : operation.query)
    if (one.required && !said.contains(one.name))
      problems.push_back(
          {"query " + std::string(one.name), "it is missing", std::string(one.what)});
}

// A body whose schema takes anything is read by who works on it.
bool reads_itself(std::string_view schema) { return schema == "FestivalDraft"; }

Result<> read_body(const Operation& operation, const Request& request, json::object& said,
                   std::vector<Problem>& problems) {
  if (operation.request.empty() && request.body.empty()) return {};
  if (operation.request.empty()) {
    problems.push_back({"", "it takes no body", ""});
    return {};
  }
  if (reads_itself(operation.request)) return {};
  auto body = strict_json::object_of(request.body.empty() ? "{}" : request.body);
  if (!body) return std::move(body).error().within("the body");
  const auto wrong = check(operation.request, *body);
  problems.insert(problems.end(), wrong.begin(), wrong.end());
  for (auto& [key, value] : *body)
    if (!said.contains(key)) said[key] = value;
  return {};
}

std::string words_for(std::size_t mistakes) {
  return fmt::format("the request has {} mistake{}", mistakes, mistakes == 1 ? "" : "s");
}

// ---------------------------------------------------------------- a second person

bool wants_two(const Operation& operation, const config::JobConfig* job) {
  return operation.persons == Persons::two && job && needs_second_person(*job);
}

Result<Answer> asked_for_approval(Desk& desk, const Operation& operation, const Call& call,
                                  const std::string& job) {
  const json::object plan{
      {"operation", json::string_view(operation.id.data(), operation.id.size())},
      {"said", call.said},
      {"if_match", call.if_match}};
  auto approval = access::ask_for_approval(desk.database,
                                           {.what = std::string(operation.act),
                                            .job = job,
                                            .plan = json::serialize(plan),
                                            .reason = call.text("reason")},
                                           call.who, desk.now());
  if (!approval) return std::move(approval).error();
  Answer answer = answer_of(approval_json(*approval), 202);
  answer.location = fmt::format("/approvals/{}", approval->id);
  return answer;
}

}  // namespace

std::variant<Found, Answer> find(std::string_view method, std::string_view path) {
  const std::string_view meant = method == "HEAD" ? "GET" : method;
  Found found{nullptr, {}};
  std::string allowed;
  for (const Operation& one : table()) {
    auto said = matched(one.path, path);
    if (!said) continue;
    if (one.method != meant) {
      if (allowed.find(one.method) == std::string::npos)
        allowed.append(allowed.empty() ? "" : ", ").append(one.method);
    } else if (more_exact(one, found.operation)) {
      found = {&one, std::move(*said)};
    }
  }
  if (found.operation) return found;
  if (!allowed.empty()) return wrong_method(allowed);
  return problem(404, "not_found", "there is no such resource; /api/v1/openapi.json lists them");
}

Answer Operations::perform(const access::Principal& who, const Request& request) const {
  auto answer = attempt(who, request);
  return answer ? std::move(answer).value() : problem_of(answer.error());
}

Result<Answer> Operations::attempt(const access::Principal& who, const Request& request) const {
  auto found = find(request.method, request.path);
  if (auto* no = std::get_if<Answer>(&found)) return std::move(*no);
  return done(who, request, std::get<Found>(found));
}

Result<Answer> Operations::done(const access::Principal& who, const Request& request,
                                const Found& found) const {
  const Operation& operation = *found.operation;
  if (auto allowed = may(who, request, found); !allowed) return std::move(allowed).error();
  Call call{.who = who,
            .request = request.id,
            .if_match = request.if_match,
            .key = request.key,
            .said = found.path,
            .body = request.body};
  std::vector<Problem> problems;
  read_query(operation, request, call.said, problems);
  if (auto read = read_body(operation, request, call.said, problems); !read)
    return std::move(read).error();
  if (!problems.empty()) return problem(400, "invalid", words_for(problems.size()), problems);
  if (operation.version == Version::must && request.if_match.empty())
    return problem(428, "precondition_required",
                   "say which version you change: If-Match, with the ETag you were given");
  const auto settings = desk_.settings();
  const config::JobConfig* job = nullptr;
  if (const auto name = call.text("job"); found.path.contains("job")) {
    const auto known = find_job(*settings, name);
    if (!known) return known.error();
    job = *known;
  }
  if (operation.version != Version::none && job)
    if (const auto named = call.version(); !named) return named.error();
  if (operation.complete) operation.complete(desk_, call.said);
  if (wants_two(operation, job)) return asked_for_approval(desk_, operation, call, job->name);
  auto answer = operation.work(desk_, call);
  if (answer || answer.error().code() != Errc::forbidden) return answer;
  return refused(who, request, operation, call.text("job"), std::move(answer).error());
}

// First whether the right is held at all, so that who holds it not learns nothing of what there is.
Result<> Operations::may(const access::Principal& who, const Request& request,
                         const Found& found) const {
  const access::Right right = found.operation->right;
  auto allowed = access::may(for_any_job(who), right);
  std::string job;
  if (allowed && !found.operation->each) {
    auto concerned = job_of(desk_, found);
    if (!concerned) return std::move(concerned).error();
    job = std::move(concerned).value();
    allowed = access::may(who, right, job);
    if (allowed && !job.empty()) allowed = may_act_on(desk_, who, job);
  }
  if (allowed) return {};
  return refused(who, request, *found.operation, job, std::move(allowed).error());
}

// The refusal, which stands in the audit; or why it does not.
Error Operations::refused(const access::Principal& who, const Request& request,
                          const Operation& operation, const std::string& job, Error why) const {
  const audit::Note note{.what = operation.act.empty() ? operation.id : operation.act,
                         .job = job,
                         .detail = why.message(),
                         .outcome = audit::Outcome::refused};
  auto noted =
      audit::append(desk_.database, note, access::person(who, "", request.id), desk_.now());
  return noted ? std::move(why) : std::move(noted).error();
}

Result<Answer> carry_out(Desk& desk, std::string_view plan, const access::Principal& asked_by,
                         const std::string& request) {
  const json::object read = json::parse({plan.data(), plan.size()}).as_object();
  const std::string id = said_text(read, "operation");
  const auto at = std::ranges::find(table(), id, &Operation::id);
  if (at == table().end()) return Error(Errc::conflict, "this program knows no operation " + id);
  const Call call{.who = asked_by,
                  .request = request,
                  .if_match = said_text(read, "if_match"),
                  .said = read.at("said").as_object()};
  const std::string job = call.text("job");
  if (auto allowed = may_do_to(desk, asked_by, at->right, job); !allowed)
    return std::move(allowed).error();
  return at->work(desk, call);
}

}  // namespace hotclock::operations
