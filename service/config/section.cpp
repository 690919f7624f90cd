#include "service/config/section.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "scheduler/base/redact.h"
#include "service/config/reading.h"
#include "service/config/units.h"

namespace hotclock::config {
namespace {

struct Mistake {
  std::string what;
  std::string right;
};

template <class T>
using Converted = std::variant<T, Mistake>;

Mistake wrong_kind(const Value& value, std::string right) {
  const std::string shown = value.shown();
  const bool named = shown == value.kind_name();
  return {named ? shown + " stands here" : shown + " is " + std::string(value.kind_name()),
          std::move(right)};
}

// The environment knows texts only: there a text that is no number is just wrong, not of a wrong
// kind.
Mistake unreadable(const Value& value, std::string right) {
  if (value.kind != Value::Kind::words && value.kind != Value::Kind::text)
    return wrong_kind(value, std::move(right));
  return {value.shown() + " cannot be read", std::move(right)};
}

template <class T>
std::optional<T> number_of(std::string_view text) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// Refuses what lies outside [least, most]; also what compares with nothing (NaN).
template <class T>
Converted<T> within(const T& number, const T& least, const T& most, const std::string& shown,
                    const std::string& right) {
  if (number < least) return Mistake{shown + " is too small", right};
  if (most < number) return Mistake{shown + " is too large", right};
  if (number == number) return number;
  return Mistake{shown + " is no number", right};
}

bool is_text(const Value& value) {
  return value.kind == Value::Kind::text || value.kind == Value::Kind::words;
}

Converted<std::string> as_text(const Value& value) {
  if (is_text(value)) return value.text;
  return wrong_kind(value, "write a text in quotes");
}

Converted<bool> as_flag(const Value& value) {
  if (value.kind == Value::Kind::flag) return value.flag;
  if (value.kind == Value::Kind::words) {
    if (value.text == "true" || value.text == "1") return true;
    if (value.text == "false" || value.text == "0") return false;
    return unreadable(value, "write true or false");
  }
  return wrong_kind(value, "write true or false, without quotes");
}

Converted<std::int64_t> as_integer(const Value& value, std::int64_t least, std::int64_t most) {
  const std::string right = fmt::format("write a whole number from {} to {}", least, most);
  if (value.kind == Value::Kind::integer)
    return within(value.integer, least, most, value.text, right);
  if (value.kind != Value::Kind::words) return wrong_kind(value, right);
  const auto number = number_of<std::int64_t>(value.text);
  if (!number) return unreadable(value, right);
  return within(*number, least, most, value.text, right);
}

Converted<double> as_real(const Value& value, double least, double most) {
  const std::string right = fmt::format("write a number from {} to {}", least, most);
  if (value.kind == Value::Kind::real) return within(value.real, least, most, value.text, right);
  if (value.kind == Value::Kind::integer)
    return within(static_cast<double>(value.integer), least, most, value.text, right);
  if (value.kind != Value::Kind::words) return wrong_kind(value, right);
  const auto number = number_of<double>(value.text);
  if (!number) return unreadable(value, right);
  return within(*number, least, most, value.text, right);
}

Converted<Duration> as_duration(const Value& value, Duration least, Duration most) {
  const std::string right = fmt::format("write a span from {} to {}, such as \"90 s\" or \"1h30m\"",
                                        duration_text(least), duration_text(most));
  if (value.kind == Value::Kind::integer) return Mistake{value.text + " has no unit", right};
  if (!is_text(value)) return wrong_kind(value, right);
  const auto span = parse_duration(value.text);
  if (!span) return unreadable(value, right);
  return within(*span, least, most, value.shown(), right);
}

Converted<std::int64_t> as_bytes(const Value& value, std::int64_t least, std::int64_t most) {
  const std::string right = fmt::format("write an amount from {} to {}, such as \"64 MiB\"",
                                        bytes_text(least), bytes_text(most));
  if (!is_text(value) && value.kind != Value::Kind::integer) return wrong_kind(value, right);
  const auto amount = parse_bytes(value.text);
  if (!amount) return unreadable(value, right);
  return within(*amount, least, most, value.shown(), right);
}

Converted<Decimal> as_decimal(const Value& value, const Decimal& least, const Decimal& most) {
  const std::string right =
      fmt::format("write a decimal number from {} to {}", least.text(), most.text());
  const bool number = value.kind == Value::Kind::real || value.kind == Value::Kind::integer;
  if (!number && !is_text(value)) return wrong_kind(value, right);
  const auto decimal = Decimal::parse(value.text);
  if (!decimal) return unreadable(value, right);
  return within(*decimal, least, most, value.shown(), right);
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    out.emplace_back(item);
  }
  return out;
}

Converted<std::vector<std::string>> as_texts(const Value& value) {
  constexpr auto right = "write a list of texts: [\"a\", \"b\"]";
  if (value.kind == Value::Kind::words) return split_at_commas(value.text);
  if (value.kind != Value::Kind::list) return wrong_kind(value, right);
  std::vector<std::string> out;
  for (const Value& item : value.items) {
    if (item.kind != Value::Kind::text) return wrong_kind(item, right);
    out.push_back(item.text);
  }
  return out;
}

using NameList = std::span<const std::string_view>;

Converted<std::string> as_choice(const Value& value, NameList names) {
  const std::string all =
      fmt::format("write one of {}", fmt::join(names.begin(), names.end(), ", "));
  if (!is_text(value)) return wrong_kind(value, all);
  if (std::ranges::find(names, value.text) != names.end()) return value.text;
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(value.text, known);
  return Mistake{value.shown() + " is not known",
                 near.empty() ? all : fmt::format("did you mean \"{}\"? ({})", near, all)};
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}

// One key: asked for, converted, shown; or complained about, and `otherwise` stands.
template <class T, class Convert, class Print>
T take(SectionState& state, std::string_view key, T otherwise, const Convert& convert,
       const Print& print) {
  const auto found = state.ask(key);
  if (!found) {
    state.show(key, print(otherwise), Place{});
    return otherwise;
  }
  Converted<T> converted = convert(found->value);
  if (auto* mistake = std::get_if<Mistake>(&converted)) {
    state.complain(key, *found, std::move(mistake->what), std::move(mistake->right));
    return otherwise;
  }
  T value = std::get<T>(std::move(converted));
  state.show(key, print(value), found->place);
  return value;
}

std::string known_names(const std::vector<std::string>& known) {
  return known.empty() ? "there are no keys here"
                       : fmt::format("known here are {}", fmt::join(known, ", "));
}

void refuse_unknown(SectionState& state, const Layer& layer, const Field& field) {
  if (std::ranges::find(state.known, field.key) != state.known.end()) return;
  const std::string_view near = nearest(field.key, state.known);
  Found found;
  found.document = layer.document;
  found.place = layer.at(field.line, field.column);
  found.value.end_column = field.column + static_cast<int>(field.key.size());
  state.complain(field.key, found, "unknown key",
                 near.empty() ? known_names(state.known) : fmt::format("did you mean {}?", near));
}

}  // namespace

