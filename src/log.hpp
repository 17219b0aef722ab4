// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace zopa {

/// Log lines go to standard error; standard output carries the result and nothing else.
enum class Verbosity { quiet, normal, verbose };

/// Says how much is logged and whether in colour. Before the first call: normal, by the terminal.
void set_log(Verbosity verbosity, std::string_view color);

void log_error(const std::string& text);
void log_warning(const std::string& text);  // not with --quiet
void log_info(const std::string& text);     // only with --verbose

}  // namespace zopa
