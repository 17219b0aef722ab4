// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "model/answers/frontier.hpp"
#include "src/page.hpp"
#include "src/table_kinds.hpp"
#include "src/writers/writers.hpp"

namespace zopa {

/// A frontier with what it is about: all that a report needs.
struct Framed {
  const Scenario& scenario;
  const Problem& problem;
  const Frontier& frontier;
  bool all = false;  // of the agreement space
  Origin origin;
};

/// The tables of `frontier` (those of table_kinds) and its page. A table that is not `wanted` stays
/// empty: those of a large frontier take hundreds of bytes a row.
Result report(const Framed& framed, const std::function<bool(const std::string&)>& wanted);

}  // namespace zopa
