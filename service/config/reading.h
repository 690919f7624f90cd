// What all sections of one set of settings share: the environment, the mistakes, the values in
// force.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/config/section.h"
#include "service/config/tree.h"

namespace hotclock::config {

// "jobs.og-daily-bonus.enabled" -> "HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED".
std::string variable_of(std::string_view key);

// A table of a file.
struct Layer {
  std::shared_ptr<const Document> document;
  const Table* table = nullptr;

  Place at(int line, int column) const;
};

// One reading of all files and of the environment. It lives as long as one of its sections.
class Reading : public std::enable_shared_from_this<Reading> {
 public:
  static std::shared_ptr<Reading> of(Environment environment, LiveValues live = {});

  // What [env.NAME] of each file says goes before the rest of that file. Before the first file.
  void choose_profile(std::string name) { profile_ = std::move(name); }
  // The names of all profiles in the files read so far, in the order of the alphabet.
  const std::set<std::string>& profiles() const { return profiles_; }
  // A profile that no file has is a mistake, where `place` chose it. After the last file.
  void refuse_unknown_profile(const Place& place);

  // The root of a file, whose keys begin with `path` in messages and in the environment's names.
  // Of a text that is no TOML: an empty section, and the problem is recorded.
  Section file(std::string name, std::string_view toml, std::string path = {});
  // The same without a file.
  Section nothing(std::string path = {});

  // `variable` may be written as `alias` too; the proper name goes before it.
  void alias(std::string variable, std::string alias);
  // A variable that is no setting, although its name looks like one.
  void reserve(std::string variable);

  // What a variable of the environment says, whatever its name; empty where it is not set.
  std::string value_of(const std::string& variable) const;

  void add(Problem problem);
  const std::vector<Problem>& problems() const { return problems_; }
  const std::vector<Shown>& shown() const { return shown_; }

 private:
  friend class Section;
  friend struct SectionState;

  struct Given {
    std::string variable;
    std::string text;
  };

  Reading(Environment environment, LiveValues live)
      : environment_(std::move(environment)), live_(std::move(live)) {}

  Section section(std::vector<Layer> layers, std::string path);
  void note_profiles(SectionState& root, const Layer& file);
  const Given* find(const std::string& variable);
  void show(Shown value);
  // The variables of the section at `path` that nobody asked for; those of sections below it are
  // left to them.
  void refuse_unknown_variables(const std::string& path);
  bool belongs_below(const std::string& variable, const std::string& own) const;
  bool looks_meant(const std::string& variable, std::string_view near) const;

  Environment environment_;
  const LiveValues live_;
  std::string profile_;
  std::set<std::string> profiles_;
  std::map<std::string, std::string> aliases_;
  std::map<std::string, Given> given_;
  std::vector<std::string> known_;  // every variable a getter could have read
  std::set<std::string> reserved_;
  std::set<std::string> sections_;  // the variables' prefixes of all sections
  std::vector<Problem> problems_;
  std::vector<Shown> shown_;
};

// A value that was found, and where.
struct Found {
  Value value;
  Place place;
  std::shared_ptr<const Document> document = nullptr;  // that it stands in; null: in none
};

struct SectionState {
  std::shared_ptr<Reading> reading;
  std::vector<Layer> layers;  // the weakest first; none where no file has such a table
  std::string path;
  Found self;  // the table, where it stands in the file
  std::vector<std::string> known;
  std::vector<std::string> secrets;  // keys whose lines are never repeated

  std::string full(std::string_view key) const;
  std::optional<Found> look(std::string_view key) const;
  // look(), and the key is known from now on.
  std::optional<Found> ask(std::string_view key);
  void know(std::string_view key);
  void show(std::string_view key, std::string value, const Place& place);
  // Carets stand below `length` characters from `offset` on in the value's text, or below all of
  // it.
  void complain(std::string_view key, const Found& about, std::string what, std::string right,
                std::size_t offset = 0, std::size_t length = 0);
  // The folder of the file of settings.
  std::filesystem::path beside() const;
  // The field of the strongest layer that has it, as it stands there.
  std::optional<Found> stands(std::string_view key) const;
};

}  // namespace hotclock::config
