// Loaded into a program by LD_PRELOAD: shifts its wall clock, and strikes it at a named point, as its board
// says. So what is struck is the program that is shipped, and nothing in it knows of tests. A program
// without a board runs as always.
//
// Points are found by what is said to libpq: which statements a transaction has run, and its COMMIT.
#include <dlfcn.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "tests/chaos/board.h"

namespace {

using hotclock::chaos::Board;
using hotclock::chaos::Point;

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

Board* map_board() {
  const char* file = std::getenv(hotclock::chaos::board_variable);
  if (!file) return nullptr;
  const int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  void* there = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return there == MAP_FAILED ? nullptr : static_cast<Board*>(there);
}

Board* board() {
  static Board* const mapped = map_board();
  return mapped;
}

// ---------------------------------------------------------------- the wall clock

std::int64_t ahead_ns() { return board() ? board()->clock_ahead_ms.load() * 1'000'000 : 0; }

timespec shifted(timespec time, std::int64_t by_ns) {
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t ns = time.tv_nsec + by_ns % second;
  std::int64_t seconds = time.tv_sec + by_ns / second;
  if (ns < 0) ns += second, --seconds;
  if (ns >= second) ns -= second, ++seconds;
  return {static_cast<time_t>(seconds), static_cast<long>(ns)};
}

constexpr int most_descriptors = 4096;
std::array<std::atomic<bool>, most_descriptors> on_wall_clock;  // timers, by their descriptors

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  static const auto next = real<int (*)(clockid_t, timespec*)>("clock_gettime");
  const int done = next(clock, time);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) *time = shifted(*time, ahead_ns());
  return done;
}

int gettimeofday(timeval* time, void* zone) {
  static const auto next = real<int (*)(timeval*, void*)>("gettimeofday");
  const int done = next(time, zone);
  const timespec there = shifted({time->tv_sec, time->tv_usec * 1000}, ahead_ns());
  *time = {there.tv_sec, there.tv_nsec / 1000};
  return done;
}

time_t time(time_t* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

int timerfd_create(int clock, int flags) {
  static const auto next = real<int (*)(int, int)>("timerfd_create");
  const int timer = next(clock, flags);
  if (timer >= 0 && timer < most_descriptors) on_wall_clock[timer] = clock == CLOCK_REALTIME;
  return timer;
}

int timerfd_settime(int timer, int flags, const itimerspec* when, itimerspec* before) {
  static const auto next = real<int (*)(int, int, const itimerspec*, itimerspec*)>("timerfd_settime");
  const bool wall = timer >= 0 && timer < most_descriptors && on_wall_clock[timer];
  if (!wall || !(flags & TFD_TIMER_ABSTIME)) return next(timer, flags, when, before);
  itimerspec there = *when;
  there.it_value = shifted(there.it_value, -ahead_ns());
  if (there.it_value.tv_sec <= 0) there.it_value = {1, 0};
  return next(timer, flags, &there, before);
}

}  // extern "C"

// ---------------------------------------------------------------- the strikes

