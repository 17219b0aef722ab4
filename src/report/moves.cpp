// SPDX-License-Identifier: MIT
#include "model/answers/moves.hpp"

#include <algorithm>

#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

using NumberKind = PartyNumber::Kind;

constexpr std::size_t kMovesShown = 12;  // of the ranked moves
constexpr std::size_t kPairsShown = 5;

bool is_option(const PartyNumber& number) {
  return number.kind == NumberKind::ideal_option || number.kind == NumberKind::limit_option ||
         number.kind == NumberKind::when_option || number.kind == NumberKind::require_option;
}

bool is_place(const PartyNumber& number) {
  switch (number.kind) {
    case NumberKind::ideal:
    case NumberKind::ideal_low:
    case NumberKind::ideal_high:
    case NumberKind::limit_low:
    case NumberKind::limit_high:
    case NumberKind::when:
    case NumberKind::require:
    case NumberKind::reservation_place: return true;
    default: return false;
  }
}

const char* number_kind_word(NumberKind kind) {
  switch (kind) {
    case NumberKind::salience: return "salience";
    case NumberKind::ideal: return "ideal";
    case NumberKind::ideal_low: return "ideal_low";
    case NumberKind::ideal_high: return "ideal_high";
    case NumberKind::ideal_option: return "ideal_option";
    case NumberKind::worth: return "worth";
    case NumberKind::limit_low: return "limit_low";
    case NumberKind::limit_high: return "limit_high";
    case NumberKind::limit_option: return "limit_option";
    case NumberKind::when: return "when";
    case NumberKind::when_option: return "when_option";
    case NumberKind::require: return "require";
    case NumberKind::require_option: return "require_option";
    case NumberKind::reservation: return "reservation";
    case NumberKind::reservation_place: break;
  }
  return "reservation_place";
}

const Issue& issue_of(const Scenario& scenario, const PartyNumber& number) {
  return scenario.issues.at(at(number.issue));
}

// The place whose worth it is, or the option that is listed.
std::optional<Rational> settlement_of(const Scenario& scenario, const PartyNumber& number) {
  if (is_option(number)) return number.option;
  if (number.kind != NumberKind::worth) return std::nullopt;
  const Position* position = scenario.parties.at(at(number.party)).position(number.issue);
  return position->value.at(at(number.index)).place;
}

// "red line on Rent", "salience of Rent", to follow the name of the party.
std::string number_words_of(const Scenario& scenario, const PartyNumber& number) {
  const auto title = [&] { return title_of(issue_of(scenario, number)); };
  const auto settlement = [&] {
    return place_text(issue_of(scenario, number), *settlement_of(scenario, number));
  };
  const auto linked = [&] {
    const LinkedDemand& demand = scenario.parties.at(at(number.party)).demands.at(at(number.index));
    return "“" + (demand.title.empty() ? demand.id : demand.title) + "”";
  };
  switch (number.kind) {
    case NumberKind::salience: return "salience of " + title();
    case NumberKind::ideal: return "ideal on " + title();
    case NumberKind::ideal_low: return "low end of the ideal on " + title();
    case NumberKind::ideal_high: return "high end of the ideal on " + title();
    case NumberKind::ideal_option: return settlement() + " among the ideals on " + title();
    case NumberKind::worth: return "worth of " + settlement() + " on " + title();
    case NumberKind::limit_low:
    case NumberKind::limit_high: return "red line on " + title();
    case NumberKind::limit_option: return settlement() + " accepted on " + title();
    case NumberKind::when: return "what sets off " + linked() + " on " + title();
    case NumberKind::when_option: return settlement() + " sets off " + linked();
    case NumberKind::require: return "what " + linked() + " requires on " + title();
    case NumberKind::require_option: return settlement() + " meets " + linked();
    case NumberKind::reservation: return "reservation";
    case NumberKind::reservation_place: break;
  }
  return title() + " in the package of the reservation";
}

std::string unit_of(const Scenario& scenario, const PartyNumber& number) {
  if (is_option(number)) return "option";
  if (number.kind == NumberKind::salience) return "salience";
  if (!is_place(number)) return "utility";
  const Issue& issue = issue_of(scenario, number);
  return issue.kind == IssueKind::numeric ? issue.unit : "steps";
}

