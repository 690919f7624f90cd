#include "service/ledger/node.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <vector>

#include "service/ledger/nodes.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string link_target(const char* path) {
  char target[256];
  const auto length = readlink(path, target, sizeof target);
  return length < 0 ? std::string() : std::string(target, static_cast<std::size_t>(length));
}

// The fields of /proc/PID/stat from the third on: the second is the program's name in parentheses,
// which may itself hold any of spaces and parentheses.
std::vector<std::string> stat_fields(std::int64_t pid) {
  const std::string line = first_line(fmt::format("/proc/{}/stat", pid));
  std::vector<std::string> fields;
  std::size_t at = line.rfind(')');
  if (at == std::string::npos) return fields;
  for (++at; at < line.size();) {
    const std::size_t begin = line.find_first_not_of(' ', at);
    if (begin == std::string::npos) break;
    at = std::min(line.find(' ', begin), line.size());
    fields.push_back(line.substr(begin, at - begin));
  }
  return fields;
}

// None where there is no such process, or only what its parent has not collected yet.
std::optional<std::int64_t> start_of(std::int64_t pid) {
  constexpr std::size_t state = 0, start_time = 19;
  const auto fields = stat_fields(pid);
  if (fields.size() <= start_time || fields[state] == "Z" || fields[state] == "X")
    return std::nullopt;
  std::int64_t start = 0;
  const std::string& text = fields[start_time];
  std::from_chars(text.data(), text.data() + text.size(), start);
  return start;
}

Result<> changed_one(sql::Transaction& transaction, const sql::Statement& statement,
                     std::int64_t node_id, std::initializer_list<sql::Param> params) {
  auto changed = transaction.exec(statement, params);
  if (!changed) return std::move(changed).error();
  if (*changed != 1) return Error(Errc::not_found, fmt::format("there is no node {}", node_id));
  return transaction.commit();
}

std::optional<Drain> drain_in(const sql::Rows& row) {
  if (row.is_null(10)) return std::nullopt;
  return Drain{std::string(row.text(10)), std::string(row.text(11)), row.instant(12)};
}

NodeView view_of(const sql::Rows& row) {
  const std::string_view host = row.text(2);  // and what tells its processes from others
  return {.id = row.integer(0),
          .info = {std::string(row.text(1)), std::string(row.text(3)), std::string(row.text(4))},
          .host = std::string(host.substr(0, host.find(' '))),
          .started_at = row.instant(5),
          .seen_at = row.instant(6),
          .stopped_at = row.instant_or_none(7),
          .clock_ahead = Duration{row.integer(8)},
          .running = row.integer(9),
          .drain = drain_in(row)};
}

}  // namespace

Process this_process() {
  const std::int64_t pid = getpid();
  const std::string boot_id = first_line("/proc/sys/kernel/random/boot_id");
  // A container may have no id of its machine: then each boot counts as another machine, and a
  // reboot is not taken for a proof that everything on a machine of the same name is gone.
  std::string machine = first_line("/etc/machine-id");
  if (machine.empty()) machine = boot_id;
  return {.host = host_name() + " " + machine + " " + link_target("/proc/self/ns/pid"),
          .boot_id = boot_id,
          .pid = pid,
          .start = start_of(pid).value_or(0)};
}

std::string host_name() {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
}

Life life_of(const Process& process) { return life_of(process, this_process()); }

Life life_of(const Process& process, const Process& here) {
  if (process.host != here.host) return Life::elsewhere;
  if (process.boot_id != here.boot_id) return Life::gone;
  return start_of(process.pid) == process.start ? Life::alive : Life::gone;
}

Result<Node> register_node(sql::Database& database, const NodeInfo& info, Instant now) {
  Node node{0, info.name.empty() ? host_name() : info.name, this_process()};
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error().within("register node");
  {
    auto rows = (*transaction)
                    ->query(stmt::nodes::add,
                            {node.name, node.process.host, node.process.boot_id, node.process.pid,
                             node.process.start, now, info.version, info.zone_data});
    if (!rows) return std::move(rows).error().within("register node");
    if ((*rows)->next()) node.id = (*rows)->integer(0);
    while ((*rows)->next()) {
    }
    if (auto end = (*rows)->end(); !end) return std::move(end).error().within("register node");
  }
  if (auto done = (*transaction)->commit(); !done)
    return std::move(done).error().within("register node");
  return node;
}

Result<Duration> saw_node(sql::Database& database, std::int64_t node_id, const Clock& machine) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error();
  const Instant shown = machine.now();
  const Instant now = (*transaction)->now().value_or(shown);
  const Duration ahead = shown - now;
  auto done = changed_one(**transaction, stmt::nodes::seen, node_id,
                          {node_id, now, std::int64_t{ahead.count()}});
  if (!done) return std::move(done).error();
  return ahead;
}

Result<> retire_node(sql::Database& database, std::int64_t node_id, Instant now) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error();
  return changed_one(**transaction, stmt::nodes::stopped, node_id, {node_id, now});
}

Result<std::vector<NodeView>> list_nodes(sql::Database& database, Instant since) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("list nodes");
  std::vector<NodeView> nodes;
  auto read = for_each_row(**transaction, stmt::nodes::list, {since},
                           [&](const sql::Rows& row) { nodes.push_back(view_of(row)); });
  if (!read) return std::move(read).error().within("list nodes");
  return nodes;
}

Result<NodeView> show_node(sql::Database& database, std::int64_t node_id) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("show node");
  auto node = first_row(**transaction, stmt::nodes::view, {node_id}, view_of);
  if (!node) return std::move(node).error().within("show node");
  if (!*node) return Error(Errc::not_found, fmt::format("there is no node {}", node_id));
  return **std::move(node);
}

}  // namespace hotclock::ledger
