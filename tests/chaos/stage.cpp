#include "tests/chaos/stage.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/chaos/unrest.sql.h"
#include "tests/chaos/verdict.sql.h"
#include "tests/chaos/witness.sql.h"

namespace hotclock::chaos {
namespace {

namespace fs = std::filesystem;

constexpr const char* database = "platform";
// Enough for a platform and its write-ahead log, and soon full.
constexpr const char* small_disk = "size=400m,mode=0777";

std::string made_directory() {
  std::string pattern = (fs::temp_directory_path() / "hotclock-chaos-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  chmod(pattern.c_str(), 0755);  // the server's user reads boards there
  return pattern;
}

using Answer = std::unique_ptr<PGresult, void (*)(PGresult*)>;
using Session = std::unique_ptr<PGconn, void (*)(PGconn*)>;

Answer checked(PGconn* session, PGresult* result, const std::string& what) {
  const auto status = PQresultStatus(result);
  Answer answer(result, PQclear);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(what + ": " + PQerrorMessage(session));
  return answer;
}

// A setting of a job by its file.
std::string job_file(const std::string& schedule, const std::string& zone) {
  return "schedule = \"" + schedule + "\"\nzone = \"" + zone +
         "\"\nlease = \"5 s\"\n[retries]\ncount = 50\nfirst_delay = \"200 ms\"\nbackoff = \"fixed\"\n";
}

}  // namespace

// ---------------------------------------------------------------- beginning and end

Stage::Stage(const StageOptions& options)
    : options_(options),
      directory_(made_directory()),
      server_board_(directory_ + "/server-board"),
      schedules_{{"throne-expiry", "UTC", 1},
                 {"stream-ranking", "Australia/Lord_Howe", 2},
                 {"festival-activation", "Asia/Kathmandu", 3},
                 {"trust-score", "America/New_York", 5},
                 {"og-daily-bonus", "Australia/Sydney", 15}} {
  fs::create_directory(directory_ + "/jobs.d");
  fs::create_directory(directory_ + "/disk");
  fs::permissions(directory_ + "/disk", fs::perms::all);
  // Where the server's user finds it, wherever it was built.
  fs::copy_file(HOTCLOCK_CHAOS_PRELOAD, directory_ + "/preload.so");
  if (Network::missing().empty()) network_.emplace(most_nodes);
  sql::ServerOptions server{.durable = true};
  server.settings = {"max_wal_size = 64MB", "min_wal_size = 32MB"};
  if (network_) server.network = network_->database();
  for (const auto& [name, value] : server_board_.environment())
    server.environment.push_back(name + "=" + (name == "LD_PRELOAD" ? directory_ + "/preload.so" : value));
  if (options_.small_disk) {
    server.parent = directory_ + "/disk";
    if (mount("tmpfs", server.parent.c_str(), "tmpfs", 0, small_disk) != 0)
      throw std::runtime_error("cannot mount a small disk");
  }
  server_ = std::make_unique<sql::PostgresServer>(server);
  proxy_ = std::make_unique<sql::Proxy>(server_->socket_file());
  server_->run(std::string("CREATE DATABASE ") + database);
  std::ofstream(directory_ + "/hotclock.toml")
      << "[scheduler]\nworkers = 3\npoll = \"50 ms\"\nlook_for_lost = \"200 ms\"\ndrain = \"20 s\"\n";
  for (const JobSchedule& schedule : schedules_) write_settings(schedule);
  const Ended made = Program({"demo", "--users", std::to_string(options_.users), "--history-days", "0"},
                             environment(server_->url(database)), directory_)
                         .wait();
  if (made.code != 0) throw std::runtime_error("no demo: " + made.err);
  exec("CREATE ROLE hotclock LOGIN");
  exec(hotclock({"doctor", "--grants", "hotclock"}).out);
  exec(std::string(stmt::witness::install.text));
}

Stage::~Stage() {
  nodes_.clear();
  proxy_.reset();
  server_.reset();
  if (options_.small_disk) umount((directory_ + "/disk").c_str());
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Stage::write_settings(const JobSchedule& schedule) const {
  std::ofstream file(directory_ + "/jobs.d/" + schedule.job + ".toml");
  const std::string second = schedule.every == 1 ? "*" : "*/" + std::to_string(schedule.every);
  file << job_file(second + " * * * * *", schedule.zone);
  if (schedule.job == "og-daily-bonus")
    // Many small chunks in several partitions: time and places to be struck.
    file << "[settings]\nchunk = 20\npartitions = 6\n";
}

// ---------------------------------------------------------------- the nodes

std::map<std::string, std::string> Stage::environment(const std::string& url) const {
  return {{"HOTCLOCK_CONFIG", directory_ + "/hotclock.toml"}, {"HOTCLOCK_DATABASE_URL", url}};
}

Place Stage::place_of(int i) const {
  Place place;
  place.directory = directory_;
  std::string url = server_->url(database);
  if (way_ == Way::proxy) url = server_->tcp_url(database, proxy_->port());
  if (way_ == Way::network && network_) {
    url = "postgresql://postgres@" + network_->database_address(i) + ":" + std::to_string(server_->port()) + "/" +
          database;
    place.network = network_->node(i);
  }
  // The least rights that will do.
  url.replace(url.find("postgres@"), 8, "hotclock");
  place.environment = environment(url);
  place.another_machine = machines_of_their_own_ && network_.has_value();
  return place;
}

void Stage::fleet(Way way, bool machines_of_their_own) {
  curtain();
  way_ = way;
  machines_of_their_own_ = machines_of_their_own;
  const bool first = number("SELECT count(*) FROM witness.schedules") == 0;
  const auto before = number("SELECT count(*) FROM hotclock.nodes");
  for (int i = 0; i < most_nodes; ++i) nodes_.push_back(std::make_unique<Node>(place_of(i)));
  if (!comes_true([&] { return number("SELECT count(*) FROM hotclock.nodes") == before + most_nodes; }))
    throw std::runtime_error("the nodes do not come up:\n" + node(0).log());
  if (!first) return;
  comes_true([&] { return number("SELECT count(*) FROM hotclock.jobs") >= 5; });
  for (const JobSchedule& schedule : schedules_)
    exec("INSERT INTO witness.schedules VALUES ('" + schedule.job + "', '" + schedule.zone + "', " +
         std::to_string(schedule.every) + ", clock_timestamp())");
}

void Stage::replace(int i) {
  const auto before = number("SELECT count(*) FROM hotclock.nodes");
  nodes_.at(static_cast<std::size_t>(i)) = std::make_unique<Node>(place_of(i));
  comes_true([&] { return number("SELECT count(*) FROM hotclock.nodes") > before; });
}

void Stage::is_struck(int i) {
  exec("INSERT INTO witness.struck VALUES (" + std::to_string(node(i).pid()) + ")");
}

void Stage::everybody_may_lose() {
  for (int i = 0; i < most_nodes; ++i) is_struck(i);
}

void Stage::curtain() {
  for (auto& node : nodes_)
    if (node->lives()) node->is_told_to_end();
  for (auto& node : nodes_) node->ends();
  nodes_.clear();
}

// ---------------------------------------------------------------- what people do

Ended Stage::hotclock(const std::vector<std::string>& words) {
  return Program(words, environment(server_->url(database)), directory_).wait();
}

void Stage::is_done(const std::vector<std::string>& words) {
  const Ended ended = hotclock(words);
  if (ended.code != 0) throw std::runtime_error("hotclock " + words[0] + ": " + ended.out + ended.err);
}

void Stage::asks_for_a_bonus() {
  const std::string at = text("SELECT to_char((now() AT TIME ZONE 'Australia/Sydney')::date - 300 + " +
                              std::to_string(bonus_days_++) + ", 'YYYY-MM-DD')") +
                         "T00:05";
  const std::string slot = "SELECT s.id FROM hotclock.slots AS s WHERE s.trigger = 'manual' AND s.scheduled_for = '" +
                           at + "'::timestamp AT TIME ZONE 'Australia/Sydney'";
  Program person({"run", "og-daily-bonus", "--at", at}, environment(server_->url(database)), directory_);
  if (!comes_true([&] { return !text(slot).empty(); }))
    throw std::runtime_error("a bonus could not be asked for: " + person.log());
  // It may have begun to work where it saw nobody else.
  exec("INSERT INTO witness.struck VALUES (" + std::to_string(person.pid()) + ")");
  exec("INSERT INTO witness.bonuses SELECT asked.id, (SELECT max(id) FROM platform.users) FROM (" + slot + ") AS asked");
}

void Stage::pauses(const std::string& job) {
  is_done({"pause", job, "--reason", "chaos"});
  exec("INSERT INTO witness.pauses VALUES ('" + job + "', clock_timestamp(), NULL)");
}

void Stage::resumes(const std::string& job) {
  exec("UPDATE witness.pauses SET until = clock_timestamp() WHERE until IS NULL AND job = '" + job + "'");
  is_done({"resume", job, "--reason", "chaos"});
}

void Stage::edits_schedule(const std::string& job, int every) {
  for (JobSchedule& schedule : schedules_)
    if (schedule.job == job) {
      schedule.every = every;
      write_settings(schedule);
      exec("INSERT INTO witness.unsure VALUES ('" + job + "', clock_timestamp(), NULL);"
           "UPDATE witness.schedules SET until = clock_timestamp() WHERE until IS NULL AND job = '" + job + "';"
           "INSERT INTO witness.schedules VALUES ('" + job + "', '" + schedule.zone + "', " +
           std::to_string(every) + ", clock_timestamp())");
    }
}

void Stage::schedules_are_settled() {
  exec("UPDATE witness.unsure SET until = clock_timestamp() + interval '1 second' WHERE until IS NULL");
}

void Stage::a_viewer_joins() {
  exec("INSERT INTO platform.users (username, og_level, og_expires_at, country, created_at)"
       " SELECT 'newcomer ' || max(id), 1, now() + interval '15 days', 'NP', clock_timestamp() FROM platform.users");
}

void Stage::thrones_are_claimed(int how_many) {
  exec("INSERT INTO platform.thrones (stream_id, user_id, username, claimed_at, expires_at) SELECT 1 + i % 5,"
       " 1 + i, 'viewer', clock_timestamp(), clock_timestamp() + interval '1 second' * (1 + 3 * random())"
       " FROM generate_series(1, " + std::to_string(how_many) + ") AS i");
}

// ---------------------------------------------------------------- the database

void Stage::sets_database_clock(std::int64_t seconds) {
  const std::string before = text("SELECT clock_timestamp()");
  server_board_->clock_ahead_ms += seconds * 1000;
  if (seconds >= 0) return;
  const std::string back = "interval '" + std::to_string(-seconds) + " s'";
  exec("INSERT INTO witness.set_back VALUES (clock_timestamp() + " + back + ", '" + before + "'::timestamptz - " +
       back + ")");
}

void Stage::fills_the_disk() {
  std::ofstream filler(directory_ + "/disk/filler", std::ios::binary);
  const std::string block(1 << 16, '\0');
  while (filler.write(block.data(), static_cast<std::streamsize>(block.size())) && filler.flush()) {
  }
}

void Stage::frees_the_disk() { fs::remove(directory_ + "/disk/filler"); }

// ---------------------------------------------------------------- what is seen

std::string Stage::text(const std::string& query) const {
  return sql::plain_postgres(server_->url(database), query);
}

std::int64_t Stage::number(const std::string& query) const {
  const std::string found = text(query);
  return found.empty() ? -1 : std::stoll(found);
}

std::int64_t Stage::payments() const {
  return number("SELECT count(*) FROM platform.transactions WHERE type = 'og_bonus'");
}

bool Stage::bonus_is_done() const {
  return number("SELECT count(*) FROM witness.bonuses AS b JOIN hotclock.slot_states AS s ON s.id = b.slot_id"
                " WHERE s.state <> 'ended'") == 0;
}

std::int64_t Stage::lost_attempts() const {
  return number("SELECT count(*) FROM hotclock.history WHERE outcome = 'lost'");
}

bool Stage::comes_true(const std::function<bool()>& condition) const {
  return hotclock::comes_true([&] {
    try {
      return condition();
    } catch (const std::exception&) {  // the server is away
      return false;
    }
  });
}

namespace {

std::vector<std::string> lines_of(PGconn* session, const sql::Statement& query, const std::string& until) {
  const char* values[] = {until.c_str()};
  const bool asks = query.text.find("$1") != query.text.npos;
  const Answer answer = checked(session,
                                PQexecParams(session, std::string(query.text).c_str(), asks ? 1 : 0, nullptr,
                                             values, nullptr, nullptr, 0),
                                std::string(query.name));
  std::vector<std::string> lines;
  for (int row = 0; row < PQntuples(answer.get()); ++row)
    lines.push_back(std::string(query.name) + ": " + PQgetvalue(answer.get(), row, 0));
  return lines;
}

Session opened(const std::string& url) {
  Session session(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(session.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(session.get()));
  return session;
}

}  // namespace

std::vector<std::string> Stage::comes_to_rest() const {
  std::string until;
  std::vector<std::string> undone{"PostgreSQL does not answer"};
  comes_true([&] {
    if (until.empty()) until = text("SELECT clock_timestamp()");
    const Session session = opened(server_->url(database));
    undone = lines_of(session.get(), stmt::unrest::slots, until);
    for (const sql::Statement* query : {&stmt::unrest::thrones, &stmt::verdict::lost})
      for (std::string& line : lines_of(session.get(), *query, until)) undone.push_back(std::move(line));
    return undone.empty();
  });
  return undone;
}

std::vector<std::string> Stage::violations() const {
  // What came due in the last few seconds may still be at work.
  const std::string until = text("SELECT clock_timestamp() - interval '8 seconds'");
  const Session session = opened(server_->url(database));
  std::vector<std::string> all;
  for (const sql::Statement* query : stmt::verdict::all)
    for (std::string& line : lines_of(session.get(), *query, until)) all.push_back(std::move(line));
  const Ended doctor = const_cast<Stage*>(this)->hotclock({"doctor"});
  if (doctor.code != 0)
    all.push_back("doctor: it ends with " + std::to_string(doctor.code) + ": " + doctor.out + doctor.err);
  return all;
}

}  // namespace hotclock::chaos
