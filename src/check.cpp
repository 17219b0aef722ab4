// SPDX-License-Identifier: MIT
#include "src/check.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "model/answers/doubts.hpp"
#include "model/engine/form.hpp"
#include "model/engine/prepare.hpp"
#include "model/tools/error.hpp"
#include "model/tools/exact.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

using Severity = InputProblem::Severity;

constexpr const char* kBeforeEveryDate = "0001-01-01";

// The node at a dotted path, or the deepest one on the way to it.
const Node& deepest(const Node& root, const std::string& path) {
  const Node* node = &root;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t dot = std::min(path.find('.', at), path.size());
    const std::string key = path.substr(at, dot - at);
    const Node* next = node->find(key);
    if (node->is_sequence()) {
      std::size_t k = 0;
      const auto end = key.data() + key.size();
      if (std::from_chars(key.data(), end, k).ptr == end && k < node->children.size())
        next = &node->children[k];
    }
    if (next == nullptr) break;
    node = next;
    at = dot + 1;
  }
  return *node;
}

InputProblem placed(const Place& place, Severity severity, std::string path, std::string problem,
                    std::string remedy) {
  return {place.file ? *place.file : "",
          place.line,
          place.column,
          severity,
          std::move(path),
          std::move(problem),
          std::move(remedy)};
}

InputProblem warning(const Place& place, std::string path, std::string problem,
                     std::string remedy) {
  return placed(place, Severity::warning, std::move(path), std::move(problem), std::move(remedy));
}

// Numbers that whole numbers of 126 bits cannot hold, once they have a unit in common. Nothing: the
// best of a party, between the steps of its worths, is one.
[[noreturn]] void throw_too_wide(const Document& document, const Scenario& scenario,
                                 const std::optional<TooWide>& wide) {
  std::string path = "parties";
  std::string what = "the best that a party can have";
  if (wide && wide->rule >= 0) {
    path = "rules." + scenario.rules[static_cast<std::size_t>(wide->rule)].id;
    what = "what this rule adds up";
  } else if (wide) {
    path = "issues." + scenario.issues[static_cast<std::size_t>(wide->issue)].id;
    what = "the scale of this issue with the numbers that stand on it";
  }
  throw InputError({placed(deepest(document.root, path).place, Severity::error, path,
                           what + " needs more than 126 bits as whole numbers of one unit",
                           "Write numbers with fewer digits, or in a larger unit.")});
}

// Whether two states say the same, whatever day they stand for.
bool same_state(const Node& a, const Node& b) {
  const auto members = [](const Node& root) {
    std::vector<const Node*> found;
    for (const Node& child : root.children) {
      if (child.key != "date" && child.key != "timeline" && child.key != "variants") {
        found.push_back(&child);
      }
    }
    return found;
  };
  const std::vector<const Node*> of_a = members(a);
  const std::vector<const Node*> of_b = members(b);
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                    [](const Node* x, const Node* y) { return same_tree(*x, *y); });
}

std::string text_of(const Node* node) {
  return node != nullptr && node->is_scalar() ? node->text : "";
}

// One state of a file: before the first date, at one, at the file's own, with a variant or a lever.
struct State {
  enum class Kind { timeline, own, what_if };
  std::string name;  // "as of 2025-11-23"
  Edits edits;
  Kind kind = Kind::timeline;
};

std::vector<State> states(const Document& document) {
  std::vector<State> found;
  const std::vector<std::string> dates = timeline_dates(document);
  if (dates.empty()) {
    found.push_back({"", {}, State::Kind::timeline});
  } else {
    found.push_back({"before " + dates.front(), {kBeforeEveryDate, {}, {}}, State::Kind::timeline});
    for (const std::string& date : dates)
      found.push_back({"as of " + date, {date, {}, {}}, State::Kind::timeline});
    // The same as one of these, but for what the file says of its own date.
    found.push_back({"", {}, State::Kind::own});
  }
  for (const std::string& name : variant_names(document))
    found.push_back({"in variant " + name, {{}, name, {}}, State::Kind::what_if});
  for (const std::string& name : lever_names(document))
    found.push_back({"with lever " + name, {{}, {}, {}, {name}}, State::Kind::what_if});
  return found;
}

// What a finding is asked of: one state of the file, every date of it, or every state.
enum class Of { state, dates, file };

Of asked_of(Doubt::Kind kind) {
  switch (kind) {
    case Doubt::Kind::issue_agreed: return Of::dates;
    case Doubt::Kind::issue_unused:
    case Doubt::Kind::party_unused: return Of::file;
    default: return Of::state;
  }
}

// Problems with the states in which they are seen.
class Findings {
 public:
  explicit Findings(std::vector<State> states) : states_(std::move(states)) {}