std::string value_words(const Scenario& scenario, const PartyNumber& number,
                        const Rational& value) {
  if (is_option(number)) return value == 0 ? "no" : "yes";
  if (is_place(number) && issue_of(scenario, number).kind != IssueKind::numeric)
    return place_words(issue_of(scenario, number), value);
  return stated_text(value);
}

// The stretch of values at which the zone is not empty that holds the value.
const Stretch* stretch_at(const Move& move, const Rational& value) {
  const auto it = std::find_if(move.open.begin(), move.open.end(), [&](const Stretch& stretch) {
    return stretch.from <= value && (!stretch.to || value <= *stretch.to);
  });
  return it == move.open.end() ? nullptr : &*it;
}

// The value at which the zone opens, or the last before it closes, so that at what is printed it is
// not empty.
std::string crossing_words(const Scenario& scenario, const Move& move, const Rational& value) {
  const PartyNumber& number = move.number;
  if (is_option(number) ||
      (is_place(number) && issue_of(scenario, number).kind != IssueKind::numeric))
    return value_words(scenario, number, value);
  const Rational small = (value - move.from) / 200;
  Rational beyond = value;
  beyond += move.opens_at ? small : Rational(-small);
  if (const Stretch* stretch = stretch_at(move, value)) {
    beyond = std::max(beyond, stretch->from);
    if (stretch->to) beyond = std::min(beyond, *stretch->to);
  }
  return decimal_between(value, beyond);
}

Cell value_cell(const Scenario& scenario, const PartyNumber& number, const Rational& value) {
  if (is_place(number)) return settlement_cell(issue_of(scenario, number), value);
  return to_double(value);
}

Cell value_cell(const Scenario& scenario, const PartyNumber& number,
                const std::optional<Rational>& value) {
  return value ? value_cell(scenario, number, *value) : Cell{};
}

std::string stretches(const Scenario& scenario, const Move& move) {
  std::vector<std::string> all;
  for (const Stretch& stretch : move.open) {
    std::string text = plain_text(value_cell(scenario, move.number, stretch.from));
    if (!stretch.to || *stretch.to != stretch.from) text += "..";
    if (stretch.to && *stretch.to != stretch.from)
      text += plain_text(value_cell(scenario, move.number, *stretch.to));
    all.push_back(std::move(text));
  }
  return joined_by(all, "; ");
}

Cell demand_cell(const Explained& explained, const Move& move) {
  if (move.demand < 0) return {};
  return demand_id(explained.scenario, explained.answer.moves->demands.at(at(move.demand)).demand);
}

std::optional<bool> redundant_of(const Explained& explained, const Move& move) {
  const auto& redundant = explained.answer.moves->redundant;
  return move.demand < 0 || redundant.empty() ? std::nullopt : redundant.at(at(move.demand));
}

std::string pair_member(const Scenario& scenario, const Move& move, const Rational& to) {
  const PartyNumber& number = move.number;
  const std::string whose = possessive(title_of(scenario.parties.at(at(number.party))));
  const std::string what = whose + " " + number_words_of(scenario, number);
  if (is_option(number)) return what + ": " + value_words(scenario, number, to);
  const std::string unit = is_place(number) && issue_of(scenario, number).kind == IssueKind::numeric
                               ? issue_of(scenario, number).unit
                               : "";
  const bool words = is_place(number) && issue_of(scenario, number).kind != IssueKind::numeric;
  return what + " from " + value_words(scenario, number, move.from) + " to " +
         (words ? value_words(scenario, number, to) : reached_text(move.from, to)) +
         (unit.empty() ? "" : " " + unit);
}

