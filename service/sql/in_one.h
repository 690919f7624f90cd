// One transaction around what belongs together.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// Runs `act(transaction)`, which gives a Result, in what was begun, and commits if it succeeds. Its
// error, and that of the transaction itself, says within which `step` it was.
template <class Act>
auto in_one(Result<std::unique_ptr<Transaction>> begun, std::string_view step, Act act)
    -> decltype(act(std::declval<Transaction&>())) {
  if (!begun) return std::move(begun).error().within(step);
  auto result = act(**begun);
  if (!result) return std::move(result).error().within(step);
  if (auto done = (*begun)->commit(); !done) return std::move(done).error().within(step);
  return result;
}

// The same, and those who listen to the database are told that there is news.
template <class Act>
auto in_one_with_news(Result<std::unique_ptr<Transaction>> begun, std::string_view step, Act act)
    -> decltype(act(std::declval<Transaction&>())) {
  return in_one(std::move(begun), step,
                [&act](Transaction& transaction) -> decltype(act(transaction)) {
                  auto result = act(transaction);
                  if (!result) return result;
                  if (auto told = transaction.notify(); !told) return std::move(told).error();
                  return result;
                });
}

}  // namespace hotclock::sql
