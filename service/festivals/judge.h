// What becomes of a festival by what an editor wrote, and all that is wrong with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/festivals/festival_json.h"
#include "service/festivals/store.h"

namespace hotclock::festivals {

struct Judged {
  Festival festival;                // as it would be stored
  std::vector<std::int64_t> gifts;  // their ids
  Judgement judgement;
};

// `base`: what the draft changes; an empty one with id 0 for a festival that is new.
Result<Judged> judge(Sql& sql, Draft draft, Festival base, const theme::Rules& rules);

// What an editor should know of one that may be stored: festivals.h, Judgement::notes.
Result<std::vector<std::string>> notes_for(Sql& sql, const Festival& festival);

// What is wrong with a look, by the members of a festival's JSON.
std::vector<Problem> problems_of_look(const theme::Written& look, const theme::Rules& rules);

// Which members are another: "name, priority"; empty where none is.
std::string difference(const Festival& before, const Festival& after);

}  // namespace hotclock::festivals
