#include "service/config/template.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/nearest.h"

namespace hotclock::config {
namespace {

constexpr std::string_view opening = "{{", closing = "}}";

// A field, with its braces, in a text.
struct Piece {
  std::size_t offset = 0;
  std::size_t length = 0;  // 0: it has no end
  std::string_view name;
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The first one from `at` on.
std::optional<Piece> next_field(std::string_view text, std::size_t at) {
  const auto begin = text.find(opening, at);
  if (begin == text.npos) return std::nullopt;
  const auto end = text.find(closing, begin);
  if (end == text.npos) return Piece{begin, 0, {}};
  return Piece{begin, end + closing.size() - begin,
               trimmed(text.substr(begin + opening.size(), end - begin - opening.size()))};
}

TemplateMistake unknown(const Piece& piece, std::span<const std::string_view> fields) {
  const std::string_view near = nearest(piece.name, fields);
  return {fmt::format("there is no field \"{}\"", piece.name),
          near.empty() ? fmt::format("fields are {}", fmt::join(fields, ", "))
                       : fmt::format("did you mean {{{{{}}}}}?", near),
          piece.offset, piece.length};
}

}  // namespace

std::optional<TemplateMistake> mistake_in(std::string_view text,
                                          std::span<const std::string_view> fields) {
  for (auto piece = next_field(text, 0); piece;
       piece = next_field(text, piece->offset + piece->length)) {
    if (piece->length == 0)
      return TemplateMistake{"this {{ has no }}", "write {{FIELD}}", piece->offset, opening.size()};
    if (std::ranges::find(fields, piece->name) == fields.end()) return unknown(*piece, fields);
  }
  return std::nullopt;
}

std::string filled(std::string_view text,
                   const std::function<std::string(std::string_view field)>& value) {
  std::string out;
  std::size_t at = 0;
  for (auto piece = next_field(text, 0); piece && piece->length > 0; piece = next_field(text, at)) {
    out += text.substr(at, piece->offset - at);
    out += value(piece->name);
    at = piece->offset + piece->length;
  }
  return out += text.substr(at);
}

}  // namespace hotclock::config
