// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace zopa {

/// An index as the standard library wants it. Parties, issues and settlements are counted with int
/// everywhere; −1 is never looked up.
inline std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace zopa
