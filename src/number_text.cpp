// SPDX-License-Identifier: MIT
#include "src/number_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace zopa {
namespace {

constexpr double kCountedOut = 1e7;  // larger counts are rounded to two digits

std::string formatted(const char* format, int digits, double value) {
  std::array<char, 400> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, digits, value);
  return buffer.data();
}

// "1.2e-06" becomes "1.2e-6", "7.0e+14" "7e14".
std::string scientific(double value, int digits) {
  std::string text = formatted("%.*e", digits, value);
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') != std::string::npos) {
    while (mantissa.back() == '0') mantissa.pop_back();
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return mantissa + "e" + std::to_string(std::stoi(text.substr(e + 1)));
}

constexpr double kScientific = 0.0001;  // smaller magnitudes are shown with an exponent

// Decimals of a magnitude: two, more where two would lose the number.
int decimals(double value) {
  if (value == 0 || value >= 0.005) return 2;
  return static_cast<int>(std::ceil(-std::log10(value)));
}

// Without a sign.
std::string magnitude(double value) {
  if (value != 0 && value < kScientific) return scientific(value, 0);
  return formatted("%.*f", decimals(value), value);
}

std::string with_commas(const std::string& digits) {
  std::string text;
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (k > 0 && (digits.size() - k) % 3 == 0) text += ',';
    text += digits[k];
  }
  return text;
}

}  // namespace

std::string margin_text(double value) {
  if (value == 0) return "0.00";
  return (value > 0 ? "+" : "−") + magnitude(std::fabs(value));
}

std::string unit_text(double value) {
  if (value < 0) return "−" + unit_text(-value);
  return value == std::floor(value) && value < kCountedOut ? formatted("%.*f", 0, value)
                                                           : magnitude(value);
}

double raised(double value) {
  if (value == 0) return 0;
  const double shown = std::pow(10, decimals(std::fabs(value)));
  return std::ceil(value * shown - 1e-9) / shown;
}

std::string share_text(double share) {
  if (share < 0) return "−" + share_text(-share);
  if (share == 0) return "0 %";
  if (share < 0.001) return scientific(share, 1);
  const double percent = 100 * share;
  int digits = percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2;
  std::string text = formatted("%.*f", digits, percent);
  if (share < 1 && text == "100") text = percent < 99.95 ? formatted("%.*f", 1, percent) : ">99.9";
  if (share > 1 && text == "100") text = formatted("%.*f", 2, percent);
  return text + " %";
}

std::string count_text(const Integer& value) {
  if (value < 0) return "−" + count_text(Integer(-value));
  if (value < static_cast<long long>(kCountedOut)) return with_commas(value.str());
  // Beyond the range of double only the digits are left to count.
  const std::string digits = value.str();
  const double leading = std::stod(digits.substr(0, 3)) / 100;
  std::string mantissa = formatted("%.*f", 1, leading);
  std::size_t exponent = digits.size() - 1;
  if (mantissa == "10.0") {
    mantissa = "1";
    ++exponent;
  } else if (mantissa.ends_with(".0")) {
    mantissa.resize(mantissa.size() - 2);
  }
  return mantissa + "e" + std::to_string(exponent);
}

std::string count_text(double value) {
  return value < kCountedOut ? with_commas(formatted("%.*f", 0, value)) : scientific(value, 1);
}

std::string value_text(double value) {
  std::string text = formatted("%.*g", 6, std::fabs(value));
  if (std::fabs(value) < 1e15 && value == std::floor(value)) {
    text = formatted("%.*f", 0, std::fabs(value));
  } else if (text.find('e') != std::string::npos) {
    text = scientific(std::fabs(value), 5);
  }
  return (value < 0 ? "−" : "") + text;
}

std::string cell_text(const Cell& cell, const Column& column) {
  if (const auto* number = std::get_if<double>(&cell)) {
    switch (column.style) {
      case NumberStyle::margin: return margin_text(*number);
      case NumberStyle::share: return share_text(*number);
      case NumberStyle::count: return count_text(*number);
      case NumberStyle::unit: return unit_text(*number);
      case NumberStyle::plain: return value_text(*number);
    }
  }
  if (const auto* integer = std::get_if<Integer>(&cell)) {
    return column.style == NumberStyle::count ? count_text(*integer) : integer->str();
  }
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "yes" : "no";
  return plain_text(cell);
}

}  // namespace zopa
