// Many rows of one kind into one table: eight to a statement, which costs about half as much a row.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "service/sql/sql.h"

namespace hotclock::sql {

// Rows of `width` values, written by `one` or, eight together, by `eight`. Nothing is sure to be
// on its way before flush(). After an error the transaction must be rolled back.
template <std::size_t width>
class Bulk {
 public:
  Bulk(Transaction& transaction, const Statement& one, const Statement& eight)
      : sql_(transaction), one_(one), eight_(eight) {}

  // A text that lives until it is written.
  std::string_view keep(std::string text) { return blank() = std::move(text); }
  // An empty one, to be filled before the next call.
  std::string& blank() {
    if (blanks_ == texts_.size()) texts_.emplace_back();
    std::string& text = texts_[blanks_++];
    text.clear();
    return text;
  }

  Result<> add(const std::array<Param, width>& row) {
    waiting_.insert(waiting_.end(), row.begin(), row.end());
    if (waiting_.size() < 8 * width) return {};
    return written(eight_, waiting_);
  }

  Result<> flush() {
    const std::vector<Param> rest = std::move(waiting_);
    waiting_.clear();
    for (std::size_t at = 0; at < rest.size(); at += width)
      if (auto done = sql_.post(one_, std::span(rest).subspan(at, width)); !done) return done;
    blanks_ = 0;
    return {};
  }

 private:
  Result<> written(const Statement& statement, std::span<const Param> values) {
    if (auto done = sql_.post(statement, values); !done) return done;
    waiting_.clear();
    blanks_ = 0;
    return {};
  }

  Transaction& sql_;
  const Statement& one_;
  const Statement& eight_;
  std::vector<Param> waiting_;
  std::deque<std::string> texts_;  // kept from one statement to the next: their room is used again
  std::size_t blanks_ = 0;         // how many of them are taken
};

}  // namespace hotclock::sql
