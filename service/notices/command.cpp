// A program that is given the message as JSON, and says by its exit what came of it.
#include "service/command/command.h"

#include <sys/wait.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "service/notices/kinds.h"

namespace hotclock::notices {
namespace {

constexpr std::int64_t open_files = 256;
constexpr int wrong_data = 65;  // EX_DATAERR
constexpr Duration grace = std::chrono::seconds{1};
constexpr std::size_t kept_output = 4 << 10;

// Asks for a stop when the time is over, or when somebody else asks.
class Limit {
 public:
  Limit(Duration time, const std::stop_token& stop)
      : on_stop_(stop, [this] { source_.request_stop(); }),
        watch_([this, time](std::stop_token over) {
          std::unique_lock lock(m_);
          if (!changed_.wait_for(lock, over, time, [] { return false; }) && !over.stop_requested())
            exceeded_ = true, source_.request_stop();
        }) {}

  std::stop_token token() const { return source_.get_token(); }
  bool exceeded() const { return exceeded_; }

 private:
  std::stop_source source_;
  std::atomic<bool> exceeded_ = false;
  std::mutex m_;
  std::condition_variable_any changed_;
  const std::stop_callback<std::function<void()>> on_stop_;
  std::jthread watch_;
};

command::Launch::Limit limit(__rlimit_resource_t resource, std::int64_t most) {
  return {resource, {static_cast<rlim_t>(most), static_cast<rlim_t>(most)}};
}

Answer::Fate fate_of(const command::CommandEnd& end) {
  if (end.asked_to_stop || !WIFEXITED(end.status)) return Answer::Fate::away;
  const int code = WEXITSTATUS(end.status);
  if (code == wrong_data) return Answer::Fate::refused;
  return code == 0 ? Answer::Fate::sent : Answer::Fate::away;
}

class Command final : public Notifier {
 public:
  explicit Command(config::NotifierConfig settings) : settings_(std::move(settings)) {}

  Answer tell(const Message& message, Instant, std::stop_token stop) override {
    ExecutionLog log(kept_output);
    const Limit time(settings_.timeout, stop);
    const auto end = command::run_command(launch_of(message), {time.token(), grace}, log);
    if (!end) return away(end.error());
    Answer answer{.said = command::to_words(*end)};
    if (time.exceeded()) answer.said = "it took too long";
    if (const std::string last = log.last_line(); !last.empty()) answer.said += ": " + last;
    answer.fate = fate_of(*end);
    return answer;
  }

 private:
  command::Launch launch_of(const Message& message) const {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(settings_.cpu_time).count();
    return {.argv = settings_.argv,
            .environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
                            "HOTCLOCK_NOTIFIER=" + settings_.name, "HOTCLOCK_NOTICE=" + message.id},
            .directory = "/",
            .limits = {limit(RLIMIT_CORE, 0), limit(RLIMIT_NOFILE, open_files),
                       limit(RLIMIT_AS, settings_.memory), limit(RLIMIT_CPU, seconds)},
            .input = json_of(message, settings_) + "\n"};
  }

  const config::NotifierConfig settings_;
};

}  // namespace

std::unique_ptr<Notifier> make_command(const config::NotifierConfig& settings) {
  return std::make_unique<Command>(settings);
}

}  // namespace hotclock::notices
