// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "model/engine/prepare.hpp"
#include "model/engine/volume.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

Rational exact_volume(const std::string& file, const std::string& variant = "") {
  Edits edits;
  edits.variant = variant;
  std::string path = ZOPA_SOURCE_DIR "/scenarios/textbook/";
  path += file;
  const Scenario scenario = read_scenario(edited(read_document(path), edits));
  const Breadth breadth = measure_breadth(make_problem(scenario), {});
  EXPECT_EQ(breadth.kind, Breadth::Kind::exact) << file;
  return breadth.exact_share.value_or(-1);
}

TEST(Volume, OfTextbookScenariosIsAsPublished) {
  EXPECT_EQ(exact_volume("price.yaml"), Rational(11, 70));
  EXPECT_EQ(exact_volume("divide-a-pie.yaml"), Rational(4, 25));
  EXPECT_EQ(exact_volume("linked-demands.yaml"), 0);
  EXPECT_NEAR(to_double(exact_volume("linked-demands.yaml", "guarantor-signs-treaty")),
              0.0042956951, 2e-9);  // published from samples
}

}  // namespace
}  // namespace zopa
