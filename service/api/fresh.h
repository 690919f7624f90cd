// A value of the database's that many requests share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/api/workers.h"

namespace hotclock::api {

struct FreshSettings {
  Duration lasts = std::chrono::seconds{1};  // so long nobody asks anew
  // What lies at least between two questions, whatever is known of the answer.
  Duration between = std::chrono::milliseconds{100};
};

// Asked for by one worker at a time and at most once in a while, however many want it; who comes
// when it is not fresh waits for the next answer. Where that is an error, the value from before is
// good enough, and while errors last nobody waits who can have that.
//
// Threads: the loop's; it may end elsewhere when loop and workers run no more, and must not end
// while asking(). A worker runs `ask`.
template <class T>
class Fresh {
 public:
  using Value = std::shared_ptr<const T>;
  // The value; `before` is the last one, or null.
  using Ask = std::function<Result<Value>(const Value& before, const std::stop_token& stop)>;
  using Use = std::function<void(const Result<Value>& value)>;

  // `workers` and `loop` outlive it.
  Fresh(Workers& workers, http::Loop& loop, FreshSettings settings, Ask ask)
      : workers_(workers), loop_(loop), settings_(settings), ask_(std::move(ask)) {}
  ~Fresh() { loop_.cancel(timer_); }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;

  // At once where it is fresh.
  void get(Use use) {
    if (is_fresh()) return use(value_);
    if (failed_ && value_) {
      use(value_);
      return ask_soon();
    }
    wait(std::max(wanted_, done_ + 1), std::move(use));
  }

  // What a question finds that begins after now.
  void get_newer(Use use) { wait(begun_ + 1, std::move(use)); }

  // What was found before is not good any more.
  void outdate() { wanted_ = begun_ + 1; }

  // Whether an answer is awaited, so that it must not end yet.
  bool asking() const { return begun_ > done_ || timer_.number != 0; }

 private:
  struct Waiting {
    std::int64_t question;  // the first one that will do
    Use use;
  };

  bool is_fresh() const {
    return value_ && done_ >= wanted_ && loop_.now() < asked_at_ + settings_.lasts;
  }

  void wait(std::int64_t question, Use use) {
    waiting_.push_back({question, std::move(use)});
    ask_soon();
  }

  void ask_soon() {
    if (asking()) return;
    const auto rest = std::chrono::ceil<Duration>(asked_at_ + settings_.between - loop_.now());
    if (begun_ == 0 || rest <= Duration::zero()) return ask();
    timer_ = loop_.after(rest, [this] {
      timer_ = {};
      ask();
    });
  }

  void ask() {
    ++begun_;
    asked_at_ = loop_.now();
    workers_.run<Value>(
        [ask = ask_, before = value_](const std::stop_token& stop) { return ask(before, stop); },
        [this](Result<Value> found) { learn(std::move(found)); });
  }

  void learn(Result<Value> found) {
    done_ = begun_;
    failed_ = !found;
    if (found) value_ = std::move(found).value();
    const Result<Value> told = found || value_ ? Result<Value>(value_) : std::move(found);
    std::vector<Waiting> all = std::exchange(waiting_, {});
    for (Waiting& one : all)
      if (one.question > done_)
        waiting_.push_back(std::move(one));
      else
        one.use(told);
    if (!waiting_.empty()) ask_soon();
  }

  Workers& workers_;
  http::Loop& loop_;
  const FreshSettings settings_;
  const Ask ask_;
  Value value_;
  bool failed_ = false;      // the last question was
  std::int64_t begun_ = 0;   // questions
  std::int64_t done_ = 0;    // the last one that was answered
  std::int64_t wanted_ = 0;  // the first one whose answer is good
  Steady asked_at_{};
  http::Loop::TimerId timer_ = {};
  std::vector<Waiting> waiting_;
};

}  // namespace hotclock::api
