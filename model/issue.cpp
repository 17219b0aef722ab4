// SPDX-License-Identifier: MIT
#include "model/issue.hpp"

#include "model/tools/error.hpp"

namespace zopa {

int Issue::settlements() const {
  if (kind != IssueKind::numeric) return static_cast<int>(options.size());
  if (!step) return 0;
  return boost::multiprecision::numerator(Rational((high - low) / *step)).convert_to<int>() + 1;
}

Rational Issue::place(int k) const {
  return kind == IssueKind::numeric ? Rational(low + k * *step) : Rational(k);
}

Rational Issue::scale_low() const { return kind == IssueKind::numeric ? low : Rational(0); }

Rational Issue::scale_high() const {
  return kind == IssueKind::numeric ? high : Rational(static_cast<int>(options.size()) - 1);
}

std::optional<int> Issue::settlement_at(const Rational& place) const {
  if (continuous() || place < scale_low() || place > scale_high()) return std::nullopt;
  const Rational k = kind == IssueKind::numeric ? Rational((place - low) / *step) : place;
  if (boost::multiprecision::denominator(k) != 1) return std::nullopt;
  return boost::multiprecision::numerator(k).convert_to<int>();
}

bool Issue::admits(const Rational& place) const {
  return continuous() ? place >= low && place <= high : settlement_at(place).has_value();
}

}  // namespace zopa
