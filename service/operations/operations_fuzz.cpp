// Requests from strangers: which operation they are for, and what is wrong with their bodies. The
// first line of the input is "METHOD PATH", the rest is the body.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "service/operations/operations.h"
#include "service/operations/schemas.h"
#include "service/strict_json/strict_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace operations = hotclock::operations;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view line = input.substr(0, input.find('\n'));
  const std::string_view method = line.substr(0, line.find(' '));
  const std::string_view path = line.substr(std::min(method.size() + 1, line.size()));
  const auto found = operations::find(method, path);
  const auto* known = std::get_if<operations::Found>(&found);
  if (!known) return 0;
  for (const operations::Parameter& one : known->operation->query)
    static_cast<void>(operations::check(one.schema, operations::value_of(one.schema, path)));
  if (known->operation->request.empty()) return 0;
  const auto body =
      hotclock::strict_json::object_of(input.substr(std::min(line.size() + 1, input.size())));
  if (body) static_cast<void>(operations::check(known->operation->request, *body));
  return 0;
}
