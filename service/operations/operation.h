// One thing that people can ask for or have done, whoever carries their words: HTTP, or a command
// line on the database itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/access/principal.h"
#include "service/config/config.h"
#include "service/config/difference.h"
#include "service/live/layer.h"
#include "service/operations/underway.h"
#include "service/sql/sql.h"
#include "service/theme/look.h"

namespace hotclock::operations {

// What settings that were read anew come to.
struct Reread {
  std::vector<config::Change> in_force;       // from now on
  std::vector<config::Change> at_next_start;  // what only a start can change
};

// What operations stand on. All of it outlives them. Threads: any.
struct Desk {
  sql::Database& database;
  const Clock& clock;  // the database's
  // Those in force, with what was changed live; and without that, as the files have them.
  std::function<std::shared_ptr<const config::Config>()> settings;
  std::function<Result<std::shared_ptr<const config::Config>>()> files;
  // The settings as these live changes make them, and which of them are no good; empty: nobody can tell.
  std::function<Result<live::Laid>(const live::InForce&)> lay = {};
  theme::Rules rules = {};
  std::string version = {};
  // Reads the settings anew; empty: nothing here could put them in force.
  std::function<Result<Reread>(const std::string& asked_by)> reload = {};
  std::shared_ptr<Underway> underway = std::make_shared<Underway>();

  Instant now() const { return clock.now(); }
};

// An operation's request once it has been found good: what its path, its query and its body say, by
// their names. `said` holds values of the types that the schemas name.
struct Call {
  const access::Principal& who;
  const std::string& request;  // its id
  std::string if_match = {};   // as it came; empty: none
  std::string key = {};        // its Idempotency-Key; empty: none
  boost::json::object said = {};
  std::string body = {};  // as it came, for whoever reads it in a manner of their own

  bool says(std::string_view name) const { return said.contains(name); }
  // Empty, or `otherwise`, where it is not said.
  std::string text(std::string_view name) const;
  std::int64_t number(std::string_view name, std::int64_t otherwise = 0) const;
  bool flag(std::string_view name) const;
  // The number that a text is, all of it; 0, which is nobody's id, where it is none.
  std::int64_t id(std::string_view name) const;
  std::optional<Instant> instant(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

  // Who does it, with the reason that was said.
  audit::Person person() const { return access::person(who, text("reason"), request); }
  // The number in If-Match; none where there is no such header or it is "*". Errc::invalid.
  Result<std::optional<std::int64_t>> version() const;
};

// One mistake of a request: where it is ("reason", "query limit"), what is wrong, what would be
// right.
using theme::Problem;

// What a request is answered. `status` is HTTP's.
struct Answer {
  int status = 200;
  boost::json::value body = {};
  std::string text = {};  // instead of `body`, where `type` is not JSON
  std::string type = {};  // empty: JSON, or a problem where status is 400 or above
  std::string etag = {};  // with its quotes
  std::string location = {};
  std::string allow = {};               // of 405
  std::optional<int> retry_after = {};  // seconds
  std::string next = {};  // of `text`: the cursor of the page that follows; empty: none does
};

using Work = Result<Answer> (*)(Desk& desk, const Call& call);

// Fills in what depends on the moment, so that what a second person says yes to is said to the
// letter.
using Complete = void (*)(Desk& desk, boost::json::object& said);

// A member of the query. `schema` names what it has to be.
struct Parameter {
  std::string_view name;
  std::string_view schema;
  std::string_view what;
  bool required = false;
};

// Whether a second person has to say yes, for jobs whose setting second_person says so.
enum class Persons { one, two };
// How its request names the version of what it changes.
enum class Version { none, may, must };

struct Operation {
  std::string_view id;      // "pauseJob"
  std::string_view method;  // "POST"
  std::string_view path;    // "/jobs/{job}/pause"
  access::Right right;
  std::string_view tag;
  std::string_view summary;
  Work work;
  std::string_view act = {};       // what the audit calls it; empty: as its id
  std::string_view request = {};   // the schema of its body; empty: it has none
  std::string_view response = {};  // of its answer; empty: the answer has no body
  int status = 200;                // of success
  std::vector<Parameter> query = {};
  Persons persons = Persons::one;
  Version version = Version::none;
  Complete complete = nullptr;
  bool each = false;  // it is about many jobs: rights are asked for at each of them, while it works

  bool changes() const { return method != "GET"; }
};

// Whether what is done to the job by hand needs a second person.
bool needs_second_person(const config::JobConfig& job);

}  // namespace hotclock::operations
