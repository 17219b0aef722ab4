// SPDX-License-Identifier: MIT
#include "src/schema.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "src/files.hpp"

namespace zopa {
namespace {

TEST(Schema, IsTheOneBesideTheScenarios) {
  EXPECT_EQ(scenario_schema(), read_file(ZOPA_SOURCE_DIR "/scenarios/scenario.schema.json"))
      << "zopa schema -o scenarios/scenario.schema.json";
}

TEST(Schema, HasARowForEveryShape) {
  std::set<std::string> names;
  for (int id = 0; id <= static_cast<int>(ShapeId::anything); ++id) {
    const Shape& row = shape(static_cast<ShapeId>(id));
    EXPECT_EQ(static_cast<int>(row.id), id);
    EXPECT_FALSE(row.words.empty()) << row.name;
    EXPECT_TRUE(names.emplace(row.name).second) << row.name << " stands twice";
  }
}

TEST(Schema, SaysOfEveryKeyWhatItMeans) {
  for (int id = 0; id <= static_cast<int>(ShapeId::anything); ++id) {
    const Shape& row = shape(static_cast<ShapeId>(id));
    for (const Key& key : row.keys) EXPECT_FALSE(key.doc.empty()) << row.name << "." << key.name;
  }
}

TEST(Schema, NamesInGroupsAndCompanyOnlyKeysOfTheRow) {
  for (int id = 0; id <= static_cast<int>(ShapeId::anything); ++id) {
    const Shape& row = shape(static_cast<ShapeId>(id));
    for (const auto& group : row.one_of) {
      for (const auto key : group) EXPECT_NE(find_key(row, key), nullptr) << row.name << "." << key;
    }
    for (const Company& company : row.company) {
      EXPECT_NE(find_key(row, company.key), nullptr) << row.name << "." << company.key;
      for (const auto& keys : {company.one_of, company.none_of}) {
        for (const auto key : keys)
          EXPECT_NE(find_key(row, key), nullptr) << row.name << "." << key;
      }
    }
  }
}

}  // namespace
}  // namespace zopa
