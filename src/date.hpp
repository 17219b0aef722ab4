// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace zopa {

/// Whether a text is a day of the Gregorian calendar, written as 2025-12-02. Such texts compare as
/// days do.
bool is_date(std::string_view text);

}  // namespace zopa
