// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "model/answers/verification.hpp"
#include "src/certificate_file.hpp"
#include "src/table_kinds.hpp"
#include "src/writers/writers.hpp"

namespace zopa {

/// What `verify` found out, with what it is about.
struct Verified {
  const Scenario& scenario;
  const Problem& problem;  // its bests are not looked at
  const CertificateFile& file;
  const Verification& verification;
  std::string certificate;    // path as given
  Origin origin;              // of the scenario
  std::vector<Input> inputs;  // read now
  Edits edits;                // given now
};

/// The tables of `verify` (those of table_kinds) and its page.
Result report(const Verified& verified);

/// Whether some claim was refused; whether some was not rechecked.
bool some_refused(const Verification& verification);
bool some_open(const Verification& verification);

}  // namespace zopa
