// SPDX-License-Identifier: MIT
#include <filesystem>
#include <stdexcept>
#include <string>

#include "src/command.hpp"
#include "tests/bench/goals.hpp"

namespace zopa::bench {
namespace {

// The whole program but its start, on one thread: file in, report out.
Measurement flagship() {
  namespace fs = std::filesystem;
  const fs::path report = fs::temp_directory_path() / "zopa-bench-report.txt";
  const std::string scenario = std::string(ZOPA_SOURCE_DIR) + "/scenarios/ukraine-2025/talks.yaml";
  Measurement measured;
  measured.ours = median_seconds(5, [&] {
    const int status = run_program({"solve", scenario, "--jobs", "1", "-o", report.string()});
    measured.agree &= status == kAnswered;
  });
  fs::remove(report);
  return measured;
}

}  // namespace

std::vector<Goal> solve_goals() {
  return {{"whole solve", "flagship, 7·10^14 packages", Unit::seconds, 0.5, 0.1, flagship}};
}

}  // namespace zopa::bench
