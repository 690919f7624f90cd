#include "service/ledger/serving.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "service/ledger/nodes.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace {

// Nodes write down every 30 seconds that they work.
constexpr Duration silence_of_the_dead = std::chrono::seconds{90};

std::string lock_path(const std::string& where) {
  constexpr std::string_view scheme = "sqlite:";
  return where.substr(where.starts_with(scheme) ? scheme.size() : 0) + "-serve";
}

std::string content_of(int file) {
  char text[512];
  const auto length = pread(file, text, sizeof text, 0);
  std::string content(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!content.empty() && content.back() == '\n') content.pop_back();
  return content;
}

Error failed(const std::string& path, int why) {
  const Errc code = why == EROFS || why == EACCES || why == EPERM ? Errc::read_only
                    : why == ENOSPC                               ? Errc::disk_full
                                                                  : Errc::unavailable;
  return Error(code, fmt::format("{}: {}", path, std::strerror(why)));
}

// For the reader of a refusal; what holds is the lock, not this text.
Result<> sign(int file, const std::string& path, const std::string& node_name, Instant now) {
  const std::string text =
      fmt::format("node {}, process {}, since {}\n", node_name, getpid(), to_string(now));
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return failed(path, errno);
  return {};
}

}  // namespace

ServeLock::~ServeLock() {
  if (file_ >= 0) close(file_);
}

Result<ServeLock> lock_serving(sql::Database& database, const std::string& node_name, Instant now) {
  if (database.dialect().engine != "sqlite") return ServeLock();
  const std::string path = lock_path(database.where());
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return failed(path, errno).within("lock the database for serving");
  ServeLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed(path, errno).within("lock the database for serving");
    return Error(Errc::conflict,
                 fmt::format("{} is served already by {}", database.where(), content_of(file)));
  }
  if (auto signed_ = sign(file, path, node_name, now); !signed_)
    return std::move(signed_).error().within("lock the database for serving");
  return lock;
}

Result<bool> is_served(sql::Database& database, Instant now) {
  if (database.dialect().engine == "sqlite") {
    const auto lock = lock_serving(database, "a command", now);
    if (lock) return false;
    return lock.error().code() == Errc::conflict ? Result<bool>(true) : lock.error();
  }
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("ask who serves");
  auto alive = first_row(**transaction, stmt::nodes::alive, {now - silence_of_the_dead},
                         [](const sql::Rows& row) { return row.integer(0) > 0; });
  if (!alive) return std::move(alive).error().within("ask who serves");
  return alive->value_or(false);
}

}  // namespace hotclock::ledger
