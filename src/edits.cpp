// SPDX-License-Identifier: MIT
#include "src/edits.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "model/tools/exact.hpp"
#include "src/date.hpp"
#include "src/input_error.hpp"
#include "src/nearest.hpp"
#include "src/scenario_file.hpp"
#include "src/schema.hpp"

namespace zopa {
namespace {

// Why a path cannot be set.
struct Fault {
  std::string problem;
  std::string remedy;
};

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

std::vector<std::string> keys_of(const Node* node) {
  std::vector<std::string> keys;
  if (node && node->is_mapping()) {
    for (const Node& child : node->children) keys.push_back(child.key);
  }
  return keys;
}

// A path on its way through a document and, beside it, through the table of keys.
class Walk {
 public:
  enum class Purpose { set, remove, change };

  Walk(Node& root, const std::string& path) : root_(root), names_(segments_of(path)) {}

  // Finds the node, making the mappings on the way to it where the table knows them. nullptr with
  // no fault: it may stand there but does not, and is not to be made.
  Node* find(Purpose purpose, Fault& fault) {
    Node* node = &root_;
    ShapeId id = ShapeId::scenario;
    for (std::size_t k = 0; k < names_.size(); ++k) {
      const bool last = k + 1 == names_.size();
      if (node->is_null() && purpose == Purpose::set) {
        remember(*node);
        const bool list = is_index(names_[k]) && element_shape(id) != ShapeId::anything;
        node->kind = list ? Node::Kind::sequence : Node::Kind::mapping;
      }
      way_.push_back(node);
      Node* next = nullptr;
      if (node->is_sequence()) {
        next = element(*node, k, last, purpose, fault);
        id = element_shape(id);
      } else if (node->is_mapping()) {
        next = node->find(names_[k]);
        const auto child_id = key_shape(id, names_[k], k);
        if (next == nullptr && !may_stand(id, *node, k, last, purpose, fault)) return nullptr;
        if (next == nullptr && purpose == Purpose::set) next = &make(*node, names_[k]);
        id = child_id.value_or(ShapeId::anything);
      } else {
        fault = {code(joined(k)) + " is " +
                     (node->is_scalar() ? code(node->text) + ", which" : "empty and") +
                     " has no parts",
                 "Set " + code(joined(k)) + " as a whole."};
        return nullptr;
      }
      if (next == nullptr) return nullptr;
      node = next;
    }
    return node;
  }

  Node& parent() const { return *way_.back(); }

  // What an edit changed stands where the edit does, and so does all that it is part of: a problem
  // of the whole that was not there before came with the part.
  void mark(const Place& place) const {
    for (std::size_t k = 1; k < way_.size(); ++k) way_[k]->place = place;
  }

  // Takes away what a search that led nowhere has made.
  void undo() {
    if (changed_ == nullptr) return;
    changed_->kind = kind_before_;
    changed_->children.erase(changed_->children.begin() + static_cast<std::ptrdiff_t>(size_before_),
                             changed_->children.end());
    changed_ = nullptr;
  }

 private:
  // The first node that the search changes; all that it makes stands inside.
  void remember(Node& node) {
    if (changed_ != nullptr) return;
    changed_ = &node;
    kind_before_ = node.kind;
    size_before_ = node.children.size();
  }

  // The first k names.
  std::string joined(std::size_t k) const {
    std::string text;
    for (std::size_t i = 0; i < k; ++i) text += (i == 0 ? "" : ".") + names_[i];
    return text;
  }

  // The path with another name at k.
  std::string with_name(std::size_t k, const std::string& name) const {
    std::string text;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      text += (i == 0 ? "" : ".") + (i == k ? name : names_[i]);
    }
    return text;
  }

  Node& make(Node& parent, const std::string& key) {
    remember(parent);
    Node child;
    child.key = key;
    child.place = child.key_place = parent.place;
    parent.children.push_back(std::move(child));
    return parent.children.back();
  }

