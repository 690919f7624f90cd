// Many values of the database's by their keys, in bounded room.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "service/api/fresh.h"

namespace hotclock::api {

// Threads: the loop's.
template <class Key, class T>
class Shelf {
 public:
  using Value = typename Fresh<T>::Value;
  using Ask = std::function<Result<Value>(const Key& key, const std::stop_token& stop)>;

  // `workers` and `loop` outlive it.
  Shelf(Workers& workers, http::Loop& loop, FreshSettings settings, std::size_t most, Ask ask)
      : workers_(workers), loop_(loop), settings_(settings), most_(most), ask_(std::move(ask)) {}

  // What `key` stands for: see Fresh. Errc::busy where all there is room for is being asked for.
  void get(const Key& key, typename Fresh<T>::Use use) {
    auto at = values_.find(key);
    if (at == values_.end()) {
      if (values_.size() >= most_ && !forget_one())
        return use(Error(Errc::busy, "too much is asked of this node"));
      at = values_.emplace(key, made(key)).first;
      order_.push_back(key);
    }
    at->second->get(std::move(use));
  }

 private:
  std::unique_ptr<Fresh<T>> made(const Key& key) {
    return std::make_unique<Fresh<T>>(
        workers_, loop_, settings_,
        [ask = ask_, key](const Value&, const std::stop_token& stop) { return ask(key, stop); });
  }

  // The one that came first, of those that can go.
  bool forget_one() {
    for (auto key = order_.begin(); key != order_.end(); ++key)
      if (const auto at = values_.find(*key); !at->second->asking()) {
        values_.erase(at);
        order_.erase(key);
        return true;
      }
    return false;
  }

  Workers& workers_;
  http::Loop& loop_;
  const FreshSettings settings_;
  const std::size_t most_;
  const Ask ask_;
  std::map<Key, std::unique_ptr<Fresh<T>>> values_;
  std::deque<Key> order_;
};

}  // namespace hotclock::api
