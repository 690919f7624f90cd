#include "service/cli/console.h"

#include <boost/json/serialize.hpp>
#include <ostream>

namespace hotclock::cli {

ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::invalid: return exit_usage;
    case Errc::not_found: return exit_not_found;
    case Errc::forbidden: return exit_forbidden;
    case Errc::conflict:
    case Errc::stale:
    case Errc::busy: return exit_not_now;
    case Errc::read_only:
    case Errc::disk_full:
    case Errc::corrupt:
    case Errc::unavailable:
    case Errc::unsupported: return exit_database;
    default: return exit_failed;
  }
}

int fail(Console& console, bool json, const Error& error) {
  if (json) {
    print(console, {{"error", {{"code", to_string(error.code())}, {"message", error.message()}}}});
  } else {
    console.out.flush();
    console.err << "hotclock: " << error.message() << '\n';
  }
  return exit_code_of(error.code());
}

void print(Console& console, const boost::json::value& value) {
  console.out << boost::json::serialize(value) << '\n';
}

}  // namespace hotclock::cli
