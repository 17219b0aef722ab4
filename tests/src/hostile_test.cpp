// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <functional>
#include <string>

#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

using std::string;

// Seconds. All end within one on a machine of today; a slow one, a sanitizer or a debug build may
// take many times as long, while work that grows with the square of the text takes minutes to
// hours.
constexpr double kPatience = 30;

string times(std::size_t count, const string& text) {
  string all;
  all.reserve(count * text.size());
  for (std::size_t k = 0; k < count; ++k) all += text;
  return all;
}

// A sound scenario; `at` is put in place of the tenant's salience, `end` after the last line.
string scenario(const string& salience = "1", const string& end = "") {
  return "zopa: 1\ntitle: T\nissues:\n  rent: {title: Rent, range: [800, 1200]}\nparties:\n"
         "  tenant:\n    title: Tenant\n    positions:\n      rent: {salience: " +
         salience + ", ideal: 800}\n" + end;
}

string numbered(std::size_t count, const string& before, const string& after) {
  string all;
  for (std::size_t k = 0; k < count; ++k) all += before + std::to_string(k) + after;
  return all;
}

// Everything said about the text, or nothing when it is sound. Fails when that takes too long.
string complaint(const std::function<Scenario()>& read) {
  const std::clock_t start = std::clock();  // of the processor: other programs do not count
  string said;
  try {
    read();
  } catch (const InputError& error) {
    said = error.what();
    EXPECT_FALSE(error.problems.empty());
    for (const InputProblem& problem : error.problems) {
      EXPECT_FALSE(problem.problem.empty());
      EXPECT_FALSE(problem.remedy.empty()) << problem.problem;
    }
  }
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, kPatience);
  return said;
}

// Of the scenario, or of one of its variants.
string complaint_of(const string& text) {
  return complaint([&] {
    const Document document = parse_document(text, "hostile.yaml");
    const Scenario scenario = read_scenario(edited(document, {}));
    for (const string& variant : variant_names(document)) {
      read_scenario(edited(document, {.date = {}, .variant = variant, .sets = {}}));
    }
    return scenario;
  });
}

struct Hostile {
  const char* name;
  std::function<string()> text;
  const char* expected;  // part of the message; empty: the text is sound
};

