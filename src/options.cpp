// SPDX-License-Identifier: MIT
#include "src/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

#include "src/input_error.hpp"
#include "src/log.hpp"
#include "src/nearest.hpp"
#include "src/terminal.hpp"
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

constexpr int kHelpWidth = 100;
constexpr int kNamesWidth = 26;  // options that need more put their help on the next line
constexpr double kLongestTime = 1e8;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(at, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

// "-o,--output" → "--output": the name messages use.
std::string long_name(const std::string& names) { return split(names, ',').back(); }

}  // namespace

struct CommandLine::Parts {
  struct Line {
    std::string names;  // as the help shows them; empty: `help` opens a group
    std::string help;
  };

  std::string command;
  std::string summary;
  std::string usage;
  std::vector<Line> arguments;
  std::vector<Line> lines;
  std::vector<std::string> paragraphs;
  std::vector<std::string> examples;
  std::vector<std::string> long_names{"--help"};
  std::vector<std::string> required;  // arguments, in order
  bool many_arguments = false;
  std::vector<std::function<void()>> looks;
  std::function<int()> what;
  std::vector<std::string> given;  // the arguments as they were
  CLI::App app;

  void remember(const std::string& names, const std::string& value, const std::string& help) {
    std::string shown;
    const std::vector<std::string> each = split(names, ',');
    if (each.size() == 1 && names.starts_with("--")) shown = "    ";
    for (const std::string& name : each) {
      shown += (&name == &each.front() ? "" : ", ") + name;
      if (name.starts_with("--")) long_names.push_back(name);
    }
    lines.push_back({"  " + shown + (value.empty() ? "" : " " + value), help});
  }

  [[noreturn]] void refuse(const std::string& problem, const std::string& remedy) const {
    throw UsageError("zopa " + command + ": " + problem + "\n  " +
                     (remedy.empty() ? "" : remedy + " ") + "`zopa " + command +
                     " --help` says what it takes.");
  }
};

CommandLine::CommandLine(std::string command, std::string summary)
    : parts_(std::make_unique<Parts>()) {
  parts_->command = std::move(command);
  parts_->summary = std::move(summary);
  parts_->app.set_help_flag("-h,--help");
}

CommandLine::~CommandLine() = default;

void CommandLine::argument(std::string& into, const std::string& name, const std::string& help) {
  parts_->usage += " " + name;
  parts_->required.push_back(name);
  parts_->arguments.push_back({"  " + name, help});
  parts_->app.add_option(name, into);
}

void CommandLine::arguments(std::vector<std::string>& into, const std::string& name,
                            const std::string& help) {
  parts_->usage += " " + name + "…";
  parts_->required.push_back(name);
  parts_->many_arguments = true;
  parts_->arguments.push_back({"  " + name + "…", help});
  parts_->app.add_option(name, into);
}

void CommandLine::optional_argument(std::string& into, const std::string& name,
                                    const std::string& help, std::vector<std::string> words) {
  parts_->usage += " [" + name + "]";
  parts_->arguments.push_back({"  " + name, help});
  parts_->app.add_option(name, into);
  if (!words.empty()) allow(into, name, std::move(words));
}

void CommandLine::allow(const std::string& value, const std::string& name,
                        std::vector<std::string> words) {
  check([this, &value, name, words = std::move(words)] {
    if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return;
    parts_->refuse("'" + value + "' is not a value of " + name + ".", name_hint(value, words));
  });
}

void CommandLine::flag(bool& into, const std::string& names, const std::string& help) {
  parts_->remember(names, "", help);
  parts_->app.add_flag_callback(names, [&into] { into = true; });
}

void CommandLine::option(std::string& into, const std::string& names, const std::string& value,
                         const std::string& help) {
  parts_->remember(names, value, help);
  parts_->app.add_option(names, into)->take_last();
}

