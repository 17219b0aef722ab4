// SPDX-License-Identifier: MIT
#include "tests/laws/laws.hpp"

#include <algorithm>
#include <cstdio>

#include "model/answers/depth.hpp"
#include "model/engine/list.hpp"
#include "model/engine/prepare.hpp"
#include "model/validity.hpp"

namespace zopa::laws {
namespace {

std::string shown(const Value& value) { return value ? to_text(*value) : "none"; }
std::string shown(bool value) { return value ? "yes" : "no"; }
std::string shown(const std::optional<double>& value) {
  if (!value) return "none";
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", *value);
  return text;
}
std::string shown(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += shown(value) + " ";
  return text;
}
std::string joined(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<Value> sorted(std::vector<Value> values) {
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<Value> values_of(const std::vector<Rational>& numbers) {
  return {numbers.begin(), numbers.end()};
}

class Facts {
 public:
  Facts(const Answers& answers, const Compared& compared)
      : answers_(answers),
        scenario_(answers.scenario),
        overlap_(answers.overlap),
        compared_(compared) {}

  std::string text() {
    add_depth();
    for (int i = 0; i < answers_.problem.n(); ++i) add_leaf(i);
    add_parties();
    for (int j = 0; j < answers_.problem.m(); ++j) add_issue(j);
    for (const Agreement& agreement : answers_.agreements) add_agreement(agreement);
    std::sort(lines_.begin(), lines_.end());
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }

 private:
  void add(const std::string& line) { lines_.push_back(line); }

  const std::string& party(int i) const { return scenario_.parties[at(i)].id; }
  const std::string& issue(int j) const { return scenario_.issues[at(j)].id; }

  std::string place(int j, const Rational& x) const {
    const Issue& on = scenario_.issues[at(j)];
    return on.kind == IssueKind::numeric && compared_.place ? to_text(compared_.place(j, x))
                                                            : place_id(on, x);
  }

  // The hull of places; of options without an order it means nothing.
  std::string span(int j, const std::optional<Span>& ends) const {
    if (!ends) return "none";
    if (scenario_.issues[at(j)].kind == IssueKind::unordered && !compared_.order) return "some";
    return joined({place(j, ends->low), place(j, ends->high)});
  }

  std::string package(const std::optional<Package>& package) const {
    if (!package) return "none";
    std::vector<std::string> words;
    for (int j = 0; j < answers_.problem.m(); ++j)
      words.push_back(issue(j) + "=" + place(j, package->places[at(j)]));
    return joined(words);
  }

  static std::string depth(const Depth& depth) {
    return (depth.kind == DepthKind::hard ? "hard " : "all ") +
           std::string(depth.proof == Proof::exact ? "exact " : "bounded ") + shown(depth.low) +
           " to " + shown(depth.high);
  }

  void add_depth() {
    add("depth " + depth(overlap_.depth));
    add("status " + std::to_string(overlap_.status ? static_cast<int>(*overlap_.status) : -1));
    add("tau " + to_text(overlap_.tau) + ", complete " + shown(overlap_.complete));
    add("breadth " + shown(overlap_.breadth.share) + " " +
        shown(std::optional(overlap_.breadth.low)) + " " +
        shown(std::optional(overlap_.breadth.high)) + ", exactly " +
        shown(overlap_.breadth.exact_share) + ", " + count(overlap_.breadth.acceptable) + " of " +
        count(overlap_.breadth.packages) + ", kind " +
        std::to_string(static_cast<int>(overlap_.breadth.kind)));
    add("every pair but not all " + shown(overlap_.every_pair_but_not_all) + ", compared in " +
        std::to_string(static_cast<int>(overlap_.comparison_kind)));
    // Where leaves can be outvoted the shares are those of the ones that accept at the package;
    // where nobody is asked at it there are none.
    const bool depends = can_be_outvoted(answers_.problem.tree) ||
                         std::any_of(answers_.problem.leaves.begin(), answers_.problem.leaves.end(),
                                     [](const Leaf& leaf) { return leaf.when.has_value(); });
    if (compared_.packages || !depends) {
      add("relaxed " + shown(overlap_.relaxed_depth) + ", shares of it " +
          shown(overlap_.shares_of_relaxed));
      std::vector<std::string> shares;
      for (std::size_t i = 0; i < overlap_.leaves.size(); ++i)
        shares.push_back(party(answers_.problem.leaves[i].party) + "=" +
                         shown(overlap_.leaves[i].share));
      add("shares " + joined(shares));
    }
    if (!compared_.packages) return;
    add("deepest " + package(overlap_.depth.package) + ", nobody asked " +
        shown(overlap_.nobody_asked));
    const Certificate& certificate = overlap_.depth.certificate;
    add("certificate of " + shown(certificate.depth) + " with " +
        std::to_string(certificate.boxes()) + " boxes");
    for (std::size_t b = 0; b < certificate.nodes.size() && compared_.order; ++b)
      add_box(b, certificate.nodes[b]);
  }

  void add_box(std::size_t index, const CertificateNode& node) {
    std::string line = "box " + std::to_string(index) + ": " +
                       std::to_string(static_cast<int>(node.kind)) + " issue " +
                       std::to_string(node.issue) + " leaf " + std::to_string(node.leaf) + " in ";
    for (const char in : node.in) line += in ? "1" : "0";
    line += " to " + std::to_string(node.children[0]) + ", " + std::to_string(node.children[1]);
    line += ": " + shown(values_of(node.margins)) + "/ " + shown(values_of(node.rules)) + "/ " +
            shown(values_of(node.reservations));
    for (const auto& ends : node.ends) line += "/ " + shown(values_of(ends));
    add(line);
  }

  static std::string count(const std::optional<Integer>& number) {
    return number ? number->str() : "none";
  }

  void add_leaf(int i) {
    const LeafSummary& leaf = overlap_.leaves[at(i)];
    std::string line = "leaf of " + party(answers_.problem.leaves[at(i)].party);
    if (compared_.utilities)
      line += ": reservation " + shown(leaf.reservation) + ", best " + shown(leaf.best);
    if (compared_.packages) {
      const LeafView& here = leaf.at_deepest;
      line += ", binding " + shown(leaf.binding) + ", asked " + shown(here.asked) + ", margin " +
              shown(here.margin) + ", value " + shown(here.value) + ", within " +
              shown(here.within);
      if (compared_.utilities)
        line += ", utility " + shown(here.utility) + ", surplus " + shown(here.surplus);
      for (const Demand& demand : here.broken) {
        if (demand.kind == Demand::Kind::linked || compared_.order)
          line += ", breaks " + demand_id(scenario_, demand);
      }
    }
    add(line);
  }

  void add_parties() {
    for (std::size_t i = 0; i < overlap_.parties.size(); ++i) {
      const PartySummary& summary = overlap_.parties[i];
      add("without " + party(static_cast<int>(i)) + ": " +
          (summary.without ? depth(*summary.without) : "not asked") + ", criticality " +
          shown(summary.criticality) + (summary.criticality_bounded ? " bounded" : ""));
    }
    for (const PairDepth& pair : overlap_.pairs)
      add("pair " + joined({party(pair.party), party(pair.other)}) + ": " + depth(pair.depth));
  }

  void add_issue(int j) {
    const IssueOverlap& found = overlap_.issues[at(j)];
    const Issue& on = scenario_.issues[at(j)];
    std::vector<std::string> blockers;
    for (const int i : found.blocked_by) blockers.push_back(party(i));
    std::vector<std::string> effective;
    for (const Span& run : found.effective_parts) {
      if (on.continuous()) effective.push_back("[" + span(j, run) + "]");
      for (int k = 0; k < on.settlements(); ++k) {
        if (run.low <= on.place(k) && on.place(k) <= run.high)
          effective.push_back(place(j, on.place(k)));
      }
    }
    add("issue " + issue(j) + ": stated " + shown(found.stated) + " over " +
        span(j, found.stated_span) + ", blocked by " + joined(blockers) + ", effective " +
        shown(found.effective) + " over " + span(j, found.effective_span) + ": " +
        joined(effective) + ", near " + shown(found.near_zone) + ", linkage " +
        shown(found.linkage) + ", bounded " + shown(found.bounded));
  }

  void add_agreement(const Agreement& agreement) {
    const std::string& rule = agreement.rule;
    const bool of_utilities = rule == "egalitarian" || rule == "utilitarian";
    if (rule == "adjusted_winner") return add_adjusted_winner(agreement);
    if (of_utilities && !compared_.utilities) return;
    std::string line = "rule " + rule + ": exists " + shown(agreement.exists) + ", optima " +
                       count(agreement.optima) + (agreement.continuum ? " continuum" : "") +
                       (agreement.at_least ? " at least" : "") + ", degenerate " +
                       shown(!agreement.degenerate.empty()) + ", proof " +
                       std::to_string(static_cast<int>(agreement.proof));
    // Nash with a continuum is bounded: what it finds is not the same to the last digit.
    if (agreement.exists && agreement.proof == Proof::exact) {
      if (compared_.packages) line += ", at " + package(agreement.package);
      std::vector<std::string> ranges;
      for (int j = 0; j < answers_.problem.m(); ++j) {
        if (agreement.range[at(j)])
          ranges.push_back(issue(j) + " over " + span(j, agreement.range[at(j)]));
      }
      line += ", " + joined(ranges);
      if (answers_.problem.discrete() && compared_.utilities) line += ", " + objective(agreement);
    }
    add(line);
    if (!compared_.order) return;
    add("gap of " + rule + ": " + shown(std::optional(agreement.gap)) + ", at " +
        package(agreement.package));
    add("note of " + rule + ": " + note(agreement) + agreement.degenerate);
  }

  std::string note(const Agreement& agreement) const {
    return compared_.notes ? agreement.note : "";
  }

  std::string objective(const Agreement& agreement) {
    if (!bargain_) bargain_.emplace(answers_.problem);
    return "objective " +
           shown(bargain_->objective(agreement.rule, bargain_->index(*agreement.package)));
  }

  void add_adjusted_winner(const Agreement& agreement) {
    if (!compared_.utilities) return;
    std::vector<std::string> utilities;
    for (const Rational& u : agreement.mixed_utility) utilities.push_back(to_text(u));
    add("rule adjusted_winner: exists " + shown(agreement.exists) + ", " + joined(utilities));
    if (!compared_.order) return;
    std::string line =
        "shares of adjusted_winner: " + shown(values_of(agreement.first_party_share)) + "split " +
        std::to_string(agreement.split_issue) + ", best ";
    for (std::size_t j = 0; j < agreement.first_best.size(); ++j)
      line += place(static_cast<int>(j), agreement.first_best[j]) + " or " +
              place(static_cast<int>(j), agreement.second_best[j]) + ", ";
    add(line + note(agreement));
  }

  const Answers& answers_;
  const Scenario& scenario_;
  const Overlap& overlap_;
  const Compared& compared_;
  std::optional<Bargain> bargain_;
  std::vector<std::string> lines_;
};

std::vector<Package> list(const Problem& problem, bool only_zone) {
  const Listing listing = list_packages(problem, {},
                                        [&](const std::vector<int>& settlements) {
                                          if (!only_zone) return true;
                                          const Value value =
                                              tree_value(problem, package_of(problem, settlements));
                                          return value && *value >= 0;
                                        },
                                        {});
  EXPECT_TRUE(listing.complete);
  std::vector<Package> packages;
  for (const auto& settlements : listing.packages)
    packages.push_back(package_of(problem, {settlements.begin(), settlements.end()}));
  return packages;
}

}  // namespace

std::uint64_t first_seed() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : std::string(test->test_suite_name()) + test->name())
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash % 1'000'000 * 10'000 + 1;
}

const Agreement& Answers::rule(const std::string& name) const {
  return *std::find_if(agreements.begin(), agreements.end(),
                       [&](const Agreement& agreement) { return agreement.rule == name; });
}

Problem problem_of(const Scenario& scenario) {
  const auto problems = find_problems(scenario);
  for (const ScenarioProblem& each : problems) {
    ADD_FAILURE() << each.path << ": " << each.problem << "\n" << oracle::yaml_text(scenario);
  }
  return make_problem(scenario);
}

Answers look(const Scenario& scenario) {
  Answers answers{scenario, problem_of(scenario), {}, {}};
  answers.overlap = overlap(scenario, answers.problem, {});
  return answers;
}

Answers ask(const Scenario& scenario, const std::vector<std::string>& rules) {
  SolveSettings settings;
  settings.rules = rules;
  return ask(scenario, settings);
}

Answers ask(const Scenario& scenario, const SolveSettings& settings) {
  Answers answers{scenario, problem_of(scenario), {}, {}};
  answers.overlap = overlap(scenario, answers.problem, settings);
  answers.agreements = agreements(scenario, answers.problem, answers.overlap, settings);
  return answers;
}

Depths depths(const Problem& problem) {
  const DepthFinder finder(problem, no_progress());
  return {finder.find(DepthKind::hard, {}).low, finder.find(DepthKind::all, {}).low};
}

Depths depths(const Scenario& scenario) { return depths(problem_of(scenario)); }

std::vector<Package> space(const Problem& problem) { return list(problem, false); }
std::vector<Package> zone(const Problem& problem) { return list(problem, true); }

bool subset(const std::vector<Package>& part, const std::vector<Package>& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end(), before);
}

