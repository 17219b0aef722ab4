// SPDX-License-Identifier: MIT
//
// `zopa brief`: every sentence names rows of the tables, and every number in it is found there.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "src/command.hpp"
#include "src/document.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"
#include "tests/random_cases.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using nlohmann::json;
using std::string;

// A sentence of a brief, and the references that follow it.
struct Told {
  string text;
  std::vector<string> references;
};

string unescaped(const string& markdown) {
  string text;
  for (std::size_t k = 0; k < markdown.size(); ++k) {
    if (markdown[k] == '\\' && k + 1 < markdown.size()) ++k;
    text += markdown[k];
  }
  return text;
}

// The sentences of a brief in Markdown, from the first section up to the notation.
std::vector<Told> sentences(const string& brief) {
  std::vector<Told> all;
  std::istringstream lines(brief);
  bool begun = false;
  for (string line; std::getline(lines, line);) {
    if (line == "## Notation") break;
    begun = begun || line.starts_with("## ");
    if (!begun || line.empty() || line.starts_with("#")) continue;
    const string text = unescaped(line);
    std::size_t from = 0;
    while (from < text.size()) {
      const std::size_t open = text.find('[', from);
      if (open == string::npos) {
        ADD_FAILURE() << "no reference after: " << text.substr(from);
        break;
      }
      Told told{text.substr(from, open - from), {}};
      from = open;
      while (from < text.size() && text[from] == '[') {
        const std::size_t close = text.find(']', from);
        told.references.push_back(text.substr(from + 1, close - from - 1));
        from = close + 1;
        while (from < text.size() && text[from] == ' ') ++from;
      }
      all.push_back(std::move(told));
    }
  }
  return all;
}

std::vector<string> split(const string& text, const string& at) {
  std::vector<string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t end = text.find(at, from);
    parts.push_back(text.substr(from, end - from));
    if (end == string::npos) return parts;
    from = end + at.size();
  }
}

string plain(const json& cell) { return cell.is_string() ? cell.get<string>() : cell.dump(); }

// The rows of a reference, "table row; other, row: column, column".
std::vector<json> rows_of(const json& tables, const string& reference) {
  const string before = split(reference, ": ").front();
  const std::size_t space = before.find(' ');
  const string table = before.substr(0, space);
  if (!tables.contains(table)) {
    ADD_FAILURE() << "no table " << reference;
    return {};
  }
  if (reference.find(": ") != string::npos && !tables.at(table).empty()) {
    for (const string& column : split(split(reference, ": ").back(), ", ")) {
      const bool known = std::any_of(tables.at(table).begin(), tables.at(table).end(),
                                     [&](const json& row) { return row.contains(column); });
      EXPECT_TRUE(known) << "no row has the column " << column << ": " << reference;
    }
  }
  std::vector<json> found;
  if (space == string::npos) {
    for (const json& row : tables.at(table)) found.push_back(row);
    EXPECT_FALSE(found.empty()) << reference;
    return found;
  }
  for (const string& wanted : split(before.substr(space + 1), "; ")) {
    const std::vector<string> keys = split(wanted, ", ");
    std::size_t met = 0;
    for (const json& row : tables.at(table)) {
      const bool all = std::all_of(keys.begin(), keys.end(), [&](const string& key) {
        return std::any_of(row.begin(), row.end(),
                           [&](const json& cell) { return plain(cell) == key; });
      });
      if (!all) continue;
      found.push_back(row);
      ++met;
    }
    EXPECT_GT(met, 0U) << "no row '" << wanted << "': " << reference;
  }
  return found;
}

// A number as it is printed: its value, the value of its last digit, and whether it is a share.
struct Printed {
  double value;
  double digit;
  bool percent;
};

const std::regex& number_pattern() {
  static const std::regex kNumber("(-|−)?([0-9][0-9,]*)(\\.[0-9]+)?(e-?[0-9]+)?(/[0-9]+)?( %)?");
  return kNumber;
}

Printed printed(const std::smatch& match) {
  string digits = match[2].str();
  std::erase(digits, ',');
  const string mantissa = digits + match[3].str();
  const double exponent = match[4].matched ? std::stod(match[4].str().substr(1)) : 0;
  const double decimals = match[3].matched ? static_cast<double>(match[3].length() - 1) : 0;
  if (match[5].matched)  // a fraction is exact; tables give its decimals
    return {std::stod(mantissa) / std::stod(match[5].str().substr(1)), 1e-9, match[6].matched};
  return {std::stod(mantissa) * std::pow(10, exponent), std::pow(10, exponent - decimals),
          match[6].matched};
}

