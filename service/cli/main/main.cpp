#include "service/cli/program.h"

int main(int argc, char** argv) { return hotclock::cli::run_program(argc, argv); }
