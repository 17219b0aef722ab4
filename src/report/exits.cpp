// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kExitsShown = 5;

const NamedDemand& demand_of(const Explained& explained, int index) {
  return explained.answer.conflicts->demands.at(at(index));
}

const Price* price_of(const Conflicts& found, int demand) {
  const auto it = std::find_if(found.prices.begin(), found.prices.end(),
                               [&](const Price& price) { return price.demand == demand; });
  return it == found.prices.end() ? nullptr : &*it;
}

// An exit of one demand is given by its price, all ways of it; another by its concessions.
const std::vector<Concession>& ways_of(const Conflicts& found, const Exit& exit) {
  if (exit.demands.size() != 1) return exit.concessions;
  const Price* price = price_of(found, exit.demands.front());
  return price == nullptr || price->ways.empty() ? exit.concessions : price->ways;
}

Cell distance_cell(const Concession& given) {
  if (given.what == Concession::What::options) return to_double(Rational(given.added.size()));
  if (!given.distance) return {};
  if (given.what == Concession::What::reservation && *given.to <= 0) return to_double(*given.from);
  return reached_number(0, *given.distance);
}

// The cells from the party on, as exits, prices and splits hold a concession.
std::vector<Cell> member_cells(const Explained& explained, int demand, const Concession& given) {
  const Scenario& scenario = explained.scenario;
  const Demand& asked = demand_of(explained, demand).demand;
  std::vector<Cell> cells{scenario.parties.at(at(asked.party)).id, demand_id(scenario, asked),
                          demand_kind_word(asked), concession_word(given.what)};
  for (Cell& cell : concession_cells(scenario, given)) cells.push_back(std::move(cell));
  cells.push_back(number_cell(share_of_scale(explained.problem, given)));
  cells.push_back(distance_cell(given));
  return cells;
}

// "A's reservation falls from 0.55 to 0.5311 (by 0.0189 of utility)".
std::string give_words(const Explained& explained, const Concession& given) {
  std::string text = concession_sentence(explained.scenario, explained.problem,
                                         demand_of(explained, given.demand), given);
  const std::string by = distance_words(explained.scenario, given);
  if (!by.empty() && given.what != Concession::What::options) text += " (by " + by + ")";
  if (given.proof == Proof::bounded) text += "; a smaller move may do, the search was stopped";
  return text;
}

std::string party_names(const Explained& explained, const std::vector<int>& parties) {
  std::vector<std::string> names;
  for (const int p : parties) names.push_back(title_of(explained.scenario.parties.at(at(p))));
  return joined(names);
}

std::string demands_count(std::size_t count) {
  return count == 1 ? "1 demand" : std::to_string(count) + " demands";
}

std::string exits_count(std::size_t count) {
  return count == 1 ? "1 exit" : count_text(Integer(count)) + " exits";
}

// What heads the list of exits: how many there are, and of which least size.
std::string exits_sentence(const Conflicts& found) {
  std::size_t alone = 0;
  std::size_t least = found.exits.front().demands.size();
  for (const Exit& exit : found.exits) {
    alone += exit.demands.size() == 1 ? 1 : 0;
    least = std::min(least, exit.demands.size());
  }
  std::string text = exits_count(found.exits.size());
  if (!found.complete) text += " found before the search was stopped; there may be more";
  if (alone == found.exits.size())
    return text + (alone == 1 ? ", of one demand." : ", each of one demand alone.");
  text += ". ";
  if (alone > 0)
    return text + std::to_string(alone) + " of one demand alone, the others of several.";
  return text + "No demand alone opens the zone" +
         (found.complete ? "; the fewest that do are " + std::to_string(least) + "." : ".");
}

std::string exit_title(const Explained& explained, const Exit& exit, std::size_t index) {
  return std::to_string(index + 1) + ". " + party_names(explained, exit.parties) + ", " +
         demands_count(exit.demands.size()) +
         (exit.share ? ", share " + share_text(to_double(*exit.share)) : ", given up");
}

