// The scheduler library in one: clocks, cron expressions, jobs, the scheduler, and a ledger in
// memory.
//
//   find_package(Hotclock 0.1 REQUIRED)
//   target_link_libraries(program PRIVATE Hotclock::scheduler)
//
// It opens no socket and knows no SQL. The four interfaces a program may implement are Clock, Job,
// Ledger and Observer; each header says what it promises and which threads call it.
#pragma once

#include <hotclock/scheduler/base/clock.h>
#include <hotclock/scheduler/base/result.h>
#include <hotclock/scheduler/base/time.h>
#include <hotclock/scheduler/core/job.h>
#include <hotclock/scheduler/core/ledger.h>
#include <hotclock/scheduler/core/observer.h>
#include <hotclock/scheduler/core/policy.h>
#include <hotclock/scheduler/core/scheduler.h>
#include <hotclock/scheduler/cron/schedule.h>
#include <hotclock/scheduler/memory/memory_ledger.h>
#include <hotclock/scheduler/zone/zone.h>
