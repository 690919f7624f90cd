// What a person reads: the templates of a notifier, filled with a message.
#pragma once

#include <string>
#include <string_view>

#include "service/notices/batch.h"

namespace hotclock::notices {

// Where it is read. What comes from alerts is text there and nothing else: no markup, no mention.
enum class Medium { plain, slack };

struct Rendered {
  std::string title;  // one line
  std::string text;
};

// REQUIRES: there is no mistake in the templates (config::mistake_in()). However many alerts there
// are, it is short enough to be read; it says how many are left out.
Rendered rendered(const Message& message, std::string_view title, std::string_view text,
                  Medium medium);

// The most severe of them; "info" of none.
std::string_view severity_of(const std::vector<AlertText>& alerts);

}  // namespace hotclock::notices
