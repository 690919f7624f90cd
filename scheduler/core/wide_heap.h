// A heap whose every node has four children: half the levels of a binary one, and children that lie
// side by side, which is what counts once it is larger than the processor's cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hotclock {

// The smallest by `operator<` is on top. Threads: one at a time.
template <class Node>
class WideHeap {
 public:
  bool empty() const { return nodes_.empty(); }
  std::size_t size() const { return nodes_.size(); }
  // REQUIRES: !empty().
  const Node& top() const { return nodes_.front(); }

  void push(const Node& node) {
    nodes_.push_back(node);
    std::size_t at = nodes_.size() - 1;
    for (; at > 0 && node < nodes_[parent(at)]; at = parent(at)) nodes_[at] = nodes_[parent(at)];
    nodes_[at] = node;
  }

  // REQUIRES: !empty().
  void pop() {
    const Node last = nodes_.back();
    nodes_.pop_back();
    if (!empty()) sink(last, 0);
  }

  // Many at once.
  void add(const std::vector<Node>& nodes) {
    nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
    put_in_order();
  }

  template <class Predicate>
  void erase_if(Predicate goes) {
    std::erase_if(nodes_, goes);
    put_in_order();
  }

 private:
  static constexpr std::size_t width = 4;
  static std::size_t parent(std::size_t at) { return (at - 1) / width; }

  void put_in_order() {
    for (std::size_t at = nodes_.size(); at-- > 0;) sink(Node(nodes_[at]), at);
  }

  void sink(const Node& node, std::size_t at) {
    for (;;) {
      const std::size_t first = at * width + 1;
      if (first >= nodes_.size()) break;
      const std::size_t end = std::min(first + width, nodes_.size());
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child)
        if (nodes_[child] < nodes_[least]) least = child;
      if (!(nodes_[least] < node)) break;
      nodes_[at] = nodes_[least];
      at = least;
    }
    nodes_[at] = node;
  }

  std::vector<Node> nodes_;
};

}  // namespace hotclock
