// SPDX-License-Identifier: MIT
#include "src/number_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace zopa {
namespace {

TEST(Bound, IsNotShownBelowWhatWasProven) {
  EXPECT_EQ(unit_text(0.2245), "0.22");
  EXPECT_EQ(unit_text(raised(0.2245)), "0.23");
  EXPECT_EQ(margin_text(raised(0.1201)), "+0.13");
  EXPECT_EQ(margin_text(raised(-0.0386)), "−0.03");
  EXPECT_EQ(unit_text(raised(0.00312)), "0.004");
  EXPECT_EQ(unit_text(raised(3.2e-7)), "4e-7");
  EXPECT_EQ(unit_text(raised(1.0000001)), "1.01");
}

TEST(Bound, ThatCanBeShownStaysAsItIs) {
  for (int hundredths = -300; hundredths <= 300; ++hundredths) {
    const double value = hundredths / 100.0;
    EXPECT_EQ(unit_text(raised(value)), unit_text(value));
    EXPECT_EQ(margin_text(raised(value)), margin_text(value));
  }
  EXPECT_EQ(unit_text(raised(4e-7)), "4e-7");
  EXPECT_EQ(raised(0), 0);
}

}  // namespace
}  // namespace zopa
