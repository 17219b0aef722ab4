// SPDX-License-Identifier: MIT
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zopa {

/// 128-bit integers: the entries of the engine's tables, in each party's own unit.
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// Exact numbers. Decimals of a scenario are read as rationals, so that a tie is a tie.
using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

/// Reads a decimal number: optional sign, digits, optional fraction, optional exponent ("-3",
/// "0.25", "1e3"). Returns nothing for anything else: leading zeros ("010"), a bare point,
/// infinities, hexadecimal, more than 40 digits, or an exponent beyond ±40.
std::optional<Rational> parse_decimal(std::string_view text);

/// The exact value as text: a decimal when it has one ("0.125"), otherwise a fraction ("1/3").
std::string to_text(const Rational& value);

/// The nearest double.
double to_double(const Rational& value);

Rational make_rational(Int128 numerator, Int128 denominator = 1);
Integer make_integer(Int128 value);

/// Returns nothing when the value has more than 126 bits.
std::optional<Int128> to_int128(const Integer& value);

/// The least common multiple of two positive numbers.
Integer common_multiple(const Integer& a, const Integer& b);

}  // namespace zopa
