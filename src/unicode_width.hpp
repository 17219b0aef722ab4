// SPDX-License-Identifier: MIT
#pragma once

namespace zopa {

/// The number of columns in which a terminal shows a code point: 0 for combining marks and format
/// characters, 2 for wide ones (Chinese, Japanese, Korean, most emoji), otherwise 1.
int columns_of(char32_t c);

}  // namespace zopa
