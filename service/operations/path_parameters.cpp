#include "service/operations/path_parameters.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace hotclock::operations {
namespace {

const std::array known{
    Parameter{"job", "JobName", "a job", true},
    Parameter{"slot", "SlotId", "the number of a slot", true},
    Parameter{"act", "RequestKey", "the Idempotency-Key that the act came with", true},
    Parameter{"execution", "ExecutionId", "the id of an execution", true},
    Parameter{"backfill", "BackfillKey", "the name of a backfill", true},
    Parameter{"festival", "Id", "the number of a festival", true},
    Parameter{"token", "Id", "the number of a token", true},
    Parameter{"approval", "Id", "the number of an approval", true},
    Parameter{"day", "Day", "a day of UTC", true},
    Parameter{"node", "NodeName", "the id of a node, or a name: the newest that is called so",
              true},
    Parameter{"alert", "Id", "the number of an alert", true},
    Parameter{"silence", "Id", "the number of a silence", true}};

}  // namespace

std::vector<Parameter> path_parameters(std::string_view path) {
  std::vector<Parameter> out;
  for (std::size_t begin = path.find('{'); begin != std::string_view::npos;
       begin = path.find('{', begin + 1)) {
    const std::string_view name = path.substr(begin + 1, path.find('}', begin) - begin - 1);
    const auto at = std::ranges::find(known, name, &Parameter::name);
    assert(at != known.end());
    out.push_back(*at);
  }
  return out;
}

}  // namespace hotclock::operations
