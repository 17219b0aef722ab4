// SPDX-License-Identifier: MIT
#include "src/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstdint>
#include <istream>
#include <optional>
#include <set>
#include <streambuf>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "model/tools/exact.hpp"
#include "src/utf8.hpp"

namespace zopa {
namespace {

constexpr std::size_t kMostBytes = 8u << 20;
constexpr std::size_t kMostLevels = 64;
constexpr std::size_t kMostNodes = 200'000;
constexpr std::size_t kFewMembers = 8;      // up to here a mapping is searched member by member
constexpr std::size_t kMostProblems = 100;  // of one text; after that it is another kind of file

// ---------------------------------------------------------------------------------------- places

// Small: a file may well have millions of lines, and less than 4 GiB.
struct Line {
  std::uint32_t begin = 0;
  std::uint32_t indent = 0;  // bytes of blanks and tabs at its beginning
  bool ascii = true;
  bool tab_indent = false;  // a tab among them
};

// The text of a file and where its lines begin.
class Text {
 public:
  Text(std::string_view text, const std::string& name)
      : text_(text), file_(std::make_shared<const std::string>(name)) {
    lines_.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    Line line;
    bool at_indent = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (static_cast<unsigned char>(c) >= 0x80) line.ascii = false;
      if (at_indent && (c == ' ' || c == '\t')) {
        ++line.indent;
        line.tab_indent = line.tab_indent || c == '\t';
      } else {
        at_indent = false;
      }
      if (c == '\n') {
        lines_.push_back(line);
        line = Line{.begin = static_cast<std::uint32_t>(at + 1)};
        at_indent = true;
      }
    }
    lines_.push_back(line);
  }

  std::string_view text() const { return text_; }
  const std::shared_ptr<const std::string>& file() const { return file_; }
  const Line& line(std::size_t index) const { return lines_[std::min(index, lines_.size() - 1)]; }
  std::size_t lines() const { return lines_.size(); }

  // Counting lines and bytes from 0, as yaml-cpp does; what lies beyond the end is placed at it.
  Place place(int line_index, int byte_column) const {
    const auto wanted = static_cast<std::size_t>(std::max(line_index, 0));
    if (wanted >= lines_.size()) return place_at(text_.size());
    const Line& line = lines_[wanted];
    if (line.ascii) return {file_, line_index + 1, byte_column + 1};
    return place_at(line.begin + static_cast<std::size_t>(std::max(byte_column, 0)));
  }

  Place place_at(std::size_t offset) const {
    // An error at the end belongs to the last line that holds something.
    offset = std::min(offset, text_.size());
    if (offset == text_.size()) {
      while (offset > 0 && (text_[offset - 1] == '\n' || text_[offset - 1] == '\r')) --offset;
    }
    const std::size_t index = line_of(offset);
    const Line& line = lines_[index];
    int column = 1;
    for (std::size_t at = line.begin; at < offset; ++at) {
      if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) ++column;
    }
    return {file_, static_cast<int>(index) + 1, column};
  }

  std::size_t line_of(std::size_t offset) const {
    const auto after = std::upper_bound(
        lines_.begin(), lines_.end(), offset,
        [](std::size_t wanted, const Line& candidate) { return wanted < candidate.begin; });
    return static_cast<std::size_t>(after - lines_.begin()) - 1;
  }

 private:
  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  std::vector<Line> lines_;
};

InputProblem problem_at(const Place& place, std::string problem, std::string remedy) {
  return {.file = place.file ? *place.file : std::string(),
          .line = place.line,
          .column = place.column,
          .path = {},
          .problem = std::move(problem),
          .remedy = std::move(remedy)};
}

[[noreturn]] void refuse(std::vector<InputProblem> found, InputProblem last) {
  found.push_back(std::move(last));
  throw InputError(std::move(found));
}

// ------------------------------------------------------------------------------------- characters

std::string code_name(std::uint32_t code) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string digits;
  for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) {
    digits += kDigits[code >> shift & 0xFU];
  }
  return "U+" + digits;
}

bool is_control(std::uint32_t code) {
  return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
         (code >= 0x7F && code <= 0x9F) || code == 0xFEFF;
}

// What is wrong with the characters of a text, with the offset; nothing when all are fine.
struct CharacterFault {
  std::size_t offset = 0;
  std::string problem;
  std::string remedy;
};

