#include "service/festivals/festivals.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <set>
#include <stdexcept>
#include <thread>

#include "service/festivals/festival_json.h"
#include "service/festivals/festivals.sql.h"
#include "service/jobs/kit/workbench_support.h"

namespace hotclock::festivals {
namespace {

using namespace std::chrono_literals;

const Instant now = from_millis(1'788'220'800'000);  // 2026-09-01
const Person asha{"asha", "the date was moved"};
const theme::Rules rules;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}

class Editors : public testing::Test, public kit::Workbench {
 protected:
  // A festival as its editor writes it, with members added or replaced.
  static std::string tihar(int from, int to, const std::string& more = "") {
    return fmt::format(
        R"({{"name":"Tihar","type":"cultural","country":"NP","startsAt":"{}","endsAt":"{}"{}}})",
        to_string(now + 24h * from), to_string(now + 24h * to), more);
  }
  Answer created_or_not(const std::string& json) {
    return must(create(database(), json, rules, {"asha", ""}, now));
  }
  Festival created(const std::string& json) {
    Answer answer = created_or_not(json);
    if (const auto* refused = std::get_if<Refused>(&answer))
      throw std::runtime_error(refused->problems.front().message());
    return std::get<Saved>(std::move(answer)).festival;
  }
  static std::string problems_in(const std::vector<Problem>& problems) {
    std::string all;
    for (const Problem& problem : problems) all += (all.empty() ? "" : "\n") + problem.message();
    return all;
  }
  std::string refusal(const std::string& json) {
    const Answer answer = created_or_not(json);
    const auto* refused = std::get_if<Refused>(&answer);
    return refused ? problems_in(refused->problems) : "";
  }
  void gift(int id, const std::string& name) {
    sql(fmt::format("INSERT INTO gifts (id, name, price_coins) VALUES ({}, '{}', 10)", id, name));
  }
  // "who what detail reason" of the newest act.
  std::string last_note() {
    return text(
        "SELECT who || ' | ' || what || ' | ' || job || ' | ' || detail || ' | ' || reason"
        " FROM audit ORDER BY id DESC LIMIT 1");
  }
  std::int64_t acts() { return number("SELECT count(*) FROM audit"); }
  std::int64_t edits() { return number("SELECT count(*) FROM festival_edits"); }
  void look_away() { sql("DELETE FROM festival_edits"); }
  void set_active(std::int64_t id) {
    sql(fmt::format("UPDATE festivals SET is_active = 1 WHERE id = {}", id));
  }
};

template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::internal : result.error().code();
}

// ---------------------------------------------------------------- create

TEST_F(Editors, CreateAFestivalWithItsGifts) {
  gift(1, "Rose");
  gift(2, "Diya");
  const Festival f = created(tihar(
      2, 5,
      R"(,"priority":7,"theme":{"name":"tihar"},"skins":["marigold"],"bonuses":{"coinMultiplier":1.15},)"
      R"("gifts":["Rose","Diya"])"));
  EXPECT_GT(f.id, 0);
  EXPECT_EQ(f.name, "Tihar");
  EXPECT_EQ(f.country, "NP");
  EXPECT_EQ(f.priority, 7);
  EXPECT_EQ(f.starts_at, now + 48h);
  EXPECT_EQ(f.ends_at, now + 120h);
  EXPECT_FALSE(f.is_active);
  EXPECT_EQ(f.look.theme, R"({"name":"tihar"})");
  EXPECT_EQ(f.look.bonuses, R"({"coinMultiplier":1.15})");
  EXPECT_EQ(f.gifts, (std::vector<std::string>{"Diya", "Rose"}));
  EXPECT_EQ(to_json(must(find(database(), f.id))), to_json(f));
}

