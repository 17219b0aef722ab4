// SPDX-License-Identifier: MIT
#include "src/scenario_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <utility>

#include "model/validity.hpp"
#include "src/date.hpp"
#include "src/nearest.hpp"
#include "src/schema.hpp"

namespace zopa {
namespace {

constexpr int kMostNameHints = 100;

// The way from the root of the document to a node; lives on the stack beside the reading.
struct Trail {
  const Trail* parent = nullptr;
  std::string_view key = {};
  int index = -1;

  std::string text() const {
    if (parent == nullptr) return {};
    const std::string before = parent->text();
    return before + (before.empty() ? "" : ".") +
           (index >= 0 ? std::to_string(index) : std::string(key));
  }
};

std::string found_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::sequence: return "a list";
    case Node::Kind::mapping: return "a mapping";
    case Node::Kind::scalar: break;
  }
  constexpr std::size_t kLongestShown = 40;
  if (node.text.size() <= kLongestShown) return code(node.text);
  std::size_t end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(node.text[end]) & 0xC0U) == 0x80U) --end;
  return code(node.text.substr(0, end) + "…");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {{
    {"<=", Relation::at_most},
    {"<", Relation::less},
    {">=", Relation::at_least},
    {">", Relation::greater},
    {"!=", Relation::not_equal},
    {"=", Relation::equal},
}};

// Whether a text was meant for a test, with a sign that none has: "=> 10", "== 10", "≤ 10".
bool odd_test(std::string_view text) {
  text = trimmed(text);
  for (const char* sign : {"\u2264", "\u2265", "\u2260"}) {
    if (text.starts_with(sign)) return true;
  }
  for (const auto& [sign, relation] : kRelations) {
    if (!text.starts_with(sign)) continue;
    text = trimmed(text.substr(sign.size()));
    return !text.empty() && std::string_view("<>=!").find(text[0]) != std::string_view::npos;
  }
  return false;
}

// An id near to what was written: small letters, digits and underscores.
std::string suggested_id(std::string_view text, bool dash) {
  std::string id;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool letter = small >= 'a' && small <= 'z';
    if (letter || (small >= '0' && small <= '9' && !id.empty()) || (small == '_' && !id.empty())) {
      id += small;
    } else if (!id.empty() && id.back() != '_' && static_cast<unsigned char>(c) < 0x80) {
      id += dash && c == '-' ? '-' : '_';
    }
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  return id;
}

// What a text that is no number looks like, and what to write.
std::pair<std::string, std::string> number_fault(std::string_view text) {
  const std::string shown = code(text);
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view digits = lower;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits == ".nan" || digits == "nan" || digits == ".inf" || digits == "inf" ||
      digits == "infinity") {
    return {shown + " is not a number that a scenario can hold",
            "Write a finite number, or leave the key out where nothing is known."};
  }
  const bool numeric =
      !digits.empty() && digits.find_first_not_of("0123456789.e+-") == std::string_view::npos;
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' && numeric) {
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return {shown + " has a leading zero", "Write " + std::string(digits[first] == '.' ? "0" : "") +
                                               std::string(digits.substr(first)) + "."};
  }
  if (digits.starts_with("0x") || digits.starts_with("0o") || digits.starts_with("0b")) {
    return {shown + " is not a decimal number", "Write it in decimal digits."};
  }
  const auto count =
      std::count_if(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (numeric && count > 0) {
    if (digits.front() == '.' || digits.back() == '.') {
      return {shown + " has no digit on one side of its point", "Write it as 0.5 or 5."};
    }
    if (const std::size_t e = digits.find('e');
        count > 40 || (e != std::string_view::npos && e + 1 < digits.size())) {
      return {shown.size() > 50 ? "this number has too many digits"
                                : shown + " has too many digits, or too large an exponent",
              "Write at most 40 digits and an exponent from -40 to 40; choose a larger unit."};
    }
  }
  if (count > 0 && digits.find_first_not_of("0123456789.,_ '%") == std::string_view::npos) {
    return {shown + " is not a number",
            "Write digits with a decimal point and nothing else, such as 1200.5."};
  }
  return {shown + " is not a number", "Write a number such as 20 or 0.25."};
}

Evidence inherited(Evidence own, const Evidence& from) {
  if (!own.basis) own.basis = from.basis;
  if (!own.confidence) own.confidence = from.confidence;
  if (own.sources.empty()) own.sources = from.sources;
  if (own.as_of.empty()) own.as_of = from.as_of;
  if (own.note.empty()) own.note = from.note;
  return own;
}

