// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/document.hpp"
#include "src/options.hpp"
#include "src/writers/writers.hpp"

namespace zopa {

/// A file an answer was made from.
struct Input {
  std::string path;
  std::size_t bytes = 0;
  std::string sha256;
};

/// What a data package tells beside its tables, so that an answer can be made again.
struct Provenance {
  std::vector<Input> inputs;
  std::string scenario;  // the effective scenario as YAML; empty: none
};

Provenance provenance(const Document& effective);

/// Writes the result where and how the options say: in one format to standard output or to a file
/// (replaced as a whole), or as a data package to a folder: one csv a table, `datapackage.json`
/// (Frictionless, with the columns described) and `manifest.json` (version, arguments, inputs with
/// their SHA-256, effective scenario). Throws UsageError for options that do not go together,
/// FileError when it cannot be written.
void deliver(const Result& result, const OutputOptions& options, const Provenance& provenance = {});

/// Throws UsageError for options that do not go together; `deliver` does it too, but too late for
/// a long computation.
void check_output(const OutputOptions& options);

/// Whether the result goes to a folder, as a data package.
bool to_folder(const OutputOptions& options);

/// The name of the format in which it is written otherwise.
std::string output_format(const OutputOptions& options);

/// The two descriptions of a data package, as JSON.
std::string data_package_json(const Result& result);
std::string manifest_json(const Result& result, const std::vector<std::string>& arguments,
                          const Provenance& provenance);

}  // namespace zopa
