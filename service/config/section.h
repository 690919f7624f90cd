// A table of settings while it is being read: typed, with places, and with every mistake collected.
//
//   Settings read(config::Section& s) {
//     Settings out;
//     out.share = s.decimal("bonus_share", out.share, {0, 0}, {1, 0});
//     out.chunk = s.integer("chunk", out.chunk, 1, 100'000);
//     s.finish();          // keys nobody asked for are mistakes
//     return out;          // use it only if s.error() has nothing to say
//   }
//
// A getter gives the live value, else the environment's, else the file's, else `otherwise`. After a mistake it
// records the problem and gives `otherwise`, so that one reading finds all of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/config/decimal.h"
#include "service/config/secret.h"

namespace hotclock::config {

// The variables of a process, or what a test says they are.
using Environment = std::map<std::string, std::string, std::less<>>;

// A value that was set while nodes work: stronger than all others.
struct LiveValue {
  std::string value;   // written as in the environment
  std::string origin;  // "live change 12 by asha"

  friend bool operator==(const LiveValue&, const LiveValue&) = default;
};
// By their keys: "jobs.trust-score.schedule". Keys that nobody asks for are no mistakes.
using LiveValues = std::map<std::string, LiveValue, std::less<>>;

// Where a value stands.
struct Place {
  std::string file;      // as it was named to us; empty where no file is concerned
  int line = 0;          // from 1
  int column = 0;        // from 1, in characters
  // What it came from where that is no file: "HOTCLOCK_LOG__LEVEL", "live change 12 by asha".
  std::string variable;

  // "hotclock.toml:4:11", "HOTCLOCK_LOG__LEVEL", "live change 12 by asha", or "default".
  std::string text() const;

  friend bool operator==(const Place&, const Place&) = default;
};

// One mistake in the settings.
struct Problem {
  Place place;
  std::string key;      // "scheduler.workers"; empty where the file as a whole is wrong
  std::string what;     // "0 is too small"
  std::string right;    // "1 to 1024"; empty where `what` says it all
  std::string excerpt;  // the line of the file, and carets below what is meant; may be empty

  // "hotclock.toml:4:11: scheduler.workers: 0 is too small; write 1 to 1024"
  std::string message() const;

  friend bool operator==(const Problem&, const Problem&) = default;
};

// One key's value in force, and where it came from: for `config show`.
struct Shown {
  std::string key;     // "jobs.og-daily-bonus.retries.count"
  std::string value;   // as it would stand in a file; passwords replaced
  std::string origin;  // Place::text()
};

class Reading;
struct SectionState;
struct Value;

// A cheap handle: copies read on in the same table and share what was found. Threads: one at a time
// for all sections of one Reading.
class Section {
 public:
  // A section of its own, for tests and tools. A text that is no TOML gives an empty section with
  // that problem in it.
  static Section parse(std::string_view toml, std::string name = "settings",
                       Environment environment = {});

  // Each asks for one key, which is known from then on.
  std::string text(std::string_view key, std::string_view otherwise);
  std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                       std::int64_t most);
  double real(std::string_view key, double otherwise, double least, double most);
  bool flag(std::string_view key, bool otherwise);
  // "90s", "5 min", "1h30m", "250ms"; units ms, s, m/min, h, d, w.
  Duration duration(std::string_view key, Duration otherwise, Duration least = Duration::zero(),
                    Duration most = std::chrono::days{36'500});
  // Exact: 0.6 is six tenths. As a number or as a text in quotes.
  Decimal decimal(std::string_view key, Decimal otherwise, Decimal least, Decimal most);
  // In the environment: separated by commas.
  std::vector<std::string> texts(std::string_view key, std::vector<std::string> otherwise);
  // One of `names`.
  std::string choice(std::string_view key, std::string_view otherwise,
                     std::initializer_list<std::string_view> names);
  std::string choice(std::string_view key, std::string_view otherwise,
                     std::span<const std::string_view> names);
  // "64 MiB", "512 KiB", "4096".
  std::int64_t bytes(std::string_view key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most);
  // A text that may carry a password (a URL's): shown without it.
  std::string url(std::string_view key, std::string_view otherwise);
  // A file's path; a relative one lies beside the file of settings. Empty where it is not set.
  std::filesystem::path file(std::string_view key);
  // A secret by reference: "env:NAME" or "file:PATH". One that stands there itself is refused, and
  // not repeated.
  Secret secret(std::string_view key);
  // The same, or a URL as it is.
  Secret secret_url(std::string_view key);
  // The table below `key`; empty where there is none. Its getters and finish() are its own.
  Section section(std::string_view key);
  // The keys of this table in the file, in its order: for tables whose names people choose. Does
  // not make them known.
  std::vector<std::string> keys() const;

  // Whether the key is set by file or environment. Does not make it known.
  bool given(std::string_view key) const;
  // Where the key's value came from.
  Place place(std::string_view key) const;
  // "jobs.og-daily-bonus.settings": what stands before the keys of this section in messages.
  const std::string& path() const;

  // Records a mistake the getters cannot see ("the weights sum to 0.9", "let them sum to 1"). It
  // stands where the key does; where that is not set, where the table does. `offset` and `length`
  // point into the text of a value, for carets.
  void refuse(std::string_view key, std::string what, std::string right = {},
              std::size_t offset = 0, std::size_t length = 0);

  // Call it after the last getter: every key and every HOTCLOCK_ variable of this section that
  // nobody asked for is a mistake. Gives error().
  Result<void> finish();

  // All problems of this section and of those below it, one a line; nothing where there are none.
  Result<void> error() const;
  std::vector<Problem> problems() const;

 private:
  friend class Reading;
  explicit Section(std::shared_ptr<SectionState> state) : state_(std::move(state)) {}

  Secret secret(std::string_view key, bool plain);
  Result<Secret> read_secret(const Value& value, bool plain);
  Secret of_environment(const std::string& variable);

  std::shared_ptr<SectionState> state_;
};

}  // namespace hotclock::config