std::optional<CharacterFault> character_fault(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (const char c = text[at]; c >= 0x20 && c < 0x7F) {
      ++at;
      continue;
    }
    const Character character = first_character(text.substr(at));
    if (!character.valid) {
      return CharacterFault{at, "the text is not valid UTF-8 here",
                            "Save the file as UTF-8, or write the character again."};
    }
    if (character.code == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
      return CharacterFault{at, "a carriage return stands alone here",
                            "End lines with a line feed (or carriage return and line feed)."};
    }
    if (is_control(character.code)) {
      return CharacterFault{at, "control character " + code_name(character.code),
                            "Delete it; it cannot be seen, and no scenario needs it."};
    }
    at += character.bytes;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------------------------------- parsing

// Reads a text in memory, without copying it.
class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(std::string& text) {
    setg(text.data(), text.data(), text.data() + text.size());
  }
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Text& text, std::vector<InputProblem>& found) : text_(text), found_(found) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      refuse(std::move(found_),
             problem_at(place(mark), "a second document begins here",
                        "Write one scenario a file: delete `---` or `...` and what follows."));
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    add(mark, "", anchor, std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report(place(mark), "an alias (`*name`) stands here",
           "Write the value out; scenarios share values by `extends` and `variants`.");
    Node node;
    add(mark, "", 0, std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!";
    if (tag.starts_with("!=")) {  // reported, and read as it was meant
      node.text = tag + " " + value;
      node.quoted = true;
    } else if (node.quoted) {
      last_quoted_ = static_cast<std::size_t>(std::max(mark.pos, 0));
      if (const auto fault = character_fault(value)) {
        report(place(mark), fault->problem + " (written as an escape)", fault->remedy);
      }
    }
    add(mark, tag, anchor, std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, Node::Kind::sequence, style);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, anchor, Node::Kind::mapping, style);
  }
  void OnMapEnd() override { close(); }

  Node take_root() { return std::move(root_); }
  bool empty() const { return !has_root_ || root_.is_null(); }
  std::size_t last_offset() const { return last_offset_; }
  std::optional<std::size_t> last_quoted() const { return last_quoted_; }

 private:
  // A collection that is still open.
  struct Open {
    Node node;
    std::optional<std::pair<std::string, Place>> key;      // of the value that comes next
    std::unordered_map<std::string, std::size_t> members;  // once there are many
    bool as_key = false;                                   // stands where a key is expected
  };

  Place place(const YAML::Mark& mark) const { return text_.place(mark.line, mark.column); }

  // The path of the innermost open collection, and of the key in it.
  std::string path(const std::string& key = {}) const {
    std::string text;
    const auto append = [&](const std::string& segment) {
      text += (text.empty() ? "" : ".") + segment;
    };
    for (const Open& open : open_) {
      if (open.node.is_sequence()) {
        append(std::to_string(open.node.children.size()));
      } else if (open.key) {
        append(open.key->first);
      }
    }
    if (!key.empty()) append(key);
    return text;
  }

  void report(const Place& where, std::string problem, std::string remedy,
              const std::string& key = {}) {
    found_.push_back(problem_at(where, std::move(problem), std::move(remedy)));
    found_.back().path = path(key);
    if (found_.size() >= kMostProblems) throw InputError(std::move(found_));
  }

  bool key_comes_next() const {
    return !open_.empty() && open_.back().node.is_mapping() && !open_.back().key;
  }

  // What holds for every node, before it is taken in.
  void visit(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++nodes_ > kMostNodes) {
      refuse(std::move(found_), problem_at(place(mark), "the file has more than 200,000 nodes",
                                           "Split it, or leave out what no computation needs."));
    }
    last_offset_ = static_cast<std::size_t>(std::max(mark.pos, 0));
    const Line& line = text_.line(static_cast<std::size_t>(std::max(mark.line, 0)));
    if (line.tab_indent && static_cast<std::size_t>(mark.column) == line.indent &&
        reported_tab_ != mark.line) {
      reported_tab_ = mark.line;
      report(place(mark), "a tab stands in the indentation", "Indent with spaces.");
    }
    if (anchor != 0) {
      report(place(mark), "an anchor (`&name`) stands here",
             "Delete it; scenarios share values by `extends` and `variants`.");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      const bool test = tag.starts_with("!=");
      report(place(mark),
             test ? "a test that begins with `!` is not in quotes"
                  : "a tag (`" + tag + "`) stands here",
             test ? "Write it in quotes: \"!= …\"."
                  : "Delete it; put the value in quotes if it is text.");
    }
  }

  void add(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node node) {
    visit(mark, tag, anchor);
    if (key_comes_next()) {
      take_key(place(mark), node);
      return;
    }
    node.place = place(mark);
    attach(std::move(node));
  }

  void take_key(const Place& where, Node& node) {
    if (!node.is_scalar() || node.text.empty()) {
      report(where, node.is_null() ? "this key is null" : "this key is empty",
             "Write the key as text, in quotes if it is the word null.");
      node.text.clear();
    }
    if (node.text == "<<" && !node.quoted) {
      report(where, "a merge key (`<<`) stands here",
             "Write the values out, or start from another file with `extends`.");
      node.text.clear();
    }
    open_.back().key.emplace(std::move(node.text), where);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind,
            YAML::EmitterStyle::value style) {
    if (open_.size() >= kMostLevels) {
      refuse(std::move(found_),
             problem_at(place(mark), "lists and mappings nest deeper than 64 levels",
                        "Write a scenario with fewer levels."));
    }
    visit(mark, tag, anchor);
    Open next;
    next.as_key = key_comes_next();
    // In brackets yaml-cpp takes for a key what is only never closed: better to wait for the end.
    if (next.as_key && style == YAML::EmitterStyle::Block) refuse_key(place(mark));
    next.node.kind = kind;
    next.node.place = place(mark);
    if (style == YAML::EmitterStyle::Block && !open_.empty() && open_.back().key) {
      next.node.place = open_.back().key->second;
    }
    open_.push_back(std::move(next));
  }

  [[noreturn]] void refuse_key(const Place& where) {
    refuse(std::move(found_), problem_at(where, "a list or mapping stands where a key is expected",
                                         "Write the key as text."));
  }

  void close() {
    Node node = std::move(open_.back().node);
    if (open_.back().as_key) refuse_key(node.place);
    open_.pop_back();
    attach(std::move(node));
  }

  void attach(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      has_root_ = true;
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_mapping()) {
      node.key = std::move(parent.key->first);
      node.key_place = std::move(parent.key->second);
      parent.key.reset();
      if (node.is_null()) node.place = node.key_place;
      if (node.key.empty()) return;  // reported
      if (const Node* first = member(parent, node.key)) {
        report(node.key_place,
               "the key `" + node.key + "` is given twice, first on line " +
                   std::to_string(first->key_place.line),
               "Delete one of the two.", node.key);
        return;
      }
    }
    parent.node.children.push_back(std::move(node));
    if (!parent.members.empty()) {
      parent.members.emplace(parent.node.children.back().key, parent.node.children.size() - 1);
    }
  }

  static const Node* member(Open& parent, const std::string& key) {
    const std::vector<Node>& children = parent.node.children;
    if (children.size() <= kFewMembers) return parent.node.find(key);
    if (parent.members.empty()) {
      for (std::size_t k = 0; k < children.size(); ++k) parent.members.emplace(children[k].key, k);
    }
    const auto found = parent.members.find(key);
    return found == parent.members.end() ? nullptr : &children[found->second];
  }

  const Text& text_;
  std::vector<InputProblem>& found_;
  std::vector<Open> open_;
  Node root_;
  bool has_root_ = false;
  int documents_ = 0;
  std::size_t nodes_ = 0;
  std::size_t last_offset_ = 0;
  std::optional<std::size_t> last_quoted_;
  int reported_tab_ = -1;
};