// clang-format off
const Hostile kHostile[] = {
    // nesting
    {"DeepFlowLists", [] { return "a: " + times(100'000, "["); }, "nest deeper than 64 levels"},
    {"DeepFlowMappings", [] { return times(50'000, "{a: "); }, "nest deeper than 64 levels"},
    {"DeepBlockMappings", [] {
       string all;
       for (std::size_t k = 0; k < 2'000; ++k) all += string(k, ' ') + "a:\n";
       return all;
     }, "nest deeper than 64 levels"},
    {"DeepBlockLists", [] { return times(20'000, "- ") + "a"; }, "nest deeper than 64 levels"},
    {"DeepKeys", [] { return times(20'000, "? ") + "a"; }, "where a key is expected"},
    {"ClosedTooOften", [] { return "a: [1]" + times(50'000, "]"); }, "hostile.yaml:1:"},
    // numbers
    {"HugeInteger", [] { return scenario(string(100'000, '9')); }, "parties.tenant.positions.rent.salience"},
    {"TooLarge", [] { return scenario("1e400"); }, "parties.tenant.positions.rent.salience"},
    {"TooSmall", [] { return scenario("1e-400"); }, "parties.tenant.positions.rent.salience"},
    {"HugeExponent", [] { return scenario("1e99999999999999999999"); }, "parties.tenant.positions.rent.salience"},
    {"NotANumber", [] { return scenario(".nan"); }, "parties.tenant.positions.rent.salience"},
    {"Infinity", [] { return scenario("-.inf"); }, "parties.tenant.positions.rent.salience"},
    {"Hexadecimal", [] { return scenario("0x1F"); }, "parties.tenant.positions.rent.salience"},
    {"Octal", [] { return scenario("010"); }, "leading zero"},
    {"Sexagesimal", [] { return scenario("1:30"); }, "parties.tenant.positions.rent.salience"},
    {"ArabicDigits", [] { return scenario("\u0661\u0662"); }, "parties.tenant.positions.rent.salience"},
    {"QuotedNumber", [] { return scenario("\"1\""); }, "quotes"},
    {"ManySteps", [] {
       return "zopa: 1\ntitle: T\nissues:\n  a: {title: A, range: [0, 1e30], step: 1e-30}\nparties:\n"
              "  p: {title: P, positions: {a: {salience: 1, ideal: 0}}}\n";
     }, "issues.a"},
    // characters
    {"Nul", [] { return scenario("1", string("about: a\0b\n", 11)); }, "control character U+0000"},
    {"ControlCharacter", [] { return scenario("1", "about: a\x04z\n"); }, "control character U+0004"},
    {"EscapedControlCharacter", [] { return scenario("1", "about: \"a\\u0007b\"\n"); }, "control character U+0007"},
    {"TerminalEscape", [] { return scenario("1", "about: \"\\e[31m\"\n"); }, "control character U+001B"},
    {"C1Control", [] { return scenario("1", "about: a\u0085b\n"); }, "control character U+0085"},
    {"ByteFF", [] { return scenario("1", "about: \xFF\n"); }, "not valid UTF-8"},
    {"Latin1", [] { return scenario("1", "about: caf\xE9\n"); }, "not valid UTF-8"},
    {"OverlongNul", [] { return scenario("1", "about: \xC0\x80\n"); }, "not valid UTF-8"},
    {"Surrogate", [] { return scenario("1", "about: \xED\xA0\x80\n"); }, "not valid UTF-8"},
    {"BeyondUnicode", [] { return scenario("1", "about: \xF4\x90\x80\x80\n"); }, "not valid UTF-8"},
    {"CutCharacter", [] { return scenario("1", "about: \xE2\x82"); }, "not valid UTF-8"},
    {"Utf16", [] { return string("\xFF\xFEz\0o\0p\0a\0", 10); }, "UTF-16"},
    {"LoneCarriageReturn", [] { return string("zopa: 1\rtitle: T\r"); }, "carriage return"},
    {"TabIndentation", [] { return string("zopa: 1\ntitle: T\nissues:\n\ta: {range: [0, 1]}\n"); }, "tab"},
    {"ByteOrderMark", [] { return "\xEF\xBB\xBF" + scenario(); }, ""},
    {"ByteOrderMarkInside", [] { return scenario("1", "about: a\uFEFFb\n"); }, "control character U+FEFF"},
    {"WindowsLines", [] {
       string all;
       for (const char c : scenario()) all += c == '\n' ? string("\r\n") : string(1, c);
       return all;
     }, ""},
    {"LookAlikeKey", [] { return scenario("1", "p\u0430rties: {}\n"); }, "p\u0430rties"},
    {"LookAlikeId", [] {
       return string("zopa: 1\ntitle: T\nissues:\n  r\u0435nt: {title: Rent, range: [0, 1]}\nparties:\n  p: {title: P}\n");
     }, "issues.r\u0435nt"},
    {"ZeroWidthSpaceInId", [] {
       return string("zopa: 1\ntitle: T\nissues:\n  ren\u200Bt: {title: Rent, range: [0, 1]}\nparties:\n  p: {title: P}\n");
     }, "issues.ren\u200Bt"},
    {"FullWidthColon", [] { return string("zopa\uFF1A 1\n"); }, "hostile.yaml:1:1"},
    // YAML's hidden parts
    {"BillionLaughs", [] {
       string all = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
       for (int k = 1; k < 30; ++k) {
         const string before = "*a" + std::to_string(k - 1);
         all += "a" + std::to_string(k) + ": &a" + std::to_string(k) + " [" +
                times(8, before + ", ") + before + "]\n";
       }
       return all;
     }, "anchor"},
    {"SelfReference", [] { return string("a: &x [1, *x]\n"); }, "anchor"},
    {"UnknownAlias", [] { return string("a: *nothing\n"); }, "alias"},
    {"MergeKey", [] { return scenario("1", "<<: {a: 1}\n"); }, "merge key"},
    {"Tag", [] { return scenario("!!python/object:os.system 1"); }, "tag"},
    {"BinaryTag", [] { return scenario("!!binary aGVsbG8="); }, "tag"},
    {"Directive", [] { return "%YAML 9.9\n---\n" + scenario(); }, nullptr},
    {"TwoDocuments", [] { return scenario() + "---\n" + scenario(); }, "second document"},
    {"ManyDocuments", [] { return times(100'000, "---\n"); }, "second document"},
    {"TextAfterTheEnd", [] { return scenario() + "...\nzopa: 2\n"; }, "second document"},
    {"OpenQuote", [] { return scenario("1", "about: \"never closed\nnote: b\n"); }, "quote is never closed"},
    {"OpenSingleQuote", [] { return scenario("1", "about: 'never closed\nnote: b\n"); }, "quote is never closed"},
    {"OpenBracket", [] { return scenario("1", "about: [a, b\n"); }, "not closed"},
    {"NotAKey", [] { return scenario() + "not-a-key\n"; }, "neither `key: value`"},
    {"KeyTwice", [] { return scenario("1", "title: Again\n"); }, "given twice"},
    {"KeyTwiceManyTimes", [] { return times(60'000, "a: 1\n"); }, "given twice"},
    {"NullKey", [] { return scenario("1", "~: 1\n"); }, "key is null"},
    {"EmptyKey", [] { return scenario("1", "\"\": 1\n"); }, "key is empty"},
    {"ListAsKey", [] { return scenario("1", "[a, b]: 1\n"); }, "where a key is expected"},
    // sizes
    {"TenMegabyteScalar", [] { return "title: " + string(10'000'000, 'a'); }, "larger than 8 MiB"},
    {"LongTitle", [] { return scenario("1", "about: " + string(7'000'000, 'a') + "\n"); }, ""},
    {"LongKey", [] { return string(100'000, 'k') + ": 1\n"; }, "hostile.yaml:1:"},
    {"LongQuotedKey", [] { return "\"" + string(2'000'000, 'k') + "\": 1\n"; }, "hostile.yaml:1:"},
    {"LongLine", [] { return "a: [" + times(1'000'000, "1, ") + "1]\n"; }, "more than 200,000 nodes"},
    {"HundredThousandKeys", [] { return numbered(100'000, "k", ": 1\n"); }, "more than 200,000 nodes"},
    {"UnknownKeys", [] { return scenario("1", numbered(60'000, "key", ": 1\n")); }, "unknown"},
    {"UnknownSources", [] {
       return scenario() + "rules: {r: {title: R, sources: [" + numbered(60'000, "s", ", ") + "s]}}\n";
     }, "rules.r"},
    {"ManyIssues", [] {
       return "zopa: 1\ntitle: T\nissues:\n" + numbered(30'000, "  i", ": {range: [0, 1]}\n") + "parties: {p: {title: P}}\n";
     }, "256"},
    {"ManyParties", [] {
       return "zopa: 1\ntitle: T\nissues: {a: {range: [0, 1]}}\nparties:\n" + numbered(30'000, "  p", ": {title: P}\n");
     }, "64"},
    {"ManyOptions", [] {
       return "zopa: 1\ntitle: T\nissues: {a: {options: [" + numbered(60'000, "o", ", ") + "o]}}\nparties: {p: {title: P}}\n";
     }, "4,096"},
    {"LongListWhereANumberBelongs", [] { return scenario("[" + times(50'000, "1, ") + "1]"); },
     "parties.tenant.positions.rent.salience"},
    {"LongComment", [] { return scenario() + "#" + string(7'000'000, 'c') + "\n"; }, ""},
    {"BlankLines", [] { return scenario() + string(7'000'000, '\n'); }, ""},
    {"ManyTimelineEntries", [] {
       return scenario() + "date: 2025-01-01\ntimeline:\n" +
              times(10'000, "  - {date: 2024-01-01, title: T, set: {title: X}}\n");
     }, ""},
    {"NoSuchElement", [] {
       return scenario() + "variants: {v: {title: V, set: {consent.all.99999999999999999999: tenant}}}\n";
     }, "consent.all"},
    {"LongPath", [] {
       return scenario() + "variants: {v: {title: V, set: {" + times(200, "a.") + "a: 1}}}\n";
     }, "variants.v"},
    // nothing there
    {"Empty", [] { return string(); }, "empty"},
    {"OnlyComments", [] { return string("# nothing\n"); }, "empty"},
    {"OnlyNull", [] { return string("~\n"); }, "empty"},
    {"AList", [] { return string("- a\n- b\n"); }, "hostile.yaml"},
    {"AWord", [] { return string("hello\n"); }, "hostile.yaml"},
};
// clang-format on

class Texts : public testing::TestWithParam<Hostile> {};

TEST_P(Texts, EndInAMessageSoon) {
  const Hostile& hostile = GetParam();
  const string said = complaint_of(hostile.text());
  if (hostile.expected == nullptr) return;  // either will do, as long as it ends
  if (hostile.expected[0] == '\0') {
    EXPECT_EQ(said.substr(0, 1'000), "");
  } else {
    EXPECT_NE(said.find(hostile.expected), string::npos) << said.substr(0, 1'000);
  }
}

INSTANTIATE_TEST_SUITE_P(Hostile, Texts, testing::ValuesIn(kHostile),
                         [](const auto& test) { return string(test.param.name); });

string complaint_of_file(const string& file) {
  return complaint([&] { return read_scenario(edited(read_document(file), {})); });
}

TEST(HostileFiles, AreRefusedUnlessRegular) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("zopa-hostile-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const string pipe = folder / "pipe.yaml";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(complaint_of_file(pipe).find("regular file"), string::npos);
  EXPECT_NE(complaint_of_file("/dev/zero").find("regular file"), string::npos);
  EXPECT_NE(complaint_of_file(folder).find("folder"), string::npos);
  EXPECT_NE(complaint_of_file(folder / "missing.yaml").find("missing.yaml"), string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace zopa
