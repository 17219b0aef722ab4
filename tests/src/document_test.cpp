// SPDX-License-Identifier: MIT
#include "src/document.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "src/edits.hpp"
#include "src/files.hpp"

namespace zopa {
namespace {

using std::string;

std::vector<string> scenario_files() {
  std::vector<string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(ZOPA_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Node scalar(const string& text, bool quoted = true) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  node.quoted = quoted;
  return node;
}

// The tree comes back from its own YAML.
void expect_same(const Node& root) {
  const string yaml = to_yaml({root, {}});
  try {
    const Document again = parse_document(yaml, "again.yaml");
    EXPECT_TRUE(same_tree(root, again.root)) << yaml;
    EXPECT_EQ(to_yaml(again), yaml) << "a second time it reads otherwise";
  } catch (const InputError& error) {
    ADD_FAILURE() << error.what() << "\n" << yaml;
  }
}

TEST(ToYaml, ReadsBackToTheSameTreeForEveryScenario) {
  const std::vector<string> files = scenario_files();
  ASSERT_GT(files.size(), 10U);
  for (const string& file : files) {
    SCOPED_TRACE(file);
    const Document document = read_document(file);
    expect_same(document.root);
    expect_same(without_what_ifs(edited(document, {})).root);
  }
}

// As text, as key, in a list, in a mapping, and deep inside.
void expect_same_everywhere(const string& text) {
  Node list;
  list.kind = Node::Kind::sequence;
  list.children = {scalar(text), scalar("b", false), scalar(text)};
  Node mapping;
  mapping.kind = Node::Kind::mapping;
  mapping.children = {scalar(text), list, scalar(text)};
  mapping.children[0].key = "first";
  mapping.children[1].key = text;
  mapping.children[2].key = "last " + string(120, 'k');  // too wide for one line
  Node root;
  root.kind = Node::Kind::mapping;
  root.children = {mapping, list, scalar(text)};
  root.children[0].key = "block";
  root.children[1].key = "list";
  root.children[2].key = "text";
  if (text.empty()) mapping.children[1].key = "empty";  // no key is empty
  root.children[0].children[1].key = mapping.children[1].key;
  SCOPED_TRACE("<" + text + ">");
  expect_same(root);
  expect_same(list);
  expect_same(mapping);
}

TEST(ToYaml, QuotesWhatWouldReadOtherwise) {
  for (const char* text : {"",           " ",          "a b",        " a",          "a ",
                           "\"",         "'",          "\\",         "a\"b",        "it's",
                           "#",          "a #b",       "a#b",        "# a",         "a: b",
                           "a:b",        "a:",         ":a",         ":",           "- a",
                           "-a",         "-",          "--",         "---",         "--- a",
                           "...",        "... a",      "?",          "? a",         "?a",
                           "[a]",        "{a: b}",     "a, b",       "a,b",         ",",
                           "]",          "}",          "&a",         "*a",          "!a",
                           "!!int 5",    "|",          ">",          "> 600",       "<= 10",
                           "= 0",        "!= 0",       "%",          "50 %",        "@a",
                           "`a`",        "~",          "null",       "Null",        "NULL",
                           "true",       "True",       "false",      "yes",         "no",
                           "on",         "off",        "y",          "5",           "-5",
                           "+5",         "1e3",        "0.5",        ".5",          "010",
                           "0x1F",       "0o17",       "1_000",      "1,000",       "1:30",
                           ".nan",       ".inf",       "-.inf",      "infinity",    "nan",
                           "2026-03-01", "2026-13-99", "<<",         "=",           "a\nb",
                           "a\n",        "\na",        "a\n\nb",     "a\n\n\nb",    "\n",
                           "a \nb",      "a\n b",      " a\nb",      "a\tb",        "\ta",
                           "a\t",        "a\n\tb",     "a\r\nb",     "a\n# b",      "a\n- b\n",
                           "a: b\nc: d", "a\n---\nb",  "a\n...\n",   "\u00E4",      "\u2192 \u20AC",
                           "a\u00A0",    "\u2028",     "\U0001F600", "a\\nb",       "\\u0041",
                           "key: # no",  "x: [a",      "a  b",       "a\n  b\nc",   "a\n\nb\n\n",
                           "- a\n- b",   "| a\n  b",   "> a\nb",     "\"a\"\n\"b\""}) {
    expect_same_everywhere(text);
  }
}

TEST(ToYaml, FoldsLongText) {
  string prose = "word";
  for (int k = 0; k < 60; ++k) prose += k % 7 == 0 ? " - #" + std::to_string(k) : " word";
  for (const string& text :
       {prose, prose + "\n", prose + "\n\n", prose + " ", " " + prose, prose + "\n" + prose,
        prose + "  " + prose, string(300, 'a') + " b", string(300, 'a'), prose + "\ttab"}) {
    expect_same_everywhere(text);
  }
  Node root;
  root.kind = Node::Kind::mapping;
  root.children = {scalar(prose + "\n")};
  root.children[0].key = "about";
  EXPECT_EQ(to_yaml({root, {}}).find("about: >\n  word - #0 word word"), 0U);
}

TEST(ToYaml, KeepsNullApartFromItsWord) {
  const Document document = parse_document("a: null\nb: \"null\"\nc: ~\nd:\ne: 'no'\n", "a.yaml");
  expect_same(document.root);
  EXPECT_EQ(to_yaml(document), "a: null\nb: \"null\"\nc: null\nd: null\ne: \"no\"\n");
}

TEST(ToYaml, QuotesDotsAlone) {
  const Document document = parse_document("a:  ... #\nb: '...'\nc: -...\nd: .5\n", "a.yaml");
  expect_same(document.root);
  EXPECT_EQ(to_yaml(document), "a: \"...\"\nb: \"...\"\nc: \"-...\"\nd: .5\n");
}

TEST(ToYaml, KeepsEmptyCollections) {
  expect_same(parse_document("a: {}\nb: []\nc: [{}, []]\nd: {e: {}}\n", "a.yaml").root);
}

TEST(ToYaml, WritesSmallThingsOnOneLineAndLongTextAsABlock) {
  const string yaml = R"(title: Lease
about: |
  One line,
  and another.
issues:
  rent: {title: Rent, range: [800, 1200]}
)";
  EXPECT_EQ(to_yaml(parse_document(yaml, "a.yaml")), yaml);
}

// Random trees of awkward texts. A seed that fails is printed.
class RandomTree {
 public:
  explicit RandomTree(unsigned seed) : random_(seed) {}

