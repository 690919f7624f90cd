#include "service/cli/door.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "scheduler/base/uuid.h"
#include "service/app/theme_rules.h"
#include "service/cli/remote_door.h"
#include "service/ledger/node.h"
#include "service/operations/json.h"
#include "service/operations/seen.h"

namespace hotclock::cli {
namespace {

using operations::Seen;

// Who has the database has everything: whoever stands at this machine's command line is an admin,
// by the name that he gives. What needs a second person needs another name.
access::Principal person_here(const Console& console, const std::string& by) {
  return {.name = asking(console, by),
          .grant = {.role = access::Role::admin},
          .from = "command line on " + ledger::host_name()};
}

// The operations in this process.
class LocalDoor final : public Door {
 public:
  LocalDoor(Console& console, const Common& common, Session session, access::Principal who)
      : session_(std::move(session)),
        settings_(std::make_shared<const config::Config>(session_.settings)),
        who_(std::move(who)),
        desk_{.database = *session_.database,
              .clock = *session_.clock,
              .settings = [this] { return settings_; },
              .files = [source = settings_source(
                            console, common)] { return app::read_shared_settings(source); },
              .lay =
                  [this, source = settings_source(console, common)](const live::InForce& changes) {
                    return app::lay_live(session_.settings, source, changes);
                  },
              .rules = app::theme_rules(session_.settings),
              .version = HOTCLOCK_VERSION},
        operations_(desk_) {}

  Result<Answer> send(const Request& request) override {
    Request numbered = request;
    numbered.id = UuidSource().next(now()).text();
    return operations_.attempt(who_, numbered);
  }
  Instant now() const override { return session_.clock->now(); }
  Session* here() override { return &session_; }

 private:
  Session session_;
  const std::shared_ptr<const config::Config> settings_;
  const access::Principal who_;
  operations::Desk desk_;
  const operations::Operations operations_;
};

Errc code_of(std::string_view word) {
  for (int code = 0; code <= static_cast<int>(Errc::internal); ++code)
    if (to_string(static_cast<Errc>(code)) == word) return static_cast<Errc>(code);
  if (word == "unauthorized") return Errc::forbidden;
  if (word == "too_many_requests") return Errc::busy;
  return Errc::invalid;
}

// "reason: it is missing; query limit: ..."
std::string mistakes_of(const Seen& problem) {
  std::string out;
  for (const Seen& one : problem.list("problems")) {
    const std::string where = one.text("where"), right = one.text("right");
    out += (out.empty() ? "" : "; ") + where + (where.empty() ? "" : ": ") + one.text("what");
    if (!right.empty()) out += " (" + right + ")";
  }
  return out;
}

Request with_body(std::string_view method, std::string path, const boost::json::object& body) {
  return {
      .method = std::string(method), .path = std::move(path), .body = boost::json::serialize(body)};
}

}  // namespace

Result<Answer> Door::ask(const Request& request) {
  auto answer = send(request);
  if (answer && answer->status >= 400) return error_of(*answer);
  return answer;
}

std::string server_of(const Console& console, const Common& common) {
  if (!common.server.empty()) return common.server;
  const auto set = console.environment.find("HOTCLOCK_SERVER");
  return set == console.environment.end() ? std::string() : set->second;
}

Result<std::unique_ptr<Door>> open_door(Console& console, const Common& common,
                                        const std::string& by) {
  if (!server_of(console, common).empty()) {
    if (!by.empty())
      return Error(Errc::invalid,
                   "--by is for this machine alone: to a server the token says who asks");
    return open_remote_door(console, common);
  }
  auto session = open_session_to_ask(console, common);
  if (!session) return std::move(session).error();
  return std::unique_ptr<Door>(std::make_unique<LocalDoor>(
      console, common, std::move(session).value(), person_here(console, by)));
}

Error error_of(const Answer& problem) {
  const Seen said(problem.body);
  std::string message = said.text("detail");
  if (const std::string mistakes = mistakes_of(said); !mistakes.empty()) message += ": " + mistakes;
  const Errc code = code_of(said.text("code"));
  if (code == Errc::internal && said.has("request_id"))
    message += " (request " + said.text("request_id") + ")";
  return Error(code, message);
}

bool is_approval(const Answer& answer) {
  return answer.status == 202 && answer.location.starts_with("/approvals/");
}

Request get(std::string path, std::vector<std::pair<std::string, std::string>> query) {
  std::erase_if(query, [](const auto& one) { return one.second.empty(); });
  return {.method = "GET", .path = std::move(path), .query = std::move(query)};
}

Request post(std::string path, const boost::json::object& body) {
  return with_body("POST", std::move(path), body);
}

Request put(std::string path, const boost::json::object& body) {
  return with_body("PUT", std::move(path), body);
}

Request remove(std::string path, const std::string& reason) {
  Request request{.method = "DELETE", .path = std::move(path)};
  if (!reason.empty()) request.query.emplace_back("reason", reason);
  return request;
}

}  // namespace hotclock::cli