Section Section::parse(std::string_view toml, std::string name, Environment environment) {
  return Reading::of(std::move(environment))->file(std::move(name), toml);
}

std::string Section::text(std::string_view key, std::string_view otherwise) {
  return take(*state_, key, std::string(otherwise), as_text, quoted);
}

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) {
  return take(
      *state_, key, otherwise, [&](const Value& v) { return as_integer(v, least, most); },
      [](std::int64_t v) { return std::to_string(v); });
}

double Section::real(std::string_view key, double otherwise, double least, double most) {
  return take(
      *state_, key, otherwise, [&](const Value& v) { return as_real(v, least, most); },
      [](double v) { return fmt::format("{}", v); });
}

bool Section::flag(std::string_view key, bool otherwise) {
  return take(*state_, key, otherwise, as_flag,
              [](bool v) { return std::string(v ? "true" : "false"); });
}

Duration Section::duration(std::string_view key, Duration otherwise, Duration least,
                           Duration most) {
  return take(
      *state_, key, otherwise, [&](const Value& v) { return as_duration(v, least, most); },
      [](Duration v) { return quoted(duration_text(v)); });
}

std::int64_t Section::bytes(std::string_view key, std::int64_t otherwise, std::int64_t least,
                            std::int64_t most) {
  return take(
      *state_, key, otherwise, [&](const Value& v) { return as_bytes(v, least, most); },
      [](std::int64_t v) { return quoted(bytes_text(v)); });
}