  Node* element(Node& list, std::size_t k, bool last, Purpose purpose, Fault& fault) {
    const std::string& name = names_[k];
    const std::size_t size = list.children.size();
    const bool near = is_index(name) && name.size() < 8 && (name.size() == 1 || name[0] != '0');
    const std::size_t index = near ? static_cast<std::size_t>(std::stoul(name)) : size + 1;
    if (index < size) return &list.children[index];
    if (index == size && last && purpose == Purpose::set) {
      remember(list);
      list.children.emplace_back();
      return &list.children.back();
    }
    fault = {code(joined(k)) + " is a list and has no element " + code(name),
             size == 0 ? "It is empty: 0 adds an element."
                       : "Its elements are 0 to " + std::to_string(size - 1) + "; " +
                             std::to_string(size) + " adds one."};
    return nullptr;
  }

  static bool is_index(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
  }

  // The shape of what a key leads to, whichever of several shapes has it.
  std::optional<ShapeId> key_shape(ShapeId id, const std::string& key, std::size_t k) {
    const Shape& row = shape(id);
    switch (row.form) {
      case Shape::Form::object:
        if (const Key* found = find_key(row, key)) return found->shape;
        return std::nullopt;
      case Shape::Form::mapping:
        if (row.key_kind == KeyKind::issue) issue_ = names_[k];
        return row.element;
      case Shape::Form::choice:
        for (const ShapeId choice : row.choices) {
          if (const auto found = key_shape(choice, key, k)) return found;
        }
        return std::nullopt;
      case Shape::Form::scalar:
      case Shape::Form::list: break;
    }
    return std::nullopt;
  }

  static ShapeId element_shape(ShapeId id) {
    const Shape& row = shape(id);
    if (row.form == Shape::Form::list) return row.element;
    for (const ShapeId choice : row.choices) {
      if (shape(choice).form == Shape::Form::list) return shape(choice).element;
    }
    return ShapeId::anything;
  }

  // Whether a key that is not there could be: by the table, and by the names of the document.
  bool may_stand(ShapeId id, const Node& parent, std::size_t k, bool last, Purpose purpose,
                 Fault& fault) {
    const Shape& row = shape(id);
    const std::string& name = names_[k];
    std::vector<std::string> known = keys_of(&parent);
    if (row.form == Shape::Form::object) {
      if (find_key(row, name) != nullptr) return true;
      known = key_names(row);
    } else if (row.form == Shape::Form::mapping) {
      // New names are made only whole, and never removed.
      const bool fresh = last && purpose == Purpose::set;
      switch (row.key_kind) {
        case KeyKind::option:
          known = option_names();
          if (std::find(known.begin(), known.end(), name) != known.end()) return true;
          break;
        case KeyKind::id:
          if (fresh && is_id(name)) return true;
          break;
        case KeyKind::name:
          if (fresh && is_name(name)) return true;
          break;
        case KeyKind::issue:
          known = keys_of(root_.find("issues"));
          if (std::find(known.begin(), known.end(), name) != known.end()) return true;
          break;
        case KeyKind::party:
          known = keys_of(root_.find("parties"));
          if (std::find(known.begin(), known.end(), name) != known.end()) return true;
          break;
        case KeyKind::path: return fresh;
      }
    } else if (row.form == Shape::Form::choice) {
      std::vector<std::string> possible;
      for (const ShapeId choice : row.choices) {
        if (shape(choice).form != Shape::Form::object &&
            shape(choice).form != Shape::Form::mapping) {
          continue;
        }
        Fault ignored;
        if (may_stand(choice, parent, k, last, purpose, ignored)) return true;
        for (std::string& key : key_names(shape(choice))) possible.push_back(std::move(key));
      }
      if (!possible.empty()) known = std::move(possible);
    } else if (id == ShapeId::anything) {
      return purpose == Purpose::set;
    }
    const std::string where =
        k == 0 ? std::string("at the top of the file") : "in " + code(joined(k));
    fault.problem = "there is no " + code(name) + " " + where;
    fault.remedy = "Set " + code(joined(k + 1)) + " as a whole.";
    if (!known.empty()) {
      const std::vector<std::string> names = nearest_names(name, known);
      fault.remedy = "The nearest path is " + code(with_name(k, names.front())) + ".";
      if (names.size() > 1) {
        fault.remedy += " Known:";
        for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) {
          fault.remedy += (i == 0 ? " " : ", ") + names[i];
        }
        fault.remedy += names.size() > 8 ? ", …" : ".";
      }
    }
    return false;
  }

