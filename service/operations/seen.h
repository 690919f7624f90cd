// What an answer of the API shows, read where people look at it. It may come from another machine:
// what is missing, or is not what it should be, reads as nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "service/ledger/history.h"

namespace hotclock::operations {

// An object of an answer. The value it was made of outlives it.
class Seen {
 public:
  Seen() = default;
  // Empty where the value is no object.
  explicit Seen(const boost::json::value& value) : object_(value.if_object()) {}

  bool has(std::string_view name) const;  // and it is not null
  std::string text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::optional<Instant> instant(std::string_view name) const;
  Seen object(std::string_view name) const;
  std::vector<Seen> list(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  const boost::json::object& members() const;

 private:
  const boost::json::value* at(std::string_view name) const;

  const boost::json::object* object_ = nullptr;
};

// What slot_json() and execution_json() wrote (json.h).
ledger::SlotView slot_of(const Seen& slot);
ledger::ExecutionView execution_of(const Seen& execution);

}  // namespace hotclock::operations
