#include "scheduler/core/wide_heap.h"

#include <gtest/gtest.h>

#include <random>

namespace hotclock {
namespace {

std::vector<int> drained(WideHeap<int>& heap) {
  std::vector<int> out;
  for (; !heap.empty(); heap.pop()) out.push_back(heap.top());
  return out;
}

TEST(WideHeap, GivesTheSmallestFirstWhateverWasDoneToIt) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    WideHeap<int> heap;
    std::vector<int> model;
    for (unsigned step = 0; step < 300; ++step) {
      const int n = static_cast<int>(random() % 100);
      if (random() % 3 == 0 && !heap.empty()) {
        model.erase(std::min_element(model.begin(), model.end()));
        heap.pop();
      } else {
        heap.push(n);
        model.push_back(n);
      }
    }
    heap.add({3, 50, 4});
    model.insert(model.end(), {3, 50, 4});
    const auto odd = [](int n) { return n % 2 != 0; };
    heap.erase_if(odd);
    std::erase_if(model, odd);
    std::sort(model.begin(), model.end());
    ASSERT_EQ(drained(heap), model);
  }
}

}  // namespace
}  // namespace hotclock