  std::vector<std::string> option_names() const {
    const Node* issues = root_.find("issues");
    const Node* issue = issues ? issues->find(issue_) : nullptr;
    const Node* options = issue ? issue->find("options") : nullptr;
    std::vector<std::string> names = keys_of(options);
    if (options && options->is_sequence()) {
      for (const Node& option : options->children) names.push_back(option.text);
    }
    return names;
  }

  Node& root_;
  std::vector<std::string> names_;
  std::string issue_;       // whose position the walk is in
  std::vector<Node*> way_;  // from the root to the parent of what was found
  Node* changed_ = nullptr;
  Node::Kind kind_before_ = Node::Kind::null;
  std::size_t size_before_ = 0;
};

// `place`: where the edit stands.
std::optional<Fault> remove(Node& root, const std::string& path, const Place& place,
                            bool must_exist) {
  Walk walk(root, path);
  Fault fault;
  const Node* node = walk.find(Walk::Purpose::remove, fault);
  if (node == nullptr) {
    if (!fault.problem.empty()) return fault;
    if (must_exist) return Fault{"there is nothing to remove", "Leave the edit out."};
    return std::nullopt;
  }
  std::vector<Node>& siblings = walk.parent().children;
  siblings.erase(siblings.begin() + (node - siblings.data()));
  walk.mark(place);
  return std::nullopt;
}

std::optional<Fault> set(Node& root, const std::string& path, Node value) {
  if (value.is_null()) return remove(root, path, value.place, false);
  Walk walk(root, path);
  Fault fault;
  Node* node = walk.find(Walk::Purpose::set, fault);
  if (node == nullptr) {
    walk.undo();
    return fault;
  }
  value.key = node->key;
  value.key_place = value.place;
  walk.mark(value.place);
  *node = std::move(value);
  return std::nullopt;
}

// ------------------------------------------------------------------------------- adding, scaling

struct Change {
  char sign = '+';  // or '*'
  Rational operand;
  Place place;

  Rational operator()(const Rational& x) const {
    return sign == '+' ? Rational(x + operand) : Rational(x * operand);
  }
};

// Changes every number that a node is made of. Returns whether there was one; false as well when it
// holds something that no number can be added to.
bool apply(const Change& change, Node& node) {
  if (node.is_scalar()) {
    // The number of a test stands after its sign.
    const std::size_t begin = node.text.find_first_not_of("<>=! ");
    if (begin == std::string::npos || (begin == 0 && node.quoted)) return false;
    std::string digits = node.text.substr(begin);
    while (!digits.empty() && digits.back() == ' ') digits.pop_back();
    const auto number = parse_decimal(digits);
    if (!number) return false;
    node.text = node.text.substr(0, begin) + to_text(change(*number));
    node.place = change.place;
    return true;
  }
  if (node.is_sequence()) {
    return !node.children.empty() &&
           std::all_of(node.children.begin(), node.children.end(),
                       [&](Node& child) { return !child.is_sequence() && apply(change, child); });
  }
  if (!node.is_mapping()) return false;
  bool changed = false;
  for (const char* key : {"value", "low", "likely", "high"}) {
    Node* child = node.find(key);
    if (child == nullptr) continue;
    if (child->is_mapping() || !apply(change, *child)) return false;
    changed = true;
  }
  return changed;
}

std::optional<Fault> change_number(Node& root, const std::string& path, const Change& change) {
  Walk walk(root, path);
  Fault fault;
  Node* node = walk.find(Walk::Purpose::change, fault);
  if (node == nullptr) {
    if (!fault.problem.empty()) return fault;
    return Fault{"there is no number to change", "Set it with " + code(path + "=…") + "."};
  }
  Node changed = *node;
  if (!apply(change, changed)) {
    return Fault{"what stands there is not a number",
                 "`+=` and `*=` change numbers, tests and ranges of numbers; not options."};
  }
  *node = std::move(changed);
  walk.mark(change.place);
  return std::nullopt;
}

// --------------------------------------------------------------------------- sides of bare limits

struct PartyIssue {
  std::string party;
  std::string issue;
  friend bool operator<(const PartyIssue& a, const PartyIssue& b) {
    return std::tie(a.party, a.issue) < std::tie(b.party, b.issue);
  }
};

