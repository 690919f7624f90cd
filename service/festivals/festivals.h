// What editors do to festivals. Each act is one transaction with its row in the audit and in
// festival_edits, and is told to every node: a running scheduler turns flags, gifts and themes at
// once. Nothing here turns them itself.
//
// A festival comes in and goes out as JSON (festival_json.h). What an editor wrote wrongly is no
// error but an answer: Refused, with every problem there is. Errors are Errc::not_found (there is
// no such festival), conflict (it was changed meanwhile, or its dates forbid the act; the message
// says what would be right), invalid (an act without its reason) and those of the database; nothing
// was changed then. Threads: any, as the database has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/ledger/control.h"
#include "service/sql/sql.h"
#include "service/theme/document.h"
#include "service/theme/look.h"

namespace hotclock::festivals {

// Who does it, and why: activate, end, edit and remove want a reason.
using ledger::Person;
using theme::Problem;

struct Festival {
  std::int64_t id = 0;
  std::string name;
  std::string type;     // one of types()
  std::string country;  // "GLOBAL", or two capitals
  std::int64_t priority = 0;
  Instant starts_at;
  Instant ends_at;         // the last instant at which it runs
  bool is_active = false;  // as the scheduler last said; by its dates it may be another already
  theme::Written look;
  std::vector<std::string> gifts;  // by name, in alphabetical order
  // Of all of the above: another as soon as anything of it is.
  std::string revision;
};

enum class Standing { coming, running, over };
// By its dates alone.
Standing standing_at(const Festival& festival, Instant t);
std::string_view to_string(Standing standing);
using hotclock::to_string;  // of instants too

// ---------------------------------------------------------------- looking

struct Query {
  std::string country;  // empty: any
  std::optional<Standing> standing;
  std::int64_t after = 0;  // the last id of the page before
  std::int64_t limit = 50;
};
struct Page {
  std::vector<Festival> festivals;         // by id
  std::optional<std::int64_t> next_after;  // none: there are no more
};
Result<Page> list(sql::Database& database, const Query& query, Instant now);

Result<Festival> find(sql::Database& database, std::int64_t id);

// What `country` would wear while the festival dresses it: now where it runs, otherwise at its
// nearest instant. An empty country is the festival's own.
Result<theme::Document> preview(sql::Database& database, std::int64_t id, std::string_view country,
                                const theme::Rules& rules, Instant now);

// ---------------------------------------------------------------- writing

// All that is wrong with a festival's JSON, in the order in which it is read; and what an editor
// should know though nothing is wrong: which festivals overlap, and who dresses which country when.
struct Judgement {
  std::vector<Problem> problems;
  std::vector<std::string> notes;
};
// As create() would judge it. A member "id" names the festival whose new form it is: that one is
// not told to overlap itself, and what the JSON leaves out is as it stands there.
Result<Judgement> validate(sql::Database& database, std::string_view json,
                           const theme::Rules& rules);

struct Saved {
  Festival festival;
  std::vector<std::string> notes;
};
struct Refused {
  std::vector<Problem> problems;
};
using Answer = std::variant<Saved, Refused>;

// What preview() would show once validate()'s draft were stored; nothing is.
using DraftPreview = std::variant<theme::Document, Refused>;
Result<DraftPreview> preview_draft(sql::Database& database, std::string_view json,
                                   std::string_view country, const theme::Rules& rules,
                                   Instant now);

// The festival an act is about; `revision`: as the editor has seen it, or empty, whatever it is
// now.
struct Which {
  std::int64_t id = 0;
  std::string revision;
};

Result<Answer> create(sql::Database& database, std::string_view json, const theme::Rules& rules,
                      const Person& by, Instant now);

// How an edit takes members that its JSON leaves out.
enum class Absent {
  stays,     // as they are
  defaults,  // as if the festival were created anew
};
struct Edit {
  Which which;
  std::string_view json;  // a member "revision" in it counts where which.revision is empty
  Absent absent = Absent::stays;
};
Result<Answer> edit(sql::Database& database, const Edit& edit, const theme::Rules& rules,
                    const Person& by, Instant now);

// Errc::conflict while it runs, or its end has not been told to the clients: end it first, for what
// is gone cannot be told. Its look may be broken.
Result<> remove(sql::Database& database, const Which& which, const Person& by, Instant now);

// It starts now. Errc::conflict where it runs or is over; Refused where its look is broken.
Result<Answer> activate(sql::Database& database, const Which& which, const theme::Rules& rules,
                        const Person& by, Instant now);

// Its last instant was the one before now. Errc::conflict where it does not run; its look may be
// broken.
Result<Festival> end(sql::Database& database, const Which& which, const Person& by, Instant now);

}  // namespace hotclock::festivals