// ------------------------------------------------------------------------ what yaml-cpp objects to

// The offset after the quoted scalar that begins at `at`; nothing when it has no end.
std::optional<std::size_t> quote_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t k = at + 1; k < text.size(); ++k) {
    if (quote == '"' && text[k] == '\\') {
      ++k;
    } else if (text[k] == quote) {
      if (quote == '\'' && k + 1 < text.size() && text[k + 1] == quote) {
        ++k;
      } else {
        return k + 1;
      }
    }
  }
  return std::nullopt;
}

// The first quote from `from` on that opens a scalar and is never closed.
std::optional<std::size_t> open_quote(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    const bool begins =
        at == 0 || std::string_view(" \t\n[{,:").find(text[at - 1]) != std::string_view::npos;
    if (!begins) continue;
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size() - 1);
    } else if (text[at] == '"' || text[at] == '\'') {
      const auto end = quote_end(text, at);
      if (!end) return at;
      at = *end - 1;
    }
  }
  return std::nullopt;
}

struct SyntaxAdvice {
  const char* message;  // how yaml-cpp's message begins
  const char* problem;
  const char* remedy;
};

constexpr SyntaxAdvice kSyntaxAdvice[] = {
    {"illegal map value", "`:` does not fit here",
     "Put the value in quotes if it contains `: `; indent the keys of one mapping alike; look at "
     "the line above as well."},
    {"illegal block entry", "`- ` does not fit here",
     "Begin a list on the line after its key, or write it as [a, b]."},
    {"illegal flow end", "this bracket closes what is not open",
     "Close the bracket that was opened last, or delete this one."},
    {"end of map flow not found", "a `{` is not closed, or a comma is missing in it",
     "Close it with `}` and put commas between its entries."},
    {"end of sequence flow not found", "a `[` is not closed, or a comma is missing in it",
     "Close it with `]` and put commas between its entries."},
    {"unexpected character in block scalar", "`>` or `|` begins a block of text here",
     "Write a test in quotes, as in \"> 600\"; begin the text of a block on the next line."},
    {"end of map not found", "this line is neither `key: value` nor part of the value above",
     "Write `key: value`, indented like the other keys of its mapping."},
    {"end of sequence not found", "this line is no entry of the list above",
     "Begin every entry with `- `, indented alike."},
    {"unknown token", "a value cannot begin with this character", "Put the value in quotes."},
    {"the referenced anchor is not defined", "an alias (`*name`) stands here",
     "Write the value out; scenarios share values by `extends` and `variants`."},
    {"invalid unicode", "this escape is no character", "Write the character itself."},
    {"unknown escape character", "this escape is unknown",
     "Write \\\\ for a backslash, or use single quotes."},
};

