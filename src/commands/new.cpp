// SPDX-License-Identifier: MIT
#include <memory>

#include "src/command.hpp"
#include "src/files.hpp"
#include "src/new_scenario.hpp"

namespace zopa {
namespace {

struct NewOptions {
  std::string file;
  bool quiet = false;
};

int run_new(const NewOptions& options) {
  if (options.file == "-") {
    write_stdout(new_scenario());
    return kAnswered;
  }
  write_new_scenario(options.file);
  if (!options.quiet) {
    write_stdout(options.file + ": a commented scenario to start from\n  Next: zopa check " +
                 options.file + "; zopa solve " + options.file + "\n");
  }
  return kAnswered;
}

}  // namespace

void add_new(CommandLine& line) {
  auto options = std::make_shared<NewOptions>();
  line.argument(options->file, "FILE", "the file to write; - for standard output");
  line.describe(
      "Writes a small scenario that shows every important key with a comment. It is sound and has "
      "a zone of agreement: change it piece by piece. A file that exists is never overwritten.");
  line.flag(options->quiet, "-q,--quiet", "say nothing when all is well");
  line.example("zopa new lease.yaml && zopa solve lease.yaml");
  line.run([options] { return run_new(*options); });
}

}  // namespace zopa
