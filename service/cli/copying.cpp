#include "service/cli/copying.h"

namespace hotclock::cli {

void Copying::at(std::string_view what, std::int64_t done, std::int64_t total) {
  if (!line_ || what != what_) {
    what_ = what;
    line_.reset();
    line_.emplace(console_.err, console_.err_is_terminal, console_.clock, what_, "rows", console_.width);
  }
  line_->at(done, total);
}

}  // namespace hotclock::cli