InputProblem syntax_problem(const Text& text, const TreeBuilder& builder,
                            const YAML::Exception& error) {
  const int line_index = std::max(error.mark.line, 0);
  const Place where = text.place(line_index, std::max(error.mark.column, 0));

  const bool unfinished = error.msg.find("document indicator in scalar") != std::string::npos ||
                          error.msg.find("end of file in scalar") != std::string::npos ||
                          error.msg.find("EOF in scalar") != std::string::npos;
  if (unfinished) {
    std::size_t from = builder.last_offset();
    if (builder.last_quoted() == from) from = quote_end(text.text(), from).value_or(from);
    const auto quote = open_quote(text.text(), from);
    return problem_at(quote ? text.place_at(*quote) : where, "this quote is never closed",
                      "Close it with the same quote; \\\" or '' stands for a quote inside.");
  }

  // A tab before the place where the parser lost its way is what it stumbled over.
  const Line& line = text.line(static_cast<std::size_t>(line_index));
  const std::size_t error_offset = std::min(
      line.begin + static_cast<std::size_t>(std::max(error.mark.column, 0)), text.text().size());
  std::size_t tab = line.begin;
  while (tab < error_offset && (text.text()[tab] == ' ' || text.text()[tab] == '-')) ++tab;
  if (error.msg.find("tab") != std::string::npos ||
      (tab < text.text().size() && text.text()[tab] == '\t')) {
    return problem_at(text.place_at(tab), "a tab stands in the indentation", "Indent with spaces.");
  }

  // A forgotten quote swallows what follows up to the next one; the trouble shows only there.
  if (const auto quoted = builder.last_quoted()) {
    const auto end = quote_end(text.text(), *quoted);
    if (end && text.line_of(*quoted) < text.line_of(*end) &&
        text.line_of(*end) == text.line_of(error_offset)) {
      return problem_at(text.place_at(*quoted),
                        "the text in quotes that begins here runs on to line " +
                            std::to_string(text.line_of(*end) + 1) +
                            ", where the file makes no sense",
                        "Close the quote where the text ends.");
    }
  }

  for (const SyntaxAdvice& advice : kSyntaxAdvice) {
    if (error.msg.starts_with(advice.message)) {
      return problem_at(where, advice.problem, advice.remedy);
    }
  }
  return problem_at(where, "not readable as YAML: " + error.msg,
                    "Compare with a scenario that reads well, or put the value in quotes.");
}

// ---------------------------------------------------------------------------------------- writing

// Whether some reader of YAML takes it for a number (0x1F, 1:30, .nan), or a date.
bool reads_as_number(const std::string& text) {
  static constexpr std::string_view kDigits = "0123456789";
  std::string_view digits = text;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || (digits[0] != '.' && kDigits.find(digits[0]) == std::string_view::npos)) {
    return false;
  }
  // Dots alone are none: "..." would end the document.
  return digits.find_first_not_of("+-.:_") != std::string_view::npos &&
         digits.find_first_not_of("+-.:_0123456789abcdefABCDEFxXoOinIN") == std::string_view::npos;
}