  Node node(int depth) {
    const int kind = depth == 0 ? pick(2) : pick(4);
    Node node;
    if (kind == 0) return scalar(text(), true);
    if (kind == 1) {
      static const char* const kPlain[] = {"5",    "0.25",      "-1e3",      "true",
                                           "word", "two words", "2026-03-01"};
      return scalar(kPlain[pick(7)], false);
    }
    node.kind = kind == 2 ? Node::Kind::sequence : Node::Kind::mapping;
    for (int k = pick(5); k-- > 0;) {
      node.children.push_back(pick(12) == 0 ? Node() : this->node(depth - 1));
      if (kind == 3) node.children.back().key = std::to_string(k) + text();
    }
    return node;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  string text() {
    static const char* const kParts[] = {
        "a", "b c", " ", "\n",  "\n\n", "\"",   "'",    "#",      ": ",     ":",  "- ", ",",  "[",
        "]", "{",   "}", "&",   "*",    "!",    "|",    ">",      "%",      "@",  "`",  "\\", "\t",
        "1", ".",   "-", "---", "...",  "null", "true", "\u00E9", "\u20AC", "<=", "="};
    string all;
    for (int k = pick(6); k-- > 0;) all += kParts[pick(std::size(kParts))];
    return all;
  }

  std::mt19937 random_;
};

TEST(ToYaml, ReadsBackToTheSameTreeForRandomTrees) {
  const char* share = std::getenv("ZOPA_RANDOM_SHARE");
  const int cases = static_cast<int>(20'000 * (share != nullptr ? std::atof(share) : 1.0));
  for (int seed = 0; seed < cases && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomTree tree(static_cast<unsigned>(seed));
    Node root = tree.node(4);
    if (root.is_scalar()) {
      Node list;
      list.kind = Node::Kind::sequence;
      list.children.push_back(std::move(root));
      root = std::move(list);
    }
    expect_same(root);
  }
}

TEST(SameTree, TellsNumbersFromTextInQuotes) {
  const auto read = [](const string& yaml) { return parse_document(yaml, "a.yaml").root; };
  EXPECT_TRUE(same_tree(read("a: [b, 5]"), read("a:\n- \"b\"\n- 5\n")));
  EXPECT_FALSE(same_tree(read("a: 5"), read("a: \"5\"")));
  EXPECT_FALSE(same_tree(read("a: 5"), read("a: 5.0")));
  EXPECT_FALSE(same_tree(read("a: {b: 1, c: 2}"), read("a: {c: 2, b: 1}"))) << "order counts";
  EXPECT_FALSE(same_tree(read("a: null"), read("a: {}")));
}

TEST(ParseDocument, KnowsWhereEverythingStands) {
  const Document document = parse_document(
      "title: Lease\nissues:\n  rent:\n    range: [800, 1200]\nlist:\n  - a\n  - b: 1\n", "a.yaml");
  const auto where = [](const Place& place) {
    return *place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  const Node& root = document.root;
  EXPECT_EQ(where(root.find("title")->place), "a.yaml:1:8");
  EXPECT_EQ(where(root.find("title")->key_place), "a.yaml:1:1");
  const Node& rent = *root.find("issues")->find("rent");
  EXPECT_EQ(where(rent.place), "a.yaml:3:3") << "a block stands at its key";
  EXPECT_EQ(where(rent.find("range")->children[1].place), "a.yaml:4:18");
  EXPECT_EQ(where(root.find("list")->children[1].place), "a.yaml:7:5");
}

TEST(ParseDocument, KeepsTextAsItIsWritten) {
  const Document document =
      parse_document("a: 010\nb: yes\nc: 2026-03-01\nd: \"5\"\ne: 1.50\n", "a.yaml");
  const Node& root = document.root;
  EXPECT_EQ(root.find("a")->text, "010");
  EXPECT_EQ(root.find("b")->text, "yes");
  EXPECT_EQ(root.find("c")->text, "2026-03-01");
  EXPECT_TRUE(root.find("d")->quoted);
  EXPECT_EQ(root.find("e")->text, "1.50");
}

}  // namespace
}  // namespace zopa
