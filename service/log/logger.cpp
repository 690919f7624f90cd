#include "service/log/logger.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace hotclock::log {
namespace {

// More different warnings than that at once are written as they come.
constexpr std::size_t most_keys = 1000;

std::string job_of(const std::vector<Field>& fields) {
  const auto job = std::ranges::find(fields, std::string_view("job"), &Field::name);
  if (job == fields.end()) return {};
  const auto* name = std::get_if<std::string_view>(&job->value.any());
  return name ? std::string(*name) : std::string();
}

}  // namespace

Write to_stderr() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_pattern("%v");
  return [sink](std::string_view line) {
    sink->log({"", spdlog::level::info, spdlog::string_view_t(line.data(), line.size())});
    sink->flush();
  };
}

Logger::Logger(LoggerSettings settings, const Clock& clock, Write write)
    : settings_(std::move(settings)), clock_(clock), write_(std::move(write)) {}

Logger::~Logger() { flush(); }

void Logger::log(Level level, std::string_view message, const std::vector<Field>& fields) {
  if (!enabled(level)) return;
  std::vector<Field> all(fields);
  if (level >= Level::warning && settings_.repeat_after > Duration::zero()) {
    const auto left_out = admit({level, std::string(message), job_of(fields)});
    if (!left_out) return;
    if (*left_out > 0) all.push_back({"left_out", *left_out});
  }
  tell_of_repeated();
  write(level, message, std::move(all));
}

void Logger::tell_of_repeated() { tell(over(clock_.steady() - settings_.repeat_after)); }

void Logger::flush() { tell(over(Steady::max())); }

std::optional<std::int64_t> Logger::admit(Key key) {
  const Steady now = clock_.steady();
  Lock lock(m_);
  const auto known = repeated_.find(key);
  if (known == repeated_.end()) {
    if (repeated_.size() < most_keys) repeated_.emplace(std::move(key), Repeated{now});
    return 0;
  }
  Repeated& repeated = known->second;
  if (now - repeated.written < settings_.repeat_after) {
    ++repeated.left_out;
    return std::nullopt;
  }
  const std::int64_t left_out = repeated.left_out;
  repeated = Repeated{now};
  return left_out;
}

// Forgets what was written by `until`, and gives those of which something was left out.
std::vector<Logger::Told> Logger::over(Steady until) {
  std::vector<Told> out;
  Lock lock(m_);
  for (auto at = repeated_.begin(); at != repeated_.end();) {
    if (at->second.written > until) {
      ++at;
      continue;
    }
    if (at->second.left_out > 0) out.push_back({at->first, at->second.left_out});
    at = repeated_.erase(at);
  }
  return out;
}

void Logger::tell(const std::vector<Told>& repeated) const {
  for (const auto& [key, left_out] : repeated) {
    std::vector<Field> fields;
    if (!key.job.empty()) fields.push_back({"job", key.job});
    fields.push_back({"left_out", left_out});
    write(key.level, key.message, std::move(fields));
  }
}

void Logger::write(Level level, std::string_view message, std::vector<Field> fields) const {
  const Entry entry{clock_.now(), level, message, std::move(fields), settings_.node};
  write_(settings_.format == Format::json ? json_line(entry) : text_line(entry));
}

}  // namespace hotclock::log
