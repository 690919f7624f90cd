// The runbook for a browser, on a telephone as well: no style, no script, nothing that is fetched.
#pragma once

#include <string>

#include "service/runbook/runbook.h"

namespace hotclock::runbook {

// Headings (#, ##), lists (-), blocks of code (four spaces), paragraphs, and `code` in them, which
// is a link where it names another page. All else is text.
std::string html(const Page& page);
// The names of all pages, each a link, with the first sentence of what it means.
std::string html_of_all();

}  // namespace hotclock::runbook
