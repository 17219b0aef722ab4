// SPDX-License-Identifier: MIT
#include "src/levers.hpp"

#include <algorithm>
#include <memory>

#include "model/engine/prepare.hpp"
#include "src/edits.hpp"
#include "src/input_error.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

const Node* levers_node(const Document& document) {
  const Node* levers = document.root.find("levers");
  return levers != nullptr && levers->is_mapping() ? levers : nullptr;
}

std::string member_text(const Node& node, const char* key, std::string otherwise) {
  const Node* child = node.find(key);
  return child != nullptr && child->is_scalar() ? child->text : std::move(otherwise);
}

// The first `count` names of a dotted path.
std::vector<std::string> first_names(const std::string& path, std::size_t count) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (names.size() < count && begin <= path.size()) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    names.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

// What a change of this path can make different in the model.
void add_reach(const Node* parties, const std::string& path, const Node& value, Lever& lever) {
  static constexpr const char* kWithoutEffect[] = {"title",    "about",    "date",  "drafts",
                                                   "timeline", "variants", "levers"};
  const std::vector<std::string> names = first_names(path, 3);
  if (std::any_of(std::begin(kWithoutEffect), std::end(kWithoutEffect),
                  [&](const char* name) { return names[0] == name; }))
    return;
  int index = -1;
  if (names[0] == "parties" && names.size() > 1 && parties != nullptr) {
    const auto& list = parties->children;
    const auto party = std::find_if(list.begin(), list.end(),
                                    [&](const Node& child) { return child.key == names[1]; });
    if (party != list.end()) index = static_cast<int>(party - list.begin());
  }
  const bool removes_party = names.size() == 2 && value.is_null();
  if (index < 0 || removes_party) {
    lever.elsewhere = true;
  } else if (std::find(lever.parties.begin(), lever.parties.end(), index) == lever.parties.end()) {
    lever.parties.push_back(index);
  }
}

std::vector<std::string> parties_of(const Document& document) {
  std::vector<std::string> ids;
  const Node* parties = document.root.find("parties");
  if (parties == nullptr) return ids;
  for (const Node& party : parties->children) ids.push_back(party.key);
  return ids;
}

struct Base {
  std::vector<Lever> levers;
  Document document;
  std::vector<Document> of_party;  // in which levers that change parties change this one alone
};

Document only_for(Document document, const std::string& party, const std::vector<Lever>& levers) {
  Node* nodes = document.root.find("levers");
  for (std::size_t l = 0; l < levers.size(); ++l) {
    Node* set = nodes->children[l].find("set");
    if (levers[l].elsewhere || set == nullptr) continue;
    std::erase_if(set->children, [&](const Node& edit) {
      const std::vector<std::string> names = first_names(edit.key, 2);
      return names[0] != "parties" || names.size() < 2 || names[1] != party;
    });
  }
  return document;
}

std::optional<Scenario> with_levers(const Document& document, const std::vector<Lever>& levers,
                                    const LeverSet& pulled) {
  const std::vector<std::string> names = lever_names(document);
  Edits edits;
  bool elsewhere = false;
  for (std::size_t l = 0; l < names.size(); ++l) {
    if (!pulled[l]) continue;
    edits.levers.push_back(names[l]);
    elsewhere = elsewhere || levers[l].elsewhere;
  }
  try {
    Scenario scenario = read_scenario(edited(document, edits));
    if (elsewhere && agreement_space_empty(frame_problem(scenario))) return std::nullopt;
    return scenario;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<NamedLever> named_levers(const Document& document) {
  std::vector<NamedLever> named;
  const Node* levers = levers_node(document);
  if (levers == nullptr) return named;
  for (const Node& lever : levers->children) {
    const Node* cost = lever.find("cost");
    named.push_back({lever.key, member_text(lever, "title", lever.key),
                     member_text(lever, "by", std::string()),
                     cost != nullptr ? parse_decimal(cost->text).value_or(0) : Rational(0)});
  }
  return named;
}

LeverStudy lever_study(const Document& document) {
  LeverStudy study;
  const std::vector<NamedLever> named = named_levers(document);
  const Node* parties = document.root.find("parties");
  for (std::size_t l = 0; l < named.size(); ++l) {
    Lever lever;
    lever.cost = named[l].cost;
    const Node* set = levers_node(document)->children[l].find("set");
    if (set != nullptr) {
      for (const Node& edit : set->children) add_reach(parties, edit.key, edit, lever);
    }
    study.levers.push_back(std::move(lever));
  }
  // Nothing but the levers is applied from here on.
  const auto base = std::make_shared<Base>();
  base->levers = study.levers;
  base->document = document;
  std::erase_if(base->document.root.children,
                [](const Node& child) { return child.key == "timeline"; });
  for (const std::string& party : parties_of(document))
    base->of_party.push_back(only_for(base->document, party, study.levers));
  study.apply = [base](const LeverSet& pulled) {
    return with_levers(base->document, base->levers, pulled);
  };
  study.apply_to = [base](const LeverSet& pulled, int party) {
    return with_levers(base->of_party[static_cast<std::size_t>(party)], base->levers, pulled);
  };
  return study;
}

}  // namespace zopa