// The positions whose limit a change of these paths could touch.
std::set<PartyIssue> touched_positions(const Node& root, const std::vector<std::string>& paths) {
  std::set<PartyIssue> touched;
  for (const std::string& path : paths) {
    const std::vector<std::string> names = segments_of(path);
    const bool of_issue = names[0] == "issues";
    if (!of_issue && names[0] != "parties") continue;
    const Node* parties = root.find("parties");
    for (const std::string& party : keys_of(parties)) {
      if (!of_issue && names.size() > 1 && names[1] != party) continue;
      if (!of_issue && names.size() > 2 && names[2] != "positions") continue;
      for (const std::string& issue : keys_of(parties->find(party)->find("positions"))) {
        if (of_issue && names.size() > 1 && names[1] != issue) continue;
        if (!of_issue && names.size() > 3 && names[3] != issue) continue;
        touched.insert({party, issue});
      }
    }
  }
  return touched;
}

// The bare limits that an edit could touch, as they were before it.
class BareLimits {
 public:
  BareLimits(const Node& root, const std::vector<std::string>& paths) {
    for (const PartyIssue& where : touched_positions(root, paths)) {
      if (const auto side = bare_limit_side(root, where.party, where.issue)) {
        before_.push_back({where, *side, *position(root, where)->find("limit")});
      }
    }
  }

  // Those that the edit turned round, placed at what it brought.
  std::vector<InputProblem> turned(const Node& root) const {
    std::vector<InputProblem> found;
    for (const Entry& entry : before_) {
      const auto side = bare_limit_side(root, entry.where.party, entry.where.issue);
      if (!side || *side == entry.side) continue;
      const Node& now = *position(root, entry.where);
      const bool by_limit = !same_tree(entry.limit, *now.find("limit"));
      const Node& culprit = *now.find(by_limit ? "limit" : "ideal");
      const bool below = entry.side == Side::below;
      found.push_back({.file = *culprit.place.file,
                       .line = culprit.place.line,
                       .column = culprit.place.column,
                       .path = "parties." + entry.where.party + ".positions." + entry.where.issue +
                               "." + culprit.key,
                       .problem = std::string("the edit turns the limit round; so far it accepted "
                                              "what lies ") +
                                  (below ? "below it" : "above it"),
                       .remedy = std::string("Write the limit as a test, such as \"") +
                                 (below ? "<=" : ">=") + " …\", so that its side is plain."});
    }
    return found;
  }

 private:
  struct Entry {
    PartyIssue where;
    Side side;
    Node limit;
  };

  static const Node* position(const Node& root, const PartyIssue& where) {
    return root.find("parties")->find(where.party)->find("positions")->find(where.issue);
  }

  std::vector<Entry> before_;
};

// --------------------------------------------------------------------------------------- the steps

struct Assignment {
  std::string text;  // as given
  std::string path;
  char sign = '=';  // '=', '+', '*', or '~'
  std::string value;
};

Assignment parse_assignment(const std::string& text) {
  if (text.starts_with('~')) return {text, text.substr(1), '~', {}};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError("--set: " + code(text) + " is no edit\n  Write PATH=VALUE, PATH+=NUMBER, " +
                     "PATH*=NUMBER or ~PATH.");
  }
  Assignment result{text, text.substr(0, equals), '=', text.substr(equals + 1)};
  if (const char before = result.path.back(); before == '+' || before == '*') {
    result.sign = before;
    result.path.pop_back();
  }
  return result;
}

std::shared_ptr<const std::string> command_line() {
  static const auto kName = std::make_shared<const std::string>("--set");
  return kName;
}

// Whatever an edit of the command line brings stands nowhere in a file.
void place_at_command_line(Node& node) {
  node.place = {command_line(), 0, 0};
  node.key_place = node.place;
  for (Node& child : node.children) place_at_command_line(child);
}