// The relation a test begins with, and what follows it.
std::optional<std::pair<Relation, std::string_view>> split_test(std::string_view text) {
  text = trimmed(text);
  for (const auto& [sign, relation] : kRelations) {
    if (text.starts_with(sign)) return std::make_pair(relation, trimmed(text.substr(sign.size())));
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(const Node& root) : root_(root) {}

  // The scenario, which counts for something only when no problem was found.
  Scenario read() {
    const Trail top;
    if (open(root_, top, ShapeId::scenario)) read_scenario_body(root_, top);
    std::sort(tainted_.begin(), tainted_.end());
    for (const ScenarioProblem& problem : find_problems(scenario_)) {
      if (tainted(problem.path)) continue;
      const Place& place = find_place(problem.path);
      add_at(place, problem.path, problem.problem, problem.remedy);
    }
    return std::move(scenario_);
  }

  std::vector<InputProblem> take_problems() { return std::move(found_); }

  std::optional<Side> side(const std::string& party, const std::string& issue) {
    const Node* issues = root_.find("issues");
    const Node* parties = root_.find("parties");
    const Node* issue_node = issues ? issues->find(issue) : nullptr;
    const Node* party_node = parties ? parties->find(party) : nullptr;
    const Node* positions = party_node ? party_node->find("positions") : nullptr;
    const Node* position_node = positions ? positions->find(issue) : nullptr;
    if (!issue_node || !position_node || !position_node->find("limit")) return std::nullopt;
    const Trail top;
    read_issue(*issue_node, {&top, issue});
    const auto position = read_position(*position_node, {&top, issue});
    if (!position || !position->limit || !position->limit->bare) return std::nullopt;
    return position->limit->high ? Side::below : Side::above;
  }

 private:
  // ------------------------------------------------------------------------------------ problems

  void add_at(const Place& place, std::string path, std::string problem, std::string remedy) {
    found_.push_back({.file = place.file ? *place.file : std::string(),
                      .line = place.line,
                      .column = place.column,
                      .path = std::move(path),
                      .problem = std::move(problem),
                      .remedy = std::move(remedy)});
  }

  void add(const Node& node, const Trail& trail, std::string problem, std::string remedy) {
    std::string path = trail.text();
    tainted_.push_back(path);
    add_at(node.place, std::move(path), std::move(problem), std::move(remedy));
  }

  // Whether something at, above or below this path could not be read: what the model says about
  // the path would only echo that.
  // Needs tainted_ in order.
  bool tainted(const std::string& path) const {
    const auto is = [&](const std::string& other) {
      return std::binary_search(tainted_.begin(), tainted_.end(), other);
    };
    if (is("") || is(path)) return true;
    for (std::size_t dot = path.find('.'); dot != std::string::npos;
         dot = path.find('.', dot + 1)) {
      if (is(path.substr(0, dot))) return true;
    }
    const auto below = std::lower_bound(tainted_.begin(), tainted_.end(), path + ".");
    return below != tainted_.end() && below->starts_with(path + ".");
  }

  // The hint for an unknown name. Only the first are looked for: a file with more of them is wrong
  // in another way. `known()` gives the known names.
  template <typename Known>
  std::string hint(std::string_view name, const Known& known) {
    if (++hints_ > kMostNameHints) return "Write a known name, as the first messages suggest.";
    return name_hint(name, known());
  }

  // Where the deepest node on a path stands.
  const Place& find_place(const std::string& path) const {
    const Node* node = &root_;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      const std::string_view segment = std::string_view(path).substr(begin, end - begin);
      const Node* next = node->find(segment);
      if (node->is_sequence() && !segment.empty() &&
          segment.find_first_not_of("0123456789") == std::string_view::npos) {
        const auto index = static_cast<std::size_t>(std::stoul(std::string(segment)));
        next = index < node->children.size() ? &node->children[index] : nullptr;
      }
      if (next == nullptr) break;
      node = next;
      begin = end + 1;
    }
    return node->place;
  }

  void wrong_type(const Node& node, const Trail& trail, std::string_view expected) {
    std::string remedy = "Write " + std::string(expected) + ".";
    if (node.is_null()) remedy = "Write " + std::string(expected) + ", or leave the key out.";
    add(node, trail, "expected " + std::string(expected) + ", found " + found_text(node), remedy);
  }

  // Checks a mapping against its row of the table: keys that are unknown, empty, missing or exclude
  // each other. Returns whether it is a mapping at all.
  bool open(const Node& node, const Trail& trail, ShapeId id) {
    const Shape& row = shape(id);
    if (!node.is_mapping()) {
      add(node, trail, "expected " + std::string(row.words) + ", found " + found_text(node),
          "Write a mapping with " + keys_text(row) + ".");
      return false;
    }
    for (const Node& child : node.children) {
      const Key* key = find_key(row, child.key);
      const Trail here{&trail, child.key};
      if (key == nullptr) {
        std::string path = here.text();
        tainted_.push_back(path);
        // A comma ends a text in braces; what follows it is a key without a value.
        const bool rest = child.is_null() && child.key.find(' ') != std::string::npos;
        add_at(child.key_place, std::move(path), "unknown key " + code(child.key),
               rest ? "If it belongs to the text before the comma, put that text in quotes."
                    : hint(child.key, [&] { return key_names(row); }));
      } else if (child.is_null()) {
        wrong_type(child, here, shape(key->shape).words);
      }
    }
    for (const Key& key : row.keys) {
      if (key.required && node.find(key.name) == nullptr) {
        add(node, {&trail, key.name}, code(key.name) + " is missing",
            "Add " + code(key.name) + ": " + std::string(shape(key.shape).words) + ".");
      }
    }
    check_groups(node, trail, row);
    return true;
  }

  // "`date`", or "keys such as `title`, `group` and `range`".
  static std::string keys_text(const Shape& row) {
    std::vector<std::string_view> names;
    for (const Key& key : row.keys) {
      if (key.required) names.push_back(key.name);
    }
    if (!names.empty()) return group_text(names);
    for (const Key& key : row.keys) {
      if (names.size() < 3) names.push_back(key.name);
    }
    return "keys such as " + group_text(names);
  }

  static std::string group_text(const std::vector<std::string_view>& group) {
    std::string text;
    for (std::size_t k = 0; k < group.size(); ++k) {
      text += (k == 0 ? "" : k + 1 == group.size() ? " and " : ", ") + code(group[k]);
    }
    return text;
  }

  void check_groups(const Node& node, const Trail& trail, const Shape& row) {
    if (row.one_of.empty()) return;
    std::string words;
    for (const auto& group : row.one_of)
      words += (words.empty() ? "" : ", or ") + group_text(group);
    const std::vector<std::string_view>* used = nullptr;
    for (const Node& child : node.children) {
      const auto group = std::find_if(row.one_of.begin(), row.one_of.end(), [&](const auto& keys) {
        return std::find(keys.begin(), keys.end(), child.key) != keys.end();
      });
      if (group == row.one_of.end() || &*group == used) continue;
      if (used != nullptr) {
        add(child, {&trail, child.key}, code(child.key) + " stands beside " + group_text(*used),
            "Write either " + words + ".");
        return;
      }
      used = &*group;
    }
    if (used == nullptr) {
      const bool echo =
          std::any_of(node.children.begin(), node.children.end(), [&](const Node& child) {
            return find_key(row, child.key) ==
                   nullptr;  // reported: may well be the one that is missing
          });
      if (!echo) {
        add(node, trail, std::string(row.words) + " needs " + words, "Add one of them.");
      }
      return;
    }
    for (const std::string_view key : *used) {
      if (node.find(key) != nullptr) continue;
      add(node, {&trail, key}, code(key) + " is missing", "Write " + group_text(*used) + ".");
    }
  }

  // The member, unless it is missing or empty.
  static const Node* member(const Node& node, std::string_view key) {
    const Node* child = node.find(key);
    return child != nullptr && !child->is_null() ? child : nullptr;
  }

  bool expect_mapping(const Node& node, const Trail& trail, ShapeId id) {
    if (node.is_mapping()) return true;
    wrong_type(node, trail, shape(id).words);
    return false;
  }

  bool expect_list(const Node& node, const Trail& trail, ShapeId id) {
    if (node.is_sequence()) return true;
    wrong_type(node, trail, shape(id).words);
    return false;
  }

  void check_id(const Node& child, const Trail& trail, bool dash) {
    if (dash ? is_name(child.key) : is_id(child.key)) return;
    const std::string suggestion = suggested_id(child.key, dash);
    const std::string rule =
        dash ? "small letters, digits, _ and -" : "small letters, digits and _";
    std::string path = trail.text();
    tainted_.push_back(path);
    add_at(child.key_place, std::move(path), code(child.key) + " is not an id",
           "Use " + rule + ", beginning with a letter" +
               (suggestion.empty() ? "." : ": " + code(suggestion) + "."));
  }

  // -------------------------------------------------------------------------------------- values

  std::string text(const Node& node, const Trail& trail) {
    if (node.is_scalar()) return node.text;
    wrong_type(node, trail, "text");
    return {};
  }

  std::string text_member(const Node& node, const Trail& trail, std::string_view key,
                          std::string otherwise = {}) {
    const Node* child = member(node, key);
    return child ? text(*child, {&trail, key}) : otherwise;
  }

  bool boolean_member(const Node& node, const Trail& trail, std::string_view key, bool otherwise) {
    const Node* child = member(node, key);
    if (child == nullptr) return otherwise;
    if (child->is_scalar() && !child->quoted && (child->text == "true" || child->text == "false")) {
      return child->text == "true";
    }
    wrong_type(*child, {&trail, key}, "true or false");
    return otherwise;
  }

  std::string date(const Node& node, const Trail& trail) {
    if (node.is_scalar() && is_date(node.text)) return node.text;
    if (node.is_scalar()) {
      add(node, trail, found_text(node) + " is not a date",
          "Write year, month and day, such as 2025-12-02.");
    } else {
      wrong_type(node, trail, shape(ShapeId::date).words);
    }
    return {};
  }

  std::string date_member(const Node& node, const Trail& trail, std::string_view key) {
    const Node* child = member(node, key);
    return child ? date(*child, {&trail, key}) : std::string();
  }

  template <typename T, std::size_t N>
  std::optional<T> word_member(const Node& node, const Trail& trail, std::string_view key,
                               ShapeId words_of,
                               const std::array<std::pair<std::string_view, T>, N>& words) {
    const Node* child = member(node, key);
    if (child == nullptr) return std::nullopt;
    const Trail here{&trail, key};
    if (!child->is_scalar()) {
      wrong_type(*child, here, shape(words_of).words);
      return std::nullopt;
    }
    std::vector<std::string> known;
    for (const auto& [word, value] : words) {
      if (child->text == word) return value;
      known.emplace_back(word);
    }
    add(*child, here, "unknown " + std::string(key) + " " + found_text(*child),
        name_hint(child->text, known));
    return std::nullopt;
  }

  std::optional<Rational> decimal(std::string_view digits, const Node& node, const Trail& trail) {
    if (auto value = parse_decimal(digits)) return value;
    auto [problem, remedy] = number_fault(digits);
    add(node, trail, std::move(problem), std::move(remedy));
    return std::nullopt;
  }

  std::optional<Rational> decimal(const Node& node, const Trail& trail) {
    if (!node.is_scalar()) {
      wrong_type(node, trail, "a number");
      return std::nullopt;
    }
    if (node.quoted && parse_decimal(node.text)) {
      add(node, trail, "\"" + node.text + "\" stands in quotes, so it is text and not a number",
          "Write " + node.text + " without quotes.");
      return std::nullopt;
    }
    return decimal(node.text, node, trail);
  }

  std::optional<Rational> decimal_member(const Node& node, const Trail& trail,
                                         std::string_view key) {
    const Node* child = member(node, key);
    return child ? decimal(*child, {&trail, key}) : std::nullopt;
  }

  // A value of an issue: its place on the scale.
  std::optional<Rational> place(int issue, std::string_view written, const Node& node,
                                const Trail& trail) {
    if (!readable(issue)) {
      tainted_.push_back(trail.text());
      return std::nullopt;
    }
    const Issue& where = issue_at(issue);
    if (where.kind == IssueKind::numeric) return decimal(written, node, trail);
    const auto& options = option_index_[static_cast<std::size_t>(issue)];
    const auto it = options.find(std::string(written));
    if (it != options.end()) return Rational(it->second);
    add(node, trail, "unknown option " + code(written) + " of " + code(where.id),
        hint(written, [&] {
          std::vector<std::string> known;
          for (const Option& option : where.options) known.push_back(option.id);
          return known;
        }));
    return std::nullopt;
  }

  std::optional<Rational> place(int issue, const Node& node, const Trail& trail) {
    if (!node.is_scalar()) {
      wrong_type(node, trail, place_words(issue));
      return std::nullopt;
    }
    if (readable(issue) && issue_at(issue).kind == IssueKind::numeric) return decimal(node, trail);
    return place(issue, node.text, node, trail);
  }

  std::string place_words(int issue) const {
    if (!readable(issue)) return "a value of the issue";
    return issue_at(issue).kind == IssueKind::numeric ? "a number" : "an option";
  }

  // A number, or a mapping with `value` or low, likely and high; `read` reads each scalar.
  template <typename Read>
  std::optional<Number> number(const Node& node, const Trail& trail, const Evidence& from,
                               ShapeId mapping, const Read& read) {
    Number result;
    if (!node.is_mapping()) {
      const auto value = read(node, trail);
      if (!value) return std::nullopt;
      result = Number(*value);
      result.evidence = from;
      return result;
    }
    if (!open(node, trail, mapping)) return std::nullopt;
    Evidence own = inherited(evidence(node, trail), from);
    if (auto numbers = spread(node, trail, read)) {
      result = std::move(*numbers);
      result.evidence = std::move(own);
      return result;
    }
    return std::nullopt;
  }

  // The numbers of an opened mapping with `value` or low, likely and high.
  template <typename Read>
  std::optional<Number> spread(const Node& node, const Trail& trail, const Read& read) {
    const auto value_of = [&](std::string_view key) -> std::optional<Rational> {
      const Node* child = member(node, key);
      return child ? read(*child, Trail{&trail, key}) : std::nullopt;
    };
    if (const Node* value = member(node, "value")) {
      const auto place = read(*value, Trail{&trail, "value"});
      return place ? std::optional<Number>(Number(*place)) : std::nullopt;
    }
    const auto low = value_of("low");
    const auto likely = value_of("likely");
    const auto high = value_of("high");
    if (!low || !likely || !high) return std::nullopt;
    Number result;
    result.low = *low;
    result.likely = *likely;
    result.high = *high;
    return result;
  }

  std::optional<Number> plain_number(const Node& node, const Trail& trail, const Evidence& from) {
    return number(node, trail, from, ShapeId::number_mapping,
                  [&](const Node& n, const Trail& t) { return decimal(n, t); });
  }

  std::optional<Number> place_number(int issue, const Node& node, const Trail& trail,
                                     const Evidence& from) {
    auto result = number(node, trail, from, ShapeId::place_mapping,
                         [&](const Node& n, const Trail& t) { return place(issue, n, t); });
    if (result && !check_spread(issue, *result, node, trail)) return std::nullopt;
    return result;
  }

  // Options without an order have no low and high.
  bool check_spread(int issue, const Number& number, const Node& node, const Trail& trail) {
    if (issue_at(issue).kind != IssueKind::unordered || number.certain()) return true;
    add(node, trail,
        "low, likely and high need an order, and the options of " + code(issue_at(issue).id) +
            " have none",
        "Name one option; put doubts in `note`, or write a variant.");
    return false;
  }

  Evidence evidence(const Node& node, const Trail& trail) {
    static constexpr std::array<std::pair<std::string_view, Basis>, 3> kBases = {
        {{"stated", Basis::stated}, {"inferred", Basis::inferred}, {"assumed", Basis::assumed}}};
    static constexpr std::array<std::pair<std::string_view, Confidence>, 3> kConfidences = {
        {{"high", Confidence::high}, {"medium", Confidence::medium}, {"low", Confidence::low}}};
    Evidence result;
    result.basis = word_member(node, trail, "basis", ShapeId::basis, kBases);
    result.confidence = word_member(node, trail, "confidence", ShapeId::confidence, kConfidences);
    result.sources = source_ids(node, trail);
    result.as_of = date_member(node, trail, "as_of");
    result.note = text_member(node, trail, "note");
    return result;
  }

  std::vector<std::string> source_ids(const Node& node, const Trail& trail) {
    std::vector<std::string> ids;
    const Node* list = member(node, "sources");
    const Trail here{&trail, "sources"};
    if (list == nullptr || !expect_list(*list, here, ShapeId::source_ids)) return ids;
    for (std::size_t k = 0; k < list->children.size(); ++k) {
      const Node& child = list->children[k];
      const Trail at{&here, {}, static_cast<int>(k)};
      if (!child.is_scalar()) {
        wrong_type(child, at, "the id of a source");
      } else if (!sources_readable_) {
        continue;
      } else if (!source_ids_.contains(child.text)) {
        std::string remedy = hint(child.text, [&] {
          std::vector<std::string> known;
          for (const Source& source : scenario_.sources) known.push_back(source.id);
          return known;
        });
        add(child, at, "unknown source " + code(child.text),
            remedy.empty() ? "Add it to `sources` at the top of the file." : std::move(remedy));
      } else {
        ids.push_back(child.text);
      }
    }
    return ids;
  }

  // --------------------------------------------------------------------------------- names

  const Issue& issue_at(int index) const {
    return scenario_.issues[static_cast<std::size_t>(index)];
  }
  bool readable(int index) const { return readable_[static_cast<std::size_t>(index)]; }

  std::optional<int> find_issue(std::string_view id, const Place& place, const Trail& trail) {
    return find_name(issue_index_, id, place, trail, "issue");
  }
  std::optional<int> find_party(std::string_view id, const Place& place, const Trail& trail) {
    return find_name(party_index_, id, place, trail, "party");
  }

  std::optional<int> find_name(const std::unordered_map<std::string, int>& index,
                               std::string_view id, const Place& place, const Trail& trail,
                               const char* kind) {
    const auto it = index.find(std::string(id));
    if (it != index.end()) return it->second;
    std::string path = trail.text();
    tainted_.push_back(path);
    if (index.empty()) return std::nullopt;  // there are none at all, which is reported once
    add_at(place, std::move(path), std::string("unknown ") + kind + " " + code(id), hint(id, [&] {
             std::vector<std::string> known(index.size());
             for (const auto& [name, k] : index) known[static_cast<std::size_t>(k)] = name;
             return known;
           }));
    return std::nullopt;
  }

  // -------------------------------------------------------------------------------- the scenario

  void read_scenario_body(const Node& root, const Trail& top) {
    if (const Node* version = member(root, "zopa");
        version && (!version->is_scalar() || version->quoted || version->text != "1")) {
      add(*version, {&top, "zopa"}, "format version " + found_text(*version) + " is not known",
          "Write `zopa: 1`.");
    }
    if (const Node* base = member(root, "extends")) {
      add(*base, {&top, "extends"}, "`extends` has a meaning only in a file",
          "Write it in the scenario file itself.");
    }
    scenario_.title = text_member(root, top, "title");
    scenario_.about = text_member(root, top, "about");
    scenario_.date = date_member(root, top, "date");
    if (const Node* node = member(root, "sources")) read_sources(*node, {&top, "sources"});
    if (const Node* node = member(root, "issues")) read_issues(*node, {&top, "issues"});
    if (const Node* node = member(root, "parties")) read_parties(*node, {&top, "parties"});
    if (const Node* node = member(root, "rules")) read_rules(*node, {&top, "rules"});
    read_consent(root, top);
    if (const Node* node = member(root, "drafts")) read_drafts(*node, {&top, "drafts"});
    if (const Node* node = member(root, "timeline")) check_timeline(root, *node, top);
    if (const Node* node = member(root, "variants")) check_variants(*node, {&top, "variants"});
    if (const Node* node = member(root, "levers")) check_levers(*node, {&top, "levers"});
  }

  void read_sources(const Node& node, const Trail& trail) {
    sources_readable_ = expect_mapping(node, trail, ShapeId::sources);
    if (!sources_readable_) return;
    for (const Node& child : node.children) source_ids_.insert(child.key);
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, true);
      Source source{.id = child.key, .title = {}, .date = {}, .url = {}};
      if (open(child, here, ShapeId::source)) {
        source.title = text_member(child, here, "title");
        source.date = date_member(child, here, "date");
        source.url = text_member(child, here, "url");
        text_member(child, here, "note");
      }
      scenario_.sources.push_back(std::move(source));
    }
  }

  // -------------------------------------------------------------------------------------- issues

  void read_issues(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::issues)) return;
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, false);
      read_issue(child, here);
    }
  }

  void read_issue(const Node& node, const Trail& trail) {
    const std::size_t before = found_.size();
    Issue issue;
    issue.id = node.key;
    issue.title = node.key;
    bool scale = false;
    std::unordered_map<std::string, int> options;
    if (open(node, trail, ShapeId::issue)) {
      issue.title = text_member(node, trail, "title", node.key);
      issue.group = text_member(node, trail, "group");
      issue.unit = text_member(node, trail, "unit");
      text_member(node, trail, "note");
      const Node* range = member(node, "range");
      const Node* option_list = member(node, "options");
      const bool ordered = boolean_member(node, trail, "ordered", true);
      if (option_list) {
        issue.kind = ordered ? IssueKind::ordered : IssueKind::unordered;
        read_options(*option_list, {&trail, "options"}, issue, options);
        scale = !issue.options.empty();
      } else if (range) {
        scale = read_range(*range, {&trail, "range"}, issue);
        issue.step = decimal_member(node, trail, "step");
        scale = scale && (issue.step.has_value() || !member(node, "step"));
      }
      if (!(range && option_list)) {
        for (const char* key : {"step", "unit"})
          refuse_key(node, trail, key, "range", !option_list);
        refuse_key(node, trail, "ordered", "options", !range);
      }
    }
    if (!scale || found_.size() != before) tainted_.push_back(trail.text());
    if (!scale) {
      issue.kind = IssueKind::numeric;
      issue.low = issue.high = 0;
      issue.step.reset();
      issue.options.clear();
    }
    issue_index_.emplace(issue.id, static_cast<int>(scenario_.issues.size()));
    scenario_.issues.push_back(std::move(issue));
    option_index_.push_back(std::move(options));
    readable_.push_back(scale);
  }

  void refuse_key(const Node& node, const Trail& trail, const char* key, const char* belongs_to,
                  bool allowed) {
    const Node* child = member(node, key);
    if (allowed || child == nullptr) return;
    add(*child, {&trail, key}, code(key) + " belongs to an issue with " + code(belongs_to),
        "Delete it, or give the issue " + code(belongs_to) + ".");
  }

  bool read_range(const Node& node, const Trail& trail, Issue& issue) {
    if (!node.is_sequence() || node.children.size() != 2) {
      add(node, trail, "expected a range [low, high], found " + list_text(node),
          "Write two numbers, such as [0, 100].");
      return false;
    }
    const auto low = decimal(node.children[0], {&trail, {}, 0});
    const auto high = decimal(node.children[1], {&trail, {}, 1});
    if (!low || !high) return false;
    issue.low = *low;
    issue.high = *high;
    return true;
  }

  static std::string list_text(const Node& node) {
    if (!node.is_sequence()) return found_text(node);
    return "a list of " + std::to_string(node.children.size());
  }

  void read_options(const Node& node, const Trail& trail, Issue& issue,
                    std::unordered_map<std::string, int>& index) {
    if (!node.is_sequence() && !node.is_mapping()) {
      wrong_type(node, trail, shape(ShapeId::options).words);
      return;
    }
    if (node.children.empty()) {
      add(node, trail, "there are no options", "Write at least one.");
    }
    for (std::size_t k = 0; k < node.children.size(); ++k) {
      const Node& child = node.children[k];
      Option option;
      if (node.is_mapping()) {
        const Trail here{&trail, child.key};
        check_id(child, here, false);
        option.id = child.key;
        if (child.is_null()) {
          add(child, here, "the option " + code(child.key) + " has no title",
              "Write a title, or write the options as a list of ids: [a, b].");
        } else {
          option.title = text(child, here);
        }
      } else {
        const Trail here{&trail, {}, static_cast<int>(k)};
        if (!child.is_scalar()) {
          wrong_type(child, here, "the id of an option");
          continue;
        }
        Node named = child;
        named.key = child.text;
        named.key_place = child.place;
        check_id(named, here, false);
        option.id = child.text;
        option.title = child.text;
      }
      const bool fresh = index.emplace(option.id, static_cast<int>(issue.options.size())).second;
      if (fresh) {
        issue.options.push_back(std::move(option));
      } else {
        add(child, {&trail, {}, static_cast<int>(k)},
            "the option " + code(option.id) + " is given twice", "Delete one of the two.");
      }
    }
  }

  // ------------------------------------------------------------------------------------- parties

  void read_parties(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::parties)) return;
    for (const Node& child : node.children) {
      party_index_.emplace(child.key, static_cast<int>(party_index_.size()));
    }
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, false);
      scenario_.parties.push_back(read_party(child, here));
    }
  }

  Party read_party(const Node& node, const Trail& trail) {
    Party party;
    party.id = node.key;
    party.title = node.key;
    if (!open(node, trail, ShapeId::party)) return party;
    party.title = text_member(node, trail, "title", node.key);
    party.firm = boolean_member(node, trail, "firm", false);
    if (member(node, "power")) party.power = decimal_member(node, trail, "power").value_or(1);
    party.evidence.sources = source_ids(node, trail);
    party.evidence.note = text_member(node, trail, "note");
    if (const Node* positions = member(node, "positions")) {
      const Trail here{&trail, "positions"};
      if (expect_mapping(*positions, here, ShapeId::positions)) {
        for (const Node& child : positions->children) {
          if (auto position = read_position(child, {&here, child.key})) {
            party.positions.push_back(std::move(*position));
          }
        }
        std::sort(party.positions.begin(), party.positions.end(),
                  [](const Position& a, const Position& b) { return a.issue < b.issue; });
      }
    }
    if (const Node* demands = member(node, "demands")) {
      const Trail here{&trail, "demands"};
      if (expect_mapping(*demands, here, ShapeId::demands)) {
        for (const Node& child : demands->children) {
          party.demands.push_back(read_demand(child, {&here, child.key}));
        }
      }
    }
    if (const Node* reservation = member(node, "reservation")) {
      party.reservation = read_reservation(*reservation, {&trail, "reservation"});
    }
    return party;
  }

  std::optional<Position> read_position(const Node& node, const Trail& trail) {
    const auto issue = find_issue(node.key, node.key_place, trail);
    if (!issue || !open(node, trail, ShapeId::position)) return std::nullopt;
    Position position;
    position.issue = *issue;
    position.evidence = evidence(node, trail);
    position.salience.evidence = position.evidence;
    position.firm = boolean_member(node, trail, "firm", false);
    const Evidence& from = position.evidence;
    if (const Node* salience = member(node, "salience")) {
      if (auto number = plain_number(*salience, {&trail, "salience"}, from)) {
        position.salience = std::move(*number);
      }
    }
    if (!readable(*issue)) return position;
    if (const Node* ideal = member(node, "ideal")) {
      position.ideal = read_ideal(*issue, *ideal, {&trail, "ideal"}, from);
    }
    if (const Node* value = member(node, "value")) {
      position.value = read_value(*issue, *value, {&trail, "value"}, from);
    }
    if (const Node* limit = member(node, "limit")) {
      position.limit = read_limit(*issue, *limit, {&trail, "limit"}, from, position.ideal,
                                  member(node, "ideal") != nullptr);
    }
    if (const Node* accepts = member(node, "accepts")) {
      position.accepts = read_accepts(*issue, *accepts, {&trail, "accepts"});
    }
    return position;
  }

  // Every element of a list of values, with low, likely and high where allowed; nothing when one
  // of them cannot be read.
  std::optional<std::vector<Number>> numbers(int issue, const Node& node, const Trail& trail,
                                             const Evidence& from) {
    std::vector<Number> result;
    bool complete = true;
    for (std::size_t k = 0; k < node.children.size(); ++k) {
      auto one = place_number(issue, node.children[k], {&trail, {}, static_cast<int>(k)}, from);
      if (one) {
        result.push_back(std::move(*one));
      } else {
        complete = false;
      }
    }
    if (node.children.empty()) {
      add(node, trail, "the list is empty", "Name at least one value, or leave the key out.");
      complete = false;
    }
    return complete ? std::optional(std::move(result)) : std::nullopt;
  }

  // The places of a list of options, each once; nothing when it cannot be read.
  std::optional<std::vector<Rational>> distinct(const std::vector<Number>& numbers, int issue,
                                                const Node& node, const Trail& trail) {
    std::vector<Rational> places;
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      const Rational& place = numbers[k].likely;
      if (!numbers[k].certain()) {
        add(node.children[k], {&trail, {}, static_cast<int>(k)},
            "low, likely and high do not fit into a list of settlements",
            "Name one settlement, or write [low, high].");
        return std::nullopt;
      }
      if (std::find(places.begin(), places.end(), place) != places.end()) {
        add(node.children[k], {&trail, {}, static_cast<int>(k)},
            code(place_id(issue_at(issue), place)) + " is given twice", "Delete one of the two.");
        return std::nullopt;
      }
      places.push_back(place);
    }
    return places;
  }

  std::optional<Ideal> read_ideal(int issue, const Node& node, const Trail& trail,
                                  const Evidence& from) {
    const Issue& where = issue_at(issue);
    Ideal ideal;
    if (!node.is_sequence()) {
      auto one = place_number(issue, node, trail, from);
      if (!one) return std::nullopt;
      if (where.kind == IssueKind::unordered) ideal.options = {one->likely};
      ideal.low = ideal.high = *one;
      return ideal;
    }
    auto list = numbers(issue, node, trail, from);
    if (!list) return std::nullopt;
    if (where.kind == IssueKind::unordered) {
      auto places = distinct(*list, issue, node, trail);
      if (!places) return std::nullopt;
      ideal.options = std::move(*places);
      return ideal;
    }
    if (list->size() == 2 &&
        (where.kind == IssueKind::numeric ||
         list->back().likely - list->front().likely <= 1)) {  // falling ones are refused later
      ideal.low = list->front();
      ideal.high = list->back();
      return ideal;
    }
    if (where.kind == IssueKind::numeric && list->size() != 1) {
      add(node, trail, "expected a value or [low, high], found " + list_text(node),
          "Write the least and the greatest of the ideals.");
      return std::nullopt;
    }
    auto places = distinct(*list, issue, node, trail);
    if (!places) return std::nullopt;
    std::sort(places->begin(), places->end());
    if (places->back() - places->front() != static_cast<int>(places->size()) - 1) {
      add(node, trail, "the ideals are not neighbours in the order of the options",
          "Name every option between them, or write `value` with a worth for each.");
      return std::nullopt;
    }
    ideal.low = Number(places->front());
    ideal.high = Number(places->back());
    ideal.low.evidence = ideal.high.evidence = from;
    return ideal;
  }

  std::vector<Breakpoint> read_value(int issue, const Node& node, const Trail& trail,
                                     const Evidence& from) {
    const Issue& where = issue_at(issue);
    std::vector<Breakpoint> points;
    if (where.kind == IssueKind::numeric) {
      if (!node.is_sequence() || node.children.empty()) {
        add(node, trail, "expected a list of [x, worth] breakpoints, found " + list_text(node),
            "Write for example [[" + to_text(where.low) + ", 0], [" + to_text(where.high) +
                ", 1]].");
        return points;
      }
      for (std::size_t k = 0; k < node.children.size(); ++k) {
        const Node& child = node.children[k];
        const Trail here{&trail, {}, static_cast<int>(k)};
        if (!child.is_sequence() || child.children.size() != 2) {
          add(child, here, "expected a breakpoint [x, worth], found " + list_text(child),
              "Write two numbers in brackets.");
          continue;
        }
        const auto x = decimal(child.children[0], {&here, {}, 0});
        auto worth = plain_number(child.children[1], {&here, {}, 1}, from);
        if (x && worth) points.push_back({*x, std::move(*worth)});
      }
      if (points.size() != node.children.size()) points.clear();
      return points;
    }
    if (!node.is_mapping()) {
      add(node, trail, "expected a mapping from option to worth, found " + list_text(node),
          "Write for example {" + where.options.front().id + ": 1}, every option named.");
      return points;
    }
    const auto& options = option_index_[static_cast<std::size_t>(issue)];
    std::vector<std::optional<Number>> worths(where.options.size());
    std::vector<char> named(where.options.size(), 0);
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      const auto it = options.find(child.key);
      if (it == options.end()) {
        place(issue, child.key, child, here);  // reports it
        continue;
      }
      named[static_cast<std::size_t>(it->second)] = 1;
      worths[static_cast<std::size_t>(it->second)] = plain_number(child, here, from);
    }
    std::string missing;
    for (std::size_t k = 0; k < worths.size(); ++k) {
      if (!named[k]) missing += (missing.empty() ? "" : ", ") + code(where.options[k].id);
    }
    if (!missing.empty()) {
      add(node, trail, "no worth for " + missing, "Give every option a worth on [0, 1].");
      return points;
    }
    for (std::size_t k = 0; k < worths.size(); ++k) {
      if (!worths[k]) return {};
      points.push_back({Rational(static_cast<int>(k)), std::move(*worths[k])});
    }
    return points;
  }

  // -------------------------------------------------------------------------------------- limits

  std::optional<Limit> read_limit(int issue, const Node& node, const Trail& trail,
                                  const Evidence& from, const std::optional<Ideal>& ideal,
                                  bool has_ideal) {
    if (node.is_scalar()) {
      if (refuse_odd_test(node, trail)) return std::nullopt;
      if (const auto test = split_test(node.text)) {
        const auto place_here = place(issue, test->second, node, trail);
        if (!place_here) return std::nullopt;
        Number number(*place_here);
        number.evidence = from;
        return test_limit(issue, test->first, std::move(number), node, trail);
      }
    }
    if (node.is_sequence()) {
      auto list = numbers(issue, node, trail, from);
      return list ? list_limit(issue, std::move(*list), node, trail) : std::nullopt;
    }
    if (node.is_mapping()) return mapping_limit(issue, node, trail, from, ideal, has_ideal);
    const auto place_here = place(issue, node, trail);
    if (!place_here) return std::nullopt;
    Number number(*place_here);
    number.evidence = from;
    return bare_limit(issue, std::move(number), ideal, has_ideal, node, trail);
  }

  std::optional<Limit> mapping_limit(int issue, const Node& node, const Trail& trail,
                                     const Evidence& from, const std::optional<Ideal>& ideal,
                                     bool has_ideal) {
    if (!open(node, trail, ShapeId::limit_mapping)) return std::nullopt;
    const Evidence own = inherited(evidence(node, trail), from);
    const auto relation = word_member(node, trail, "test", ShapeId::relation, kRelations);
    const Node* value = member(node, "value");
    if (value && value->is_scalar() && refuse_odd_test(*value, {&trail, "value"})) {
      return std::nullopt;
    }
    if (value && (value->is_sequence() || (value->is_scalar() && split_test(value->text)))) {
      if (member(node, "test")) {
        add(*value, {&trail, "value"},
            std::string(value->is_sequence() ? "a list" : "a test") + " stands beside `test`",
            "Write the value alone, or leave `test` out.");
        return std::nullopt;
      }
      return read_limit(issue, *value, {&trail, "value"}, own, ideal, has_ideal);
    }
    auto number =
        spread(node, trail, [&](const Node& n, const Trail& t) { return place(issue, n, t); });
    if (!number || (member(node, "test") && !relation) ||
        !check_spread(issue, *number, node, trail)) {
      return std::nullopt;
    }
    number->evidence = own;
    return relation ? test_limit(issue, *relation, std::move(*number), node, trail)
                    : bare_limit(issue, std::move(*number), ideal, has_ideal, node, trail);
  }

  bool refuse_odd_test(const Node& node, const Trail& trail) {
    if (!odd_test(node.text)) return false;
    add(node, trail, found_text(node) + " is not a test",
        "Begin it with <=, <, >=, >, = or !=, and write the value behind.");
    return true;
  }

  // A list: the two ends of what is accepted, or else exactly what is accepted.
  std::optional<Limit> list_limit(int issue, std::vector<Number> list, const Node& node,
                                  const Trail& trail) {
    const Issue& where = issue_at(issue);
    Limit limit;
    if (where.kind != IssueKind::unordered && list.size() == 2) {
      limit.low = LimitEnd{std::move(list.front())};
      limit.high = LimitEnd{std::move(list.back())};
      return limit;
    }
    if (where.continuous()) {
      add(node, trail, "expected [low, high], found " + list_text(node),
          "Write the two ends of what is accepted, or a test such as \"<= 10\".");
      return std::nullopt;
    }
    limit.accepted = distinct(list, issue, node, trail);
    return limit.accepted ? std::optional(std::move(limit)) : std::nullopt;
  }

  std::optional<Limit> test_limit(int issue, Relation relation, Number number, const Node& node,
                                  const Trail& trail) {
    const Issue& where = issue_at(issue);
    const bool strict = relation == Relation::less || relation == Relation::greater;
    if (where.continuous() && (strict || relation == Relation::not_equal)) {
      add(node, trail,
          "<, > and != cannot be a limit on " + code(where.id) + ", which is continuous",
          "Write <= or >=, or give the issue a step.");
      return std::nullopt;
    }
    if (where.kind == IssueKind::unordered && relation != Relation::equal &&
        relation != Relation::not_equal) {
      add(node, trail, "the options of " + code(where.id) + " have no order",
          "Write = or !=, or list the accepted options.");
      return std::nullopt;
    }
    Limit limit;
    limit.equality = relation == Relation::equal;
    if (relation == Relation::at_most || relation == Relation::less) {
      limit.high = LimitEnd{std::move(number), strict};
    } else if (relation == Relation::at_least || relation == Relation::greater) {
      limit.low = LimitEnd{std::move(number), strict};
    } else if (relation == Relation::not_equal) {
      return excluding_limit(issue, number, node, trail);
    } else if (where.kind == IssueKind::unordered) {
      limit.accepted = {number.likely};
    } else if (number.likely == where.scale_low()) {
      limit.high = LimitEnd{std::move(number)};
    } else if (number.likely == where.scale_high()) {
      limit.low = LimitEnd{std::move(number)};
    } else {
      limit.low = LimitEnd{number};
      limit.high = LimitEnd{std::move(number)};
    }
    return limit;
  }

  // Everything but one settlement of an issue without a continuum.
  std::optional<Limit> excluding_limit(int issue, const Number& number, const Node& node,
                                       const Trail& trail) {
    const Issue& where = issue_at(issue);
    if (!find_problems(where).empty()) {  // without steps to rely on there is nothing to list
      tainted_.push_back(trail.text());
      return std::nullopt;
    }
    if (!number.certain()) {
      add(node, trail, "!= cannot stand with low, likely and high", "Name one settlement.");
      return std::nullopt;
    }
    if (!where.admits(number.likely)) {
      add(node, trail,
          code(place_id(where, number.likely)) + " is no settlement of " + code(where.id),
          "Name a value that the range and the step of the issue allow.");
      return std::nullopt;
    }
    Limit limit;
    limit.accepted.emplace();
    for (int k = 0; k < where.settlements(); ++k) {
      if (where.place(k) != number.likely) limit.accepted->push_back(where.place(k));
    }
    return limit;
  }

  // A bare value accepts itself and the side on which all ideals lie.
  std::optional<Limit> bare_limit(int issue, Number number, const std::optional<Ideal>& ideal,
                                  bool has_ideal, const Node& node, const Trail& trail) {
    const Issue& where = issue_at(issue);
    Limit limit;
    limit.bare = true;
    if (where.kind == IssueKind::unordered) {
      limit.bare = false;
      limit.accepted = {number.likely};
      return limit;
    }
    const std::string shown = place_id(where, number.likely);
    const std::string remedy = "Write a test: \"<= " + shown + "\" or \">= " + shown + "\".";
    if (!ideal) {
      if (!has_ideal) {
        add(node, trail,
            "which side of " + shown + " is accepted cannot be told: the position has no `ideal`",
            remedy);
      } else {
        tainted_.push_back(trail.text());
      }
      return std::nullopt;
    }
    const Rational& low = ideal->low.likely;
    const Rational& high = ideal->high.likely;
    const bool single = low == high && low == number.likely;
    if (high < number.likely || (single && number.likely == where.scale_low())) {
      limit.high = LimitEnd{std::move(number)};
    } else if (low > number.likely || (single && number.likely == where.scale_high())) {
      limit.low = LimitEnd{std::move(number)};
    } else {
      add(node, trail,
          "which side of " + shown + " is accepted cannot be told: " +
              (single ? "the ideal is " + shown + " itself"
                      : "the ideals run from " + place_id(where, low) + " to " +
                            place_id(where, high)),
          remedy);
      return std::nullopt;
    }
    return limit;
  }

  std::optional<Accepts> read_accepts(int issue, const Node& node, const Trail& trail) {
    const Issue& where = issue_at(issue);
    const bool options = where.kind != IssueKind::numeric;
    Accepts accepts;
    if (!node.is_sequence()) {
      const auto one = place(issue, node, trail);
      if (!one) return std::nullopt;
      accepts.low = accepts.high = *one;
      if (options) accepts.options = {*one};
      return accepts;
    }
    std::vector<Number> list;
    for (std::size_t k = 0; k < node.children.size(); ++k) {
      const auto one = place(issue, node.children[k], {&trail, {}, static_cast<int>(k)});
      if (one) list.emplace_back(*one);
    }
    if (list.size() != node.children.size()) return std::nullopt;
    if (list.empty() || (!options && list.size() > 2)) {
      add(node, trail,
          std::string("expected ") + (options ? "a list of options" : "[low, high]") + ", found " +
              list_text(node),
          "Write what the party has shown it would discuss.");
      return std::nullopt;
    }
    if (where.kind != IssueKind::unordered && list.size() <= 2) {
      accepts.low = list.front().likely;
      accepts.high = list.back().likely;
      return accepts;
    }
    auto places = distinct(list, issue, node, trail);
    if (!places) return std::nullopt;
    accepts.options = std::move(*places);
    accepts.low = *std::min_element(accepts.options.begin(), accepts.options.end());
    accepts.high = *std::max_element(accepts.options.begin(), accepts.options.end());
    return accepts;
  }

  // ------------------------------------------------------------------------ reservations, demands

  Reservation read_reservation(const Node& node, const Trail& trail) {
    Reservation reservation;
    if (!node.is_mapping()) {
      if (const auto value = decimal(node, trail)) reservation.utility = Number(*value);
      return reservation;
    }
    if (!open(node, trail, ShapeId::reservation_mapping)) return reservation;
    reservation.evidence = evidence(node, trail);
    reservation.firm = boolean_member(node, trail, "firm", false);
    const Node* package = member(node, "package");
    const Trail here{&trail, "package"};
    if (package == nullptr) {
      if (auto number =
              spread(node, trail, [&](const Node& n, const Trail& t) { return decimal(n, t); })) {
        reservation.utility = std::move(*number);
        reservation.utility->evidence = reservation.evidence;
      }
    } else if (expect_mapping(*package, here, ShapeId::reservation_package)) {
      for (const Node& child : package->children) {
        const Trail at{&here, child.key};
        const auto issue = find_issue(child.key, child.key_place, at);
        if (!issue) continue;
        if (auto number = place_number(*issue, child, at, reservation.evidence)) {
          reservation.package.emplace_back(*issue, std::move(*number));
        }
      }
      if (package->children.empty()) {
        add(*package, here, "the package is empty",
            "Name every issue on which the party has salience.");
      }
    }
    return reservation;
  }

  LinkedDemand read_demand(const Node& node, const Trail& trail) {
    LinkedDemand demand;
    demand.id = node.key;
    check_id(node, trail, true);
    if (!open(node, trail, ShapeId::demand)) return demand;
    demand.title = text_member(node, trail, "title");
    demand.firm = boolean_member(node, trail, "firm", false);
    demand.evidence = evidence(node, trail);
    demand.when = condition_member(node, trail, "when");
    demand.require = condition_member(node, trail, "require");
    return demand;
  }

  Condition condition_member(const Node& node, const Trail& trail, std::string_view key) {
    Condition condition;
    const Node* child = member(node, key);
    const Trail here{&trail, key};
    if (child == nullptr || !expect_mapping(*child, here, ShapeId::condition)) return condition;
    if (child->children.empty()) {
      add(*child, here, "the condition is empty", "Name an issue and a test, or leave it out.");
    }
    for (const Node& one : child->children) {
      const Trail at{&here, one.key};
      const auto issue = find_issue(one.key, one.key_place, at);
      if (!issue) continue;
      if (auto test = read_test(*issue, one, at)) condition.push_back(std::move(*test));
    }
    return condition;
  }

  std::optional<Test> read_test(int issue, const Node& node, const Trail& trail) {
    Test test;
    test.issue = issue;
    if (node.is_sequence()) {
      std::vector<Number> list;
      for (std::size_t k = 0; k < node.children.size(); ++k) {
        const auto one = place(issue, node.children[k], {&trail, {}, static_cast<int>(k)});
        if (one) list.emplace_back(*one);
      }
      if (list.size() != node.children.size()) return std::nullopt;
      auto places = distinct(list, issue, node, trail);
      if (!places) return std::nullopt;
      test.relation = Relation::one_of;
      test.places = std::move(*places);
      return test;
    }
    if (node.is_scalar() && refuse_odd_test(node, trail)) return std::nullopt;
    const auto split = node.is_scalar() ? split_test(node.text) : std::nullopt;
    if (!split) {
      const bool bare = node.is_scalar();
      add(node, trail, "expected a test such as \"<= 10\", or a list, found " + found_text(node),
          bare ? "Write \"= " + node.text + "\", or another of <=, <, >=, >, != before the value."
               : "Write <=, <, >=, >, = or != and a value, in quotes.");
      return std::nullopt;
    }
    const auto value = place(issue, split->second, node, trail);
    if (!value) return std::nullopt;
    test.relation = split->first;
    test.place = Number(*value);
    return test;
  }

  // --------------------------------------------------------------------------------------- rules

  void read_rules(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::rules)) return;
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, true);
      Rule rule;
      rule.id = child.key;
      if (open(child, here, ShapeId::rule)) {
        rule.title = text_member(child, here, "title");
        rule.evidence = evidence(child, here);
        rule.when = condition_member(child, here, "when");
        rule.require = condition_member(child, here, "require");
        rule.at_least = decimal_member(child, here, "at_least");
        rule.at_most = decimal_member(child, here, "at_most");
        rule.equals = decimal_member(child, here, "equals");
        if (const Node* sum = member(child, "sum")) {
          read_sum(*sum, {&here, "sum"}, rule);
          if (const Node* when = member(child, "when")) {
            add(*when, {&here, "when"}, "`when` stands beside `sum`",
                "A sum always holds: delete `when`, or write `require` in place of `sum`.");
          }
        }
      }
      scenario_.rules.push_back(std::move(rule));
    }
  }

  void read_sum(const Node& node, const Trail& trail, Rule& rule) {
    if (!expect_mapping(node, trail, ShapeId::sum)) return;
    if (node.children.empty()) {
      add(node, trail, "the sum is empty", "Name numeric issues and their coefficients.");
    }
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      const auto issue = find_issue(child.key, child.key_place, here);
      const auto coefficient = decimal(child, here);
      if (issue && coefficient) rule.sum.emplace_back(*issue, *coefficient);
      if (issue && !readable(*issue)) tainted_.push_back(here.text());
    }
  }

  // ------------------------------------------------------------------------------------- consent

  void read_consent(const Node& root, const Trail& top) {
    if (const Node* node = member(root, "consent")) {
      scenario_.consent = read_node(*node, {&top, "consent"}).value_or(Consent{});
      return;
    }
    for (std::size_t i = 0; i < scenario_.parties.size(); ++i) {
      scenario_.consent.members.push_back(leaf(static_cast<int>(i)));
    }
    if (scenario_.parties.empty()) tainted_.push_back("consent");
  }

  static Consent leaf(int party) {
    Consent result;
    result.kind = Consent::Kind::leaf;
    result.party = party;
    return result;
  }

  // A node of the tree; nothing when it cannot be read (and that has been reported).
  std::optional<Consent> read_node(const Node& node, const Trail& trail) {
    if (node.is_scalar()) {
      const auto party = find_party(node.text, node.place, trail);
      return party ? std::optional(leaf(*party)) : std::nullopt;
    }
    if (!node.is_mapping()) {
      wrong_type(node, trail, shape(ShapeId::consent).words);
      return std::nullopt;
    }
    const std::size_t before = found_.size();
    open(node, trail, ShapeId::consent_node);
    Consent result;
    result.title = text_member(node, trail, "title");
    if (const Node* party = member(node, "party")) {
      read_leaf(*party, node, trail, result);
    } else {
      for (const char* key : {"issues", "when"}) {
        if (const Node* child = member(node, key)) {
          add(*child, {&trail, key}, code(key) + " belongs to a leaf, a node with `party`",
              "Write {party: …, " + std::string(key) + ": …} among the members.");
        }
      }
    }
    if (const Node* all = member(node, "all")) {
      result.kind = Consent::Kind::all;
      result.members = read_members(*all, {&trail, "all"});
    } else if (const Node* any = member(node, "any")) {
      result.kind = Consent::Kind::any;
      result.members = read_members(*any, {&trail, "any"});
    } else if (const Node* at_least = member(node, "at_least")) {
      result.kind = Consent::Kind::at_least;
      read_at_least(*at_least, {&trail, "at_least"}, result);
    } else if (const Node* quota = member(node, "quota")) {
      result.kind = Consent::Kind::quota;
      read_quota(*quota, {&trail, "quota"}, result);
    }
    const bool echo = result.kind == Consent::Kind::leaf
                          ? result.party < 0
                          : result.members.empty() && found_.size() != before;
    if (echo) {
      tainted_.push_back(trail.text());
      return std::nullopt;
    }
    return result;
  }

  void read_leaf(const Node& party, const Node& node, const Trail& trail, Consent& result) {
    result.kind = Consent::Kind::leaf;
    const Trail at{&trail, "party"};
    const std::string id = text(party, at);
    if (party.is_scalar()) {
      if (const auto index = find_party(id, party.place, at)) result.party = *index;
    }
    if (const Node* issues = member(node, "issues")) {
      const Trail here{&trail, "issues"};
      if (expect_list(*issues, here, ShapeId::issue_ids)) {
        result.issues.emplace();
        for (std::size_t k = 0; k < issues->children.size(); ++k) {
          const Node& child = issues->children[k];
          const Trail one{&here, {}, static_cast<int>(k)};
          if (!child.is_scalar()) {
            wrong_type(child, one, "the id of an issue");
          } else if (const auto issue = find_issue(child.text, child.place, one)) {
            if (std::find(result.issues->begin(), result.issues->end(), *issue) !=
                result.issues->end()) {
              add(child, one, code(child.text) + " is given twice", "Delete one of the two.");
            }
            result.issues->push_back(*issue);
          }
        }
      }
    }
    result.when = condition_member(node, trail, "when");
  }

  std::vector<Consent> read_members(const Node& node, const Trail& trail) {
    std::vector<Consent> members;
    if (!expect_list(node, trail, ShapeId::consent_members)) return members;
    for (std::size_t k = 0; k < node.children.size(); ++k) {
      if (auto one = read_node(node.children[k], {&trail, {}, static_cast<int>(k)})) {
        members.push_back(std::move(*one));
      }
    }
    return members;
  }

  void read_at_least(const Node& node, const Trail& trail, Consent& result) {
    if (!open(node, trail, ShapeId::at_least)) return;
    if (const Node* count = member(node, "count")) {
      const Trail here{&trail, "count"};
      const auto number = decimal(*count, here);
      if (number && boost::multiprecision::denominator(*number) == 1 && abs(*number) < 1000) {
        result.count = boost::multiprecision::numerator(*number).convert_to<int>();
      } else if (number) {
        wrong_type(*count, here, shape(ShapeId::count).words);
      }
    }
    if (const Node* of = member(node, "of")) {
      result.members = read_members(*of, {&trail, "of"});
      if (result.members.size() != of->children.size()) tainted_.push_back(trail.text());
    }
  }

  void read_quota(const Node& node, const Trail& trail, Consent& result) {
    const std::size_t before = found_.size();
    read_weighted_members(node, trail, result);
    if (found_.size() != before) tainted_.push_back(trail.text());
  }

  void read_weighted_members(const Node& node, const Trail& trail, Consent& result) {
    if (!open(node, trail, ShapeId::quota)) return;
    if (const auto need = decimal_member(node, trail, "need")) result.need = *need;
    std::vector<std::pair<int, Rational>> weights;
    const Node* listed = member(node, "weights");
    const Trail here{&trail, "weights"};
    if (listed && expect_mapping(*listed, here, ShapeId::weights)) {
      for (const Node& child : listed->children) {
        const Trail at{&here, child.key};
        const auto party = find_party(child.key, child.key_place, at);
        const auto weight = decimal(child, at);
        if (party && weight) weights.emplace_back(*party, *weight);
      }
    }
    const Node* of = member(node, "of");
    if (of == nullptr) {
      for (const auto& [party, weight] : weights) {
        result.members.push_back(leaf(party));
        result.weights.push_back(weight);
      }
      return;
    }
    const Trail at{&trail, "of"};
    result.members = read_members(*of, at);
    const bool complete = of->is_sequence() && result.members.size() == of->children.size() &&
                          listed && weights.size() == listed->children.size();
    std::vector<char> used(weights.size(), 0);
    for (std::size_t k = 0; k < result.members.size(); ++k) {
      const auto it = std::find_if(weights.begin(), weights.end(), [&](const auto& entry) {
        return result.members[k].kind == Consent::Kind::leaf &&
               entry.first == result.members[k].party;
      });
      result.weights.push_back(it == weights.end() ? Rational(0) : it->second);
      if (it != weights.end()) {
        used[static_cast<std::size_t>(it - weights.begin())] = 1;
      } else if (complete) {
        add(of->children[k], {&at, {}, static_cast<int>(k)},
            "this member of the quota has no weight",
            "Add the party to `weights`; only parties can have one.");
      }
    }
    for (std::size_t k = 0; complete && k < weights.size(); ++k) {
      if (used[k]) continue;
      const Node& child = listed->children[k];
      add(child, {&here, child.key}, code(child.key) + " has a weight but is not among `of`",
          "Add the party to `of`, or delete its weight.");
    }
  }

  // -------------------------------------------------------------- drafts, dates, variants, levers

  void read_drafts(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::drafts)) return;
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, true);
      Draft draft;
      draft.id = child.key;
      draft.title = child.key;
      draft.package.resize(scenario_.issues.size());
      if (open(child, here, ShapeId::draft)) {
        draft.title = text_member(child, here, "title", child.key);
        draft.date = date_member(child, here, "date");
        draft.sources = source_ids(child, here);
        text_member(child, here, "note");
        const Node* package = member(child, "package");
        const Trail at{&here, "package"};
        if (package && expect_mapping(*package, at, ShapeId::package)) {
          for (const Node& one : package->children) {
            const Trail issue_trail{&at, one.key};
            const auto issue = find_issue(one.key, one.key_place, issue_trail);
            if (!issue) continue;
            draft.package[static_cast<std::size_t>(*issue)] = place(*issue, one, issue_trail);
          }
        }
      }
      scenario_.drafts.push_back(std::move(draft));
    }
  }

  void check_timeline(const Node& root, const Node& node, const Trail& top) {
    const Trail trail{&top, "timeline"};
    if (!expect_list(node, trail, ShapeId::timeline)) return;
    if (root.find("date") == nullptr) {
      add(node, {&top, "date"}, "`date` is missing; a timeline needs it",
          "Add `date`: the day the scenario answers for, such as 2025-12-02.");
    }
    std::string last;
    for (std::size_t k = 0; k < node.children.size(); ++k) {
      const Node& entry = node.children[k];
      const Trail here{&trail, {}, static_cast<int>(k)};
      if (!open(entry, here, ShapeId::entry)) continue;
      const std::string day = date_member(entry, here, "date");
      if (!day.empty() && day < last) {
        add(*entry.find("date"), {&here, "date"}, day + " comes after " + last,
            "Write the entries in order of date.");
      }
      last = std::max(last, day);
      text_member(entry, here, "title");
      evidence(entry, here);
      if (const Node* set = member(entry, "set"))
        expect_mapping(*set, {&here, "set"}, ShapeId::set);
    }
  }

  void check_variants(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::variants)) return;
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, true);
      if (!open(child, here, ShapeId::variant)) continue;
      text_member(child, here, "title");
      evidence(child, here);
      if (const Node* set = member(child, "set"))
        expect_mapping(*set, {&here, "set"}, ShapeId::set);
    }
  }

  void check_levers(const Node& node, const Trail& trail) {
    if (!expect_mapping(node, trail, ShapeId::levers)) return;
    for (const Node& child : node.children) {
      const Trail here{&trail, child.key};
      check_id(child, here, true);
      if (!open(child, here, ShapeId::lever)) continue;
      text_member(child, here, "title");
      evidence(child, here);
      const auto cost = decimal_member(child, here, "cost");
      if (cost && *cost < 0) {
        add(*child.find("cost"), {&here, "cost"}, "the cost " + to_text(*cost) + " is negative",
            "Write what pulling the lever costs: a number ≥ 0.");
      }
      if (const Node* by = member(child, "by")) {
        const Trail at{&here, "by"};
        if (by->is_scalar()) {
          find_party(by->text, by->place, at);
        } else {
          wrong_type(*by, at, "the id of a party");
        }
      }
      if (const Node* set = member(child, "set"))
        expect_mapping(*set, {&here, "set"}, ShapeId::set);
    }
  }

  const Node& root_;
  Scenario scenario_;
  std::vector<InputProblem> found_;
  std::vector<std::string> tainted_;
  int hints_ = 0;
  std::unordered_map<std::string, int> issue_index_;
  std::unordered_map<std::string, int> party_index_;
  std::vector<std::unordered_map<std::string, int>> option_index_;  // per issue
  std::vector<char> readable_;  // per issue: whether its scale could be read
  std::set<std::string> source_ids_;
  bool sources_readable_ = true;
};

}  // namespace

Scenario read_scenario(const Document& document) {
  Reader reader(document.root);
  Scenario scenario = reader.read();
  std::vector<InputProblem> problems = reader.take_problems();
  if (!problems.empty()) throw input_error(document, std::move(problems));
  return scenario;
}

std::optional<Side> bare_limit_side(const Node& root, const std::string& party,
                                    const std::string& issue) {
  return Reader(root).side(party, issue);
}

}  // namespace zopa
