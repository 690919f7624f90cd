#include "service/config/secret.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "scheduler/base/redact.h"
#include "service/config/reading.h"

namespace hotclock::config {
namespace {

constexpr std::string_view of_variable = "env:";
constexpr std::string_view of_file = "file:";
constexpr std::size_t longest = 64 << 10;

Result<std::string> first_bytes(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    return Error(Errc::invalid, "it is a directory, not a file");
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) return Error(Errc::not_found, std::strerror(errno));
  std::string out(longest + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return Error(Errc::unavailable, "it cannot be read to its end");
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

void cut_end_of_line(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string what_is_right(bool plain) {
  return std::string(plain ? "write a URL, " : "write ") + "env:NAME or file:PATH";
}

}  // namespace

Result<std::string> Secret::reveal() const {
  if (file.empty() && value.empty()) return Error(Errc::not_found, "it is not set").within(shown);
  if (file.empty()) return value;
  auto text = first_bytes(file);
  if (!text) return std::move(text).error().within(shown);
  if (text->size() > longest) return Error(Errc::invalid, "it is longer than 64 KiB").within(shown);
  cut_end_of_line(*text);
  if (text->empty()) return Error(Errc::invalid, "it is empty").within(shown);
  return text;
}

std::filesystem::path Section::file(std::string_view key) {
  const std::filesystem::path path = text(key, "");
  return path.empty() ? path : state_->beside() / path;
}

Secret Section::secret(std::string_view key) { return secret(key, false); }

Secret Section::secret_url(std::string_view key) { return secret(key, true); }

Secret Section::secret(std::string_view key, bool plain) {
  state_->secrets.emplace_back(key);
  const auto found = state_->ask(key);
  Secret out;
  if (found) {
    auto read = read_secret(found->value, plain);
    if (read)
      out = std::move(*read);
    else
      state_->complain(key, *found, read.error().message(), what_is_right(plain));
  }
  state_->show(key, in_quotes(out.shown), found ? found->place : Place{});
  return out;
}

// What the message of an error says may be seen by anybody.
Result<Secret> Section::read_secret(const Value& value, bool plain) {
  const bool is_text = value.kind == Value::Kind::text || value.kind == Value::Kind::words;
  if (!is_text) return Error(Errc::invalid, "a text in quotes belongs here");
  const std::string_view text = value.text;
  if (text.empty()) return Secret{};
  if (text.starts_with(of_variable) && text.size() > of_variable.size())
    return of_environment(std::string(text.substr(of_variable.size())));
  if (text.starts_with(of_file) && text.size() > of_file.size())
    return Secret{std::string(text), {}, state_->beside() / text.substr(of_file.size())};
  if (plain) return Secret{without_passwords(text), std::string(text), {}};
  return Error(Errc::invalid, "a secret does not stand here itself");
}

Secret Section::of_environment(const std::string& variable) {
  state_->reading->reserve(variable);
  return Secret{std::string(of_variable) + variable, state_->reading->value_of(variable), {}};
}

}  // namespace hotclock::config
