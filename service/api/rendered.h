// Answers that are made once and given to many.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "service/theme/document.h"

namespace hotclock::api {

// What gzip makes of `text`; the same of the same text on every node.
std::string gzip(std::string_view text);

// One text as it is and as gzip made it, each with an ETag of its own that says what it holds.
// Immutable; copies share what is inside. Threads: any.
class Encoded {
 public:
  Encoded(std::string text, std::string_view content_type);

  std::string_view text() const { return *plain_; }
  // The one of the two that the request takes, or 304 where it has that already. `cache_control`
  // says how long it may be kept.
  http::Response answer(const http::Request& request, std::string_view cache_control) const;

 private:
  std::shared_ptr<const std::string> plain_;
  std::shared_ptr<const std::string> gzip_;
  std::string content_type_;
  std::string plain_tag_;  // with their quotes
  std::string gzip_tag_;
};

// Whether a header Accept-Encoding lets that coding through; nothing where it does not name it.
std::optional<bool> takes(std::string_view accept_encoding, std::string_view coding);
// By either of its names, or by a star.
bool takes_gzip(std::string_view accept_encoding);
// Whether a header If-None-Match names `tag`.
bool names_tag(std::string_view if_none_match, std::string_view tag);

// All that pages show of a theme document.
struct Rendered {
  explicit Rendered(const theme::Document& document);

  std::string country;
  std::int64_t version;
  Encoded json;
  Encoded css;
  Encoded bonuses;
};

}  // namespace hotclock::api