namespace {

enum Kind { other, claim, prove, end, chunk_work };

Kind kind_of(const std::string& text) {
  const auto has = [&](const char* words) { return text.find(words) != text.npos; };
  if (has("INSERT INTO leases")) return claim;
  if (has("UPDATE leases") && has("SET cursor_at")) return prove;
  if (has("INSERT INTO history")) return end;
  if (has("UPDATE users") || has("UPDATE thrones")) return chunk_work;
  return other;
}

// What a connection has said since its last BEGIN.
struct Said {
  std::map<std::string, Kind> statements;  // by the names they are prepared under
  bool claimed = false, proven = false, ended = false, worked = false;
  Kind running = other;
  Point committing = Point::nowhere;  // where we are once the COMMIT that was sent is answered
};

pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
std::map<const PGconn*, Said>& conversations() {
  static auto* const all = new std::map<const PGconn*, Said>;
  return *all;
}

class Turn {
 public:
  Turn() { pthread_mutex_lock(&turn); }
  ~Turn() { pthread_mutex_unlock(&turn); }
};

void come_to(Point point) {
  Board* const there = board();
  if (!there || there->point.load() != point) return;
  if (there->passages.fetch_sub(1) != 1) return;
  const int signal = there->signal.load();
  there->point = Point::nowhere;
  ++there->struck;
  kill(getpid(), signal);
  // The signal is there before anything else is said.
  if (signal == SIGKILL)
    for (;;) pause();
}

void about_to_run(const PGconn* connection, const char* statement) {
  Point point = Point::nowhere;
  {
    const Turn mine;
    Said& said = conversations()[connection];
    said.running = said.statements[statement];
    said.claimed = said.claimed || said.running == claim;
    said.ended = said.ended || said.running == end;
    said.worked = said.worked || said.running == chunk_work;
    said.proven = said.proven || said.running == prove;
    if (said.running == prove && said.worked) point = Point::mid_chunk;
  }
  come_to(point);
}

void about_to_say(const PGconn* connection, const std::string& text) {
  Point point = Point::nowhere;
  {
    const Turn mine;
    Said& said = conversations()[connection];
    said.running = other;
    if (text.rfind("BEGIN", 0) == 0) said = {.statements = std::move(said.statements)};
    if (text.ends_with("COMMIT")) {  // alone, or behind the news that goes with it
      if (said.proven) point = Point::before_chunk_commits, said.committing = Point::after_chunk;
      if (said.ended) point = Point::before_end_commits, said.committing = Point::after_end_commits;
      if (said.claimed) point = Point::before_claim_commits, said.committing = Point::after_claim_commits;
    }
  }
  come_to(point);
}

void answered(const PGconn* connection, const PGresult* result) {
  Point point = Point::nowhere;
  {
    const Turn mine;
    Said& said = conversations()[connection];
    if (result && said.running == prove && PQresultStatus(result) == PGRES_COMMAND_OK &&
        std::strcmp(PQcmdTuples(const_cast<PGresult*>(result)), "0") == 0 && board())
      ++board()->stale_proofs;
    if (!result) point = std::exchange(said.committing, Point::nowhere);
  }
  if (point != Point::nowhere) come_to(point);
}

}  // namespace

extern "C" {

int PQsendPrepare(PGconn* connection, const char* name, const char* text, int count, const Oid* types) {
  static const auto next = real<decltype(&PQsendPrepare)>("PQsendPrepare");
  {
    const Turn mine;
    conversations()[connection].statements[name] = kind_of(text);
  }
  return next(connection, name, text, count, types);
}

int PQsendQueryPrepared(PGconn* connection, const char* name, int count, const char* const* values,
                        const int* lengths, const int* formats, int result_format) {
  static const auto next = real<decltype(&PQsendQueryPrepared)>("PQsendQueryPrepared");
  about_to_run(connection, name);
  return next(connection, name, count, values, lengths, formats, result_format);
}

int PQsendQuery(PGconn* connection, const char* text) {
  static const auto next = real<decltype(&PQsendQuery)>("PQsendQuery");
  about_to_say(connection, text);
  return next(connection, text);
}

int PQsendQueryParams(PGconn* connection, const char* text, int count, const Oid* types, const char* const* values,
                      const int* lengths, const int* formats, int result_format) {
  static const auto next = real<decltype(&PQsendQueryParams)>("PQsendQueryParams");
  about_to_say(connection, text);
  return next(connection, text, count, types, values, lengths, formats, result_format);
}

PGresult* PQgetResult(PGconn* connection) {
  static const auto next = real<decltype(&PQgetResult)>("PQgetResult");
  PGresult* const result = next(connection);
  answered(connection, result);
  return result;
}

void PQfinish(PGconn* connection) {
  static const auto next = real<decltype(&PQfinish)>("PQfinish");
  {
    const Turn mine;
    conversations().erase(connection);
  }
  next(connection);
}

}  // extern "C"
