// SPDX-License-Identifier: MIT
#include "src/certificate_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "model/answers/depth.hpp"
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

struct Proven {
  explicit Proven(const Scenario& of)
      : scenario(of), problem(make_problem(scenario)), finder(problem, no_progress()) {
    depth = finder.find(DepthKind::hard, {});
    if (!depth.exists) depth = finder.find(DepthKind::all, {});
    finder.deepen(depth, {});
    finder.prove(depth);
  }
  std::string text(const Provenance& from = {}) const {
    return certificate_json(scenario, problem, depth.certificate, from);
  }
  Certificate read(const std::string& file) const {
    return read_certificate(file, "proof.json", scenario, problem);
  }

  Scenario scenario;
  Problem problem;
  DepthFinder finder;
  Depth depth;
};

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
  const Certificate read = proven.read(text);
  EXPECT_TRUE(same(read, proven.depth.certificate));
  EXPECT_EQ(find_fault(proven.problem, read), std::nullopt);
}

TEST(CertificateFile, ProvesEveryVariantOfTheFlagship) {
  for (const std::string& name :
       variant_names(read_document(ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml"))) {
    const Proven proven(read_scenario(flagship(name)));
    EXPECT_EQ(find_fault(proven.problem, proven.read(proven.text())), std::nullopt) << name;
  }
}

TEST(CertificateFile, TellsForgeriesOfTheFlagship) {
  const Proven proven(read_scenario(flagship("donbas-no-lines")));
  const std::string text = proven.text();
  const auto fault = [&](const std::string& forged) {
    return find_fault(proven.problem, proven.read(forged)).value_or("none");
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
    shape.continuous_issues = seed % 3 == 0 ? 1 : 0;
    const Proven proven(oracle::random_scenario(static_cast<std::uint64_t>(seed), shape));
    const std::string text = proven.text();
    const Certificate read = proven.read(text);
    ASSERT_TRUE(same(read, proven.depth.certificate)) << "seed " << seed << "\n" << text;
    ASSERT_EQ(find_fault(proven.problem, read), std::nullopt) << "seed " << seed << "\n" << text;
  }
}

TEST(CertificateFile, SaysWhatIsWrongWithATextThatIsNone) {
  const Proven proven(read_scenario(flagship("donbas-no-lines")));
  const std::string text = proven.text();
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
}

}  // namespace
}  // namespace zopa
