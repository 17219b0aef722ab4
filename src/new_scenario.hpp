// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace zopa {

/// A commented scenario to start from: sound, without a warning, and with a zone. The text is
/// src/commands/new_template.yaml, which the build makes part of the program.
std::string_view new_scenario();

/// Writes it to a file that does not exist yet; what is there, a link included, is never touched.
/// Throws FileError when something is there, or the file cannot be written (then it is gone again).
void write_new_scenario(const std::string& path);

}  // namespace zopa
