// The whole program, for its own main() and for programs that work jobs of their own beside the
// platform's.
#pragma once

#include "service/jobs/catalogue.h"

namespace hotclock::cli {

// Runs the command that the arguments name, and gives the exit code. `catalogue` is all the jobs
// there are: the platform's, some of them, or others beside them,
//
//   auto jobs = hotclock::jobs::catalogue();
//   jobs.push_back(newcomers_entry());
//   return hotclock::cli::run_program(argc, argv, std::move(jobs));
//
// and each has its file in jobs.d/ and HOTCLOCK_JOBS__NAME__KEY. Two of one name are refused. As
// the first process of a container it runs it in a child and looks after what is left alone
// (first_process.h). REQUIRES: called once, by main(), before any thread begins.
int run_program(int argc, char** argv, jobs::Catalogue catalogue = jobs::catalogue());

}  // namespace hotclock::cli
