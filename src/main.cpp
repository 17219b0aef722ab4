// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "src/command.hpp"

int main(int argc, char** argv) {
  return zopa::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
