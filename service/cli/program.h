// The whole program, for its own main() and for programs that work jobs of their own beside the platform's.
#pragma once

namespace hotclock::cli {

// Runs the command that the arguments name, and gives the exit code. As the first process of a container it runs it in
// a child and looks after what is left alone (first_process.h).
// REQUIRES: called once, by main(), before any thread begins.
int run_program(int argc, char** argv);

}  // namespace hotclock::cli
