// What countries wear: the row of each in `themes`, and the theme documents that clients are given.
#pragma once

#include <cstdint>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/core/outcome.h"
#include "service/outbox/event.h"
#include "service/theme/festival.h"
#include "service/theme/look.h"
#include "service/work/chunk.h"

namespace hotclock::festival_activation {

// How many versions of a country's document are kept: the newest.
inline constexpr std::int64_t kept_versions = 20;

// theme:changed, to everybody.
outbox::Event theme_changed(const theme::Theme& theme);

struct Dressed {
  std::int64_t themes = 0;          // countries that have a new version
  std::int64_t dropped = 0;         // values of looks that cannot be shown in one of these
  std::vector<SetAside> set_aside;  // the first of those, by their festivals
};

// Gives each country whose document at `t` is another one than its newest a new version: its row,
// its document, its event. Countries are those of `festivals` and of `themes`, and GLOBAL, which
// always has a document. Of festivals that do not run at `t` no look is needed.
//
// A row of `themes` that has no document, or another version than the newest document, gets a new
// version too: no version ever means two documents.
//
// Memory: the newest documents of all countries, of which there are some hundreds of some
// kilobytes.
Result<Dressed> dress_countries(work::Chunk& chunk, const std::vector<theme::Festival>& festivals,
                                Instant t, const theme::Rules& rules);

}  // namespace hotclock::festival_activation