TEST_F(Editors, EveryActIsAuditedAndToldToTheScheduler) {
  const Festival f = created(tihar(2, 5));
  EXPECT_EQ(
      last_note(),
      fmt::format("asha | festival.create | festival-activation | festival {} (Tihar): NP, from "
                  "2026-09-03T00:00:00Z to 2026-09-06T00:00:00Z | ",
                  f.id));
  EXPECT_EQ(number("SELECT festival_id FROM festival_edits"), f.id);
  look_away();
  must(edit(database(), {{f.id, ""}, R"({"priority":3})"}, rules, asha, now));
  EXPECT_EQ(last_note(),
            fmt::format("asha | festival.edit | festival-activation | festival {} (Tihar): "
                        "priority | the date was moved",
                        f.id));
  EXPECT_EQ(edits(), 1);
  look_away();
  must(activate(database(), {f.id, ""}, rules, asha, now));
  EXPECT_EQ(last_note(),
            fmt::format("asha | festival.activate | festival-activation | festival {} "
                        "(Tihar): now, instead of 2026-09-03T00:00:00Z | the date was moved",
                        f.id));
  EXPECT_EQ(edits(), 1);
  look_away();
  must(end(database(), {f.id, ""}, asha, now + 1h));
  EXPECT_EQ(last_note(),
            fmt::format("asha | festival.end | festival-activation | festival {} (Tihar): "
                        "now, instead of 2026-09-06T00:00:00Z | the date was moved",
                        f.id));
  EXPECT_EQ(edits(), 1);
  look_away();
  ASSERT_TRUE(remove(database(), {f.id, ""}, asha, now + 1h));
  EXPECT_EQ(last_note().find("asha | festival.delete | festival-activation | festival"), 0u);
  EXPECT_EQ(edits(), 1);
  EXPECT_EQ(acts(), 5);
}

TEST_F(Editors, AreToldAllProblemsOfANewFestivalAtOnce) {
  gift(1, "Rose");
  const std::string all = refusal(
      R"({"type":"culture","endsAt":"2026-09-01T00:00:00Z","startsAt":"2026-09-02T00:00:00Z",
      "theme":{"colors":{"primry":"#fff","accent":"red"}},"skins":[{"name":"A B"}],
      "bonuses":{"giftMultiplier":9},"gifts":["Rosee"]})");
  for (const char* part :
       {"type: 'culture' is no type of festival; did you mean cultural?", "name: missing",
        "country: missing", "endsAt: 2026-09-01T00:00:00Z lies before startsAt",
        "theme.colors.primry: unknown; did you mean primary?",
        "theme.colors.accent: 'red' is no colour", "skins[0].name: ", "bonuses.giftMultiplier: ",
        "gifts: there is no gift 'Rosee'; did you mean Rose?"})
    EXPECT_NE(all.find(part), std::string::npos) << part << " in\n" << all;
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 0);
  EXPECT_EQ(acts(), 0);
  EXPECT_EQ(edits(), 0);
}