Node parse_value(const Assignment& edit) {
  Node value;
  // A test needs no quotes here: after a shell has removed them, `> 600` would be a block of text.
  const std::size_t begin = edit.value.find_first_not_of(' ');
  if (begin != std::string::npos &&
      std::string_view("<>=!").find(edit.value[begin]) != std::string_view::npos) {
    value.kind = Node::Kind::scalar;
    value.text = edit.value;
    value.quoted = true;
  } else if (begin == std::string::npos) {
    throw UsageError("--set: " + edit.path +
                     ": no value is given\n  Write a value after `=`, or `~" + edit.path +
                     "` to remove it.");
  } else {
    try {
      value = parse_document(edit.value, "--set").root;
    } catch (const InputError& error) {
      // An empty document is null here; everything else is a mistake in the value.
      const InputProblem& first = error.problems.front();
      if (first.problem == "the file is empty") {
        value = Node();
      } else {
        throw UsageError("--set: " + edit.path + ": " + first.problem + "\n  " + first.remedy);
      }
    }
  }
  place_at_command_line(value);
  return value;
}

void apply_assignment(Node& root, const Assignment& edit) {
  std::optional<Fault> fault;
  if (edit.sign == '~') {
    fault = remove(root, edit.path, {command_line(), 0, 0}, true);
  } else if (edit.sign == '=') {
    fault = set(root, edit.path, parse_value(edit));
  } else {
    const auto operand = parse_decimal(edit.value);
    if (!operand) {
      throw UsageError("--set: " + edit.path + ": " + code(edit.value) +
                       " is not a number\n  Write for example " + edit.path + edit.sign + "=1.1.");
    }
    fault = change_number(root, edit.path, {edit.sign, *operand, {command_line(), 0, 0}});
  }
  if (fault) {
    throw UsageError("--set: " + edit.path + ": " + fault->problem +
                     (fault->remedy.empty() ? "" : "\n  " + fault->remedy));
  }
}

class Editor {
 public:
  explicit Editor(Document document) : document_(std::move(document)) {}

  Document apply(const Edits& edits) {
    apply_timeline(edits.date);
    if (!edits.variant.empty()) apply_variant(edits.variant);
    if (!edits.levers.empty()) apply_levers(edits.levers);
    if (!problems_.empty()) throw_all();
    if (!edits.sets.empty()) {
      std::vector<Assignment> assignments;
      std::vector<std::string> paths;
      for (const std::string& text : edits.sets) {
        assignments.push_back(parse_assignment(text));
        paths.push_back(assignments.back().path);
      }
      const BareLimits limits(document_.root, paths);
      for (const Assignment& edit : assignments) apply_assignment(document_.root, edit);
      note(limits.turned(document_.root));
    }
    if (!problems_.empty()) throw_all();
    return std::move(document_);
  }

 private:
  // Together with everything else that is wrong with the document.
  [[noreturn]] void throw_all() {
    try {
      read_scenario(document_);
    } catch (const InputError& error) {
      problems_.insert(problems_.end(), error.problems.begin(), error.problems.end());
    }
    throw input_error(document_, std::move(problems_));
  }

  // The reader says what is wrong with a timeline or a variant that cannot be applied.
  [[noreturn]] void throw_malformed(const Place& place, const std::string& path) {
    problems_.push_back({.file = place.file ? *place.file : std::string(),
                         .line = place.line,
                         .column = place.column,
                         .path = path,
                         .problem = "this cannot be applied",
                         .remedy = "Correct it first."});
    try {
      read_scenario(document_);
    } catch (const InputError& error) {
      throw input_error(document_, error.problems);
    }
    throw InputError(std::move(problems_));
  }

  void note(std::vector<InputProblem> problems) {
    for (InputProblem& problem : problems) problems_.push_back(std::move(problem));
  }

  void apply_set(const Node& owner, const std::string& path) {
    const Node* edits = owner.find("set");
    if (edits == nullptr || edits->is_null()) return;
    if (!edits->is_mapping()) throw_malformed(edits->place, path + ".set");
    const BareLimits limits(document_.root, keys_of(edits));
    for (const Node& edit : edits->children) {
      Node value = edit;
      const auto fault = set(document_.root, edit.key, std::move(value));
      if (!fault) continue;
      problems_.push_back({.file = *edit.key_place.file,
                           .line = edit.key_place.line,
                           .column = edit.key_place.column,
                           .path = path + ".set",
                           .problem = code(edit.key) + " cannot be set: " + fault->problem,
                           .remedy = fault->remedy});
    }
    note(limits.turned(document_.root));
  }

