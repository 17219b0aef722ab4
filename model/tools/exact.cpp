// SPDX-License-Identifier: MIT
#include "model/tools/exact.hpp"

#include <boost/integer/common_factor_rt.hpp>
#include <cmath>
#include <limits>

namespace zopa {
namespace {

constexpr int kMostDigits = 40;
constexpr int kMostExponent = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Integer power_of_ten(int exponent) {
  return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(exponent));
}

}  // namespace

std::optional<Rational> parse_decimal(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;

  Integer digits = 0;
  int digit_count = 0;
  int fraction_digits = 0;
  const std::size_t whole_begin = at;
  while (at < text.size() && is_digit(text[at])) {
    digits = digits * 10 + (text[at++] - '0');
    if (++digit_count > kMostDigits) return std::nullopt;
  }
  const std::size_t whole_digits = at - whole_begin;
  if (whole_digits == 0 || (whole_digits > 1 && text[whole_begin] == '0')) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && is_digit(text[at])) {
      digits = digits * 10 + (text[at++] - '0');
      ++fraction_digits;
      if (++digit_count > kMostDigits) return std::nullopt;
    }
    if (fraction_digits == 0) return std::nullopt;
  }
  int exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative_exponent = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent_begin = at;
    while (at < text.size() && is_digit(text[at])) {
      exponent = exponent * 10 + (text[at++] - '0');
      if (exponent > kMostExponent) return std::nullopt;
    }
    if (at == exponent_begin) return std::nullopt;
    if (negative_exponent) exponent = -exponent;
  }
  if (at != text.size()) return std::nullopt;

  const int scale = exponent - fraction_digits;
  Rational value =
      scale >= 0 ? Rational(digits * power_of_ten(scale)) : Rational(digits, power_of_ten(-scale));
  return negative ? Rational(-value) : value;
}

std::string to_text(const Rational& value) {
  const Integer numerator = boost::multiprecision::numerator(value);
  Integer denominator = boost::multiprecision::denominator(value);
  if (denominator == 1) return numerator.str();
  int twos = 0;
  int fives = 0;
  Integer rest = denominator;
  while (rest % 2 == 0) rest /= 2, ++twos;
  while (rest % 5 == 0) rest /= 5, ++fives;
  const int places = std::max(twos, fives);
  if (rest != 1 || places > kMostDigits) return numerator.str() + "/" + denominator.str();

  std::string digits = Integer(abs(numerator) * power_of_ten(places) / denominator).str();
  if (static_cast<int>(digits.size()) <= places)
    digits.insert(0, static_cast<std::size_t>(places) + 1 - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  return numerator < 0 ? "-" + digits : digits;
}

double to_double(const Rational& value) {
  // Scale so that the integer quotient has 63 or more significant bits; the last rounding is then
  // the only one.
  const Integer numerator = boost::multiprecision::numerator(value);
  const Integer denominator = boost::multiprecision::denominator(value);
  if (numerator == 0) return 0.0;
  Integer magnitude = abs(numerator);
  const int shift = 64 + static_cast<int>(msb(denominator)) - static_cast<int>(msb(magnitude));
  Integer quotient = shift >= 0
                         ? Integer((magnitude << static_cast<unsigned>(shift)) / denominator)
                         : Integer(magnitude / (denominator << static_cast<unsigned>(-shift)));
  const bool inexact = shift >= 0
                           ? quotient * denominator != (magnitude << static_cast<unsigned>(shift))
                           : quotient * (denominator << static_cast<unsigned>(-shift)) != magnitude;
  // 64 or 65 bits: keep 62 and a sticky bit in a uint64, which converts to double with one
  // rounding.
  const unsigned drop = msb(quotient) - 61;
  bool sticky = inexact || ((quotient >> drop) << drop) != quotient;
  const std::uint64_t kept =
      ((quotient >> drop).convert_to<std::uint64_t>() << 1) | (sticky ? 1U : 0U);
  const double result = std::ldexp(static_cast<double>(kept), static_cast<int>(drop) - 1 - shift);
  return numerator < 0 ? -result : result;
}

Integer make_integer(Int128 value) {
  const bool negative = value < 0;
  Uint128 magnitude = negative ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
  Integer result = static_cast<std::uint64_t>(magnitude >> 64);
  result <<= 64;
  result += static_cast<std::uint64_t>(magnitude);
  return negative ? Integer(-result) : result;
}

Rational make_rational(Int128 numerator, Int128 denominator) {
  return Rational(make_integer(numerator), make_integer(denominator));
}

std::optional<Int128> to_int128(const Integer& value) {
  const Integer magnitude = abs(value);
  if (magnitude != 0 && msb(magnitude) > 125) return std::nullopt;
  const std::uint64_t high = Integer(magnitude >> 64).convert_to<std::uint64_t>();
  const std::uint64_t low =
      Integer(magnitude & std::numeric_limits<std::uint64_t>::max()).convert_to<std::uint64_t>();
  const Int128 result = (static_cast<Int128>(high) << 64) | static_cast<Int128>(low);
  return value < 0 ? -result : result;
}

Integer common_multiple(const Integer& a, const Integer& b) {
  return boost::multiprecision::lcm(a, b);
}

}  // namespace zopa
