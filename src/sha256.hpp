// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace zopa {

/// The SHA-256 digest of the bytes, as 64 hexadecimal digits.
///
/// Source: FIPS 180-4, sections 5.1.1, 5.3.3 and 6.2.
std::string sha256(std::string_view bytes);

}  // namespace zopa