bool reads_as_word(const std::string& text) {
  static constexpr const char* kWords[] = {"true", "false", "null", "yes", "no", "on", "off", "~"};
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords);
}

// Whether a text may stand without quotes, in block and in flow style alike.
bool plain(const std::string& text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<").find(text.front()) != std::string_view::npos &&
      !reads_as_number(text)) {
    return false;
  }
  if (text == "..." || text.starts_with("--- ") || text.starts_with("... ")) return false;
  if (text.find_first_of("\n\r\t,[]{}\"") != std::string::npos) return false;
  return text.find(": ") == std::string::npos && text.find(" #") == std::string::npos;
}

std::string double_quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': result += "\\\""; break;
      case '\\': result += "\\\\"; break;
      case '\n': result += "\\n"; break;
      case '\r': result += "\\r"; break;
      case '\t': result += "\\t"; break;
      default: result += c;
    }
  }
  return result + "\"";
}

std::string scalar_text(const Node& node) {
  if (node.is_null()) return "null";
  const bool keep_quotes = node.quoted && (reads_as_number(node.text) || reads_as_word(node.text));
  return !keep_quotes && plain(node.text) ? node.text : double_quoted(node.text);
}

std::string key_text(const std::string& key) {
  return plain(key) && !reads_as_word(key) && !reads_as_number(key) ? key : double_quoted(key);
}

class YamlWriter {
 public:
  std::string write(const Node& root) {
    if (root.children.empty() || (root.is_sequence() && fits_one_line(root, 0))) {
      return one_line(root) + "\n";
    }
    children(root, 0);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kWidth = 100;
  static constexpr int kIndent = 2;

  static std::string one_line(const Node& node) {
    if (!node.is_sequence() && !node.is_mapping()) return scalar_text(node);
    std::string text(1, node.is_sequence() ? '[' : '{');
    for (const Node& child : node.children) {
      if (text.size() > 1) text += ", ";
      if (node.is_mapping()) text += key_text(child.key) + ": ";
      text += one_line(child);
    }
    return text + (node.is_sequence() ? ']' : '}');
  }

  // Small collections of plain values read best on one line.
  static bool fits_one_line(const Node& node, std::size_t used) {
    if (node.children.empty()) return true;
    for (const Node& child : node.children) {
      for (const Node& grandchild : child.children) {
        if (!grandchild.children.empty()) return false;
      }
      if (node.is_mapping() && child.is_mapping() && !child.children.empty()) return false;
    }
    return used + one_line(node).size() <= kWidth;
  }

  static bool is_block_text(const Node& node) {
    if (!node.is_scalar() || node.text.size() < 2 || node.text.front() == ' ' ||
        node.text.front() == '\n' || node.text.find('\n') == std::string::npos) {
      return false;
    }
    if (node.text.find_first_of("\r\t") != std::string::npos) return false;
    return node.text.find(" \n") == std::string::npos &&
           node.text.find("\n\n\n") == std::string::npos && !node.text.ends_with("\n\n") &&
           node.text.back() != ' ';
  }

  // One paragraph too long for its line: folded, so that it reads as it was written.
  static bool is_prose(const Node& node, std::size_t used) {
    if (!node.is_scalar() || used + node.text.size() <= kWidth) return false;
    std::string_view text = node.text;
    if (text.ends_with('\n')) text.remove_suffix(1);
    return !text.starts_with(' ') && !text.ends_with(' ') &&
           text.find_first_of("\n\r\t") == std::string_view::npos &&
           text.find("  ") == std::string_view::npos && text.find(' ') != std::string_view::npos;
  }

  void children(const Node& node, int depth) {
    for (const Node& child : node.children) {
      const std::string indent(static_cast<std::size_t>(depth * kIndent), ' ');
      const std::string lead = node.is_mapping() ? key_text(child.key) + ":" : "-";
      out_ += indent + lead;
      if (is_prose(child, indent.size() + lead.size() + 1)) {
        prose(child.text, depth + 1);
      } else if (is_block_text(child)) {
        block_text(child.text, depth + 1);
      } else if (fits_one_line(child, indent.size() + lead.size() + 1)) {
        out_ += " " + one_line(child) + "\n";
      } else {
        out_ += "\n";
        children(child, depth + 1);
      }
    }
  }

  void prose(const std::string& text, int depth) {
    const bool newline = text.back() == '\n';
    out_ += newline ? " >" : " >-";
    std::string_view left = text;
    if (newline) left.remove_suffix(1);
    const auto indent = static_cast<std::size_t>(depth * kIndent);
    std::size_t column = kWidth;  // the first word begins a line
    while (!left.empty()) {
      const std::string_view word = left.substr(0, left.find(' '));
      left.remove_prefix(std::min(word.size() + 1, left.size()));
      if (column + 1 + word.size() > kWidth) {
        out_ += "\n" + std::string(indent, ' ');
        column = indent;
      } else {
        out_ += ' ';
        ++column;
      }
      out_ += word;
      column += word.size();
    }
    out_ += "\n";
  }

  void block_text(const std::string& text, int depth) {
    const bool newline = text.back() == '\n';
    out_ += newline ? " |\n" : " |-\n";
    const std::string indent(static_cast<std::size_t>(depth * kIndent), ' ');
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      if (end > at) out_ += indent + text.substr(at, end - at);
      out_ += "\n";
      at = end + 1;
    }
  }