// What gives way, as short as it can be told apart.
std::string short_conceded(const Explained& explained, const NamedDemand& demand,
                           const Concession& given) {
  if (given.what != Concession::What::when && given.what != Concession::What::require)
    return conceded_words(explained.scenario, explained.problem, demand, given);
  return demand_name(explained.scenario, demand.demand) + " (" +
         title_of(explained.scenario.issues.at(at(given.issue))) + ")";
}

// Exits of several demands, one after the other.
Grid exit_grid(const Explained& explained, const std::vector<std::size_t>& several) {
  const Scenario& scenario = explained.scenario;
  const Conflicts& found = *explained.answer.conflicts;
  Grid grid;
  grid.columns = {{"party", Align::left, 10},
                  {"what gives way", Align::left, 20},
                  {"from", Align::left, 10},
                  {"to", Align::left, 10},
                  {"by", Align::left, 8}};
  for (const std::size_t e : several) {
    int party = -1;
    for (const Concession& given : found.exits[e].concessions) {
      const NamedDemand& demand = demand_of(explained, given.demand);
      const bool again = demand.demand.party == party;
      party = demand.demand.party;
      const std::string title = title_of(scenario.parties.at(at(party)));
      const std::string about = given.proof == Proof::bounded ? " or less" : "";
      grid.rows.push_back({{{"  " + (again ? "" : title)},
                            {short_conceded(explained, demand, given)},
                            {from_words(scenario, demand, given, Naming::short_names)},
                            {to_words(scenario, demand, given, Naming::short_names) + about},
                            {distance_words(scenario, given)}},
                           exit_title(explained, found.exits[e], e)});
    }
  }
  return grid;
}

// An exit of one demand: each number of it that would do.
std::string exit_words(const Explained& explained, std::size_t index) {
  const Conflicts& found = *explained.answer.conflicts;
  std::string text;
  for (const Concession& given : ways_of(found, found.exits[index]))
    text += (text.empty() ? "" : "; or ") + give_words(explained, given);
  return std::to_string(index + 1) + ". " + capital(text) + ".";
}

// The demands that satisfy the condition, in order.
template <class Holds>
std::vector<int> demands_where(const Conflicts& found, const Holds& holds) {
  std::vector<int> chosen;
  for (int d = 0; d < static_cast<int>(found.demands.size()); ++d) {
    if (holds(d)) chosen.push_back(d);
  }
  return chosen;
}

const char* split_word(Split::Kind kind) {
  switch (kind) {
    case Split::Kind::least_largest: return "least_largest";
    case Split::Kind::least_sum: return "least_sum";
    case Split::Kind::fewest: break;
  }
  return "fewest";
}

const char* split_title(Split::Kind kind) {
  switch (kind) {
    case Split::Kind::least_largest: return "least largest share";
    case Split::Kind::least_sum: return "least sum of shares";
    case Split::Kind::fewest: break;
  }
  return "fewest demands";
}

}  // namespace

Table exits_table(const Explained& explained) {
  Table table = make_table("exits");
  if (!explained.answer.conflicts) return table;
  const Conflicts& found = *explained.answer.conflicts;
  const std::vector<std::size_t> shown = shown_exits(found, kExitsShown);
  for (std::size_t e = 0; e < found.exits.size(); ++e) {
    const Exit& exit = found.exits[e];
    const bool is_shown = std::find(shown.begin(), shown.end(), e) != shown.end();
    for (const Concession& given : ways_of(found, exit)) {
      std::vector<Cell> cells{Integer(e + 1)};
      for (Cell& cell : member_cells(explained, given.demand, given))
        cells.push_back(std::move(cell));
      cells.push_back(number_cell(exit.share));
      cells.push_back(Integer(exit.parties.size()));
      cells.push_back(Integer(exit.demands.size()));
      cells.push_back(proof_word(given.proof));
      cells.push_back(is_shown);
      add_row(table, explained.origin, std::move(cells));
    }
  }
  return table;
}

