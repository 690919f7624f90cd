// All that `hotclock` does, with one job more: `own-job serve`, `own-job run newcomers`, `own-job
// jobs` ...
#include <hotclock/service.h>

#include <utility>

#include "newcomers.h"

int main(int argc, char** argv) {
  hotclock::jobs::Catalogue jobs = hotclock::jobs::catalogue();
  jobs.push_back(newcomers::entry());
  return hotclock::cli::run_program(argc, argv, std::move(jobs));
}