  void apply_timeline(const std::string& wanted) {
    const std::vector<std::string> dates = timeline_dates(document_);
    const Node* own_date = document_.root.find("date");
    const std::string own = own_date && own_date->is_scalar() ? own_date->text : std::string();
    if (!wanted.empty() && !is_date(wanted)) {
      const std::string hint = name_hint(wanted, dates);
      throw UsageError("--date: " + code(wanted) + " is not a date\n  Write it as 2025-12-02." +
                       (hint.empty() ? "" : " " + hint));
    }
    if (!wanted.empty() && dates.empty() && wanted != own) {
      throw UsageError(
          "--date: the scenario has no timeline, so nothing is known of other days\n  " +
          std::string("Leave --date out."));
    }
    const Node* timeline = document_.root.find("timeline");
    if (timeline != nullptr && !timeline->is_null()) {
      const Node entries = *timeline;
      const std::string day = wanted.empty() ? own : wanted;
      if (!entries.is_sequence() || (!entries.children.empty() && !is_date(day))) {
        throw_malformed(entries.place, "timeline");
      }
      std::string last;
      for (std::size_t k = 0; k < entries.children.size(); ++k) {
        const Node& entry = entries.children[k];
        const Node* date = entry.find("date");
        const std::string path = "timeline." + std::to_string(k);
        if (!date || !date->is_scalar() || !is_date(date->text) || date->text < last) {
          throw_malformed(entry.place, path);
        }
        last = date->text;
        if (last <= day) apply_set(entry, path);
      }
    }
    if (!wanted.empty() && wanted != own) set_date(wanted);
  }

  void set_date(const std::string& day) {
    Node value;
    value.kind = Node::Kind::scalar;
    value.text = day;
    value.place = {std::make_shared<const std::string>("--date"), 0, 0};
    set(document_.root, "date", std::move(value));
  }

  void apply_variant(const std::string& name) {
    const Node* variants = document_.root.find("variants");
    const Node* variant = variants ? variants->find(name) : nullptr;
    if (variant == nullptr) {
      const std::string hint = name_hint(name, variant_names(document_));
      throw UsageError("--variant: there is no variant " + code(name) + "\n  " +
                       (hint.empty() ? "The scenario has no variants." : hint));
    }
    const Node entry = *variant;
    if (!entry.is_mapping()) throw_malformed(entry.place, "variants." + name);
    apply_set(entry, "variants." + name);
  }

  void apply_levers(const std::vector<std::string>& names) {
    const std::vector<std::string> known = lever_names(document_);
    for (const std::string& name : names) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string hint = name_hint(name, known);
      throw UsageError("--lever: there is no lever " + code(name) + "\n  " +
                       (hint.empty() ? "The scenario has no levers." : hint));
    }
    // As they are now: what one of them changes in another does not count.
    const Node levers = *document_.root.find("levers");
    for (const Node& lever : levers.children) {
      if (std::find(names.begin(), names.end(), lever.key) == names.end()) continue;
      const std::string path = "levers." + lever.key;
      if (!lever.is_mapping()) throw_malformed(lever.place, path);
      apply_set(lever, path);
    }
  }

  Document document_;
  std::vector<InputProblem> problems_;
};

}  // namespace

std::string edits_text(const Edits& edits) {
  std::string text = edits.variant;
  for (const std::string& lever : edits.levers)
    text += (text.empty() ? "" : " ") + ("lever:" + lever);
  for (const std::string& set : edits.sets) text += (text.empty() ? "" : " ") + set;
  return text;
}

Document edited(Document document, const Edits& edits) {
  return Editor(std::move(document)).apply(edits);
}

std::vector<std::string> timeline_dates(const Document& document) {
  std::set<std::string> dates;
  if (const Node* timeline = document.root.find("timeline"); timeline && timeline->is_sequence()) {
    for (const Node& entry : timeline->children) {
      const Node* date = entry.find("date");
      if (date && date->is_scalar() && is_date(date->text)) dates.insert(date->text);
    }
  }
  return {dates.begin(), dates.end()};
}

std::vector<std::string> variant_names(const Document& document) {
  return keys_of(document.root.find("variants"));
}

std::vector<std::string> lever_names(const Document& document) {
  return keys_of(document.root.find("levers"));
}

Document without_what_ifs(Document document) {
  std::erase_if(document.root.children, [](const Node& child) {
    return child.key == "timeline" || child.key == "variants";
  });
  return document;
}

}  // namespace zopa
