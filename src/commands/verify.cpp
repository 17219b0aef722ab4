// SPDX-License-Identifier: MIT
#include <memory>
#include <optional>

#include "src/command.hpp"
#include "src/files.hpp"
#include "src/input_error.hpp"
#include "src/output.hpp"
#include "src/report/verification.hpp"
#include "src/scenario_file.hpp"
#include "src/watch.hpp"

namespace zopa {
namespace {

struct VerifyOptions {
  std::string certificate;
  ScenarioOptions scenario;
  std::optional<double> time_limit;
  OutputOptions output;
};

int run_verify(const VerifyOptions& options) {
  check_output(options.output);
  const Document document = edited(read_document(options.scenario.file), options.scenario.edits);
  const Scenario scenario = read_scenario(document);
  const Problem problem = frame_problem(scenario);  // without the engine: bests have to be proven
  const CertificateFile file =
      read_certificate(read_file(options.certificate, kMostCertificateBytes), options.certificate,
                       scenario, problem);

  Watch watch({.label = "verifying",
               .time_limit = options.time_limit,
               .quiet = options.output.quiet,
               .verbose = options.output.verbose});
  VerifySettings settings;
  settings.jobs = threads(options.output);
  settings.progress = watch.progress();
  const Verification verification = verify(problem, file.proofs, settings);
  watch.done();

  const Origin origin{options.scenario.file, edits_text(options.scenario.edits), scenario.date};
  const Provenance from = provenance(document);
  deliver(report({scenario, problem, file, verification, options.certificate, origin, from.inputs,
                  options.scenario.edits}),
          options.output, from);
  if (some_refused(verification)) return kConditionHeld;
  return some_open(verification) ? kPartly : kAnswered;
}

}  // namespace

void add_verify(CommandLine& line) {
  auto options = std::make_shared<VerifyOptions>();
  line.argument(options->certificate, "CERTIFICATE", "what `zopa solve --prove` wrote");
  add_scenario_options(line, options->scenario);
  line.describe(
      "Checks a certificate against a scenario, with a checker that shares no code with the "
      "search: "
      "that the package attains the depth, that no package is deeper, and that the bests which "
      "margins are measured by are right. Counts are made a second time by another method, "
      "estimates are repeated with their seed. Says why boxes of the proof are empty, and whether "
      "files or options differ from those that the certificate was made from.");
  line.describe(
      "Exit codes: 0 everything holds; 4 nothing is wrong, but something could not be rechecked (a "
      "count or a volume that is too large, or time was up); 5 the certificate is refused; 3 it "
      "cannot be read.");
  line.group("Search:");
  add_time_limit(line, options->time_limit);
  add_output_options(line, options->output, tables_of("verify"));
  line.example(
      "zopa solve scenarios/textbook/price.yaml --prove proof.json; zopa verify proof.json "
      "scenarios/textbook/price.yaml");
  line.check([options] {
    if (options->certificate == "-" && options->scenario.file == "-")
      throw UsageError("zopa verify: only one of CERTIFICATE and FILE can be standard input.");
  });
  line.run([options] { return run_verify(*options); });
}

}  // namespace zopa