Decimal Section::decimal(std::string_view key, Decimal otherwise, Decimal least, Decimal most) {
  return take(
      *state_, key, otherwise, [&](const Value& v) { return as_decimal(v, least, most); },
      [](const Decimal& v) { return v.text(); });
}

std::vector<std::string> Section::texts(std::string_view key, std::vector<std::string> otherwise) {
  return take(*state_, key, std::move(otherwise), as_texts, quoted_list);
}

std::string Section::choice(std::string_view key, std::string_view otherwise,
                            std::initializer_list<std::string_view> names) {
  return choice(key, otherwise, NameList(names.begin(), names.size()));
}

std::string Section::choice(std::string_view key, std::string_view otherwise, NameList names) {
  return take(
      *state_, key, std::string(otherwise), [&](const Value& v) { return as_choice(v, names); },
      quoted);
}

std::string Section::url(std::string_view key, std::string_view otherwise) {
  return take(*state_, key, std::string(otherwise), as_text,
              [](const std::string& v) { return quoted(without_passwords(v)); });
}

Section Section::section(std::string_view key) {
  state_->know(key);
  std::vector<Layer> below;
  Found self;
  for (const Layer& layer : state_->layers) {
    const Field* field = layer.table->find(key);
    if (!field) continue;
    self = {field->value, layer.at(field->value.line, field->value.column), layer.document};
    if (field->value.kind == Value::Kind::table) {
      below.push_back({layer.document, &field->value.table});
      continue;
    }
    Mistake mistake = wrong_kind(field->value, fmt::format("write a table: [{}]", key));
    state_->complain(key, self, std::move(mistake.what), std::move(mistake.right));
  }
  const bool there = !below.empty();
  Section out = state_->reading->section(std::move(below), state_->full(key));
  if (there) out.state_->self = std::move(self);
  return out;
}

std::vector<std::string> Section::keys() const {
  std::vector<std::string> out;
  for (const Layer& layer : state_->layers)
    for (const Field& field : layer.table->fields)
      if (std::ranges::find(out, field.key) == out.end()) out.push_back(field.key);
  return out;
}

bool Section::given(std::string_view key) const { return state_->look(key).has_value(); }

Place Section::place(std::string_view key) const {
  const auto found = state_->look(key);
  return found ? found->place : Place{};
}

const std::string& Section::path() const { return state_->path; }

void Section::refuse(std::string_view key, std::string what, std::string right, std::size_t offset,
                     std::size_t length) {
  const auto found = state_->look(key);
  state_->complain(key, found.value_or(state_->self), std::move(what), std::move(right), offset,
                   length);
}

Result<void> Section::finish() {
  SectionState& state = *state_;
  for (const Layer& layer : state.layers)
    for (const Field& field : layer.table->fields) refuse_unknown(state, layer, field);
  state.reading->refuse_unknown_variables(state.path);
  return error();
}

Result<void> Section::error() const {
  std::string out;
  for (const Problem& problem : problems()) {
    if (!out.empty()) out += '\n';
    out += problem.message();
  }
  if (out.empty()) return {};
  return Error(Errc::invalid, std::move(out));
}

}  // namespace hotclock::config
