// SPDX-License-Identifier: MIT
#include "src/certificate_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "model/answers/depth.hpp"
#include "model/answers/proofs.hpp"
#include "model/answers/verification.hpp"
#include "model/engine/check.hpp"
#include "model/engine/prepare.hpp"
#include "src/document.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

bool same(const CertificateNode& a, const CertificateNode& b) {
  return a.kind == b.kind && a.issue == b.issue && a.leaf == b.leaf && a.in == b.in &&
         a.children[0] == b.children[0] && a.children[1] == b.children[1] &&
         a.margins == b.margins && a.ends == b.ends && a.rules == b.rules &&
         a.reservations == b.reservations;
}

bool same(const Certificate& a, const Certificate& b) {
  return a.kind == b.kind && a.depth == b.depth && a.package == b.package &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                    [](const auto& x, const auto& y) { return same(x, y); });
}

bool same(const BestProof& a, const BestProof& b) {
  return a.leaf == b.leaf && a.best == b.best && a.package == b.package &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const auto& x, const auto& y) {
                      return x.issues == y.issues && x.best == y.best &&
                             std::equal(x.nodes.begin(), x.nodes.end(), y.nodes.begin(),
                                        y.nodes.end(),
                                        [](const auto& n, const auto& o) { return same(n, o); });
                    });
}

bool same(const BreadthClaim& a, const BreadthClaim& b) {
  return a.method == b.method && a.packages == b.packages && a.acceptable == b.acceptable &&
         a.split == b.split && a.packages_of_piece == b.packages_of_piece &&
         a.acceptable_of_piece == b.acceptable_of_piece && a.exact_share == b.exact_share &&
         a.share == b.share && a.low == b.low && a.high == b.high && a.seed == b.seed &&
         a.samples == b.samples && a.most_visits == b.most_visits;
}

bool same(const Proofs& a, const Proofs& b) {
  return same(a.depth, b.depth) &&
         std::equal(a.bests.begin(), a.bests.end(), b.bests.begin(), b.bests.end(),
                    [](const auto& x, const auto& y) { return same(x, y); }) &&
         a.breadth.has_value() == b.breadth.has_value() &&
         (!a.breadth || same(*a.breadth, *b.breadth));
}

struct Proven {
  explicit Proven(const Scenario& of, const CountSettings& counting = {})
      : scenario(of), problem(make_problem(scenario)), finder(problem, no_progress()) {
    depth = finder.find(DepthKind::hard, {});
    if (!depth.exists) depth = finder.find(DepthKind::all, {});
    finder.deepen(depth, {});
    finder.prove(depth);
    proofs.depth = depth.certificate;
    proofs.bests = *prove_bests(problem, no_progress());
    proofs.breadth = claim_breadth(problem, count_breadth(problem, counting), counting);
  }
  std::string text(const Provenance& from = {}, const Edits& edits = {}) const {
    return certificate_json(scenario, problem, proofs, from, edits);
  }
  CertificateFile read(const std::string& file) const {
    return read_certificate(file, "proof.json", scenario, frame_problem(scenario));
  }
  Verification verified(const std::string& file) const {
    return verify(frame_problem(scenario), read(file).proofs, {});
  }

  Scenario scenario;
  Problem problem;
  DepthFinder finder;
  Depth depth;
  Proofs proofs;
};

// Every claim that is not proven, recounted or repeated, with its reason.
std::string doubts(const Verification& verification) {
  std::string text;
  for (const ClaimVerdict& claim : verification.claims) {
    const bool open = claim.verdict == ClaimVerdict::Verdict::open;
    if (claim.verdict == ClaimVerdict::Verdict::refused || open)
      text += std::to_string(static_cast<int>(claim.subject)) + ": " + claim.reason + "\n";
  }
  return text;
}