Grid move_grid(const Explained& explained, const std::vector<std::size_t>& order) {
  const Scenario& scenario = explained.scenario;
  const Moves& found = *explained.answer.moves;
  Grid grid;
  grid.columns = {{"party", Align::left, 10},
                  {"number", Align::left, 20},
                  {"now", Align::left, 8},
                  {found.open ? "last before it closes" : "opens at", Align::left, 8},
                  {"unit", Align::left, 6},
                  {"share", Align::right, 6}};
  for (std::size_t k = 0; k < std::min(order.size(), kMovesShown); ++k) {
    const Move& move = found.moves.at(order[k]);
    const Rational& there = found.open ? *move.closes_at : *move.opens_at;
    grid.rows.push_back({{{title_of(scenario.parties.at(at(move.number.party)))},
                          {number_words_of(scenario, move.number)},
                          {value_words(scenario, move.number, move.from)},
                          {crossing_words(scenario, move, there)},
                          {unit_of(scenario, move.number)},
                          {move.share ? share_text(to_double(*move.share)) : "·"}}});
  }
  return grid;
}

}  // namespace

std::string move_sentence(const Explained& explained, const Move& move) {
  const Scenario& scenario = explained.scenario;
  const PartyNumber& number = move.number;
  const std::string whose = possessive(title_of(scenario.parties.at(at(number.party))));
  const std::string what =
      "the zone closes when " + whose + " " + number_words_of(scenario, number);
  if (is_option(number)) {
    return what + " changes from " + value_words(scenario, number, move.from) + " to " +
           (move.from == 0 ? "yes" : "no");
  }
  const std::string unit = is_place(number) &&
                                   issue_of(scenario, number).kind == IssueKind::numeric &&
                                   !issue_of(scenario, number).unit.empty()
                               ? " " + issue_of(scenario, number).unit
                               : "";
  return what + " goes beyond " + crossing_words(scenario, move, *move.closes_at) + unit +
         " (now " + value_words(scenario, number, move.from) + unit + ")";
}

Table moves_table(const Explained& explained) {
  Table table = make_table("moves");
  if (!explained.answer.moves) return table;
  const Scenario& scenario = explained.scenario;
  for (const Move& move : explained.answer.moves->moves) {
    const PartyNumber& number = move.number;
    const auto settlement = settlement_of(scenario, number);
    std::vector<std::string> crossings;
    for (const Rational& value : move.crossings)
      crossings.push_back(plain_text(value_cell(scenario, number, value)));
    const auto redundant = redundant_of(explained, move);
    add_row(table, explained.origin,
            {scenario.parties.at(at(number.party)).id, demand_cell(explained, move),
             number_kind_word(number.kind),
             number.issue >= 0 ? Cell{issue_of(scenario, number).id} : Cell{},
             settlement ? settlement_cell(issue_of(scenario, number), *settlement) : Cell{},
             number_path(scenario, number), value_cell(scenario, number, move.from),
             value_cell(scenario, number, move.opens_at),
             value_cell(scenario, number, move.closes_at), number_cell(move.share),
             text_cell(joined_by(crossings, "; ")), text_cell(stretches(scenario, move)),
             text_cell(unit_of(scenario, number)), move.settled ? Cell{move.never()} : Cell{},
             redundant ? Cell{*redundant} : Cell{}, proof_word(move.proof)});
  }
  return table;
}

Table move_pairs_table(const Explained& explained) {
  Table table = make_table("move_pairs");
  if (!explained.answer.moves) return table;
  const Scenario& scenario = explained.scenario;
  const Moves& found = *explained.answer.moves;
  std::size_t number = 0;
  for (const MovePair& pair : found.pairs) {
    ++number;
    for (const bool first : {true, false}) {
      const Move& move = found.moves.at(first ? pair.first : pair.second);
      add_row(table, explained.origin,
              {Integer(number), scenario.parties.at(at(move.number.party)).id,
               demand_cell(explained, move), number_path(scenario, move.number),
               value_cell(scenario, move.number, move.from),
               value_cell(scenario, move.number, first ? pair.first_to : pair.second_to),
               text_cell(unit_of(scenario, move.number)), to_double(pair.share)});
    }
  }
  return table;
}

Table vetoes_table(const Explained& explained) {
  Table table = make_table("vetoes");
  if (!explained.answer.moves) return table;
  for (const ConsentCost& cost : explained.answer.moves->consents) {
    add_row(table, explained.origin,
            {explained.scenario.parties.at(at(cost.party)).id,
             cost.leaf < 0 ? Cell{} : Cell{explained.problem.leaves.at(at(cost.leaf)).path},
             cost.absorbed ? Cell{*cost.absorbed} : Cell{}});
  }
  return table;
}