TEST_F(Editors, AreToldTheRatioOfColoursThatCannotBeRead) {
  const std::string all =
      refusal(tihar(1, 2, R"(,"theme":{"colors":{"primary":"#ffffff","onPrimary":"#eeeeee"}})"));
  EXPECT_EQ(all.find("theme.colors.onPrimary: "), 0u) << all;
  EXPECT_NE(all.find("1.16"), std::string::npos) << all;
  EXPECT_NE(all.find("4.5"), std::string::npos) << all;
}

TEST_F(Editors, AreToldWhatOverlapsAndStillMayWriteIt) {
  const Festival dashain = created(tihar(0, 10, R"(,"priority":9)"));
  const Answer answer = created_or_not(tihar(8, 12));
  const auto& saved = std::get<Saved>(answer);
  ASSERT_EQ(saved.notes.size(), 2u);
  EXPECT_EQ(saved.notes[0],
            fmt::format("overlaps Tihar ({}), NP, priority 9, from 2026-09-09T00:00:00Z to "
                        "2026-09-11T00:00:00Z",
                        dashain.id));
  EXPECT_EQ(saved.notes[1],
            fmt::format("NP is dressed by Tihar ({}) from 2026-09-09T00:00:00Z, by this "
                        "festival from 2026-09-11T00:00:00.001Z",
                        dashain.id));
}

TEST_F(Editors, AnotherCountrysFestivalDoesNotOverlap) {
  created(tihar(0, 10));
  const Answer answer = created_or_not(
      R"({"name":"Holi","type":"cultural","country":"IN","startsAt":"2026-09-01T00:00:00Z","endsAt":"2026-09-02T00:00:00Z"})");
  EXPECT_EQ(std::get<Saved>(answer).notes, std::vector<std::string>());
}

TEST_F(Editors, CannotCreateOneThatHasAnIdAlready) {
  EXPECT_EQ(refusal(tihar(1, 2, R"(,"id":"1")")),
            "id: it is a festival already; leave it out, or edit that one");
}

// ---------------------------------------------------------------- validate

TEST_F(Editors, ValidateWithoutWritingAnything) {
  created(tihar(0, 10));
  const Judgement good = must(validate(database(), tihar(1, 2), rules));
  EXPECT_EQ(good.problems, std::vector<Problem>());
  EXPECT_FALSE(good.notes.empty());
  const Judgement bad = must(validate(database(), "{}", rules));
  EXPECT_EQ(bad.problems.size(), 5u) << problems_in(bad.problems);
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 1);
  EXPECT_EQ(acts(), 1);
}

TEST_F(Editors, ValidateTheNewFormOfAFestivalAgainstTheOthersAlone) {
  const Festival f = created(tihar(0, 10));
  const Judgement same = must(validate(database(), to_json(f), rules));
  EXPECT_EQ(same.problems, std::vector<Problem>());
  EXPECT_EQ(same.notes, std::vector<std::string>());
  const Judgement gone = must(validate(database(), tihar(0, 1, R"(,"id":"999")"), rules));
  EXPECT_EQ(
      problems_in(gone.problems),
      fmt::format("id: there is no festival 999; the newest is {} (Tihar); leave it out", f.id));
}

// ---------------------------------------------------------------- edit

TEST_F(Editors, EditWhatTheyNameAndNothingElse) {
  gift(1, "Rose");
  const Festival f = created(tihar(2, 5, R"(,"priority":7,"gifts":["Rose"],"skins":["marigold"])"));
  const Answer answer =
      must(edit(database(), {{f.id, f.revision}, R"({"name":"Deepawali"})"}, rules, asha, now));
  const Festival after = std::get<Saved>(answer).festival;
  EXPECT_EQ(after.name, "Deepawali");
  EXPECT_EQ(after.priority, 7);
  EXPECT_EQ(after.gifts, f.gifts);
  EXPECT_EQ(after.look.skins, f.look.skins);
  EXPECT_NE(after.revision, f.revision);
}

TEST_F(Editors, ReplaceAFestivalAsAWhole) {
  gift(1, "Rose");
  const Festival f = created(tihar(2, 5, R"(,"priority":7,"gifts":["Rose"],"skins":["marigold"])"));
  set_active(f.id);
  const Answer answer =
      must(edit(database(), {{f.id, ""}, tihar(2, 5), Absent::defaults}, rules, asha, now));
  const Festival after = std::get<Saved>(answer).festival;
  EXPECT_EQ(after.priority, 0);
  EXPECT_EQ(after.gifts, std::vector<std::string>());
  EXPECT_EQ(after.look.skins, "[]");
  EXPECT_TRUE(after.is_active) << "which is the scheduler's to say";
  const Answer wanting =
      must(edit(database(), {{f.id, ""}, R"({"name":"x"})", Absent::defaults}, rules, asha, now));
  EXPECT_EQ(std::get<Refused>(wanting).problems.size(), 4u);
}

TEST_F(Editors, CannotEditWhatSomebodyElseHasChangedMeanwhile) {
  const Festival f = created(tihar(2, 5));
  must(edit(database(), {{f.id, f.revision}, R"({"priority":3})"}, rules, asha, now));
  const auto late = edit(database(), {{f.id, f.revision}, R"({"priority":4})"}, rules, asha, now);
  EXPECT_EQ(code_of(late), Errc::conflict);
  const auto from_file = edit(database(), {{f.id, ""}, to_json(f)}, rules, asha, now);
  EXPECT_EQ(code_of(from_file), Errc::conflict) << "the file says which revision it is of";
  EXPECT_EQ(must(find(database(), f.id)).priority, 3);
  EXPECT_EQ(acts(), 2);
}

TEST_F(Editors, OfTwoAtOnceOneWins) {
  const Festival f = created(tihar(2, 5));
  std::atomic<int> saved = 0, stale = 0;
  {
    std::vector<std::jthread> editors;
    for (int i = 1; i <= 4; ++i)
      editors.emplace_back([&, i] {
        const std::string json = fmt::format(R"({{"priority":{}}})", i);
        const auto done = edit(database(), {{f.id, f.revision}, json}, rules, asha, now);
        if (done) ++saved;
        if (!done && done.error().code() == Errc::conflict) ++stale;
      });
  }
  EXPECT_EQ(saved, 1);
  EXPECT_EQ(stale, 3);
}

TEST_F(Editors, CannotSendAFestivalBackToAnother) {
  const Festival f = created(tihar(2, 5));
  const Festival other = created(tihar(8, 9));
  const std::string json = tihar(2, 5, fmt::format(R"(,"id":"{}")", f.id));
  const Answer answer = must(edit(database(), {{other.id, ""}, json}, rules, asha, now));
  EXPECT_EQ(problems_in(std::get<Refused>(answer).problems),
            fmt::format("id: it is of festival {}, not {}; leave it out, or edit that one", f.id,
                        other.id));
  EXPECT_EQ(must(find(database(), other.id)).starts_at, other.starts_at);
}

// ---------------------------------------------------------------- activate and end

TEST_F(Editors, ActivateAFestivalEarly) {
  const Festival f = created(tihar(2, 5));
  const Answer answer = must(activate(database(), {f.id, ""}, rules, asha, now));
  const Festival after = std::get<Saved>(answer).festival;
  EXPECT_EQ(after.starts_at, now);
  EXPECT_EQ(after.ends_at, f.ends_at);
  EXPECT_EQ(standing_at(after, now), Standing::running);
}

TEST_F(Editors, CannotActivateWhatRunsOrIsOver) {
  const Festival runs = created(tihar(-1, 5));
  const auto again = activate(database(), {runs.id, ""}, rules, asha, now);
  EXPECT_EQ(code_of(again), Errc::conflict);
  EXPECT_EQ(
      again.error().message(),
      fmt::format("activate festival {}: it runs since 2026-08-31T00:00:00Z already", runs.id));
  const Festival over = created(tihar(-5, -2));
  const auto late = activate(database(), {over.id, ""}, rules, asha, now);
  EXPECT_EQ(code_of(late), Errc::conflict);
  EXPECT_NE(late.error().message().find("move its endsAt by an edit first"), std::string::npos);
}

TEST_F(Editors, EndAFestivalEarly) {
  const Festival f = created(tihar(-1, 5));
  const Festival after = must(end(database(), {f.id, ""}, asha, now));
  EXPECT_EQ(after.ends_at, now - 1ms);
  EXPECT_EQ(standing_at(after, now), Standing::over);
  EXPECT_EQ(code_of(end(database(), {f.id, ""}, asha, now)), Errc::conflict);
}

TEST_F(Editors, EndWhatHasBegunThisVeryInstant) {
  const Festival f = created(tihar(2, 5));
  must(activate(database(), {f.id, ""}, rules, asha, now));
  const Festival after = must(end(database(), {f.id, ""}, asha, now));
  EXPECT_EQ(after.starts_at, after.ends_at);
  EXPECT_EQ(standing_at(after, now), Standing::over);
}

TEST_F(Editors, CannotEndWhatHasNotBegun) {
  const Festival f = created(tihar(2, 5));
  const auto ended = end(database(), {f.id, ""}, asha, now);
  EXPECT_EQ(code_of(ended), Errc::conflict);
  EXPECT_NE(ended.error().message().find("remove it, or move its dates by an edit"),
            std::string::npos);
}

TEST_F(Editors, ALookThatWasBrokenMayEndAndGoButNotStart) {
  const Festival running = created(tihar(-1, 5));
  const Festival coming = created(tihar(2, 5));
  sql("UPDATE festivals SET theme = '{\"colors\":{\"primary\":\"javascript:alert(1)\"}}', skins = "
      "'no json'");
  const Answer start = must(activate(database(), {coming.id, ""}, rules, asha, now));
  EXPECT_EQ(std::get<Refused>(start).problems.size(), 2u);
  EXPECT_EQ(must(find(database(), coming.id)).starts_at, coming.starts_at);
  EXPECT_TRUE(end(database(), {running.id, ""}, asha, now));
  EXPECT_TRUE(remove(database(), {running.id, ""}, asha, now));
  EXPECT_TRUE(remove(database(), {coming.id, ""}, asha, now));
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 0);
}