Table prices_table(const Explained& explained) {
  Table table = make_table("prices");
  if (!explained.answer.conflicts) return table;
  const Scenario& scenario = explained.scenario;
  const Conflicts& found = *explained.answer.conflicts;
  const auto in_conflict = [&](int d) {
    return std::any_of(found.conflicts.begin(), found.conflicts.end(), [&](const Conflict& c) {
      return std::binary_search(c.demands.begin(), c.demands.end(), d);
    });
  };
  for (const Price& price : found.prices) {
    const bool met = in_conflict(price.demand);
    const Cell conflicted = met || found.complete ? Cell{met} : Cell{};
    if (price.ways.empty()) {
      if (!price.never) continue;  // not found: the search was stopped
      const Demand& asked = demand_of(explained, price.demand).demand;
      add_row(table, explained.origin,
              {scenario.parties.at(at(asked.party)).id,
               demand_id(scenario, asked),
               demand_kind_word(asked),
               {},
               {},
               {},
               {},
               {},
               {},
               {},
               true,
               conflicted,
               "exact"});
      continue;
    }
    for (const Concession& way : price.ways) {
      std::vector<Cell> cells = member_cells(explained, price.demand, way);
      cells.push_back(false);
      cells.push_back(conflicted);
      cells.push_back(proof_word(way.proof));
      add_row(table, explained.origin, std::move(cells));
    }
  }
  return table;
}

Table splits_table(const Explained& explained) {
  Table table = make_table("splits");
  if (!explained.answer.conflicts) return table;
  for (const Split& split : explained.answer.conflicts->splits) {
    if (!split.exists) continue;
    for (const Concession& given : split.concessions) {
      std::vector<Cell> cells{split_word(split.kind)};
      for (Cell& cell : member_cells(explained, given.demand, given))
        cells.push_back(std::move(cell));
      cells.push_back(number_cell(split.largest));
      cells.push_back(number_cell(split.sum));
      cells.push_back(proof_word(split.proof));
      add_row(table, explained.origin, std::move(cells));
    }
  }
  return table;
}

void add_exits(const Explained& explained, Page& page) {
  const Conflicts& found = *explained.answer.conflicts;
  if (found.open) return;
  const std::vector<std::size_t> shown = shown_exits(found, kExitsShown);
  std::vector<std::size_t> several;
  for (const std::size_t e : shown) {
    if (found.exits[e].demands.size() > 1) several.push_back(e);
  }
  std::string remark =
      "Each is a set of demands that opens the zone when they give way, while no "
      "part of it does. Cheapest first: parties asked, demands, share.";
  if (!several.empty()) {
    remark +=
        " Share: what each gives, of the length of the scale or of a reservation's distance "
        "to the best; beyond 100 % red lines are gone and only reservations give more.";
  }
  page.push_back(Section{"Exits", remark});
  const bool firm = std::any_of(found.conflicts.begin(), found.conflicts.end(),
                                [](const Conflict& conflict) { return conflict.firm; });
  if (found.exits.empty()) {
    page.push_back(Sentence{firm ? "There is none: a conflict is firm throughout."
                                 : "The search was stopped before one was found.",
                            Tone::plain, 2});
    return;
  }
  page.push_back(Sentence{exits_sentence(found), Tone::plain, 2});
  for (const std::size_t e : shown) {
    if (found.exits[e].demands.size() == 1)
      page.push_back(Sentence{exit_words(explained, e), Tone::plain, 2});
  }
  if (!several.empty()) page.push_back(exit_grid(explained, several));
  if (shown.size() < found.exits.size()) {
    const std::size_t left = found.exits.size() - shown.size();
    page.push_back(Sentence{exits_count(left) + (left == 1 ? " is" : " are") +
                                " left out here, and in the tables of --format csv and json.",
                            Tone::plain, 2});
  }
}

