// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zopa {

/// The known names, nearest to `name` first (by edits of one character, neighbours swapped counting
/// as one; equals in the order given).
std::vector<std::string> nearest_names(std::string_view name, std::vector<std::string> known);

/// "Did you mean `donbas`? Known: donbas, army, …" for an unknown name; at most eight names.
/// Without known names: empty.
std::string name_hint(std::string_view name, std::vector<std::string> known);

}  // namespace zopa