  void add(std::size_t state, const InputProblem& problem, Of of = Of::state) {
    // An edit moves what it touches; what was wrong there before is the same problem all the same.
    const auto place = [](const InputProblem& p) { return std::tie(p.file, p.line, p.column); };
    std::vector<std::size_t>& alike = alike_[{problem.path, problem.problem}];
    auto it = std::find_if(alike.begin(), alike.end(), [&](std::size_t f) {
      const Finding& finding = findings_[f];
      return finding.problem.severity == problem.severity &&
             (finding.states.count(state) == 0 || place(finding.problem) == place(problem));
    });
    if (it == alike.end()) {
      it = alike.insert(it, findings_.size());
      findings_.push_back({problem, {}, of});
    }
    findings_[*it].states.insert(state);
  }

  void sound(std::size_t state) { sound_.insert(state); }

  // One state says the same as another.
  void repeat(std::size_t of, std::size_t state) {
    for (Finding& finding : findings_) {
      if (finding.states.count(of) > 0) finding.states.insert(state);
    }
    if (sound_.count(of) > 0) sound_.insert(state);
  }

  std::vector<InputProblem> problems() const {
    std::vector<InputProblem> found;
    for (const Finding& finding : findings_) {
      if (finding.of != Of::state && !throughout(finding, sound_)) continue;
      found.push_back(finding.problem);
      const std::string& path = finding.problem.path;
      const bool says_so = path.starts_with("timeline") || path.starts_with("variants") ||
                           path.starts_with("levers");
      if (finding.of == Of::state && !says_so) found.back().problem += where(finding);
    }
    return found;
  }

 private:
  struct Finding {
    InputProblem problem;
    std::set<std::size_t> states;
    Of of = Of::state;
  };

  bool dated(std::size_t state) const { return states_[state].kind == State::Kind::timeline; }

  // Seen in all those states; what-ifs count only for what is asked of the file.
  bool throughout(const Finding& finding, const std::set<std::size_t>& among) const {
    return std::all_of(among.begin(), among.end(), [&](std::size_t state) {
      return finding.states.count(state) > 0 || (!dated(state) && finding.of != Of::file);
    });
  }

  // " (as of 2025-11-23)"; empty for what is seen at every date.
  std::string where(const Finding& finding) const {
    std::set<std::size_t> all;
    for (std::size_t s = 0; s < states_.size(); ++s) all.insert(s);
    const State::Kind first = states_[*finding.states.begin()].kind;
    if (first == State::Kind::own) return "";
    const bool at_dates = first == State::Kind::timeline;
    if (at_dates &&
        throughout(finding, finding.problem.severity == Severity::warning ? sound_ : all))
      return "";
    std::string text;
    std::size_t named = 0;
    std::size_t left = 0;
    for (const std::size_t state : finding.states) {
      if (dated(state) != at_dates) continue;
      if (named == 3) {
        ++left;
        continue;
      }
      text += (named++ == 0 ? "" : ", ") + states_[state].name;
    }
    if (left > 0) text += ", and " + std::to_string(left) + " more";
    return " (" + text + ")";
  }

  std::vector<State> states_;
  std::vector<Finding> findings_;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> alike_;  // path, problem
  std::set<std::size_t> sound_;
};

// Looks at one state after the other.
class Looks {
 public:
  Looks(const Document& document, Findings& findings) : document_(document), findings_(findings) {}

  void at(const State& state, std::size_t number) {
    try {
      Document effective = edited(document_, state.edits);
      if (state.kind == State::Kind::timeline) {
        // An event that changed nothing leaves nothing to look for.
        if (last_ && same_state(last_->root, effective.root)) {
          findings_.repeat(*last_number_, number);
          return;
        }
        last_ = std::move(effective);
        last_number_ = number;
        look(*last_, state, number);
      } else {
        look(effective, state, number);
      }
    } catch (const InputError& error) {
      for (const InputProblem& problem : error.problems) findings_.add(number, problem);
    }
  }

 private:
  void look(const Document& effective, const State& state, std::size_t number) {
    const Scenario scenario = read_scenario(effective);
    if (state.kind == State::Kind::own) return;
    const Problem problem = pose(effective, scenario);
    findings_.sound(number);
    for (const Doubt& doubt : find_doubts(scenario, problem)) {
      const Of of = asked_of(doubt.kind);
      if (of == Of::dates && state.kind == State::Kind::what_if) continue;
      const Place& place = deepest(effective.root, doubt.path).place;
      findings_.add(number, warning(place, doubt.path, doubt.problem, doubt.remedy), of);
    }
  }

  const Document& document_;
  Findings& findings_;
  std::optional<Document> last_;  // of the timeline
  std::optional<std::size_t> last_number_;
};

// --- what only the file shows

