#include "service/config/reading.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "scheduler/base/redact.h"

namespace hotclock::config {
namespace {

constexpr std::string_view prefix = "HOTCLOCK_";
constexpr std::string_view joint = "__";
constexpr std::string_view profiles_key = "env";

// What the variables of the section at `path` begin with.
std::string prefix_of(std::string_view path) {
  return path.empty() ? std::string(prefix) : variable_of(path) + std::string(joint);
}

bool below(std::string_view key, std::string_view path) {
  return path.empty() || key == path ||
         (key.starts_with(path) && key.substr(path.size()).starts_with('.'));
}

// Whether a line of a file may be repeated in a message: not one that may hold a secret, not even
// where a slip of the pen put it.
bool may_be_shown(std::string_view line) {
  for (const std::string_view hint : {"jwt_k", "secret", "passw", "token"})
    if (line.find(hint) != std::string_view::npos) return false;
  return without_passwords(line) == line;
}

std::string line_of(const Found& found) {
  const auto number = static_cast<std::size_t>(found.place.line);
  if (!found.document || number < 1 || number > found.document->lines.size()) return {};
  return found.document->lines[number - 1];
}

}  // namespace

std::string variable_of(std::string_view key) {
  std::string out(prefix);
  for (const char c : key) {
    if (c == '.')
      out += joint;
    else
      out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::shared_ptr<Reading> Reading::of(Environment environment, LiveValues live) {
  return std::shared_ptr<Reading>(new Reading(std::move(environment), std::move(live)));
}

Section Reading::file(std::string name, std::string_view toml, std::string path) {
  auto parsed = parse_toml(name, toml);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    Problem problem;
    problem.place = Place{std::move(name), error->line, error->column, {}};
    problem.key = path;
    problem.what = error->what;
    if (!error->text.empty() && may_be_shown(error->text))
      problem.excerpt = excerpt(error->text, error->column, 1);
    add(std::move(problem));
    return nothing(std::move(path));
  }
  auto document = std::make_shared<const Document>(std::get<Document>(std::move(parsed)));
  const Layer all{document, &document->root};
  Section root = section({all}, std::move(path));
  root.state_->self.place.file = document->name;
  note_profiles(*root.state_, all);
  return root;
}

Section Reading::nothing(std::string path) { return section({}, std::move(path)); }

Section Reading::section(std::vector<Layer> layers, std::string path) {
  sections_.insert(prefix_of(path));
  auto state = std::make_shared<SectionState>();
  state->reading = shared_from_this();
  state->layers = std::move(layers);
  state->path = std::move(path);
  return Section(std::move(state));
}

// The tables below [env] are no settings of their own: one of them lies upon the file.
void Reading::note_profiles(SectionState& root, const Layer& file) {
  const Field* all = file.table->find(profiles_key);
  if (!all) return;
  root.know(profiles_key);
  const auto refuse = [&](const Field& field, const std::string& key) {
    root.complain(key, {field.value, file.at(field.value.line, field.value.column), file.document},
                  "a profile is a table", "write [env.production], and its settings below");
  };
  if (all->value.kind != Value::Kind::table) return refuse(*all, std::string(profiles_key));
  for (const Field& profile : all->value.table.fields) {
    if (profile.value.kind != Value::Kind::table) {
      refuse(profile, std::string(profiles_key) + "." + profile.key);
      continue;
    }
    profiles_.insert(profile.key);
    if (profile.key == profile_) root.layers.push_back({file.document, &profile.value.table});
  }
}

void Reading::refuse_unknown_profile(const Place& place) {
  if (profile_.empty() || profiles_.contains(profile_)) return;
  const std::vector<std::string_view> names(profiles_.begin(), profiles_.end());
  const std::string_view near = nearest(profile_, names);
  Problem problem;
  problem.place = place;
  problem.key = "profile";
  problem.what = "no file has settings for \"" + profile_ + "\"";
  problem.right = !near.empty()   ? "did you mean " + std::string(near) + "?"
                  : names.empty() ? "write [env." + profile_ + "], or leave it out"
                                  : fmt::format("there are {}", fmt::join(names, ", "));
  add(std::move(problem));
}

void Reading::alias(std::string variable, std::string alias) {
  aliases_.emplace(std::move(variable), std::move(alias));
}

void Reading::reserve(std::string variable) { reserved_.insert(std::move(variable)); }

std::string Reading::value_of(const std::string& variable) const {
  const auto set = environment_.find(variable);
  return set == environment_.end() ? std::string() : set->second;
}

void Reading::add(Problem problem) {
  if (std::ranges::find(problems_, problem) == problems_.end())
    problems_.push_back(std::move(problem));
}

void Reading::show(Shown value) {
  const auto at = std::ranges::find(shown_, value.key, &Shown::key);
  if (at != shown_.end())
    *at = std::move(value);
  else
    shown_.push_back(std::move(value));
}

const Reading::Given* Reading::find(const std::string& variable) {
  if (const auto known = given_.find(variable); known != given_.end()) return &known->second;
  auto set = environment_.find(variable);
  if (const auto other = aliases_.find(variable);
      set == environment_.end() && other != aliases_.end())
    set = environment_.find(other->second);
  if (set == environment_.end()) return nullptr;
  return &given_.emplace(variable, Given{set->first, set->second}).first->second;
}

void Reading::refuse_unknown_variables(const std::string& path) {
  const std::string own = prefix_of(path);
  for (const auto& entry : environment_) {
    const std::string& variable = entry.first;
    if (!variable.starts_with(own) || belongs_below(variable, own)) continue;
    if (reserved_.contains(variable) || std::ranges::find(known_, variable) != known_.end())
      continue;
    const std::string_view near = nearest(variable, known_);
    if (!looks_meant(variable, near)) continue;
    Problem problem;
    problem.place.variable = variable;
    problem.key = path;
    problem.what = "no setting has this name";
    if (!near.empty()) problem.right = "did you mean " + std::string(near) + "?";
    add(std::move(problem));
  }
}

// Whether a section whose prefix is longer than `own` has it.
bool Reading::belongs_below(const std::string& variable, const std::string& own) const {
  return std::ranges::any_of(sections_, [&](const std::string& section) {
    return section.size() > own.size() && variable.starts_with(section);
  });
}

// Others may have variables of their own that begin with HOTCLOCK_; ours have a double underscore,
// or nearly the name of one of ours.
bool Reading::looks_meant(const std::string& variable, std::string_view near) const {
  return variable.find(joint) != std::string::npos || !near.empty();
}

std::string SectionState::full(std::string_view key) const {
  return path.empty() || key.empty() ? path + std::string(key) : path + "." + std::string(key);
}

std::filesystem::path SectionState::beside() const {
  return layers.empty() ? std::filesystem::path()
                        : std::filesystem::path(layers.front().document->name).parent_path();
}

Place Layer::at(int line, int column) const { return {document->name, line, column, {}}; }

std::optional<Found> SectionState::stands(std::string_view key) const {
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
    if (const Field* field = layer->table->find(key))
      return Found{field->value, layer->at(field->value.line, field->value.column),
                   layer->document};
  return std::nullopt;
}

std::optional<Found> SectionState::look(std::string_view key) const {
  const auto words = [](const std::string& text, const std::string& origin) {
    Found found;
    found.value.kind = Value::Kind::words;
    found.value.text = text;
    found.place.variable = origin;
    return found;
  };
  if (const auto live = reading->live_.find(full(key)); live != reading->live_.end())
    return words(live->second.value, live->second.origin);
  if (const auto* given = reading->find(variable_of(full(key))))
    return words(given->text, given->variable);
  return stands(key);
}

std::optional<Found> SectionState::ask(std::string_view key) {
  know(key);
  const std::string variable = variable_of(full(key));
  if (std::ranges::find(reading->known_, variable) == reading->known_.end()) {
    reading->known_.push_back(variable);
    if (const auto other = reading->aliases_.find(variable); other != reading->aliases_.end())
      reading->known_.push_back(other->second);
  }
  return look(key);
}

void SectionState::know(std::string_view key) {
  if (std::ranges::find(known, key) == known.end()) known.emplace_back(key);
}

void SectionState::show(std::string_view key, std::string value, const Place& place) {
  reading->show(Shown{full(key), std::move(value), place.text()});
}

void SectionState::complain(std::string_view key, const Found& about, std::string what,
                            std::string right, std::size_t offset, std::size_t length) {
  Problem problem{about.place, full(key), without_passwords(what), std::move(right), {}};
  const int shift = static_cast<int>(offset);
  int width = static_cast<int>(length);
  if (!about.place.variable.empty()) {
    if (length > 0) problem.excerpt = excerpt(about.value.text, shift + 1, width);
  } else if (const std::string text = line_of(about); !text.empty()) {
    if (length > 0)
      problem.place.column += shift + 1;  // past the quote
    else
      width = about.value.end_column - about.place.column;
    problem.excerpt = excerpt(text, problem.place.column, width);
  }
  const bool secret = std::ranges::find(secrets, key) != secrets.end();
  if (secret || !may_be_shown(problem.excerpt)) problem.excerpt.clear();
  reading->add(std::move(problem));
}

std::string Place::text() const {
  if (!variable.empty()) return variable;
  if (file.empty()) return "default";
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string Problem::message() const {
  std::string out = place.variable.empty() && place.file.empty() ? "" : place.text() + ": ";
  if (!key.empty()) out += key + ": ";
  out += what;
  if (!right.empty()) out += "; " + right;
  return out;
}

std::vector<Problem> Section::problems() const {
  std::vector<Problem> out;
  for (const Problem& problem : state_->reading->problems())
    if (below(problem.key, state_->path)) out.push_back(problem);
  return out;
}

}  // namespace hotclock::config
