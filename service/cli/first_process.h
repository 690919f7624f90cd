// The first process of a container: what the kernel asks of it.
#pragma once

#include <functional>

namespace hotclock::cli {

// Runs `work` in a child of this process and gives what it returned, or 128 and the signal that
// ended it. Meanwhile this process hands signals on to the child, and reaps every process that is
// given to it because its parent is gone: nobody else does where there is no init. The child never
// sees those, so it may wait for children of its own. REQUIRES: this process has one thread.
int run_as_child(const std::function<int()>& work);

}  // namespace hotclock::cli
