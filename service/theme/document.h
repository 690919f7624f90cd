// The theme document: what a country wears at one version, for clients to apply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/theme/festival.h"
#include "service/theme/look.h"

namespace hotclock::theme {

struct Document {
  std::string country;
  std::int64_t version = 0;              // 0: not told to anybody yet
  std::optional<std::int64_t> festival;  // that dresses the country; none: the default theme
  std::string festival_name;
  // When it will be another one, by the calendar as it is known; none: not before somebody edits it.
  std::optional<Instant> valid_until;
  Look look;                            // its bonuses are those of all festivals that run there
  std::vector<std::int64_t> festivals;  // whose bonuses count, in the order of their ids

  friend bool operator==(const Document&, const Document&) = default;
};

// What `country` wears at `t`. Its version is 0.
Document document_for(const std::vector<Festival>& festivals, std::string_view country, Instant t,
                      const Rules& rules);

// The same as if `festival` ran and dressed the country at `t`, whenever it runs and wherever; one
// of `festivals` with its id is left out. It is valid until nothing: nobody waits for its end.
Document preview(const std::vector<Festival>& festivals, const Festival& festival,
                 std::string_view country, Instant t, const Rules& rules);

bool same_but_version(const Document& a, const Document& b);

// {"country":"NP","version":4,"festival":{"id":"3","name":"Tihar"},...}: docs/themes.md has all of
// it. Nothing in it ends a script or a line, so it may be put into a page.
std::string to_json(const Document& document);
// Of what to_json() wrote; each value is looked at again. Errc::corrupt where it is no document.
Result<Document> parse_document(std::string_view json, const Rules& rules);

// Custom properties under :root, and a class for each skin. Values are looked at once more, so that
// nothing leaves its declaration whoever made the document.
std::string to_css(const Document& document);

// {"country":"NP","version":4,"bonuses":{...},"festivals":["3"],"validUntil":...}
std::string bonuses_json(const Document& document);

}  // namespace hotclock::theme