void add_moves(const Explained& explained, Page& page) {
  const Moves& found = *explained.answer.moves;
  const std::vector<std::size_t> order = ranked(found);
  const auto say = [&](std::string text) {
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
  };
  page.push_back(Section{found.open ? "What would close the zone" : "One number alone",
                         found.open ? "The nearest value of each number up to which the zone is "
                                      "not empty, all else as it is. Share: of the scale, of 1 for "
                                      "utilities, of the party's whole salience."
                                    : "The nearest value of each number at which the zone is not "
                                      "empty, all else as it is. Share: of the scale, of 1 for "
                                      "utilities, of the party's whole salience."});
  const auto unsettled = static_cast<std::size_t>(std::count_if(
      found.moves.begin(), found.moves.end(), [](const Move& move) { return !move.settled; }));
  const std::string of = std::to_string(found.moves.size()) + " numbers";
  if (order.empty()) {
    say("None of " + of + (found.open ? " closes the zone." : " opens the zone alone.") +
        (unsettled > 0 ? " But " + std::to_string(unsettled) +
                             " are not settled: the search was stopped, or would have been too "
                             "long."
                       : "") +
        (!found.open && found.pairs.empty() && found.pairs_complete
             ? " Nor do any two that belong to demands."
             : ""));
  } else {
    say(std::to_string(order.size()) + " of " + of +
        (found.open
             ? (order.size() == 1 ? " closes the zone alone" : " close the zone, each alone")
             : (order.size() == 1 ? " opens the zone alone" : " open the zone, each alone")) +
        (order.size() > kMovesShown ? "; the nearest:" : ":"));
    page.push_back(move_grid(explained, order));
    if (unsettled > 0)
      say(std::to_string(unsettled) + (unsettled == 1 ? " is" : " are") +
          " not settled: the search was stopped, or would have been too long.");
  }
  if (found.open || found.pairs.empty()) return;
  say(std::to_string(found.pairs.size()) +
      (found.pairs.size() == 1 ? " pair opens" : " pairs open") +
      " the zone, neither number alone" + (found.pairs_complete ? "" : " (there may be more)") +
      (found.pairs.size() > kPairsShown ? "; the nearest:" : ":"));
  for (std::size_t k = 0; k < std::min(found.pairs.size(), kPairsShown); ++k) {
    const MovePair& pair = found.pairs[k];
    page.push_back(Sentence{
        pair_member(explained.scenario, found.moves.at(pair.first), pair.first_to) + ", and " +
            pair_member(explained.scenario, found.moves.at(pair.second), pair.second_to) +
            " (share " + share_text(to_double(pair.share)) + ").",
        Tone::plain, 5});
  }
}

void add_redundant(const Explained& explained, Page& page) {
  const Moves& found = *explained.answer.moves;
  if (!found.open) return;
  std::vector<int> idle;
  std::size_t undecided = 0;
  for (std::size_t d = 0; d < found.redundant.size(); ++d) {
    if (!found.redundant[d]) ++undecided;
    if (found.redundant[d].value_or(false)) idle.push_back(static_cast<int>(d));
  }
  std::vector<std::string> absorbed;
  for (const ConsentCost& cost : found.consents) {
    if (!cost.absorbed.value_or(false)) continue;
    const std::string title = title_of(explained.scenario.parties.at(at(cost.party)));
    absorbed.push_back(
        cost.leaf < 0 ? title : leaf_title(explained.scenario, explained.problem, cost.leaf));
  }
  page.push_back(Section{"What leaves the zone as it is"});
  const auto say = [&](std::string text) {
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
  };
  say(idle.empty() ? "No demand: each excludes something that no other does."
                   : "Dropped one at a time, these demands leave the zone as it is: " +
                         grouped_names(explained.scenario, found.demands, idle) + ".");
  if (undecided > 0)
    say("The search was stopped before " + std::to_string(undecided) + " were decided.");
  if (!absorbed.empty()) {
    say("Granted whatever the package, these consents leave the zone as it is: " +
        joined(absorbed) + ".");
  }
}

}  // namespace zopa
