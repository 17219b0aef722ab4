// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/engine/certificate.hpp"
#include "model/scenario.hpp"
#include "src/output.hpp"

namespace zopa {

/// The format of certificate files.
constexpr int kCertificateVersion = 1;

/// The largest certificate file that is read.
constexpr std::size_t kMostCertificateBytes = std::size_t{64} << 20;

/// A certificate as a JSON text that says what it claims of what: version of the program, input
/// files with their SHA-256, kind, depth and package, and the tree of boxes, with issues,
/// settlements, rules and parties by their ids, and every number as a fraction ("-1/2").
std::string certificate_json(const Scenario& scenario, const Problem& problem,
                             const Certificate& certificate, const Provenance& from);

/// Reads such a text back. `name` stands in messages. Throws InputError when it is larger than
/// kMostCertificateBytes, nests deeper than a certificate does, is no JSON, is of another version,
/// or names what the scenario does not have. Whether it proves anything is a question for
/// `find_fault` (model/engine/check.hpp): the text may say anything.
Certificate read_certificate(std::string_view text, const std::string& name,
                             const Scenario& scenario, const Problem& problem);

}  // namespace zopa
