// A slot and an execution as people and programs read them.
#pragma once

#include <string>

#include "service/cli/table.h"
#include "service/ledger/history.h"

namespace hotclock::cli {

// "completed", "running", ...: its end, or where it stands.
std::string standing(const ledger::SlotView& slot);
Tone tone_of(const ledger::SlotView& slot);

// "3,041 users, 541,820 coins": a tally's JSON in words; empty where it holds nothing.
std::string tally_words(const std::string& tally_json);

}  // namespace hotclock::cli
