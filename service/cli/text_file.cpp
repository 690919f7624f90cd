#include "service/cli/text_file.h"

#include <fstream>
#include <istream>
#include <iterator>

namespace hotclock::cli {

Result<std::string> read_text(Console& console, const std::string& file) {
  using All = std::istreambuf_iterator<char>;
  if (file == "-") return std::string(All(console.in), All());
  std::ifstream in(file);
  std::string text{All(in), All()};
  if (!in.is_open() || in.bad()) return Error(Errc::not_found, file + " cannot be read");
  return text;
}

}  // namespace hotclock::cli
