// What countries wear, as the database has it, made ready to be served.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/api/rendered.h"
#include "service/sql/sql.h"
#include "service/theme/look.h"

namespace hotclock::api {

// Immutable. Threads: any.
class Wardrobe {
 public:
  // The newest document of each country; those that `before` has, or null, are not read again.
  static Result<std::shared_ptr<const Wardrobe>> read(sql::Database& database,
                                                      const theme::Rules& rules,
                                                      std::shared_ptr<const Wardrobe> before,
                                                      const std::stop_token& stop);

  // What `country` wears: GLOBAL's where it has nothing of its own, and the default theme where
  // GLOBAL has nothing either.
  const Rendered& of(std::string_view country) const;

 private:
  Wardrobe() = default;

  std::map<std::string, std::shared_ptr<const Rendered>, std::less<>> by_country_;
};

// That version of a country's document; null where it is not kept.
Result<std::shared_ptr<const Rendered>> read_version(sql::Database& database,
                                                     const theme::Rules& rules,
                                                     const std::string& country,
                                                     std::int64_t version,
                                                     const std::stop_token& stop);

// What `country` will wear by the calendar once what it wears at `now` is over; none where nothing
// comes before `until`. A country without festivals of its own is told GLOBAL's.
Result<std::optional<theme::Document>> read_upcoming(sql::Database& database,
                                                     const theme::Rules& rules,
                                                     const std::string& country, Instant now,
                                                     Instant until, const std::stop_token& stop);

}  // namespace hotclock::api
