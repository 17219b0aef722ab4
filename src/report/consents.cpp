// SPDX-License-Identifier: MIT
#include "model/answers/consents.hpp"

#include <algorithm>

#include "src/number_text.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kConsentsShown = 24;  // in the order of the tree
constexpr std::size_t kSetsShown = 5;       // of openings and of blocks

const ConsentView& node_of(const Explained& explained, int index) {
  return explained.answer.consents->nodes.at(at(index));
}

// The title in the file; of a leaf without one its party; otherwise the place in the tree.
std::string consent_title(const Explained& explained, const ConsentView& node) {
  const Consent& consent = consent_at(explained.scenario, node.path);
  if (!consent.title.empty()) return consent.title;
  if (consent.kind == Consent::Kind::leaf)
    return leaf_title(explained.scenario, explained.problem, node.leaf);
  return node.path;
}

std::string set_titles(const Explained& explained, const std::vector<int>& set) {
  std::vector<std::string> titles;
  for (const int k : set) titles.push_back(consent_title(explained, node_of(explained, k)));
  return joined(titles);
}

int depth_in_tree(const Explained& explained, const ConsentView& node) {
  int depth = 0;
  for (int above = node.above; above >= 0; above = node_of(explained, above).above) ++depth;
  return depth;
}

// Whether the consent is given for a value; nothing when it is not asked.
std::optional<bool> given_for(const LeafValue<Rational>& value) {
  if (!value) return std::nullopt;
  return *value && **value >= 0;
}

std::optional<Rational> number_of_consent(const LeafValue<Rational>& value) {
  return value ? *value : std::nullopt;
}

// Members of the leaders' table and ratifiers, leaves only.
std::vector<int> leaves_at(const Explained& explained, bool ratifiers) {
  std::vector<int> leaves;
  const auto& nodes = explained.answer.consents->nodes;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (nodes[k].leaf >= 0 && nodes[k].ratifier == ratifiers) leaves.push_back(static_cast<int>(k));
  }
  return leaves;
}

std::string depth_text(const Depth& depth) {
  if (!depth.low) return depth.proof == Proof::exact ? "without a depth" : "depth not known";
  return (depth.proof == Proof::exact ? "depth " : "depth at least ") +
         margin_text(to_double(*depth.low));
}

// "the leaders would sign, the parliament would not".
std::string ratification_words(const Explained& explained) {
  const Consents& found = *explained.answer.consents;
  const std::string leaders = set_titles(explained, leaves_at(explained, false));
  std::string text = "At the leaders' table (" + leaders + ") ";
  if (found.involuntary_defection) {
    text += "there is a zone, " + depth_text(*found.leaders) +
            "; with those who ratify there is none (involuntary defection).";
  } else if (found.leaders->low && *found.leaders->low >= 0) {
    text += "the zone is " + depth_text(*found.leaders) + ", with those who ratify " +
            depth_text(found.depth) + ".";
  } else if (found.leaders->proof == Proof::exact) {
    text += "there is no zone either (" + depth_text(*found.leaders) + ").";
  } else {
    return text + "the search was stopped before it was decided whether there is a zone.";
  }
  if (!found.leaders->package || !found.leaders->low || *found.leaders->low < 0) return text;
  std::vector<int> against;
  for (const int k : leaves_at(explained, true)) {
    if (!given_for(node_of(explained, k).at_table).value_or(true)) against.push_back(k);
  }
  if (against.empty()) {
    return text + " Their deepest package would be ratified" +
           (found.ratified ? "." : ", but is refused elsewhere in the tree.");
  }
  return text + " Their deepest package the leaders would sign; " + set_titles(explained, against) +
         " would not.";
}

Grid::Cell without_cell(const ConsentView& node) {
  if (!node.without) return {"·", Tone::faint};
  const Depth& depth = *node.without;
  if (!depth.low) return {depth.proof == Proof::exact ? "none" : "not known"};
  const bool negative = *depth.low < 0;
  return {(negative ? "▼ " : "▲ ") + margin_text(to_double(*depth.low)) +
              (depth.proof == Proof::bounded ? " at least" : ""),
          negative ? Tone::bad : Tone::good};
}