void collect_citations(const Node& node, bool inside_sources, std::set<std::string>& cited) {
  if (inside_sources && node.is_scalar()) cited.insert(node.text);
  for (const Node& child : node.children) {
    // A key of `set` is a path: "parties.tenant.positions.rent.sources".
    const bool names_sources =
        node.is_mapping() && (child.key == "sources" || child.key.ends_with(".sources") ||
                              child.key.find(".sources.") != std::string::npos);
    collect_citations(child, inside_sources || names_sources, cited);
  }
}

void uncited_sources(const Document& document, std::vector<InputProblem>& found) {
  const Node* sources = document.root.find("sources");
  if (sources == nullptr || !sources->is_mapping()) return;
  std::set<std::string> cited;
  for (const Node& child : document.root.children) {
    if (child.key != "sources") collect_citations(child, false, cited);
  }
  for (const Node& source : sources->children) {
    if (cited.count(source.key) > 0) continue;
    found.push_back(warning(source.key_place, "sources." + source.key, "this source is never cited",
                            "Cite it with `sources: [" + source.key +
                                "]` where it supports something, or leave it out."));
  }
}

// The day on which the salience was weighed: its own, else its position's.
std::string as_of(const Node& position) {
  const Node* salience = position.find("salience");
  const std::string own = salience != nullptr ? text_of(salience->find("as_of")) : "";
  return own.empty() ? text_of(position.find("as_of")) : own;
}

// The parties whose salience on the issue still weighs the range it had before.
std::vector<std::string> stale_saliences(const Node& before, const Node& after,
                                         const std::string& issue) {
  std::vector<std::string> stale;
  const Node* parties = after.find("parties");
  if (parties == nullptr) return stale;
  for (const Node& party : parties->children) {
    const std::string path = "parties." + party.key + ".positions." + issue;
    const Node& now = deepest(after, path);
    const Node& then = deepest(before, path);
    const Node* salience = now.find("salience");
    const Node* old = then.find("salience");
    if (now.key != issue || then.key != issue || salience == nullptr || old == nullptr) continue;
    if (salience->is_scalar() && salience->text == "0") continue;
    const bool weighed_anew = as_of(now).empty() && !same_tree(*salience, *old);
    if (as_of(now) == as_of(then) && !weighed_anew) stale.push_back(party.key);
  }
  return stale;
}

// Reports each issue whose range differs between two states while saliences stayed. `change` is the
// `set` that makes the difference, at `path`; without one, the file that extends another.
void changed_ranges(const Node& before, const Node& after, const Node* change,
                    const std::string& path, std::vector<InputProblem>& found) {
  const Node* issues = after.find("issues");
  const Node* old_issues = before.find("issues");
  if (issues == nullptr || old_issues == nullptr) return;
  for (const Node& issue : issues->children) {
    const Node* old_issue = old_issues->find(issue.key);
    const Node* range = issue.find("range");
    const Node* old_range = old_issue != nullptr ? old_issue->find("range") : nullptr;
    if (range == nullptr || old_range == nullptr || same_tree(*range, *old_range)) continue;
    const std::vector<std::string> stale = stale_saliences(before, after, issue.key);
    if (stale.empty()) continue;
    std::string names;
    for (const std::string& party : stale) names += (names.empty() ? "" : ", ") + party;

    const std::string own = "issues." + issue.key;
    Place place = range->place;
    std::string at = own + ".range";
    if (change != nullptr) {
      for (const Node& entry : change->children) {
        if (entry.key != own && !entry.key.starts_with(own + ".range") && entry.key != "issues")
          continue;
        place = entry.key_place;
        at = path + "." + entry.key;
      }
    }
    found.push_back(
        warning(place, at,
                "the range of " + issue.key + " changes, but the salience of " + names +
                    " keeps its `as_of`: a salience weighs the whole range",
                "Weigh the issue anew for the new range, and date the salience with `as_of`."));
  }
}

struct Dated {
  std::size_t number;
  std::string date;
};

// Walks the timeline entry by entry.
void timeline_doubts(const Document& document, std::vector<InputProblem>& found) {
  const Node* timeline = document.root.find("timeline");
  if (timeline == nullptr) return;
  std::vector<Dated> entries;
  for (std::size_t k = 0; k < timeline->children.size(); ++k)
    entries.push_back({k, text_of(timeline->children[k].find("date"))});
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Dated& a, const Dated& b) { return a.date < b.date; });

  Document state = document;
  for (const Dated& each : entries) {
    const Node& entry = timeline->children[each.number];
    const std::string path = "timeline." + std::to_string(each.number);
    if (text_of(entry.find("basis")) == "stated" && entry.find("sources") == nullptr) {
      found.push_back(warning(entry.place, path, "`basis: stated` without sources",
                              "Name where it was said or written with `sources: [...]`, or write "
                              "`basis: inferred` or `assumed`."));
    }
    const Node* set = entry.find("set");
    if (set == nullptr) continue;
    state.root.find("timeline")->children = {entry};
    const Document next = edited(state, {each.date, {}, {}});
    if (same_state(state.root, next.root)) {
      found.push_back(warning(set->place, path + ".set",
                              "this dated change changes nothing: all that it sets stands already",
                              "Leave `set` out (an entry may have only a title and sources), or "
                              "check its values."));
    }
    changed_ranges(state.root, next.root, set, path + ".set", found);
    state = next;
  }
}

