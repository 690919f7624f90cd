// A festival as JSON, in files and over HTTP:
//   {"id":"3","name":"Tihar","type":"cultural","country":"NP","priority":10,
//    "startsAt":"2026-11-07T18:15:00Z","endsAt":"2026-11-12T18:14:59.999Z","active":false,
//    "theme":{...},"skins":[...],"bonuses":{...},"gifts":["Rose"],"revision":"..."}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"
#include "service/festivals/festivals.h"

namespace hotclock::festivals {

// "seasonal", "cultural", "special", "anniversary".
std::vector<std::string_view> types();

// One line, without an end of line. What a platform wrote into a look that is no JSON is null.
std::string to_json(const Festival& festival);

// What a JSON says of a festival; a member that it leaves out, or that is wrong, is none. Of what
// it cannot change, "id" and "revision" are read and "active" is passed over, so that what
// to_json() wrote may be edited and sent back.
struct Draft {
  std::optional<std::int64_t> id;
  std::optional<std::string> name, type, country;
  std::optional<std::int64_t> priority;
  std::optional<Instant> starts_at, ends_at;
  std::optional<std::string> theme, skins, bonuses;  // as they are written, without white space
  std::optional<std::vector<std::string>> gifts;
  std::string revision;
  std::vector<Problem> problems;  // of form; of looks, gifts and missing members nothing yet
};

// At most 64 KiB are read. Never fails: what is no JSON is a problem.
Draft read_draft(std::string_view json);

// "2026-11-07T18:15:00Z", or with an offset for Z; seconds and milliseconds may be left out.
// From 1970 on.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace hotclock::festivals