Weighed weighed(const Problem& problem, const Package& package) {
  Weighed result;
  for (int i = 0; i < problem.n(); ++i) {
    const Leaf& leaf = problem.leaves[at(i)];
    if (!leaf.has_utility) continue;
    const Rational r = make_rational(leaf.reservation) / leaf.unit;
    const Rational b = make_rational(leaf.best) / leaf.unit;
    const LeafView here = view(problem, i, package);
    const Rational u = here.asked ? *here.utility : b;
    result.utility.push_back(u);
    result.surplus.push_back(u - r);
    if (!here.asked)
      result.margin.emplace_back(Rational(1));
    else if (b > r)
      result.margin.emplace_back((u - r) / (b - r));
    else
      result.margin.push_back(b == r && u == r ? Value(Rational(0)) : std::nullopt);
  }
  return result;
}

Bargain::Bargain(const Problem& problem) : packages_(zone(problem)) {
  for (const Package& package : packages_) weighed_.push_back(weighed(problem, package));
  if (packages_.empty()) return;
  for (std::size_t i = 0; i < weighed_.front().utility.size(); ++i) {
    std::vector<Rational>& line = rising_.emplace_back();
    hopes_.push_back(weighed_.front().surplus[i]);
    for (const Weighed& each : weighed_) {
      line.push_back(each.utility[i]);
      hopes_[i] = std::max(hopes_[i], each.surplus[i]);
    }
    std::sort(line.begin(), line.end());
  }
}

