#include "tests/scaling/pgbouncer.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>
#include <stdexcept>

#include "tests/process/program.h"

namespace hotclock {

PgBouncer::PgBouncer(const sql::PostgresServer& server, const std::string& mode, int size)
    : port_(sql::free_port()) {
  const std::string base = server.directory() + "/pgbouncer-" + std::to_string(port_);
  std::ofstream(base + ".users") << "\"postgres\" \"\"\n";
  std::ofstream(base + ".ini") << "[databases]\n* = host=" << server.directory() << " port=" << server.port()
                               << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
                               << "\nunix_socket_dir =\nauth_type = trust\nauth_file = " << base
                               << ".users\npool_mode = " << mode << "\ndefault_pool_size = " << size
                               << "\nmax_client_conn = 200\n";
  pid_ = sql::launch_as_server_user({"/usr/sbin/pgbouncer", "--quiet", base + ".ini"}, base + ".log");
  if (!comes_true([&] { return PQping(url().c_str()) == PQPING_OK; }))
    throw std::runtime_error("PgBouncer does not start: run tools/install-packages test");
}

PgBouncer::~PgBouncer() {
  ::kill(pid_, SIGTERM);  // at once
  waitpid(pid_, nullptr, 0);
}

std::string PgBouncer::url(const std::string& database) const {
  return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

}  // namespace hotclock
