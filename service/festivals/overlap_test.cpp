#include "service/festivals/overlap.h"

#include <gtest/gtest.h>

namespace hotclock::festivals {
namespace {

using namespace std::chrono_literals;
using Notes = std::vector<std::string>;

const Instant day0 = from_millis(1'788'220'800'000);  // 2026-09-01

theme::Festival festival(int id, const char* name, const char* country, int from, int to,
                         int priority = 0) {
  theme::Festival f;
  f.id = id;
  f.name = name;
  f.country = country;
  f.priority = priority;
  f.starts_at = day0 + 24h * from;
  f.ends_at = day0 + 24h * to - 1ms;
  return f;
}

TEST(Overlap, OfOneThatIsAloneThereIsNothingToSay) {
  EXPECT_EQ(notes_on(festival(1, "Tihar", "NP", 0, 5), {}), Notes());
}

TEST(Overlap, TellsWhoDressesTheCountryWhen) {
  EXPECT_EQ(notes_on(festival(1, "Tihar", "NP", 0, 6), {festival(2, "Dashain", "NP", 2, 4, 9)}),
            (Notes{"overlaps Dashain (2), NP, priority 9, from 2026-09-03T00:00:00Z to "
                   "2026-09-04T23:59:59.999Z",
                   "NP is dressed by this festival from 2026-09-01T00:00:00Z, by Dashain (2) from "
                   "2026-09-03T00:00:00Z, by this festival from 2026-09-05T00:00:00Z"}));
}

TEST(Overlap, OneThatAlwaysDressesIsToldOfTheOtherAlone) {
  EXPECT_EQ(
      notes_on(festival(1, "Tihar", "NP", 0, 6, 9), {festival(2, "Spring", "GLOBAL", 2, 4)}).size(),
      1u);
}

TEST(Overlap, OneThatIsEverywhereIsToldOfEachCountry) {
  const Notes notes =
      notes_on(festival(1, "Christmas", "GLOBAL", 0, 6, 5),
               {festival(2, "Tihar", "NP", 1, 2, 9), festival(3, "Holi", "IN", 1, 2)});
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_EQ(notes[2],
            "NP is dressed by this festival from 2026-09-01T00:00:00Z, by Tihar (2) from "
            "2026-09-02T00:00:00Z, by this festival from 2026-09-03T00:00:00Z");
}

}  // namespace
}  // namespace hotclock::festivals