// A variant or a lever against the file without it; `kind` in words.
void what_if_doubts(const Document& plain, const Document& changed, const Node& set,
                    const std::string& path, const std::string& kind,
                    std::vector<InputProblem>& found) {
  if (same_state(plain.root, changed.root)) {
    found.push_back(warning(set.place, path,
                            "this " + kind + " changes nothing: all that it sets stands already",
                            "Check its values, or leave the " + kind + " out."));
  }
  changed_ranges(plain.root, changed.root, &set, path, found);
}

void variant_doubts(const Document& document, std::vector<InputProblem>& found) {
  const Document plain = edited(document, {});
  for (const std::string& name : variant_names(document)) {
    const std::string path = "variants." + name + ".set";
    what_if_doubts(plain, edited(document, {{}, name, {}}), deepest(document.root, path), path,
                   "variant", found);
  }
}

void lever_doubts(const Document& document, std::vector<InputProblem>& found) {
  const Document plain = edited(document, {});
  for (const std::string& name : lever_names(document)) {
    const std::string path = "levers." + name;
    const Node& lever = deepest(document.root, path);
    if (text_of(lever.find("basis")) == "stated" && lever.find("sources") == nullptr) {
      found.push_back(warning(lever.key_place, path, "`basis: stated` without sources",
                              "Name where it was said or written with `sources: [...]`, or write "
                              "`basis: inferred` or `assumed`."));
    }
    const Node& cost = *lever.find("cost");
    if (parse_decimal(cost.text) == Rational(0)) {
      found.push_back(warning(cost.place, path + ".cost",
                              "this lever costs nothing, so that a choice by cost never weighs it",
                              "Write what pulling it costs beside the other levers; a change that "
                              "is free and certain belongs to the file itself."));
    }
    what_if_doubts(plain, edited(document, {{}, {}, {}, {name}}),
                   deepest(document.root, path + ".set"), path + ".set", "lever", found);
  }
}

// Everything that follows from the documents alone; asked only of a file without errors.
std::vector<InputProblem> file_doubts(const Document& document) {
  std::vector<InputProblem> found;
  uncited_sources(document, found);
  timeline_doubts(document, found);
  variant_doubts(document, found);
  lever_doubts(document, found);
  if (document.files.size() > 1) {
    const Document base = read_document(document.files[1].name);
    changed_ranges(base.root, document.root, nullptr, "", found);
  }
  return found;
}

}  // namespace

Problem pose(const Document& document, const Scenario& scenario) {
  try {
    if (auto problem = try_make_problem(scenario)) {
      if (const auto wide = too_wide(*problem)) throw_too_wide(document, scenario, wide);
      return std::move(*problem);
    }
  } catch (const ModelError&) {
    throw_too_wide(document, scenario, too_wide(frame_problem(scenario)));
  }
  const Node& rules = deepest(document.root, "rules");
  throw InputError({placed(
      rules.place, Severity::error, "rules",
      "the agreement space is empty: no package meets every rule",
      "Loosen or remove a rule, or widen the issues; what a party refuses is a limit or a demand, "
      "not a rule.")});
}

std::vector<InputProblem> check_file(const std::string& file) {
  Document document;
  try {
    document = read_document(file);
  } catch (const InputError& error) {
    return error.problems;
  }
  const std::vector<State> all = states(document);
  Findings findings(all);
  Looks looks(document, findings);
  for (std::size_t s = 0; s < all.size(); ++s) looks.at(all[s], s);

  std::vector<InputProblem> found = findings.problems();
  const bool sound = std::none_of(found.begin(), found.end(), [](const InputProblem& problem) {
    return problem.severity == Severity::error;
  });
  if (sound) {
    for (InputProblem& doubt : file_doubts(document)) found.push_back(std::move(doubt));
  }

  std::map<std::string, std::size_t> order;
  for (const InputFile& each : document.files) order.emplace(each.name, order.size());
  const auto rank = [&](const InputProblem& problem) {
    const auto it = order.find(problem.file);
    return std::tuple(it == order.end() ? order.size() : it->second, problem.line, problem.column);
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const InputProblem& a, const InputProblem& b) { return rank(a) < rank(b); });
  return found;
}

}  // namespace zopa
