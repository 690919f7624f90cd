#include "service/api/rendered.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "service/api/answers.h"
#include "service/digest/sha256.h"

namespace hotclock::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What comes before the next `separator`, without spaces around it; takes both off `text`.
std::string_view cut(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// Of the parameters of a coding: whether their "q" is 0.
bool is_refused(std::string_view parameters) {
  const std::string_view weight = trimmed(parameters);
  if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return false;
  return weight.find_first_not_of("0.", 2) == std::string_view::npos;
}

// Of what the text is: another text has another one.
std::string fingerprint(std::string_view text) { return digest::sha256_hex(text).substr(0, 24); }

}  // namespace

std::string gzip(std::string_view text) {
  constexpr int gzip_window = 15 + 16, memory = 9;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    std::abort();  // no memory, or another zlib than we were built with
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // into so much room it always ends
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::optional<bool> takes(std::string_view accept_encoding, std::string_view wanted) {
  while (!accept_encoding.empty()) {
    std::string_view coding = cut(accept_encoding, ',');
    if (http::same_word(cut(coding, ';'), wanted)) return !is_refused(coding);
  }
  return std::nullopt;
}

bool takes_gzip(std::string_view accept_encoding) {
  for (const std::string_view name : {"gzip", "x-gzip", "*"})
    if (const auto said = takes(accept_encoding, name)) return *said;
  return false;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  if (trimmed(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    std::string_view one = cut(if_none_match, ',');
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

Encoded::Encoded(std::string text, std::string_view content_type)
    : plain_(std::make_shared<const std::string>(std::move(text))),
      gzip_(std::make_shared<const std::string>(gzip(*plain_))),
      content_type_(content_type),
      plain_tag_("\"" + fingerprint(*plain_) + "\""),
      gzip_tag_("\"" + fingerprint(*plain_) + "-gzip\"") {}

http::Response Encoded::answer(const http::Request& request, std::string_view cache_control) const {
  const bool small = takes_gzip(request.header("accept-encoding"));
  const std::string& tag = small ? gzip_tag_ : plain_tag_;
  http::Response response;
  response.headers = {
      {"Cache-Control", std::string(cache_control)}, {"ETag", tag}, {"Vary", "Accept-Encoding"}};
  if (names_tag(request.header("if-none-match"), tag)) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Type", content_type_);
  if (small) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = small ? gzip_ : plain_;
  return response;
}

Rendered::Rendered(const theme::Document& document)
    : country(document.country),
      version(document.version),
      json(theme::to_json(document), json_type),
      css(theme::to_css(document), css_type),
      bonuses(theme::bonuses_json(document), json_type) {}

}  // namespace hotclock::api