Document flagship(const std::string& variant = "") {
  Edits edits;
  edits.variant = variant;
  return edited(read_document(ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml"), edits);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return place == std::string::npos ? text : text.replace(place, what.size(), by);
}

std::string refusal(const Proven& proven, const std::string& file) {
  try {
    proven.read(file);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CertificateFile, ProvesTheDepthOfTheFlagship) {
  const Document document = flagship();
  const Proven proven(read_scenario(document));
  ASSERT_EQ(proven.depth.kind, DepthKind::all);
  ASSERT_EQ(proven.depth.low, Rational(-1, 2));
  const std::string text = proven.text(provenance(document));
  EXPECT_NE(text.find("\"depth\": \"-1/2\""), std::string::npos);
  EXPECT_NE(text.find("talks.yaml"), std::string::npos);
  EXPECT_NE(text.find("\"sha256\": \""), std::string::npos);
  EXPECT_TRUE(same(proven.read(text).proofs, proven.proofs));
  const Verification verification = proven.verified(text);
  EXPECT_EQ(doubts(verification), "");
  // Of a zone that is proven to be empty nothing has to be counted; its 7·10^14 packages are.
  ASSERT_EQ(verification.claims.size(), 7);
  EXPECT_EQ(verification.claims[5].verdict, ClaimVerdict::Verdict::recounted);
  EXPECT_EQ(verification.claims[6].verdict, ClaimVerdict::Verdict::proven);
}

// Ukraine leaves nothing of the Ukrainian-held part of Donetsk, Russia asks for all of it: whatever
// else is agreed, one of them oversteps its red line by half the scale.
TEST(CertificateFile, SaysWhatEmptiesTheBoxOfTheFlagship) {
  const Proven proven(read_scenario(flagship()));
  const Verification verification = proven.verified(proven.text());
  ASSERT_EQ(verification.empty.size(), 1);
  const EmptyBox& box = verification.empty[0];
  ASSERT_GE(box.issue, 0);
  const std::string issue = proven.scenario.issues[static_cast<std::size_t>(box.issue)].id;
  std::vector<std::string> demands;
  for (const auto& [leaf, demand] : box.demands) {
    const Leaf& of = proven.problem.leaves[static_cast<std::size_t>(leaf)];
    demands.push_back(
        demand_id(proven.scenario, of.demands[static_cast<std::size_t>(demand)].demand));
  }
  EXPECT_EQ(demands, (std::vector<std::string>{"ukraine." + issue + ".limit",
                                               "russia." + issue + ".limit"}));
  EXPECT_TRUE(box.rules.empty());
}

TEST(CertificateFile, ProvesEveryVariantOfTheFlagship) {
  std::vector<std::string> names =
      variant_names(read_document(ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml"));
  ASSERT_GE(names.size(), 8);
  if (test::random_cases(100) < 50) names.resize(2);  // under sanitizers it takes minutes
  for (const std::string& name : names) {
    const Proven proven(read_scenario(flagship(name)));
    EXPECT_EQ(doubts(proven.verified(proven.text())), "") << name;
  }
}

TEST(CertificateFile, TellsForgeriesOfTheFlagship) {
  const Proven proven(read_scenario(flagship("donbas-no-lines")));
  const std::string text = proven.text();
  const auto fault = [&](const std::string& forged) {
    return find_fault(proven.problem, proven.read(forged).proofs.depth).value_or("none");
  };
  ASSERT_EQ(fault(text), "none");
  const std::string depth = to_text(*proven.depth.low);
  EXPECT_EQ(fault(replaced(text, "\"depth\": \"" + depth, "\"depth\": \"-2/5")),
            "The package is worth " + depth + ", not -0.4.");
  EXPECT_EQ(fault(replaced(text, "\"these\": 1", "\"these\": 2")), "Box 2 is reached twice.");
  EXPECT_NE(fault(replaced(text, "\"margins\": {", "\"margins\": {},\n   \"was\": {")), "none");
}

TEST(CertificateFile, IsReadAsItWasWritten) {
  oracle::Shape shape;
  shape.most_packages = 60;
  for (int seed = 0; seed < test::random_cases(300); ++seed) {
    shape.continuous_issues = seed % 3;
    CountSettings counting;
    if (seed % 5 == 0) counting.most_visits = 1;  // estimates
    const Proven proven(oracle::random_scenario(static_cast<std::uint64_t>(seed), shape), counting);
    Edits edits;
    edits.date = "2025-11-23";
    edits.variant = "milder";
    edits.sets = {"a=1", "~b"};
    const std::string text = proven.text({{{"a.yaml", 12, "00ff"}}, ""}, edits);
    const CertificateFile read = proven.read(text);
    ASSERT_TRUE(same(read.proofs, proven.proofs)) << "seed " << seed << "\n" << text;
    ASSERT_EQ(doubts(proven.verified(text)), "") << "seed " << seed << "\n" << text;
    ASSERT_EQ(read.edits.date, edits.date);
    ASSERT_EQ(read.edits.variant, edits.variant);
    ASSERT_EQ(read.edits.sets, edits.sets);
    ASSERT_EQ(read.inputs.size(), 1);
    ASSERT_EQ(read.inputs[0].path, "a.yaml");
    ASSERT_EQ(read.inputs[0].bytes, 12);
    ASSERT_EQ(read.inputs[0].sha256, "00ff");
  }
}

// Whatever becomes of its bytes, a text is either refused or proves what is true.
TEST(CertificateFile, ProvesNothingFalseHoweverItIsChanged) {
  oracle::Shape shape;
  shape.most_packages = 60;
  int refused = 0;
  int unreadable = 0;
  for (int seed = 0; seed < test::random_cases(2000); ++seed) {
    oracle::Dice dice(static_cast<std::uint64_t>(seed));
    const Proven proven(oracle::random_scenario(static_cast<std::uint64_t>(seed / 20), shape));
    std::string text = proven.text();
    const auto place = [&] {
      return static_cast<std::size_t>(dice.pick(0, static_cast<int>(text.size()) - 1));
    };
    for (int change = dice.pick(1, 3); change > 0; --change) {
      const std::size_t from = place();
      const std::size_t length = std::min(text.size() - from, std::size_t{1} << dice.pick(0, 6));
      switch (dice.pick(0, 3)) {
        case 0: text[from] = "0123456789-/\"{}[],:"[dice.pick(0, 18)]; break;
        case 1: text.erase(from, length); break;
        case 2: text.insert(place(), text.substr(from, length)); break;
        default:  // a digit somewhere after the place
          if (const auto digit = text.find_first_of("0123456789", from); digit != text.npos)
            text[digit] = static_cast<char>('0' + dice.pick(0, 9));
      }
    }
    Proofs proofs;
    try {
      proofs = proven.read(text).proofs;
    } catch (const InputError&) {
      ++unreadable;
      continue;
    }
    const Verification verification = verify(frame_problem(proven.scenario), proofs, {});
    for (const ClaimVerdict& claim : verification.claims) {
      if (claim.verdict == ClaimVerdict::Verdict::refused) {
        ++refused;
        continue;
      }
      SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
      const std::optional<BreadthClaim>& breadth = proven.proofs.breadth;
      switch (claim.subject) {
        case ClaimVerdict::Subject::best: {
          const Leaf& leaf = proven.problem.leaves[static_cast<std::size_t>(claim.leaf)];
          for (const BestProof& proof : proofs.bests) {
            if (proof.leaf != claim.leaf) continue;
            ASSERT_EQ(proof.best, Rational(make_integer(leaf.best)) / leaf.unit);
          }
          break;
        }
        case ClaimVerdict::Subject::depth:
          if (proofs.depth.kind != proven.proofs.depth.kind) break;  // the other is as true
          ASSERT_EQ(proofs.depth.depth, proven.proofs.depth.depth);
          break;
        case ClaimVerdict::Subject::packages:
          ASSERT_EQ(proofs.breadth->packages, breadth->packages);
          break;
        case ClaimVerdict::Subject::acceptable:
          ASSERT_EQ(proofs.breadth->acceptable, breadth->acceptable);
          break;
        case ClaimVerdict::Subject::breadth: break;
      }
    }
  }
  EXPECT_GT(unreadable, 0);
  EXPECT_GT(refused, 0);
}

TEST(CertificateFile, SaysWhatIsWrongWithATextThatIsNone) {
  const Proven proven(read_scenario(flagship("donbas-no-lines")));
  Edits edits;
  edits.variant = "donbas-no-lines";
  const std::string text = proven.text({{{"talks.yaml", 1, "00"}}, ""}, edits);
  const auto expect = [&](const std::string& file, const std::string& message) {
    EXPECT_NE(refusal(proven, file).find(message), std::string::npos)
        << refusal(proven, file) << "\ninstead of: " << message;
  };
  expect("", "is no JSON");
  expect("{", "is no JSON");
  expect(text + text, "is no JSON");
  expect("[]", "is no certificate");
  expect("{}", "is no certificate");
  expect(std::string(100000, '['), "nests deeper than a certificate does");
  expect(std::string(kMostCertificateBytes + 1, ' '), "is larger");
  std::string zeros = "[0";
  for (std::size_t k = 0; k < kMostCertificateValues; ++k) zeros += ",0";
  expect(zeros + "]", "holds more values than any certificate");
  expect(replaced(text, "\"zopa_certificate\": 1", "\"zopa_certificate\": 2"), "of a version");
  expect(replaced(text, "\"kind\": \"all\"", "\"kind\": \"some\""), "kind: must be hard or all");
  expect(replaced(text, "\"boxes\"", "\"box\""), "boxes: is missing");
  expect(replaced(text, "\"these\": 1", "\"these\": -1"), "boxes.0.these: must be the number");
  expect(replaced(text, "\"these\": 1", "\"these\": 1e99"), "boxes.0.these: must be the number");
  expect(replaced(text, "\"issue\": \"", "\"issue\": \"x"), "the scenario has no x");
  expect(replaced(text, "\"depth\": \"", "\"depth\": \"1/0"), "depth: is no fraction");
  expect(replaced(text, "\"depth\": \"", "\"depth\": \"--"), "depth: is no fraction");
  expect(replaced(text, "\"depth\": \"", "\"depth\": \"" + std::string(20000, '1')),
         "depth: is no fraction");
  expect(replaced(text, "\"options\": {", "\"options\": {\"set\": 3,"), "options.set: must be a");
  expect(replaced(text, "\"bytes\": ", "\"bytes\": -"), "inputs.0.bytes: must be a whole number");
  expect(replaced(text, "\"bests\": [", "\"bests\": [{},"), "bests.0.leaf: is missing");
  expect(replaced(text, "\"parts\": [", "\"parts\": [3,"),
         "bests.0.parts.0.issues: must be a mapping");
  expect(replaced(text, "\"utility\": \"1\"", "\"utility\": 1"), "utility: must be a text");
  std::string long_rules;
  for (int r = 0; r < 20; ++r)
    long_rules += ", \"r" + std::to_string(r) + "\": \"" + std::string(9000, '1') + "\"";
  expect(replaced(text, "\"utility\": \"1\"",
                  "\"utility\": \"1\", \"rules\": {\"r\": \"1\"" + long_rules + "}"),
         "has longer multipliers");
  expect(replaced(text, "\"method\": \"count\"", "\"method\": \"guess\""),
         "breadth.method: must be");
  expect(replaced(text, "\"acceptable\": \"", "\"acceptable\": \"-1"), "a number of packages");
}

}  // namespace
}  // namespace zopa
