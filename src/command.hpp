// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "src/options.hpp"

namespace zopa {

/// Exit codes.
inline constexpr int kAnswered = 0;  // "no zone" is an answer
inline constexpr int kUsage = 2;
inline constexpr int kBadInput = 3;
inline constexpr int kPartly = 4;         // a time limit was reached, or not all was rechecked
inline constexpr int kConditionHeld = 5;  // of --fail-if; or a certificate was refused
inline constexpr int kFault = 70;         // ours
inline constexpr int kInterrupted = 130;

/// A row of the table of commands. `add` says what the command takes and does.
struct Command {
  const char* name;
  const char* summary;
  void (*add)(CommandLine&);
};

std::span<const Command> command_table();

void add_brief(CommandLine& line);
void add_check(CommandLine& line);
void add_explain(CommandLine& line);
void add_frontier(CommandLine& line);
void add_list(CommandLine& line);
void add_new(CommandLine& line);
void add_schema(CommandLine& line);
void add_show(CommandLine& line);
void add_solve(CommandLine& line);
void add_verify(CommandLine& line);

/// Finds the command and runs it; every exception becomes a message on standard error and an exit
/// code. `arguments` are those after the name of the program.
int run_program(const std::vector<std::string>& arguments);

}  // namespace zopa
