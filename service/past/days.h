// Days as they stand in `job_days`, and how slots are counted into them.
#pragma once

#include <string>
#include <string_view>

#include "service/past/statistics.h"

namespace hotclock::past {

// A row of past_slots: scheduled_for, ended, trigger, attempt, started_at, ended_at.
void count_row(const sql::Rows& row, Figures& figures);

// {"completed":3}, and back; Errc::corrupt.
std::string ends_text(const Figures& figures);
Result<> read_ends(std::string_view text, Figures& figures);

// A row of job_days: day, ends, durations, lateness.
Result<Period> day_of_row(const sql::Rows& row);

}  // namespace hotclock::past
