#include "service/sql/postgres_support.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

namespace hotclock::sql {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The newest of the servers that Debian keeps side by side.
std::string programs() {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (fs::exists(version.path() / "bin/initdb")) found.push_back(version.path() / "bin/");
  if (found.empty())
    throw std::runtime_error("no PostgreSQL server in /usr/lib/postgresql: run tools/install-packages test");
  return *std::ranges::max_element(found);
}

// The server refuses to be root.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  return user ? user : getpwnam("nobody");
}

void become_server_user() {
  if (const passwd* user = server_user())
    if (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) _exit(126);
}

void enter_network(const std::string& name) {
  const int network = open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (network < 0 || setns(network, CLONE_NEWNET) != 0) _exit(126);
}

// Runs a program as the server's user, its words into `log`. `stay`: returns at once, and the
// program ends with us.
pid_t launch(const std::vector<std::string>& words, const std::string& log, bool stay,
             const ServerOptions& options = {}) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  if (!options.network.empty()) enter_network(options.network);
  for (const std::string& variable : options.environment) putenv(const_cast<char*>(variable.c_str()));
  become_server_user();
  if (stay) {
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent) _exit(0);
  }
  if (!freopen(log.c_str(), "a", stdout) || dup2(1, 2) < 0) _exit(126);
  if (chdir("/") != 0) _exit(126);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void run_to_its_end(const std::vector<std::string>& words, const std::string& log) {
  int status = -1;
  waitpid(launch(words, log, false), &status, 0);
  if (status != 0) throw std::runtime_error(words[0] + " failed:\n" + content(log));
}

}  // namespace

pid_t launch_as_server_user(const std::vector<std::string>& words, const std::string& log) {
  return launch(words, log, true);
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

std::string plain_postgres(const std::string& url, const std::string& text) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> db(PQconnectdb(url.c_str()), PQfinish);
  if (PQstatus(db.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(db.get()));
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(db.get(), text.c_str()),
                                                              PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(text + ": " + PQerrorMessage(db.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string with_database(const std::string& url, const std::string& name) {
  const auto begin = url.find('/', url.find("//") + 2) + 1;
  const auto end = url.find('?', begin);
  return url.substr(0, begin) + name + (end == std::string::npos ? "" : url.substr(end));
}

// ---------------------------------------------------------------- a server

PostgresServer::PostgresServer(const ServerOptions& options) : options_(options) {
  const fs::path parent = options.parent.empty() ? fs::temp_directory_path() : fs::path(options.parent);
  std::string pattern = (parent / "hotclock-pg-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  if (const passwd* user = server_user())
    if (chown(directory_.c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("cannot give " + directory_ + " to the server's user");
  make();
  start();
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) stop("immediate");
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void PostgresServer::make() {
  const std::string log = directory_ + "/log";
  if (options_.standby_of)
    run_to_its_end({programs() + "pg_basebackup", "--pgdata", directory_ + "/data", "--dbname",
                    options_.standby_of->url(), "--write-recovery-conf", "--checkpoint", "fast", "--no-sync"},
                   log);
  else
    run_to_its_end({programs() + "initdb", "--pgdata", directory_ + "/data", "--username", "postgres",
                    "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
                    "--no-instructions"},
                   log);
  port_ = free_port();
  std::ofstream settings(directory_ + "/data/postgresql.conf", std::ios::app);
  settings << "listen_addresses = '" << (options_.network.empty() ? "127.0.0.1" : "*") << "'\nport = " << port_ << "\nunix_socket_directories = '"
           << directory_ << "'\nmax_connections = 200\nshared_buffers = 128MB\n"
           << "log_min_messages = fatal\nlog_min_error_statement = panic\n"
           // In its directory, so that a server that is killed leaves nothing outside of it.
           << "dynamic_shared_memory_type = mmap\n";
  if (!options_.network.empty())
    std::ofstream(directory_ + "/data/pg_hba.conf", std::ios::app) << "host all all all trust\n";
  if (!options_.durable) settings << "fsync = off\nfull_page_writes = off\n";
  if (options_.tls) {
    run_to_its_end({"/usr/bin/openssl", "req", "-new", "-x509", "-days", "30", "-nodes", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out",
                    directory_ + "/data/server.crt", "-keyout", directory_ + "/data/server.key"},
                   log);
    settings << "ssl = on\n";
  }
  for (const std::string& line : options_.settings) settings << line << "\n";
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql://postgres@/" + database + "?host=" + directory_ + "&port=" + std::to_string(port_);
}

std::string PostgresServer::tcp_url(const std::string& database, int port) const {
  return "postgresql://postgres@127.0.0.1:" + std::to_string(port) + "/" + database;
}

void PostgresServer::start() {
  pid_ = launch({programs() + "postgres", "-D", directory_ + "/data"}, directory_ + "/log", true, options_);
  for (int attempt = 0; PQping(url().c_str()) != PQPING_OK; ++attempt) {
    int status = 0;
    if (attempt > 6000 || waitpid(pid_, &status, WNOHANG) == pid_)
      throw std::runtime_error("PostgreSQL does not start:\n" + content(directory_ + "/log"));
    std::this_thread::sleep_for(5ms);
  }
}

bool PostgresServer::runs() const { return PQping(url().c_str()) == PQPING_OK; }

void PostgresServer::stop(const std::string& mode) {
  if (pid_ <= 0) return;
  ::kill(pid_, mode == "immediate" ? SIGQUIT : mode == "fast" ? SIGINT : SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void PostgresServer::kill() {
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
  // Backends notice that the postmaster is gone; until then a new one would refuse to start.
  const std::string lock = directory_ + "/data/postmaster.pid";
  std::error_code ignored;
  fs::remove(lock, ignored);
}

std::string PostgresServer::run(const std::string& text, const std::string& database) const {
  return plain_postgres(url(database), text);
}

void PostgresServer::promote() {
  run_to_its_end({programs() + "pg_ctl", "promote", "--pgdata", directory_ + "/data"}, directory_ + "/log");
}

// ---------------------------------------------------------------- the shared one

std::string shared_postgres() {
  static const std::string url = [] {
    std::string line;
    if (std::ifstream started(HOTCLOCK_TEST_POSTGRES); std::getline(started, line))
      if (PQping(line.c_str()) == PQPING_OK) return line;
    static PostgresServer own;
    return own.url();
  }();
  return url;
}

PostgresScratch::PostgresScratch(const std::string& template_name) {
  static std::mt19937_64 random{std::random_device{}()};
  name_ = "t" + std::to_string(getpid()) + "_" + std::to_string(random() % 1'000'000'000);
  plain_postgres(shared_postgres(), "CREATE DATABASE " + name_ + " TEMPLATE " + template_name);
}

PostgresScratch::~PostgresScratch() {
  try {
    plain_postgres(shared_postgres(), "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what();
  }
}

std::string PostgresScratch::url() const { return with_database(shared_postgres(), name_); }

}  // namespace hotclock::sql
