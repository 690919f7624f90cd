#include "service/sql/sqlite_error.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace hotclock::sql {
namespace {

// Where the lock of the one writer lies in the -shm file; part of SQLite's published file format.
constexpr unsigned long long write_lock_offset = 120;

// One line of /proc/locks: "1: POSIX  ADVISORY  WRITE 4711 08:01:131074 120 120".
struct KernelLock {
  std::string number, kind, mode, access, file, first, last;
  long pid = 0;

  explicit KernelLock(const std::string& line) {
    std::istringstream(line) >> number >> kind >> mode >> access >> pid >> file >> first >> last;
  }
  // The writer's lock may be held as part of a range.
  bool covers(unsigned long long offset) const {
    const auto from = std::strtoull(first.c_str(), nullptr, 10);
    const auto to = last == "EOF" ? offset : std::strtoull(last.c_str(), nullptr, 10);
    return access == "WRITE" && from <= offset && offset <= to;
  }
};

// The file as /proc/locks names it. Asked by stat alone: opening and closing the -shm file would
// drop every lock this process holds on it.
std::string kernel_name(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return "";
  char name[64];
  std::snprintf(name, sizeof name, "%02x:%02x:%llu", major(info.st_dev), minor(info.st_dev),
                static_cast<unsigned long long>(info.st_ino));
  return name;
}

std::string program_of(long pid) {
  std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(comm, name);
  return name;
}

std::string with_path(const std::string& path, const std::string& what) {
  return path + " " + what;
}

// Why the system refused; 0 where nobody knows. SQLite keeps it for some errors; for the others it
// is still what the failed call left behind, since nothing else was called in between.
int system_cause(sqlite3* db) {
  const int left_behind = errno;
  const int kept = sqlite3_system_errno(db);
  return kept != 0 ? kept : left_behind;
}

std::string system_words(int cause) {
  return cause == 0 ? "" : std::string(" (") + std::strerror(cause) + ")";
}

Error io_error(sqlite3* db, int rc, const std::string& path) {
  const int cause = system_cause(db);
  // SQLite knows ENOSPC alone as a full disk; a quota or a file size limit is the same to us.
  if (cause == EDQUOT || cause == EFBIG || cause == ENOSPC)
    return Error(Errc::disk_full, with_path(path, "cannot grow") + system_words(cause));
  if (rc == SQLITE_IOERR_SHORT_READ || rc == SQLITE_IOERR_CORRUPTFS)
    return Error(Errc::corrupt, with_path(path, "is damaged: it ends too early"));
  return Error(Errc::unavailable, with_path(path, "cannot be read or written: ") +
                                      sqlite3_errstr(rc) + system_words(cause));
}

Error constraint_error(sqlite3* db, int rc) {
  const std::string words = sqlite3_errmsg(db);
  switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Error(Errc::unique, words);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Error(Errc::foreign_key, words);
    // DATATYPE is a STRICT table's: above all a sum beyond 64 bits, which SQLite makes a real of.
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE:
      return Error(Errc::check, words);
    default:
      return Error(Errc::internal, words);
  }
}

}  // namespace

std::string write_lock_holder(const std::string& path) {
  const std::string file = kernel_name(path + "-shm");
  std::ifstream locks("/proc/locks");
  for (std::string line; !file.empty() && std::getline(locks, line);) {
    const KernelLock lock(line);
    if (lock.file != file || !lock.covers(write_lock_offset) || lock.pid <= 0) continue;
    if (lock.pid == getpid()) return "this process";
    const std::string program = program_of(lock.pid);
    return "process " + std::to_string(lock.pid) + (program.empty() ? "" : " (" + program + ")");
  }
  return "another process";
}

Error sqlite_error(sqlite3* db, int rc, const std::string& path, const Watch& watch) {
  switch (rc & 0xFF) {
    case SQLITE_CONSTRAINT:
      return constraint_error(db, rc);
    case SQLITE_INTERRUPT:
      return watch.cut_short();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return watch.waited_for(with_path(path, "is locked by ") + write_lock_holder(path));
    case SQLITE_FULL:
      return Error(Errc::disk_full, with_path(path, "cannot grow: no room left"));
    case SQLITE_READONLY:
      return Error(Errc::read_only, with_path(path, "cannot be written"));
    case SQLITE_CORRUPT:
      return Error(Errc::corrupt,
                   with_path(path, "is damaged: ") + sqlite3_errmsg(db) + "; restore a backup");
    case SQLITE_NOTADB:
      return Error(Errc::corrupt, with_path(path, "is not an SQLite database"));
    case SQLITE_IOERR:
      return io_error(db, rc, path);
    case SQLITE_CANTOPEN:
      return Error(Errc::unavailable,
                   with_path(path, "cannot be opened") + system_words(system_cause(db)));
    default:
      return Error(Errc::internal, sqlite3_errmsg(db));
  }
}

}  // namespace hotclock::sql
