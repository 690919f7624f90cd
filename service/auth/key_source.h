// Where keys come from: one that stays, or a file that may change while we run.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/auth/key_ring.h"

namespace hotclock::auth {

// Told of a file of keys that cannot be used, once for each state of the file; the keys before it
// stay.
using Complain = std::function<void(const Error& why)>;

// Threads: any. `complain` is called by whoever asks for keys, without a lock.
class KeySource {
 public:
  explicit KeySource(KeyRing keys);
  // Reads the JWKS file; its error where it cannot be used.
  static Result<std::unique_ptr<KeySource>> of_file(std::filesystem::path file, Complain complain);

  // The keys. Looks at most once a second whether the file changed, and reads it then.
  std::shared_ptr<const KeyRing> at(Instant now) HOTCLOCK_EXCLUDES(m_);

 private:
  // What tells one state of a file from another.
  struct Print {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified = 0, changed = 0;  // nanoseconds
    friend bool operator==(const Print&, const Print&) = default;
  };

  KeySource(std::filesystem::path file, Complain complain, std::optional<Print> print,
            KeyRing keys);

  static std::optional<Print> print_of(const std::filesystem::path& file);
  static Result<KeyRing> read(const std::filesystem::path& file);
  // What is wrong with the file as it is now; its keys are in force where nothing is.
  std::optional<Error> look_again(Instant now) HOTCLOCK_REQUIRES(m_);

  const std::filesystem::path file_;  // empty: the keys stay
  const Complain complain_;
  Mutex m_;
  std::shared_ptr<const KeyRing> keys_ HOTCLOCK_GUARDED_BY(m_);
  std::optional<Print> print_ HOTCLOCK_GUARDED_BY(m_);
  Instant looked_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::auth
