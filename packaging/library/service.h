// The service in one: jobs that work on the database in fenced chunks, and the whole program that
// schedules them.
//
//   find_package(Hotclock 0.1 REQUIRED COMPONENTS service)
//   target_link_libraries(program PRIVATE Hotclock::service)
//
// A job is an Entry of a Catalogue; hotclock::cli::run_program() takes the catalogue and does all
// that `hotclock` does.
#pragma once

#include <hotclock/scheduler.h>

#include <hotclock/service/cli/program.h>
#include <hotclock/service/config/section.h>
#include <hotclock/service/jobs/catalogue.h>
#include <hotclock/service/outbox/event.h>
#include <hotclock/service/sql/rows.h>
#include <hotclock/service/sql/sql.h>
#include <hotclock/service/work/chunk.h>
