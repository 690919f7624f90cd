// For tests: PostgreSQL servers of one's own, on a free loopback port and in a directory that goes
// with them, and databases on one that all tests share.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hotclock::sql {

class PostgresServer;

struct ServerOptions {
  // False: what is committed need not outlive a power cut. Such a server is quicker.
  bool durable = false;
  bool tls = false;
  std::vector<std::string> settings = {};  // lines of postgresql.conf
  std::string parent = {};   // where its directory is made; empty: where temporary files are
  std::string network = {};  // the network namespace it lives in, trusted by all there; empty: ours
  std::vector<std::string> environment = {};  // NAME=value, for the server's processes
  // A standby that follows this one by streaming; it is made of a base backup.
  const PostgresServer* standby_of = nullptr;
};

// Starts a program as the user of the servers, its words into `log`; it ends with the calling thread.
pid_t launch_as_server_user(const std::vector<std::string>& words, const std::string& log);
int free_port();

// A server with a user and a database "postgres", trusted from this machine. It ends with the thread
// that started it, however that ends.
class PostgresServer {
 public:
  explicit PostgresServer(const ServerOptions& options = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  int port() const { return port_; }
  // The file of its socket, which lies in no network.
  std::string socket_file() const { return directory_ + "/.s.PGSQL." + std::to_string(port_); }
  bool runs() const;
  // By the server's socket file.
  std::string url(const std::string& database = "postgres") const;
  // By TCP, at `port` of this machine: the server's own, or that of something in between.
  std::string tcp_url(const std::string& database, int port) const;
  std::string directory() const { return directory_; }

  void start();
  // As an operator would: "fast" ends sessions, "immediate" crashes.
  void stop(const std::string& mode = "fast");
  void kill();  // SIGKILL for all its processes
  // Makes a standby a primary, and returns when it can be written.
  void promote();
  void restart() { stop(), start(); }

  // Runs a text on the database; the first column of the first row of its last result.
  std::string run(const std::string& text, const std::string& database = "postgres") const;

 private:
  void make();

  const ServerOptions options_;
  std::string directory_;
  int port_ = 0;
  pid_t pid_ = 0;
};

// The server that all tests of a run share: the one that ctest started (tests/postgres), else one of
// this process's own.
std::string shared_postgres();

// An empty database on the shared server, dropped with everything in it.
class PostgresScratch {
 public:
  // `template_name`: a database to copy.
  explicit PostgresScratch(const std::string& template_name = "template1");
  ~PostgresScratch();
  PostgresScratch(const PostgresScratch&) = delete;
  PostgresScratch& operator=(const PostgresScratch&) = delete;

  const std::string& name() const { return name_; }
  std::string url() const;

 private:
  std::string name_;
};

// Runs a text by plain libpq, past the seam; the first column of the first row of its last result.
std::string plain_postgres(const std::string& url, const std::string& text);

// "postgresql://postgres@/NAME?host=..." made of another database's URL on the same server.
std::string with_database(const std::string& url, const std::string& name);

}  // namespace hotclock::sql