TEST_F(Editors, GiveAReasonForWhatUsersNotice) {
  const Festival f = created(tihar(-1, 5));
  for (const char* reason : {"", "  "}) {
    const Person silent{"asha", reason};
    EXPECT_EQ(code_of(edit(database(), {{f.id, ""}, "{}"}, rules, silent, now)), Errc::invalid);
    EXPECT_EQ(code_of(remove(database(), {f.id, ""}, silent, now)), Errc::invalid);
    EXPECT_EQ(code_of(activate(database(), {f.id, ""}, rules, silent, now)), Errc::invalid);
    EXPECT_EQ(code_of(end(database(), {f.id, ""}, silent, now)), Errc::invalid);
  }
  EXPECT_EQ(acts(), 1);
}

// ---------------------------------------------------------------- remove

TEST_F(Editors, RemoveAFestivalAndWhatItSells) {
  gift(1, "Rose");
  const Festival f = created(tihar(2, 5, R"(,"gifts":["Rose"])"));
  ASSERT_TRUE(remove(database(), {f.id, f.revision}, asha, now));
  EXPECT_EQ(number("SELECT count(*) FROM festival_gifts"), 0);
  EXPECT_EQ(code_of(find(database(), f.id)), Errc::not_found);
  EXPECT_EQ(code_of(remove(database(), {f.id, ""}, asha, now)), Errc::not_found);
}