void CommandLine::option(std::vector<std::string>& into, const std::string& names,
                         const std::string& value, const std::string& help, bool comma) {
  parts_->remember(names, value, help);
  parts_->app.add_option(names, into)->allow_extra_args(false);
  if (!comma) return;
  check([&into] {
    std::vector<std::string> all;
    for (const std::string& one : into) {
      for (std::string& word : split(one, ',')) all.push_back(std::move(word));
    }
    into = std::move(all);
  });
}

void CommandLine::choice(std::string& into, const std::string& names,
                         std::vector<std::string> words, const std::string& help) {
  option(into, names, "WORD", help);
  allow(into, long_name(names), std::move(words));
}

void CommandLine::number(Rational& into, const std::string& names, const std::string& value,
                         const std::string& help, std::function<bool(const Rational&)> allowed,
                         const std::string& range) {
  auto text = std::make_shared<std::string>();
  option(*text, names, value, help);
  check([this, &into, text, name = long_name(names), allowed = std::move(allowed), range] {
    if (text->empty()) return;
    const std::optional<Rational> read = parse_decimal(*text);
    if (!read || !allowed(*read)) {
      parts_->refuse("'" + *text + "' is not a value of " + name + ".", "Write " + range + ".");
    }
    into = *read;
  });
}

void CommandLine::group(const std::string& title) { parts_->lines.push_back({"", title}); }
void CommandLine::describe(const std::string& text) { parts_->paragraphs.push_back(text); }
void CommandLine::example(const std::string& line) { parts_->examples.push_back(line); }
void CommandLine::check(std::function<void()> look) { parts_->looks.push_back(std::move(look)); }
const std::vector<std::string>& CommandLine::given() const { return parts_->given; }
void CommandLine::run(std::function<int()> what) { parts_->what = std::move(what); }

int CommandLine::main(const std::vector<std::string>& arguments) {
  parts_->given = arguments;
  std::vector<std::string> backwards(arguments.rbegin(), arguments.rend());
  try {
    parts_->app.parse(backwards);
  } catch (const CLI::CallForHelp&) {
    throw HelpRequest(help());
  } catch (const CLI::ExtrasError&) {
    const std::string extra = parts_->app.remaining().front();
    if (extra.starts_with("-") && extra != "-") {
      const std::string name = extra.substr(0, extra.find('='));
      parts_->refuse("there is no option '" + name + "'.", name_hint(name, parts_->long_names));
    }
    parts_->refuse("'" + extra + "' is one word too many.", "");
  } catch (const CLI::ArgumentMismatch&) {
    const std::string last = arguments.empty() ? "" : arguments.back();
    parts_->refuse("'" + last + "' needs a value after it.", "");
  } catch (const CLI::ParseError& error) {
    parts_->refuse(error.what(), "");
  }
  for (const std::string& name : parts_->required) {
    if (parts_->app.get_option(name)->empty()) {
      parts_->refuse("the " + name + " is missing.",
                     "Usage: zopa " + parts_->command + " [options]" + parts_->usage + ".");
    }
  }
  for (const auto& look : parts_->looks) look();
  return parts_->what();
}

std::string CommandLine::help() const {
  const int width =
      is_terminal(STDOUT_FILENO) ? std::min(terminal_width(STDOUT_FILENO), kHelpWidth) : kHelpWidth;
  std::string text = wrapped(parts_->summary, width, 0) + "\n\nUsage: zopa " + parts_->command +
                     " [options]" + parts_->usage + "\n";
  for (const std::string& paragraph : parts_->paragraphs) {
    text += "\n" + wrapped(paragraph, width, 0) + "\n";
  }
  const auto show = [&](const Parts::Line& line) {
    if (line.names.empty()) {
      text += "\n" + line.help + "\n";
      return;
    }
    const bool fits = display_width(line.names) <= kNamesWidth - 2;
    text += (fits ? padded(line.names, kNamesWidth)
                  : line.names + "\n" + std::string(kNamesWidth, ' ')) +
            wrapped(std::string(line.help), width - kNamesWidth, kNamesWidth) + "\n";
  };
  text += "\n";
  for (const Parts::Line& line : parts_->arguments) show(line);
  if (!parts_->arguments.empty() && !parts_->lines.empty() && !parts_->lines[0].names.empty()) {
    text += "\n";
  }
  for (const Parts::Line& line : parts_->lines) show(line);
  if (!parts_->examples.empty()) {
    text += parts_->examples.size() == 1 ? "\nExample: " : "\nExamples:\n";
    for (const std::string& example : parts_->examples) {
      text += (parts_->examples.size() == 1 ? "" : "  ") + example + "\n";
    }
  }
  return text;
}

