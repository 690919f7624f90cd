// Two ways to do one thing, compared in pairs: each in a process of its own, on the same state, in turn.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bench/child.h"
#include "bench/report.h"

namespace hotclock::bench {

inline double median(std::vector<double> values) { return percentile(values, 0.5); }

class Duel {
 public:
  // `beside`: the processor seconds so far of whoever works for both, such as a server.
  explicit Duel(int pairs, std::function<double()> beside = [] { return 0.0; })
      : pairs_(pairs), beside_(std::move(beside)) {}

  // `prepare` leaves the database as both are to find it.
  void run(const std::function<void()>& prepare, const std::function<Cost()>& by_hand,
           const std::function<Cost()>& ours) {
    for (int pair = 0; pair < pairs_; ++pair) {
      prepare();
      const Cost hand = measured(by_hand);
      prepare();
      const Cost product = measured(ours);
      if (hand.count != product.count)
        fail(fmt::format("by hand {}, hotclock {}", hand.count, product.count));
      hand_.push_back(hand.seconds);
      ours_.push_back(product.seconds);
      ratio_.push_back(product.seconds / hand.seconds);
      cpu_.push_back(product.cpu / hand.cpu);
      rss_ = std::max(rss_, product.rss_mib);
    }
  }
  void print(Report& report, const std::string& name, double limit) const {
    report.add(name + ", by hand", 1000 * median(hand_), "ms");
    report.add(name, 1000 * median(ours_), "ms");
    report.at_most(name + ": time of hotclock / by hand", median(ratio_), "", limit);
    report.add(name + ": CPU of hotclock / by hand", median(cpu_), "");
    report.add(name + ": memory", rss_, "MiB");
  }

 private:
  Cost measured(const std::function<Cost()>& work) const {
    const double before = beside_();
    Cost cost = in_child(work);
    cost.cpu += beside_() - before;
    return cost;
  }

  const int pairs_;
  const std::function<double()> beside_;
  std::vector<double> hand_, ours_, ratio_, cpu_;
  double rss_ = 0;
};

}  // namespace hotclock::bench