  std::string out_;
};

}  // namespace

const Node* Node::find(std::string_view name) const {
  if (!is_mapping()) return nullptr;
  const auto it = std::find_if(children.begin(), children.end(),
                               [&](const Node& child) { return child.key == name; });
  return it == children.end() ? nullptr : &*it;
}

Node* Node::find(std::string_view name) {
  return const_cast<Node*>(std::as_const(*this).find(name));
}

Document parse_document(std::string_view text, const std::string& name,
                        std::vector<InputProblem>& problems) {
  const Place whole{std::make_shared<const std::string>(name)};
  if (text.size() > kMostBytes) {
    refuse(std::move(problems),
           problem_at(whole, "the file is larger than 8 MiB",
                      "Leave out what no computation needs, or split it over several files."));
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    refuse(std::move(problems),
           problem_at(whole, "the file is not UTF-8 but UTF-16", "Save it as UTF-8."));
  }
  InputFile file{name, std::string(text)};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // editors on Windows put it there
  const Text source(text, name);
  if (const auto fault = character_fault(text)) {
    refuse(std::move(problems),
           problem_at(source.place_at(fault->offset), fault->problem, fault->remedy));
  }

  // yaml-cpp takes an open quote, and a last line without a colon, for complete at the end of the
  // file; before an end-of-document mark it does not.
  std::string marked(text);
  if (!marked.empty() && marked.back() != '\n') marked += '\n';
  marked += "#\n...\n";
  MemoryBuffer buffer(marked);
  std::istream stream(&buffer);
  TreeBuilder builder(source, problems);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    refuse(std::move(problems), syntax_problem(source, builder, error));
  }
  if (builder.empty()) {
    refuse(std::move(problems),
           problem_at(whole, "the file is empty",
                      "Write a scenario; `zopa new FILE` makes one to start from."));
  }
  Document document;
  document.root = builder.take_root();
  document.files.push_back(std::move(file));
  return document;
}

Document parse_document(std::string_view text, const std::string& name) {
  std::vector<InputProblem> problems;
  Document document = parse_document(text, name, problems);
  if (!problems.empty()) throw input_error(document, std::move(problems));
  return document;
}

InputError input_error(const Document& document, std::vector<InputProblem> problems) {
  std::unordered_map<std::string_view, std::size_t> ranks;
  for (const InputFile& file : document.files) ranks.emplace(file.name, ranks.size());
  const auto order = [&](const InputProblem& problem) {
    const auto rank = ranks.find(problem.file);
    return std::make_tuple(rank == ranks.end() ? ranks.size() : rank->second, problem.line,
                           problem.column);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::vector<InputProblem> once;
  std::set<std::pair<std::string, std::string>> here;  // what is said of one place
  for (InputProblem& problem : problems) {
    if (!once.empty() && order(once.back()) != order(problem)) here.clear();
    if (here.emplace(problem.path, problem.problem).second) once.push_back(std::move(problem));
  }
  return InputError(std::move(once));
}

std::string to_yaml(const Document& document) { return YamlWriter().write(document.root); }

bool same_tree(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.key != b.key || a.text != b.text) return false;
  if (a.is_scalar() && a.quoted != b.quoted && (reads_as_number(a.text) || reads_as_word(a.text))) {
    return false;
  }
  return std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                    same_tree);
}

}  // namespace zopa
