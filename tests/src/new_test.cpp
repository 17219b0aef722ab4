// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/check.hpp"
#include "src/edits.hpp"
#include "src/files.hpp"
#include "src/new_scenario.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

namespace fs = std::filesystem;

class New : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string contents(const fs::path& file) {
    std::ostringstream all;
    all << std::ifstream(file).rdbuf();
    return all.str();
  }

  const fs::path folder_ = fs::temp_directory_path() / ("zopa-new-" + std::to_string(getpid()));
};

TEST_F(New, WritesAScenarioWithoutErrorsOrWarnings) {
  const std::string file = folder_ / "lease.yaml";
  write_new_scenario(file);
  EXPECT_EQ(contents(file), new_scenario());
  for (const InputProblem& problem : check_file(file)) ADD_FAILURE() << to_text(problem);
}

TEST_F(New, ShowsEveryImportantKey) {
  for (const char* key :
       {"zopa:",     "title:",       "date:",     "about:",     "sources:",  "issues:",
        "group:",    "range:",       "step:",     "unit:",      "options:",  "ordered:",
        "parties:",  "reservation:", "package:",  "positions:", "salience:", "low:",
        "likely:",   "high:",        "ideal:",    "value:",     "limit:",    "accepts:",
        "basis:",    "confidence:",  "as_of:",    "note:",      "demands:",  "when:",
        "require:",  "rules:",       "consent:",  "all:",       "party:",    "drafts:",
        "timeline:", "set:",         "variants:", "levers:",    "cost:"}) {
    EXPECT_NE(new_scenario().find(key), std::string_view::npos) << key;
  }
}

TEST_F(New, HasNoLineWiderThanAScreen) {
  std::istringstream lines{std::string(new_scenario())};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110U) << line;
}

TEST_F(New, NeverOverwrites) {
  const fs::path file = folder_ / "mine.yaml";
  std::ofstream(file) << "mine";
  EXPECT_THROW(write_new_scenario(file), FileError);
  EXPECT_EQ(contents(file), "mine");
}

TEST_F(New, DoesNotFollowALink) {
  const fs::path link = folder_ / "link.yaml";
  fs::create_symlink(folder_ / "nowhere.yaml", link);
  EXPECT_THROW(write_new_scenario(link), FileError);
  EXPECT_FALSE(fs::exists(folder_ / "nowhere.yaml"));
}

TEST_F(New, SaysWhichFolderIsMissing) {
  const std::string file = folder_ / "missing" / "lease.yaml";
  try {
    write_new_scenario(file);
    FAIL();
  } catch (const FileError& error) {
    EXPECT_NE(std::string(error.what()).find(file), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("No such file or directory"), std::string::npos);
  }
}

}  // namespace
}  // namespace zopa
