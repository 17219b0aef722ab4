// SPDX-License-Identifier: MIT
#pragma once

#include "model/scenario.hpp"
#include "src/document.hpp"

namespace zopa {

/// The scenario that an effective document (see `edited`) describes; `timeline` and `variants` are
/// checked and otherwise left alone. Valid afterwards: `find_problems` returns none. Only whether
/// the rules leave a package at all is a question for the engine.
/// Throws InputError with every problem of the document, in file order.
Scenario read_scenario(const Document& document);

}  // namespace zopa
