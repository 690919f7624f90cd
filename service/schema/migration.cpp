#include "service/schema/migration.h"

#include <cstdint>
#include <cstdio>
#include <optional>

namespace hotclock::schema {
namespace {

std::optional<std::string_view> word_for(std::string_view name, const sql::Dialect& dialect) {
  if (name == "instant") return dialect.instant;
  if (name == "integer") return dialect.integer;
  if (name == "real") return dialect.real;
  if (name == "identity") return dialect.identity;
  if (name == "table_end") return dialect.table_end;
  if (name == "keyed_end") return dialect.keyed_end;
  if (name == "roomy_end") return dialect.roomy_end;
  if (name == "and_id") return dialect.and_id;
  if (name == "took") return dialect.took;
  if (name == "by_words") return dialect.by_words;
  if (name == "platform") return dialect.platform;
  return std::nullopt;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == text.npos;
}

std::string_view trimmed(std::string_view line) {
  const auto from = line.find_first_not_of(" \t\r");
  if (from == line.npos) return "";
  return line.substr(from, line.find_last_not_of(" \t\r") + 1 - from);
}

// The line without a comment at its end. No migration has "--" inside a text.
std::string_view code_of(std::string_view line) { return trimmed(line.substr(0, line.find("--"))); }

// FNV-1a: this is against oversights, not against malice.
std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return (hash ^ '\n') * 0x100000001b3;
}

}  // namespace

Result<std::string> text_for(const Migration& migration, const sql::Dialect& dialect) {
  std::string made;
  std::string_view rest = migration.text;
  for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
    made += rest.substr(0, open);
    rest.remove_prefix(open);
    const auto close = rest.find('}');
    const std::string_view name = close == rest.npos ? "" : rest.substr(1, close - 1);
    const auto word = word_for(name, dialect);
    if (!word && is_word(name))
      return Error(Errc::internal, std::string(migration.name) + ": no placeholder is called {" +
                                       std::string(name) + "}");
    made += word ? *word : rest.substr(0, 1);
    rest.remove_prefix(word ? close + 1 : 1);
  }
  return made += rest;
}

bool is_platforms(const Migration& migration) {
  return migration.text.find("{platform}") != migration.text.npos;
}

std::string checksum(const Migration& migration) {
  std::uint64_t hash = 0xcbf29ce484222325;
  std::string_view rest = migration.text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (const auto code = code_of(rest.substr(0, end)); !code.empty()) hash = mixed(hash, code);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace hotclock::schema
