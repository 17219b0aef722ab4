// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "model/scenario.hpp"
#include "src/document.hpp"

namespace zopa {

/// The scenario that an effective document (see `edited`) describes; `timeline` and `variants` are
/// checked and otherwise left alone. Valid afterwards: `find_problems` returns none. Only whether
/// the rules leave a package at all is a question for the engine.
/// Throws InputError with every problem of the document, in file order.
Scenario read_scenario(const Document& document);

/// The side that a red line written as a bare value accepts, apart from the value itself.
enum class Side { below, above };

/// The side of the bare limit of one position of a document; nothing when the position, the limit
/// or the issue is missing, the limit is no bare value, or its side cannot be told. Whatever else
/// is wrong with the document does not matter.
std::optional<Side> bare_limit_side(const Node& root, const std::string& party,
                                    const std::string& issue);

}  // namespace zopa
