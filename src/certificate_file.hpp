// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/scenario.hpp"
#include "src/edits.hpp"
#include "src/output.hpp"

namespace zopa {

/// The format of certificate files.
constexpr int kCertificateVersion = 1;

/// The largest certificate file that is read, and the most values in it: about 1 GB of memory.
constexpr std::size_t kMostCertificateBytes = std::size_t{64} << 20;
constexpr std::size_t kMostCertificateValues = 4'000'000;

/// What a certificate file says beside its proofs.
struct CertificateFile {
  Proofs proofs;
  std::string version;        // of the program that wrote it
  std::vector<Input> inputs;  // what it was made from
  Edits edits;                // what was changed first
};

/// Proofs as a JSON text that says what they claim of what: version of the program, input files
/// with their SHA-256, date, variant and edits; kind, depth and package, and the tree of boxes; the
/// best of every leaf with its boxes; what is said of the breadth. Issues, settlements, rules and
/// parties stand by their ids, and every number is a fraction ("-1/2"), but for the figures of an
/// estimate.
std::string certificate_json(const Scenario& scenario, const Problem& problem, const Proofs& proofs,
                             const Provenance& from, const Edits& edits);

/// Reads such a text back. `name` stands in messages; of the problem no best is looked at. Throws
/// InputError when it is larger than kMostCertificateBytes or kMostCertificateValues or has more
/// than 20 million multipliers (0 included, where a box has any), nests deeper than a certificate
/// does, is no JSON, is of another version, or names what the scenario does not have. Whether it
/// proves anything is a question for `verify` (model/answers/verification.hpp): the text may say
/// anything.
CertificateFile read_certificate(std::string_view text, const std::string& name,
                                 const Scenario& scenario, const Problem& problem);

}  // namespace zopa