void add_output_options(CommandLine& line, OutputOptions& options,
                        const std::vector<std::string>& tables) {
  std::vector<std::string> formats;
  for (const Format& format : format_table()) formats.emplace_back(format.name);
  line.group("Output:");
  line.choice(options.format, "-f,--format", formats,
              "text, csv, json or markdown (default: by the ending of --output, else text)");
  line.option(options.path, "-o,--output", "PATH",
              "write there instead of the terminal; DIR/ takes every table as csv with a "
              "description of its columns");
  if (!tables.empty()) {
    line.choice(options.table, "-t,--table", tables,
                "only this table, in any format (csv writes one: default " + tables.front() + ")");
  }
  line.choice(options.color, "--color", {"auto", "always", "never"},
              "auto, always or never (default: auto, on a terminal; NO_COLOR is honoured)");
  line.flag(options.quiet, "-q,--quiet", "no warnings, no progress");
  line.flag(options.verbose, "-v,--verbose", "say what is being done, on standard error");
  auto jobs = std::make_shared<Rational>(0);
  line.number(
      *jobs, "-j,--jobs", "N", "threads to use (default: one a processor); results do not change",
      [](const Rational& n) { return denominator(n) == 1 && n >= 1 && n <= 1024; },
      "a whole number from 1 to 1024");
  line.check([&options, &line, jobs] {
    options.arguments = line.given();
    options.jobs = static_cast<int>(numerator(*jobs));
    if (options.quiet && options.verbose) {
      throw UsageError("--quiet and --verbose exclude each other.");
    }
    set_log(options.quiet     ? Verbosity::quiet
            : options.verbose ? Verbosity::verbose
                              : Verbosity::normal,
            options.color);
  });
}

void add_scenario_options(CommandLine& line, ScenarioOptions& options) {
  line.argument(options.file, "FILE", "the scenario; - for standard input");
  line.group("Change the scenario first:");
  line.option(options.edits.date, "--date", "DATE", "the state of that day, e.g. 2025-11-23");
  line.option(options.edits.variant, "--variant", "NAME", "a named what-if of the file");
  line.option(options.edits.levers, "--lever", "NAME,…",
              "pull levers of the file; repeatable, applied in the order of the file", true);
  line.option(options.edits.sets, "--set", "PATH=VALUE",
              "set, add (PATH+=5), multiply (PATH*=1.1) or remove (~PATH); repeatable, from left "
              "to right");
}

void add_time_limit(CommandLine& line, std::optional<double>& limit) {
  auto seconds = std::make_shared<Rational>(0);
  line.number(
      *seconds, "--time-limit", "SECONDS",
      "stop then; the answer says what is proven, and the exit code is 4",
      [](const Rational& s) { return s > 0 && s <= Rational(kLongestTime); },
      "a number of seconds above 0");
  line.check([&limit, seconds] {
    if (*seconds > 0) limit = to_double(*seconds);
  });
}

void add_search_options(CommandLine& line, SearchOptions& options) {
  line.group("Search:");
  add_time_limit(line, options.time_limit);
  line.number(
      options.tau, "--tau", "DEPTH",
      "depths up to this far from zero are called knife-edge (default: 0.02)",
      [](const Rational& tau) { return tau >= 0 && tau < Rational(1, 10); },
      "a number from 0 to below 0.1");
  line.option(options.prove, "--prove", "PATH",
              "write a proof of the depth there, as JSON; `zopa verify` checks it");
}

int threads(const OutputOptions& options) {
  return options.jobs > 0 ? options.jobs
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace zopa
