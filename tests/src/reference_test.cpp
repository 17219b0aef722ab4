// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/answers/drafts.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "model/engine/prepare.hpp"
#include "src/document.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

// The expected numbers of tests/reference/*.csv, each with its source. tests/oracle/reference.py
// says how those came about that no page prints.

namespace zopa {
namespace {

struct Row {
  std::string quantity;
  std::string key;
  std::string expected;
  Rational tolerance;
  std::string source;
  std::string place;  // file:line
};

struct Group {
  std::string scenario;
  std::string variant;
  std::vector<Row> rows;
};

void PrintTo(const Group& group, std::ostream* out) {
  *out << group.scenario << ' ' << group.variant;
}

// "-1/45", "0.25" or "1e-4".
std::optional<Rational> number(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return parse_decimal(text);
  const auto above = parse_decimal(text.substr(0, slash));
  const auto below = parse_decimal(text.substr(slash + 1));
  if (!above || !below) return std::nullopt;
  return *above / *below;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::vector<Group> groups() {
  std::vector<Group> out;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(ZOPA_SOURCE_DIR "/tests/reference")) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    for (int count = 2; std::getline(in, line); ++count) {
      const auto cell = cells(line);
      const auto [at, fresh] = known.try_emplace({cell.at(0), cell.at(1)}, out.size());
      if (fresh) out.push_back({cell[0], cell[1], {}});
      out[at->second].rows.push_back({cell.at(2), cell.at(3), cell.at(4),
                                      number(cell.at(5)).value(), cell.at(6),
                                      file.filename().string() + ":" + std::to_string(count)});
    }
  }
  return out;
}

// What the program says, as a number, a word, or nothing.
struct Found {
  std::optional<Rational> number;
  std::optional<std::string> word;

  Found() = default;
  Found(const Rational& value) : number(value) {}                 // NOLINT
  Found(const std::optional<Rational>& value) : number(value) {}  // NOLINT
  Found(const std::optional<double>& value) {                     // NOLINT
    if (value) number = Rational(*value);
  }
  Found(const std::optional<Integer>& value) {  // NOLINT
    if (value) number = Rational(*value);
  }
  Found(std::string value) : word(std::move(value)) {}  // NOLINT
};

std::string name(std::optional<Status> status) {
  if (!status) return "";
  switch (*status) {
    case Status::open: return "open";
    case Status::knife_edge: return "knife-edge";
    case Status::near_miss: return "near miss";
    case Status::closed: return "closed";
    case Status::impossible: return "impossible";
  }
  return "";
}

template <class Items>
int index_of(const Items& items, const std::string& id) {
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (items[k].id == id) return static_cast<int>(k);
  }
  throw std::runtime_error("the table names an unknown " + id);
}

struct Answers {
  Scenario scenario;
  Problem problem;
  SolveSettings settings;
  Overlap overlap;
  std::vector<Agreement> agreements;
  std::vector<DraftScore> drafts;

  explicit Answers(const Group& group)
      : scenario(read_scenario(edited(read_document(ZOPA_SOURCE_DIR "/scenarios/" + group.scenario),
                                      {.date = "", .variant = group.variant, .sets = {}}))),
        problem(make_problem(scenario)),
        overlap(zopa::overlap(scenario, problem, settings)),
        agreements(zopa::agreements(scenario, problem, overlap, settings)),
        drafts(score_drafts(scenario, problem, settings)) {}

  int leaf_of(const std::string& party) const {
    const int wanted = index_of(scenario.parties, party);
    for (int i = 0; i < problem.n(); ++i) {
      if (problem.leaves[i].party == wanted) return i;
    }
    throw std::runtime_error("the table names an observer: " + party);
  }

  Found place(const Package& package, const std::string& issue) const {
    const int j = index_of(scenario.issues, issue);
    if (scenario.issues[j].kind == IssueKind::numeric) return package.places[j];
    return place_id(scenario.issues[j], package.places[j]);
  }

  Found of_depth(const Row& row) const {
    const std::string& what = row.quantity;
    const Depth& depth = overlap.depth;
    if (what == "depth") return depth.exists ? depth.low : std::nullopt;
    if (what == "depth_kind") return std::string(depth.kind == DepthKind::hard ? "hard" : "all");
    if (what == "status") return name(overlap.status);
    if (what == "zone") {
      return std::string(depth.exists && *depth.low >= 0 ? "open" : "empty");
    }
    if (what == "relaxed_depth") return overlap.relaxed_depth;
    if (what == "deepest.place") return place(depth.package.value(), row.key);
    if (what == "packages") return overlap.breadth.packages;
    if (what == "acceptable") return overlap.breadth.acceptable;
    if (what == "breadth") {
      if (overlap.breadth.exact_share) return *overlap.breadth.exact_share;
      return overlap.breadth.share;
    }
    throw std::runtime_error("the table asks for an unknown quantity: " + what);
  }

