// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "src/table.hpp"

namespace zopa {

// Numbers as people read them, with as many digits as they deserve. The sign and "is it zero" are
// never lost by rounding: a positive margin never reads +0.00, a share below one never reads 100 %.

/// "+0.08", "−0.42", "0.00" for exactly zero, "+0.0004", "−3e-07".
std::string margin_text(double value);

/// "0.25", "0.0004", "1": an unsigned number on [0, 1].
std::string unit_text(double value);

/// The value, or where `margin_text` and `unit_text` would show less the next number that they can
/// show: for "at most", so that a proven bound is not rounded below what was proven. Off by at most
/// 1e-9 of the last digit shown.
double raised(double value);

/// "52 %", "3.4 %", "0.34 %", "1.2e-06" below a thousandth, "0 %" and "100 %" only when exact.
std::string share_text(double share);

/// "7", "12,345,678", "7.1e14" from ten million on.
std::string count_text(const Integer& value);
std::string count_text(double value);

/// A number of the scenario: as written, at most six significant digits otherwise.
std::string value_text(double value);

/// The cell in the style of its column; a minus sign is "−"; "yes" and "no"; empty when absent.
std::string cell_text(const Cell& cell, const Column& column);

}  // namespace zopa
