// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "model/tools/progress.hpp"

namespace zopa {

/// Ctrl-C while a Watch was there. Exit code 130.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// Watches one long computation from outside: its time limit, Ctrl-C, and the progress shown on
/// standard error (after a second: a bar with the time left on a terminal, otherwise with --verbose
/// a line every ten seconds; with --quiet nothing). At most one at a time. A second Ctrl-C ends the
/// program at once.
class Watch {
 public:
  struct Settings {
    std::string label;                 // e.g. "solving"
    std::optional<double> time_limit;  // seconds from now
    bool quiet = false;
    bool verbose = false;
  };

  explicit Watch(const Settings& settings);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// For the computation: false once the time is up or Ctrl-C was pressed. Valid as long as the
  /// Watch. May be called from several threads.
  Progress progress();

  /// Takes the bar away. Throws Interrupted when Ctrl-C was pressed.
  void done();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace zopa