  Found of_party(const Row& row) const {
    const LeafSummary& leaf = overlap.leaves.at(leaf_of(row.key));
    if (row.quantity == "reservation") return leaf.reservation;
    if (row.quantity == "best") return leaf.best;
    if (row.quantity == "margin") return leaf.at_deepest.margin;
    if (row.quantity == "binding") return Rational(leaf.binding ? 1 : 0);
    if (row.quantity == "share") return leaf.share;
    return overlap.parties.at(index_of(scenario.parties, row.key)).criticality;
  }

  Found of_issue(const Row& row) const {
    const IssueOverlap& issue = overlap.issues.at(index_of(scenario.issues, row.key));
    if (row.quantity == "stated") return issue.stated;
    if (row.quantity == "effective") return issue.effective;
    const auto& span =
        row.quantity.starts_with("stated") ? issue.stated_span : issue.effective_span;
    if (!span) return {};
    return row.quantity.ends_with("low") ? span->low : span->high;
  }

  Found of_pair(const std::string& key) const {
    const auto bar = key.find('|');
    const int a = index_of(scenario.parties, key.substr(0, bar));
    const int b = index_of(scenario.parties, key.substr(bar + 1));
    for (const PairDepth& pair : overlap.pairs) {
      if ((pair.party == a && pair.other == b) || (pair.party == b && pair.other == a)) {
        return pair.depth.exists ? pair.depth.low : std::nullopt;
      }
    }
    throw std::runtime_error("no such pair: " + key);
  }

  Found of_rule(const std::string& rule, const std::string& what, const std::string& key) const {
    const auto at = std::find_if(agreements.begin(), agreements.end(),
                                 [&](const Agreement& a) { return a.rule == rule; });
    if (at == agreements.end()) throw std::runtime_error("no such rule: " + rule);
    if (!at->exists) return {};
    if (what == "optima") return at->optima;
    if (rule == "adjusted_winner") {
      if (what == "share") return at->first_party_share.at(index_of(scenario.issues, key));
      const int party = index_of(scenario.parties, key);
      return at->mixed_utility.at(at->mixed_parties.at(0) == party ? 0 : 1);
    }
    if (what == "place") return place(at->package.value(), key);
    if (what == "utility") return view(problem, leaf_of(key), at->package.value()).utility;
    throw std::runtime_error("the table asks for an unknown quantity: " + rule + "." + what);
  }

  Found find(const Row& row) const {
    const std::string& what = row.quantity;
    static const std::vector<std::string> party = {"reservation", "best",  "margin",
                                                   "binding",     "share", "criticality"};
    static const std::vector<std::string> issue = {"stated",    "stated_low",    "stated_high",
                                                   "effective", "effective_low", "effective_high"};
    const auto among = [&](const auto& list) {
      return std::find(list.begin(), list.end(), what) != list.end();
    };
    if (among(party)) return of_party(row);
    if (among(issue)) return of_issue(row);
    if (what == "pair_depth") return of_pair(row.key);
    if (what == "draft_depth") return drafts.at(index_of(scenario.drafts, row.key)).depth;
    const auto point = what.find('.');
    if (point == std::string::npos || what == "deepest.place") return of_depth(row);
    return of_rule(what.substr(0, point), what.substr(point + 1), row.key);
  }
};

// Shares of issues are doubles in the answers; an expected fraction is met by the nearest double.
constexpr double kNearestDouble = 1e-15;

void expect_row(const Row& row, const Found& found) {
  const auto wanted = number(row.expected);
  if (row.expected.empty()) {
    EXPECT_FALSE(found.number || found.word) << "nothing is expected";
  } else if (!wanted) {
    EXPECT_EQ(found.word, row.expected);
  } else if (!found.number) {
    ADD_FAILURE() << "expected " << row.expected << ", found " << found.word.value_or("nothing");
  } else {
    const Rational off = abs(*found.number - *wanted);
    const bool is_double = row.quantity == "stated" || row.quantity == "effective";
    const Rational allowed =
        is_double ? std::max(row.tolerance, Rational(kNearestDouble)) : row.tolerance;
    EXPECT_LE(off, allowed) << "expected " << row.expected << ", found " << to_text(*found.number)
                            << " = " << to_double(*found.number);
  }
}

class Reference : public testing::TestWithParam<Group> {};

TEST_P(Reference, IsReproduced) {
  const Answers answers(GetParam());
  for (const Row& row : GetParam().rows) {
    SCOPED_TRACE(row.place + ": " + row.quantity + " " + row.key + " (" + row.source + ")");
    expect_row(row, answers.find(row));
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Reference, testing::ValuesIn(groups()), [](const auto& test) {
  std::string out = std::filesystem::path(test.param.scenario).stem().string();
  if (!test.param.variant.empty()) out += "_" + test.param.variant;
  for (char& c : out) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return out;
});

}  // namespace
}  // namespace zopa
