// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa {

/// Sets of small numbers, one a bit.
using Words = std::vector<std::uint64_t>;
inline constexpr std::size_t kWordBits = 64;

inline std::size_t words_for(std::size_t bits) { return (bits + kWordBits - 1) / kWordBits; }
inline bool has_bit(const std::uint64_t* words, std::size_t bit) {
  return (words[bit / kWordBits] >> (bit % kWordBits)) & 1;
}
inline void set_bit(std::uint64_t* words, std::size_t bit) {
  words[bit / kWordBits] |= std::uint64_t{1} << (bit % kWordBits);
}
inline bool has_bit(const Words& words, std::size_t bit) { return has_bit(words.data(), bit); }
inline void set_bit(Words& words, std::size_t bit) { set_bit(words.data(), bit); }

/// A number that is known not to be negative, as a position in a vector.
template <class Number>
std::size_t index_of(const Number& value) {
  return static_cast<std::size_t>(value);
}

/// The engine computes in the narrowest integers that hold a problem: std::int64_t, Int128 or
/// Integer.
template <class T>
double as_double(const T& value) {
  if constexpr (std::is_same_v<T, Integer>) {
    return value.template convert_to<double>();
  } else {
    return static_cast<double>(value);
  }
}
template <class T>
T to_number(const Int128& value) {
  if constexpr (std::is_same_v<T, Integer>) {
    return make_integer(value);
  } else {
    return static_cast<T>(value);
  }
}

}  // namespace zopa
