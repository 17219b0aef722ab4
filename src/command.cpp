// SPDX-License-Identifier: MIT
#include "src/command.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <new>

#include "src/files.hpp"
#include "src/input_error.hpp"
#include "src/log.hpp"
#include "src/nearest.hpp"
#include "src/terminal.hpp"
#include "src/watch.hpp"
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

constexpr std::array kCommands{
    Command{"check",
            "Say whether scenarios are sound: every error and doubt, its place and remedy.",
            &add_check},
    Command{"solve", "Score the overlap of a scenario and pick agreements.", &add_solve},
    Command{
        "explain",
        "Say why there is no zone of agreement, and what would open it; or what would close it.",
        &add_explain},
    Command{"brief", "Write a note of one page in plain language, every sentence with its source.",
            &add_brief},
    Command{"verify", "Check a certificate that `solve --prove` wrote against a scenario.",
            &add_verify},
    Command{"frontier",
            "List the packages that cannot be improved for one without hurting another.",
            &add_frontier},
    Command{"show",
            "Print the scenario that results after extends, timeline, variant, levers and --set.",
            &add_show},
    Command{"list", "List what there is to choose from: rules, formats, tables, statuses.",
            &add_list},
    Command{"new", "Write a commented scenario to start from.", &add_new},
    Command{"schema", "Print the JSON Schema of the scenario format, or of the JSON output.",
            &add_schema},
};

std::string program_help() {
  std::string text =
      "zopa reads a scenario of negotiation positions and computes the exact zone of possible "
      "agreement.\n\nUsage: zopa COMMAND [options] …\n\n";
  for (const Command& command : command_table()) {
    text += "  " + padded(command.name, 9) + command.summary + "\n";
  }
  return text +
         "\n`zopa COMMAND --help` explains one of them; `zopa --version` prints the version.\n\n"
         "Example: zopa solve scenarios/ukraine-2025/talks.yaml\n";
}

int run_command(const std::vector<std::string>& arguments) {
  const std::string name = arguments.empty() ? "--help" : arguments[0];
  if (name == "--version" || name == "-V") {
    write_stdout("zopa " + std::string(program_version()) + "\n");
    return kAnswered;
  }
  if (arguments.empty()) throw UsageError(program_help());
  const bool asks_help = name == "--help" || name == "-h" || name == "help";
  if (asks_help && arguments.size() == 1) throw HelpRequest(program_help());
  const std::string wanted = asks_help ? arguments[1] : name;

  std::vector<std::string> names;
  for (const Command& command : command_table()) {
    names.emplace_back(command.name);
    if (wanted != command.name) continue;
    CommandLine line(command.name, command.summary);
    command.add(line);
    if (asks_help) throw HelpRequest(line.help());
    return line.main({arguments.begin() + 1, arguments.end()});
  }
  if (wanted.starts_with("-")) {
    throw UsageError("zopa: the command comes first, options such as '" + wanted +
                     "' after it.\n  `zopa --help` lists the commands.");
  }
  throw UsageError("zopa: there is no command '" + wanted + "'.\n  " + name_hint(wanted, names) +
                   " `zopa --help` lists the commands.");
}

// Messages keep their lines, each without anything that could steer a terminal.
void complain(const std::string& message) {
  std::string safe;
  std::size_t begin = 0;
  while (begin < message.size()) {
    const std::size_t end = std::min(message.find('\n', begin), message.size());
    safe += harmless(message.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  std::fputs(safe.c_str(), stderr);
}

}  // namespace

std::span<const Command> command_table() { return kCommands; }

int run_program(const std::vector<std::string>& arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows when writing, and is no error
  try {
    return run_command(arguments);
  } catch (const HelpRequest& help) {
    try {
      write_stdout(help.what());
      return kAnswered;
    } catch (const FileError& error) {
      complain(error.what());
      return kBadInput;
    }
  } catch (const UsageError& error) {
    complain(error.what());
    return kUsage;
  } catch (const InputError& error) {
    for (const InputProblem& problem : error.problems) complain(to_text(problem));
    return kBadInput;
  } catch (const FileError& error) {
    complain(error.what());
    return kBadInput;
  } catch (const Interrupted&) {
    complain(
        "zopa: interrupted; nothing was written (`--time-limit SECONDS` gives a bounded answer)");
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    complain("zopa: out of memory");
    return kFault;
  } catch (const std::exception& error) {
    complain(std::string("zopa: a fault of the program, please report it: ") + error.what());
    return kFault;
  }
}

}  // namespace zopa
