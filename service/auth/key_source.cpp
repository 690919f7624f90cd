#include "service/auth/key_source.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace hotclock::auth {
namespace {

constexpr std::size_t largest_file = 1 << 20;
constexpr Duration between_looks = std::chrono::seconds{1};

std::int64_t nanoseconds(const timespec& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

Result<std::string> text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) return Error(Errc::not_found, std::strerror(errno));
  std::string out(largest_file + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad() || (in.gcount() == 0 && !in.eof()))
    return Error(Errc::unavailable, "it cannot be read");
  out.resize(static_cast<std::size_t>(in.gcount()));
  if (out.size() > largest_file) return Error(Errc::invalid, "it is larger than 1 MiB");
  return out;
}

}  // namespace

KeySource::KeySource(KeyRing keys) : keys_(std::make_shared<const KeyRing>(std::move(keys))) {}

Result<std::unique_ptr<KeySource>> KeySource::of_file(std::filesystem::path file,
                                                      Complain complain) {
  const auto print = print_of(file);
  auto keys = read(file);
  if (!keys) return std::move(keys).error();
  return std::unique_ptr<KeySource>(
      new KeySource(std::move(file), std::move(complain), print, std::move(*keys)));
}

KeySource::KeySource(std::filesystem::path file, Complain complain, std::optional<Print> print,
                     KeyRing keys)
    : file_(std::move(file)),
      complain_(std::move(complain)),
      keys_(std::make_shared<const KeyRing>(std::move(keys))),
      print_(print) {}

std::shared_ptr<const KeyRing> KeySource::at(Instant now) {
  std::optional<Error> fault;
  std::shared_ptr<const KeyRing> keys;
  {
    const Lock lock(m_);
    fault = look_again(now);
    keys = keys_;
  }
  if (fault && complain_) complain_(*fault);
  return keys;
}

std::optional<Error> KeySource::look_again(Instant now) {
  // A wall clock that was set back is no reason to wait.
  const bool just_looked = looked_ <= now && now < looked_ + between_looks;
  if (file_.empty() || just_looked) return std::nullopt;
  looked_ = now;
  const auto print = print_of(file_);
  if (print == print_) return std::nullopt;
  print_ = print;  // taken before reading: what is written meanwhile is a change to come
  auto keys = read(file_);
  if (!keys) return std::move(keys).error();
  keys_ = std::make_shared<const KeyRing>(std::move(*keys));
  return std::nullopt;
}

std::optional<KeySource::Print> KeySource::print_of(const std::filesystem::path& file) {
  struct stat state {};
  if (stat(file.c_str(), &state) != 0) return std::nullopt;
  return Print{state.st_ino, state.st_size, nanoseconds(state.st_mtim), nanoseconds(state.st_ctim)};
}

Result<KeyRing> KeySource::read(const std::filesystem::path& file) {
  auto text = text_of(file);
  if (!text) return std::move(text).error().within("keys of tokens in " + file.string());
  auto keys = KeyRing::of_jwks(*text);
  if (!keys) return std::move(keys).error().within("keys of tokens in " + file.string());
  return keys;
}

}  // namespace hotclock::auth