void add_pointless(const Explained& explained, Page& page) {
  const Conflicts& found = *explained.answer.conflicts;
  if (found.open || found.prices.empty()) return;
  std::set<int> met;
  for (const Conflict& conflict : found.conflicts)
    met.insert(conflict.demands.begin(), conflict.demands.end());
  const auto priced = [&](int d) { return price_of(found, d); };
  const std::vector<int> never = demands_where(
      found, [&](int d) { return priced(d) != nullptr && priced(d)->never && met.contains(d); });
  const std::vector<int> apart = demands_where(
      found, [&](int d) { return found.complete && priced(d) != nullptr && !met.contains(d); });
  const auto opens = std::count_if(found.prices.begin(), found.prices.end(),
                                   [](const Price& price) { return !price.never; });
  if (never.empty() && apart.empty()) return;
  page.push_back(Section{"What opens nothing"});
  const auto say = [&](std::string text) {
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
  };
  const auto names = [&](const std::vector<int>& demands) {
    return grouped_names(explained.scenario, found.demands, demands);
  };
  if (!apart.empty()) {
    say("In no conflict, so that giving them up opens nothing, alone or in company: " +
        names(apart) + ". Giving them up can still change how far others have to move.");
  }
  if (never.empty()) return;
  say(opens == 0
          ? "Given up alone, none of the others opens the zone either."
          : "In a conflict, but given up alone they leave the zone empty: " + names(never) + ".");
}

void add_splits(const Explained& explained, Page& page) {
  const Conflicts& found = *explained.answer.conflicts;
  if (found.open || found.splits.empty()) return;
  std::vector<const Split*> splits;
  for (const Split& split : found.splits) {
    if (split.exists) splits.push_back(&split);
  }
  page.push_back(Section{"Fair splits",
                         "Three ways to share what is missing. Share: of the length of the scale, "
                         "or of the reservation's distance to the best. In the sum a red line "
                         "counts by its salience, a reservation by 1."});
  if (splits.empty()) {
    page.push_back(Sentence{found.complete ? "There is none: a conflict is firm throughout."
                                           : "The search was stopped before one was found.",
                            Tone::plain, 2});
    return;
  }
  Grid grid;
  grid.columns = {{"what gives way", Align::left, 20}};
  for (const Split* split : splits)
    grid.columns.push_back({split_title(split->kind), Align::left, 10});
  const auto row_of = [&](const char* title, const auto& cell) {
    Grid::Row row{{{title}}};
    for (const Split* split : splits) row.cells.push_back(cell(*split));
    grid.rows.push_back(std::move(row));
  };
  const auto share_cell = [](const std::optional<Rational>& share) {
    return share ? Grid::Cell{share_text(to_double(*share))} : Grid::Cell{"·", Tone::faint};
  };
  row_of("largest share", [&](const Split& split) { return share_cell(split.largest); });
  row_of("sum of shares", [&](const Split& split) { return share_cell(split.sum); });
  row_of("demands", [](const Split& split) {
    std::set<int> asked;
    for (const Concession& given : split.concessions) asked.insert(given.demand);
    return Grid::Cell{std::to_string(asked.size())};
  });
  row_of("parties", [&](const Split& split) {
    std::set<int> asked;
    for (const Concession& given : split.concessions)
      asked.insert(found.demands.at(at(given.demand)).demand.party);
    return Grid::Cell{std::to_string(asked.size())};
  });
  for (int d = 0; d < static_cast<int>(found.demands.size()); ++d) {
    Grid::Row row;
    bool any = false;
    for (const Split* split : splits) {
      std::vector<std::string> words;
      for (const Concession& given : split->concessions) {
        if (given.demand == d)
          words.push_back(concession_words(explained.scenario, found.demands[at(d)], given));
      }
      any = any || !words.empty();
      row.cells.push_back(words.empty() ? Grid::Cell{"·", Tone::faint}
                                        : Grid::Cell{joined_by(words, ", ")});
    }
    if (!any) continue;
    const NamedDemand& named = found.demands[at(d)];
    row.group = title_of(explained.scenario.parties.at(at(named.demand.party)));
    row.cells.insert(row.cells.begin(),
                     {"  " + capital(demand_name(explained.scenario, named.demand))});
    grid.rows.push_back(std::move(row));
  }
  page.push_back(std::move(grid));
  for (const Split* split : splits) {
    if (split->proof == Proof::bounded)
      page.push_back(Sentence{capital(split_title(split->kind)) +
                                  ": the search was stopped; it opens the zone, but is not proven "
                                  "to be the least.",
                              Tone::plain, 2});
  }
}

}  // namespace zopa
