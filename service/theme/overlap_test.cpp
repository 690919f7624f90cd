// Documents of festivals that overlap in every way, against what a person would find by looking at
// the calendar millisecond by millisecond.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "service/theme/document.h"

namespace hotclock::theme {
namespace {

constexpr int last_moment = 24;  // of a calendar of so many milliseconds, all of whose turns meet

Instant at(int moment) { return from_millis(1'790'000'000'000 + moment); }

// A festival and what its texts say, which the oracle does not read.
struct Known {
  Festival festival;
  Bonuses bonuses;
  std::string primary;
};

int between(int low, int high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

std::string decimal(int hundredths) {
  return std::to_string(hundredths / 100) + "." + std::to_string(hundredths % 100 / 10) +
         std::to_string(hundredths % 10);
}

// What an editor wrote: good bonuses, none, or a text that is no look's, which counts as none.
void write_bonuses(Known& known) {
  known.festival.bonuses = *rc::gen::elementOf(std::vector<std::string>{"{}", "nonsense", "[3]"});
  if (between(0, 3) == 0) return;
  known.bonuses = {between(100, 500), between(100, 300), between(100, 200)};
  known.festival.bonuses = "{\"giftMultiplier\":" + decimal(known.bonuses.gift) +
                           ",\"coinMultiplier\":" + decimal(known.bonuses.coin) +
                           ",\"experienceMultiplier\":" + decimal(known.bonuses.experience) + "}";
}

Known any_festival(int id) {
  Known known;
  Festival& f = known.festival;
  f.id = id;
  f.name = "festival " + std::to_string(id);
  f.country = *rc::gen::elementOf(std::vector<std::string>{"NP", "AU", "GLOBAL"});
  f.priority = between(0, 2);
  f.starts_at = at(between(0, last_moment));
  f.ends_at = between(0, 9) == 0 ? f.starts_at - Duration{between(0, 3)}  // a moment long, or never
                                 : f.starts_at + Duration{between(0, 15)};
  known.primary = to_string(Color{static_cast<std::uint8_t>(id), 0, 0});
  f.theme = "{\"colors\":{\"primary\":\"" + known.primary + "\"}}";
  write_bonuses(known);
  return known;
}

std::vector<Known> any_calendar() {
  std::vector<Known> all;
  const int count = between(0, 9);
  for (int id = 1; id <= count; ++id) all.push_back(any_festival(id));
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[static_cast<std::size_t>(between(0, static_cast<int>(i) - 1))]);
  return all;
}

std::vector<Festival> festivals_of(const std::vector<Known>& all) {
  std::vector<Festival> festivals;
  for (const Known& known : all) festivals.push_back(known.festival);
  return festivals;
}

bool counts(const Festival& f, const std::string& country, Instant t) {
  if (f.country != "GLOBAL" && f.country != country) return false;
  return !(t < f.starts_at) && !(f.ends_at < t);
}

// Whether `a` comes before `b` where both run, word by word as the rule says it.
bool comes_before(const Festival& a, const Festival& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  const bool own_a = a.country != "GLOBAL", own_b = b.country != "GLOBAL";
  if (own_a != own_b) return own_a;
  if (a.starts_at != b.starts_at) return a.starts_at > b.starts_at;
  return a.id > b.id;
}

// Of all that run the one that comes before every other.
const Known* dressing(const std::vector<Known>& all, const std::string& country, Instant t) {
  for (const Known& one : all) {
    bool first = counts(one.festival, country, t);
    for (const Known& other : all)
      if (first && &one != &other && counts(other.festival, country, t))
        first = comes_before(one.festival, other.festival);
    if (first) return &one;
  }
  return nullptr;
}

std::string any_country() {
  return *rc::gen::elementOf(std::vector<std::string>{"NP", "AU", "JP", "GLOBAL"});
}

// The same but for when it ends.
Document timeless(Document document) {
  document.valid_until.reset();
  return document;
}

RC_GTEST_PROP(OverlappingFestivals, DressACountryInTheOneThatComesFirst, ()) {
  const auto all = any_calendar();
  const std::string country = any_country();
  const auto festivals = festivals_of(all);
  for (int moment = -1; moment <= last_moment + 20; ++moment) {
    const Document document = document_for(festivals, country, at(moment), {});
    const Known* expected = dressing(all, country, at(moment));
    RC_ASSERT(document.festival.has_value() == (expected != nullptr));
    if (!expected) {
      RC_ASSERT(document.look.colors.empty());
      continue;
    }
    RC_ASSERT(*document.festival == expected->festival.id);
    RC_ASSERT(document.festival_name == expected->festival.name);
    RC_ASSERT(to_string(document.look.colors.at("primary")) == expected->primary);
  }
}

RC_GTEST_PROP(OverlappingFestivals, CountTheGreatestBonusOfEachAndNeverAProduct, ()) {
  const auto all = any_calendar();
  const std::string country = any_country();
  const auto festivals = festivals_of(all);
  for (int moment = 0; moment <= last_moment; ++moment) {
    std::vector<int> gift{100}, coin{100}, experience{100};
    std::vector<std::int64_t> ids;
    for (const Known& known : all) {
      if (!counts(known.festival, country, at(moment))) continue;
      ids.push_back(known.festival.id);
      gift.push_back(known.bonuses.gift);
      coin.push_back(known.bonuses.coin);
      experience.push_back(known.bonuses.experience);
    }
    std::sort(ids.begin(), ids.end());
    const Document document = document_for(festivals, country, at(moment), {});
    RC_ASSERT(document.festivals == ids);
    RC_ASSERT(document.look.bonuses.gift == *std::max_element(gift.begin(), gift.end()));
    RC_ASSERT(document.look.bonuses.coin == *std::max_element(coin.begin(), coin.end()));
    RC_ASSERT(document.look.bonuses.experience ==
              *std::max_element(experience.begin(), experience.end()));
  }
}

RC_GTEST_PROP(OverlappingFestivals, MakeADocumentValidUntilTheFirstMomentOfAnother, ()) {
  const auto festivals = festivals_of(any_calendar());
  const std::string country = any_country();
  const int after_all = last_moment + 20;
  std::vector<Document> documents;
  for (int moment = -1; moment <= after_all; ++moment)
    documents.push_back(document_for(festivals, country, at(moment), {}));
  std::optional<Instant> next;  // going back from the end, when the document will be another one
  for (int moment = after_all; moment >= -1; --moment) {
    const auto i = static_cast<std::size_t>(moment + 1);
    RC_ASSERT(documents[i].valid_until == next);
    if (i > 0 && timeless(documents[i - 1]) != timeless(documents[i])) next = at(moment);
  }
}

RC_GTEST_PROP(OverlappingFestivals, MakeOneDocumentWhateverTheirOrderInTheTable, ()) {
  auto all = any_calendar();
  const std::string country = any_country();
  const Instant t = at(between(0, last_moment));
  const Document document = document_for(festivals_of(all), country, t, {});
  std::reverse(all.begin(), all.end());
  RC_ASSERT(document_for(festivals_of(all), country, t, {}) == document);
}

RC_GTEST_PROP(OverlappingFestivals, AreReadBackFromTheirDocument, ()) {
  Document document =
      document_for(festivals_of(any_calendar()), any_country(), at(between(0, last_moment)), {});
  document.version = between(0, 1000);
  const auto read = parse_document(to_json(document), {});
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == document);
  RC_ASSERT(same_but_version(*read, document));
}

RC_GTEST_PROP(OverlappingFestivals, ArePreviewedAsIfOneOfThemDressedTheCountry, ()) {
  const auto all = any_calendar();
  const Known wanted = any_festival(between(1, 9));  // one of them as it is edited, or a new one
  const std::string country = any_country();
  const Instant t = at(between(0, last_moment));
  const Document seen = preview(festivals_of(all), wanted.festival, country, t, {});
  std::vector<std::int64_t> ids{wanted.festival.id};
  int gift = wanted.bonuses.gift;
  for (const Known& known : all) {
    if (known.festival.id == wanted.festival.id || !counts(known.festival, country, t)) continue;
    ids.push_back(known.festival.id);
    gift = std::max(gift, known.bonuses.gift);
  }
  std::sort(ids.begin(), ids.end());
  RC_ASSERT(seen.festival == wanted.festival.id);
  RC_ASSERT(seen.festivals == ids);
  RC_ASSERT(to_string(seen.look.colors.at("primary")) == wanted.primary);
  RC_ASSERT(seen.look.bonuses.gift == gift);
  RC_ASSERT(seen.valid_until == std::nullopt);
}

}  // namespace
}  // namespace hotclock::theme
