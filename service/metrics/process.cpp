#include "service/metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace hotclock::metrics {
namespace {

double ticks_a_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The fields behind the program's name, which may hold spaces and brackets.
std::vector<double> fields_of_stat(const std::string& stat) {
  std::istringstream rest(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string state;
  rest >> state;
  std::vector<double> fields;
  for (double field = 0; rest >> field;) fields.push_back(field);
  fields.resize(std::max<std::size_t>(fields.size(), 40));
  return fields;
}

double line_of(const std::string& text, std::string_view name) {
  const auto at = text.find(name);
  return at == text.npos ? 0 : std::atof(text.c_str() + at + name.size());
}

double files_in(const std::string& folder) {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    ++count;
  return count;
}

double most_files() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

void tell(Reading& out, const ProcessUse& use) {
  out.counters("process_cpu_seconds_total", "Processor time used, in user and system mode.");
  out.add(use.cpu_seconds);
  out.gauges("process_start_time_seconds", "When the process began, as Unix time.");
  out.add(use.started_at);
  out.gauges("process_resident_memory_bytes", "Memory that is held in RAM.");
  out.add(use.resident_bytes);
  out.gauges("process_resident_memory_max_bytes", "The most memory that was ever held in RAM.");
  out.add(use.peak_resident_bytes);
  out.gauges("process_virtual_memory_bytes", "Address space.");
  out.add(use.virtual_bytes);
  out.gauges("process_threads", "Threads.");
  out.add(use.threads);
  out.gauges("process_open_fds", "Open file descriptors.");
  out.add(use.open_files);
  out.gauges("process_max_fds", "File descriptors that may be open at once.");
  out.add(use.most_files);
}

}  // namespace

ProcessUse process_use(const std::string& proc) {
  const std::vector<double> stat = fields_of_stat(text_of(proc + "/self/stat"));
  const std::string status = text_of(proc + "/self/status");
  const double booted = line_of(text_of(proc + "/stat"), "\nbtime ");
  ProcessUse use;
  // Fields 14, 15, 20 and 22 of proc(5), which counts the id, the name and the state as 1 to 3.
  use.cpu_seconds = (stat[10] + stat[11]) / ticks_a_second();
  use.threads = stat[16];
  use.started_at = booted + stat[18] / ticks_a_second();
  use.resident_bytes = line_of(status, "VmRSS:") * 1024;
  use.peak_resident_bytes = line_of(status, "VmHWM:") * 1024;
  use.virtual_bytes = line_of(status, "VmSize:") * 1024;
  use.open_files = files_in(proc + "/self/fd");
  use.most_files = most_files();
  return use;
}

void add_process(Metrics& metrics) {
  metrics.add([](Reading& out) { tell(out, process_use()); });
}

}  // namespace hotclock::metrics