TEST_F(Editors, CannotRemoveWhatClientsStillSee) {
  const Festival f = created(tihar(-1, 5));
  EXPECT_EQ(code_of(remove(database(), {f.id, ""}, asha, now)), Errc::conflict);
  set_active(f.id);
  must(end(database(), {f.id, ""}, asha, now));
  EXPECT_EQ(code_of(remove(database(), {f.id, ""}, asha, now)), Errc::conflict)
      << "nobody has told the clients that it has ended";
}

TEST_F(Editors, HearThatThereIsNoSuchFestival) {
  const auto nothing = find(database(), 7);
  EXPECT_EQ(code_of(nothing), Errc::not_found);
  EXPECT_EQ(nothing.error().message(), "find a festival: there is no festival 7");
  EXPECT_EQ(code_of(edit(database(), {{7, ""}, "{}"}, rules, asha, now)), Errc::not_found);
  EXPECT_EQ(code_of(activate(database(), {7, ""}, rules, asha, now)), Errc::not_found);
  EXPECT_EQ(code_of(end(database(), {7, ""}, asha, now)), Errc::not_found);
  EXPECT_EQ(code_of(preview(database(), 7, "NP", rules, now)), Errc::not_found);
  EXPECT_EQ(edits(), 0);
}

// ---------------------------------------------------------------- looking