Grid consent_grid(const Explained& explained) {
  const Consents& found = *explained.answer.consents;
  Grid grid;
  grid.columns = {{"consent", Align::left, 16},
                  {"depth without it", Align::right, 8},
                  {"it costs", Align::right, 8},
                  {"", Align::left, 12}};
  for (std::size_t k = 0; k < std::min(found.nodes.size(), kConsentsShown); ++k) {
    const ConsentView& node = found.nodes[k];
    if (node.above < 0 && found.nodes.size() > 1) continue;  // the whole tree
    const int indent = std::max(0, depth_in_tree(explained, node) - 1);
    Grid::Row row;
    row.cells.push_back({std::string(2 * at(indent), ' ') + consent_title(explained, node)});
    row.cells.push_back(without_cell(node));
    row.cells.push_back(node.cost ? Grid::Cell{unit_text(to_double(*node.cost)) +
                                               (node.cost_bounded ? " or so" : "")}
                                  : Grid::Cell{"·", Tone::faint});
    std::vector<std::string> remarks;
    if (node.ratifier && found.nested) remarks.push_back("ratifies");
    if (node.alone) remarks.push_back("the others could agree without it");
    if (node.absorbed.value_or(false)) remarks.push_back("the zone is the same without it");
    row.cells.push_back({joined_by(remarks, ", ")});
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

void add_sets(const Explained& explained, const std::vector<std::vector<int>>& sets,
              const std::string& words, Page& page) {
  if (sets.empty()) return;
  std::vector<std::string> shown;
  for (std::size_t s = 0; s < std::min(sets.size(), kSetsShown); ++s)
    shown.push_back(set_titles(explained, sets[s]));
  std::string text = words + joined_by(shown, "; ");
  if (sets.size() > kSetsShown)
    text += "; and " + std::to_string(sets.size() - kSetsShown) + " more such sets";
  if (!explained.answer.consents->sets_complete)
    text += " (found before the search was stopped; there may be more)";
  page.push_back(Sentence{text + ".", Tone::plain, 2});
}

}  // namespace

Table consents_table(const Explained& explained) {
  Table table = make_table("consents");
  if (!explained.answer.consents) return table;
  const Consents& found = *explained.answer.consents;
  const auto truth = [](const std::optional<bool>& value) { return value ? Cell{*value} : Cell{}; };
  for (const ConsentView& node : found.nodes) {
    const Cell party = node.leaf >= 0
                           ? Cell{explained.scenario.parties
                                      .at(at(explained.problem.leaves.at(at(node.leaf)).party))
                                      .id}
                           : Cell{};
    add_row(table, explained.origin,
            {node.path, text_cell(consent_title(explained, node)), party, node.ratifier,
             node.without ? number_cell(node.without->low) : Cell{},
             node.without ? Cell{proof_word(node.without->proof)} : Cell{}, number_cell(node.cost),
             node.without && has_kind(*node.without) ? Cell{kind_word(found.kind)} : Cell{},
             node.alone, truth(node.absorbed), number_cell(number_of_consent(node.there)),
             truth(given_for(node.there)), number_cell(number_of_consent(node.at_table)),
             truth(given_for(node.at_table))});
  }
  return table;
}

Table consent_sets_table(const Explained& explained) {
  Table table = make_table("consent_sets");
  if (!explained.answer.consents) return table;
  const Consents& found = *explained.answer.consents;
  const auto add = [&](const std::vector<std::vector<int>>& sets, const char* kind) {
    std::size_t number = 0;
    for (const std::vector<int>& set : sets) {
      ++number;
      for (const int k : set) {
        const ConsentView& node = node_of(explained, k);
        add_row(table, explained.origin,
                {kind, Integer(number), node.path, text_cell(consent_title(explained, node))});
      }
    }
  };
  add(found.openings, "opening");
  add(found.blocks, "block");
  return table;
}

Table ratification_table(const Explained& explained) {
  Table table = make_table("ratification");
  if (!explained.answer.consents) return table;
  const Consents& found = *explained.answer.consents;
  if (!found.nested || !found.leaders) return table;
  add_row(table, explained.origin,
          {number_cell(value_of(found.depth)), number_cell(value_of(*found.leaders)),
           proof_word(found.leaders->proof),
           has_kind(*found.leaders) ? Cell{kind_word(found.kind)} : Cell{},
           found.involuntary_defection, found.ratified});
  return table;
}

void add_consents(const Explained& explained, Page& page) {
  const Consents& found = *explained.answer.consents;
  std::string remark =
      "What each consent costs: how much deeper the best package would be if it "
      "were granted whatever the package";
  remark += found.kind == DepthKind::all ? ", red lines soft." : ".";
  page.push_back(Section{"Consents", remark});
  page.push_back(consent_grid(explained));
  if (found.nodes.size() > kConsentsShown) {
    page.push_back(Sentence{std::to_string(found.nodes.size() - kConsentsShown) +
                                " more consents are in the tables of --format csv and json.",
                            Tone::plain, 2});
  }
  if (found.nested && found.leaders)
    page.push_back(Sentence{ratification_words(explained), Tone::plain, 2});
  add_sets(explained, found.openings,
           found.openings.size() == 1
               ? "The zone opens when this is granted whatever the package, and with nothing less: "
               : "The zone opens when one of these sets of consents is granted whatever the "
                 "package, and with nothing less: ",
           page);
  add_sets(explained, found.blocks,
           "Even with all other consents granted, these cannot be had together, while any part of "
           "them can: ",
           page);
  if (!found.complete) {
    page.push_back(
        Sentence{"The search was stopped before all of this was decided.", Tone::plain, 2});
  }
}

}  // namespace zopa
