// Takes out of what is said what names itself a secret: password=..., "token": "...", --api-key
// ..., Authorization: ..., postgresql://app:...@db. The rest stays as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotclock {

// What stands where a secret would.
inline constexpr std::string_view hidden = "***";

// Keys are compared by their ends, whatever their case, '-', '_' and '.' between their words:
// "secret" means CLIENT_SECRET and clientSecret too. A value reaches to the end of its quotes or of
// its word, of a header to the end of its line; a line's end always ends it. What stands without a
// key is not known: ExecutionLog::hide() takes care of secrets that are.
// Takes text in pieces of any size. Threads: one at a time.
class Redaction {
 public:
  // `more`: keys beside the usual ones.
  explicit Redaction(const std::vector<std::string>& more = {});

  // The next piece, as far as it can be told what it is.
  std::string through(std::string_view bytes);
  // What is not told yet, as it is shown were this the end; no more than `most_held` bytes.
  std::string held() const;

 private:
  static constexpr std::size_t most_held = 512;
  static constexpr std::size_t longest_key = 64;

  enum class Place {
    text,
    behind_key,    // where '=' or ':' may follow
    before_value,  // it follows
    value,
    authority,  // of an address, where a password may stand before '@'
  };

  void take(char c, std::string& out);
  void take_text(char c, std::string& out);
  void take_behind_key(char c, std::string& out);
  void take_before_value(char c, std::string& out);
  void take_value(char c, std::string& out);
  void take_authority(char c, std::string& out);
  void begin_text(char c, std::string& out);
  bool names_secret(std::string_view key) const;

  std::vector<std::string> keys_;  // in small letters, without what stands between words
  Place place_ = Place::text;
  std::string word_;      // that the text ends with
  char before_word_ = 0;  // 0: nothing of this text
  int slashes_ = 0;       // how much of "://" the text ends with
  std::string held_;      // of an authority
  char quote_ = 0;        // around the value; 0: none
  bool quote_escaped_ = false;
  bool backslash_ = false;   // stands before, and counts
  bool whole_line_ = false;  // a header's value
  char line_quote_ = 0;      // around the header; 0: none
};

// The whole of a text.
std::string redacted(std::string_view text, const std::vector<std::string>& more = {});

}  // namespace hotclock