TEST_F(Editors, ListByCountryAndStanding) {
  const auto over = created(tihar(-5, -2)).id, runs = created(tihar(-1, 5)).id,
             comes = created(tihar(2, 5)).id;
  const auto ids = [&](const Query& query) {
    std::vector<std::int64_t> found;
    for (const Festival& f : must(list(database(), query, now)).festivals) found.push_back(f.id);
    return found;
  };
  using Ids = std::vector<std::int64_t>;
  EXPECT_EQ(ids({}), (Ids{over, runs, comes}));
  EXPECT_EQ(ids({.standing = Standing::over}), Ids{over});
  EXPECT_EQ(ids({.standing = Standing::running}), Ids{runs});
  EXPECT_EQ(ids({.standing = Standing::coming}), Ids{comes});
  EXPECT_EQ(ids({.country = "NP"}).size(), 3u);
  EXPECT_EQ(ids({.country = "IN"}), Ids{});
}

TEST_F(Editors, PageThroughMany) {
  gift(1, "Rose");
  for (int i = 0; i < 7; ++i) created(tihar(i, i + 1, R"(,"gifts":["Rose"])"));
  Query query{.limit = 3};
  std::vector<std::int64_t> seen;
  int pages = 0;
  for (;;) {
    const Page page = must(list(database(), query, now));
    ++pages;
    for (const Festival& f : page.festivals) {
      seen.push_back(f.id);
      EXPECT_EQ(f.gifts, std::vector<std::string>{"Rose"});
    }
    if (!page.next_after) break;
    query.after = *page.next_after;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(Editors, PreviewAFestivalThatIsNotRunning) {
  const std::string look =
      R"(,"theme":{"name":"tihar","colors":{"primary":"#b3261e"}},"bonuses":{"giftMultiplier":2})";
  const Festival f = created(tihar(2, 5, look));
  const theme::Document own = must(preview(database(), f.id, "", rules, now));
  EXPECT_EQ(own.country, "NP");
  EXPECT_EQ(own.festival, f.id);
  EXPECT_EQ(own.look.name, "tihar");
  EXPECT_EQ(own.look.bonuses.gift, 200);
  EXPECT_EQ(must(preview(database(), f.id, "IN", rules, now)).country, "IN");
}

TEST_F(Editors, SeeADraftBeforeItIsKept) {
  const Festival kept = created(tihar(2, 5, R"(,"bonuses":{"giftMultiplier":2})"));
  const auto draft = [&](std::string_view json) {
    return must(preview_draft(database(), json, "", rules, now));
  };
  const std::string edit =
      fmt::format(R"({{"id":"{}","bonuses":{{"giftMultiplier":3}}}})", kept.id);
  const auto shown = std::get<theme::Document>(draft(edit));
  EXPECT_EQ(shown.festival, kept.id);
  EXPECT_EQ(shown.look.bonuses.gift, 300);
  EXPECT_EQ(must(preview(database(), kept.id, "", rules, now)).look.bonuses.gift, 200);
  EXPECT_EQ(std::get<theme::Document>(draft(tihar(1, 3))).country, "NP") << "of one that is new";
  EXPECT_EQ(std::get<Refused>(draft(R"({"name":""})")).problems.empty(), false);
  EXPECT_EQ(must(find(database(), kept.id)).revision, kept.revision);
}

TEST_F(Editors, ARevisionIsOfEverythingAFestivalHolds) {
  gift(1, "Rose");
  const Festival f = created(tihar(2, 5));
  EXPECT_EQ(must(find(database(), f.id)).revision, f.revision)
      << "and the same until something changes";
  std::set<std::string> seen{f.revision};
  for (const char* change : {"name = 'x'", "type = 'special'", "country = 'IN'", "priority = 4",
                             "starts_at = starts_at + 1", "ends_at = ends_at + 1", "is_active = 1",
                             "theme = '{ }'", "skins = '[ ]'", "bonuses = '{ }'"}) {
    if (sql::tested_engine() == "postgresql" &&
        std::string_view(change).find("_at") != std::string_view::npos)
      continue;  // an instant there is no number
    sql(fmt::format("UPDATE festivals SET {}", change));
    EXPECT_TRUE(seen.insert(must(find(database(), f.id)).revision).second) << change;
  }
  sql(fmt::format("INSERT INTO festival_gifts VALUES ({}, 1)", f.id));
  EXPECT_TRUE(seen.insert(must(find(database(), f.id)).revision).second);
}

// ---------------------------------------------------------------- safety

TEST_F(Editors, NothingInAnyFieldBreaksOut) {
  const char* attempts[] = {"'; DROP TABLE festivals; --",
                            "red; } body { background: url(//evil.example) } .x {",
                            "</style><script>alert(1)</script>",
                            "javascript:alert(1)",
                            "data:text/html,<script>alert(1)</script>",
                            "//evil.example/x.png",
                            "https://evil.example/x.png",
                            "/a\"),url(\"https://evil.example",
                            "/../../etc/passwd",
                            "/a\\b",
                            "expression(alert(1))",
                            "#fff;}*{display:none"};
  const char* fields[] = {R"("theme":{"name":$})",
                          R"("theme":{"colors":{"primary":$}})",
                          R"("theme":{"dark":{"text":$}})",
                          R"("theme":{"images":{"background":$}})",
                          R"("theme":{"logo":{"image":$,"alt":"x"}})",
                          R"("theme":{"fonts":{"heading":[$]}})",
                          R"("theme":{"overlay":$})",
                          R"("theme":{"elements":{"banner":{"link":$}}})",
                          R"("theme":{"elements":{$:{"visible":true}}})",
                          R"("theme":{$:"x"})",
                          R"("skins":[$])",
                          R"("skins":[{"name":"a","background":$}])",
                          R"("skins":[{"name":"a","border":$}])",
                          R"("skins":[{"name":"a","image":$}])",
                          R"("bonuses":{"giftMultiplier":$})",
                          R"("bonuses":{$:2})",
                          R"("gifts":[$])",
                          R"("type":$)",
                          R"("country":$)",
                          R"("startsAt":$)",
                          R"("priority":$)",
                          R"($:1)"};
  int tried = 0;
  for (const std::string attempt : attempts)
    for (const std::string field : fields) {
      std::string member = field;
      const std::string written = boost::json::serialize(boost::json::string(attempt));
      member.replace(member.find('$'), 1, written);
      std::string json = R"({"name":"T",)" + member;
      for (const auto& [name, rest] : {std::pair{"type", R"("cultural")"},
                                       {"country", R"("NP")"},
                                       {"startsAt", R"("2026-09-03T00:00:00Z")"},
                                       {"endsAt", R"("2026-09-04T00:00:00Z")"}})
        if (member.find(fmt::format("\"{}\":", name)) != 0)
          json += fmt::format(R"(,"{}":{})", name, rest);
      EXPECT_NE(refusal(json + "}"), "") << json;
      ++tried;
    }
  EXPECT_EQ(tried, 264);
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 0);
}

TEST_F(Editors, WhatPeopleReadIsKeptAsTextAndShownAsText) {
  const std::string name = "'; DROP TABLE festivals; -- </script>";
  const Festival f = created(
      R"({"name":"'; DROP TABLE festivals; -- </script>","type":"special","country":"GLOBAL",)"
      R"("startsAt":"2026-09-03T00:00:00Z","endsAt":"2026-09-04T00:00:00Z",)"
      R"("theme":{"elements":{"banner":{"text":"</style><script>alert(1)</script>"}}}})");
  EXPECT_EQ(f.name, name);
  const theme::Document document = must(preview(database(), f.id, "NP", rules, now));
  EXPECT_EQ(theme::to_css(document).find("script"), std::string::npos);
}

TEST_F(Editors, StatementsFitTheSchema) {
  EXPECT_TRUE(sql::prepare_all(database(), stmt::festivals::all));
}

}  // namespace
}  // namespace hotclock::festivals
