// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace zopa {

/// The scenario format as a JSON Schema (2020-12), indented text with a newline at the end.
std::string scenario_schema();

}  // namespace zopa
