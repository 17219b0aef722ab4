// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace zopa {

/// One character of a text. `valid` is false for a byte that begins no character: cut, overlong,
/// a surrogate, beyond U+10FFFF.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The first character of a text that is not empty.
Character first_character(std::string_view text);

/// U+FFFD, shown in place of what cannot be.
inline constexpr const char* kReplacement = "\xEF\xBF\xBD";

}  // namespace zopa