std::size_t Bargain::index(const Package& package) const {
  const auto found = std::find(packages_.begin(), packages_.end(), package);
  EXPECT_TRUE(found != packages_.end()) << "not in the zone";
  return found == packages_.end() ? 0 : static_cast<std::size_t>(found - packages_.begin());
}

std::vector<Value> Bargain::shares_of_hope(std::size_t package) const {
  std::vector<Value> shares;
  for (std::size_t i = 0; i < hopes_.size(); ++i)
    shares.emplace_back(hopes_[i] <= 0 ? Rational(1)
                                       : Rational(weighed_[package].surplus[i] / hopes_[i]));
  return sorted(shares);
}

std::vector<Value> Bargain::preferred(std::size_t package) const {
  std::vector<Value> counts;
  for (std::size_t i = 0; i < rising_.size(); ++i) {
    const auto above =
        std::upper_bound(rising_[i].begin(), rising_[i].end(), weighed_[package].utility[i]);
    counts.emplace_back(Rational(-static_cast<int>(rising_[i].end() - above)));
  }
  return sorted(counts);
}

std::vector<Value> Bargain::objective(const std::string& rule, std::size_t package) const {
  const Weighed& here = weighed_[package];
  const std::vector<Value> margins = sorted(here.margin);
  if (rule == "leximin") return margins;
  if (rule == "egalitarian") return sorted(values_of(here.surplus));
  if (rule == "utilitarian") {
    Rational sum = 0;
    for (const Rational& surplus : here.surplus) sum += surplus;
    return {sum};
  }
  std::vector<Value> levels;
  if (rule == "kalai_smorodinsky") levels = shares_of_hope(package);
  if (rule == "fallback") levels = preferred(package);
  if (rule == "nash") {
    // How many gain, and the product of their margins: in the order of the product of surpluses
    // where everybody can gain.
    int gainers = 0;
    Rational product = 1;
    for (std::size_t i = 0; i < here.surplus.size(); ++i) {
      if (here.surplus[i] <= 0) continue;
      ++gainers;
      product *= *here.margin[i];
    }
    levels = {Rational(gainers), product};
    if (laws::at(gainers) == here.surplus.size()) return levels;
  }
  levels.insert(levels.end(), margins.begin(), margins.end());
  return levels;
}

std::string facts(const Answers& answers, const Compared& compared) {
  return Facts(answers, compared).text();
}

}  // namespace zopa::laws