bool found_in(const Printed& number, const json& cell) {
  if (cell.is_number()) {
    const double value = std::fabs(cell.get<double>()) * (number.percent ? 100 : 1);
    return std::fabs(value - number.value) <= number.digit * (1 + 1e-9);
  }
  if (!cell.is_string()) return false;
  const string text = cell.get<string>();
  for (auto it = std::sregex_iterator(text.begin(), text.end(), number_pattern());
       it != std::sregex_iterator(); ++it) {
    if (std::fabs(printed(*it).value - number.value) <= 1e-9) return true;
  }
  return false;
}

// The words of the file, in which numbers are names: longest first.
std::vector<string> words_of(const Scenario& scenario) {
  std::vector<string> words;
  for (const Issue& issue : scenario.issues) {
    words.push_back(issue.title);
    for (const Option& option : issue.options) words.push_back(option.title);
  }
  for (const Party& party : scenario.parties) {
    words.push_back(party.title);
    for (const LinkedDemand& demand : party.demands) words.push_back(demand.title);
  }
  for (const Draft& draft : scenario.drafts) words.push_back(draft.title);
  for (const Rule& rule : scenario.rules) words.push_back(rule.title);
  std::erase(words, "");
  std::sort(words.begin(), words.end(),
            [](const string& a, const string& b) { return a.size() > b.size(); });
  return words;
}

string without(string text, const std::vector<string>& words) {
  for (const string& word : words) {
    for (std::size_t at = text.find(word); at != string::npos; at = text.find(word, at + 1))
      text.replace(at, word.size(), string(word.size(), '_'));
  }
  return text;
}

// How many numbers were looked for.
int check_brief(std::vector<string> arguments, int status = kAnswered) {
  arguments.insert(arguments.begin(), "brief");
  const auto printed_as = [&](const string& format) {
    std::vector<string> all = arguments;
    all.insert(all.end(), {"--format", format});
    const Ran ran = run(all);
    EXPECT_EQ(ran.status, status) << ran.err;
    return ran.out;
  };
  const json tables = json::parse(printed_as("json"));
  Edits edits;
  if (arguments.size() == 4) edits.variant = arguments.back();
  const Scenario scenario = read_scenario(edited(read_document(arguments[1]), edits));
  const std::vector<string> words = words_of(scenario);
  const std::vector<Told> all = sentences(printed_as("markdown"));
  EXPECT_GE(all.size(), 8U);
  int numbers = 0;
  for (const Told& told : all) {
    EXPECT_TRUE(told.text.ends_with(". ")) << told.text;
    std::vector<json> rows;
    for (const string& reference : told.references) {
      for (json& row : rows_of(tables, reference)) rows.push_back(std::move(row));
    }
    const string text = without(told.text, words);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), number_pattern());
         it != std::sregex_iterator(); ++it) {
      const Printed number = printed(*it);
      ++numbers;
      const bool found = std::any_of(rows.begin(), rows.end(), [&](const json& row) {
        return std::any_of(row.begin(), row.end(),
                           [&](const json& cell) { return found_in(number, cell); });
      });
      EXPECT_TRUE(found) << it->str() << " is not in [" << told.references.front()
                         << "]: " << told.text;
    }
  }
  return numbers;
}

const string kScenarios = ZOPA_SOURCE_DIR "/scenarios/";

TEST(BriefCommand, FindsEveryNumberInTheTables) {
  if (test::random_cases(100) >= 50) {  // takes seconds
    EXPECT_GT(check_brief({kScenarios + "ukraine-2025/talks.yaml"}, kPartly), 20);
  }
  EXPECT_GT(check_brief({kScenarios + "textbook/linked-demands.yaml"}), 15);
  EXPECT_GT(check_brief({kScenarios + "textbook/linked-demands.yaml", "--variant", "demanding-b"}),
            15);
  EXPECT_GT(check_brief({kScenarios + "textbook/price.yaml", "--variant", "no-zone"}), 8);
}

TEST(BriefCommand, FindsEveryNumberOfAnOpenZone) {
  EXPECT_GT(check_brief({kScenarios + "textbook/logrolling.yaml"}), 10);
  EXPECT_GT(check_brief({kScenarios + "textbook/camp-david-1978.yaml"}), 5);
  EXPECT_GT(check_brief({kScenarios + "textbook/price.yaml"}), 8);
  EXPECT_GT(check_brief({kScenarios + "textbook/committee.yaml", "--variant", "three-of-four"}), 8);
}

TEST(BriefCommand, SaysWhatAStoppedSearchLeftOpen) {
  const Ran ran =
      run({"brief", kScenarios + "ukraine-2025/talks.yaml", "--time-limit", "0.000001"});
  EXPECT_EQ(ran.status, kPartly) << ran.err;
  EXPECT_NE(ran.out.find("is not decided"), string::npos) << ran.out;
}

}  // namespace
}  // namespace zopa
