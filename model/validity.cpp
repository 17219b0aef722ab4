// SPDX-License-Identifier: MIT
#include "model/validity.hpp"

#include <algorithm>
#include <utility>

namespace zopa {
namespace {

std::string range_text(const Issue& issue) {
  return place_id(issue, issue.scale_low()) + " to " + place_id(issue, issue.scale_high());
}

std::string code(const std::string& text) { return "`" + text + "`"; }

class Finder {
 public:
  explicit Finder(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<ScenarioProblem> find() {
    if (scenario_.issues.empty()) add("issues", "there are no issues", "Write at least one.");
    if (scenario_.parties.empty()) add("parties", "there are no parties", "Write at least one.");
    check_count("issues", scenario_.issues.size(), kMostIssues);
    check_count("parties", scenario_.parties.size(), kMostParties);
    for (const Issue& one : scenario_.issues) {
      std::vector<ScenarioProblem> problems = find_problems(one);
      sound_.push_back(problems.empty());
      for (ScenarioProblem& problem : problems) found_.push_back(std::move(problem));
    }
    for (const Rule& rule : scenario_.rules) {
      const std::size_t before = found_.size();
      check_rule(rule);
      rule_sound_.push_back(found_.size() == before);
    }
    for (const Party& party : scenario_.parties) check_party(party);
    std::vector<std::vector<const Consent*>> leaves(scenario_.parties.size());
    check_consent("consent", scenario_.consent, leaves);
    for (std::size_t i = 0; i < scenario_.parties.size(); ++i) {
      check_scopes(scenario_.parties[i], leaves[i]);
    }
    for (const Draft& draft : scenario_.drafts) check_draft(draft);
    return std::move(found_);
  }

 private:
  void add(std::string path, std::string problem, std::string remedy) {
    found_.push_back({std::move(path), std::move(problem), std::move(remedy)});
  }

  const Issue& issue(int index) const { return scenario_.issues[static_cast<std::size_t>(index)]; }

  // Whether the scale of an issue can be relied on; nothing else is said about one that cannot.
  bool sound(int index) const { return sound_[static_cast<std::size_t>(index)]; }

  void check_count(const std::string& path, std::size_t count, int most) {
    if (count <= static_cast<std::size_t>(most)) return;
    add(path,
        std::to_string(count) + " " + path + " are more than the " + std::to_string(most) +
            " that fit",
        "Join or leave out some of them.");
  }

  // ------------------------------------------------------------------------------------- numbers

  bool check_order(const std::string& path, const Number& number) {
    if (number.low <= number.likely && number.likely <= number.high) return true;
    add(path, "low, likely and high are not in rising order", "Write low ≤ likely ≤ high.");
    return false;
  }

  void check_unit(const std::string& path, const Number& number, const std::string& what) {
    if (!check_order(path, number)) return;
    for (const Rational* value : {&number.likely, &number.low, &number.high}) {
      if (*value >= 0 && *value <= 1) continue;
      add(path, what + " " + to_text(*value) + " lies outside 0 to 1",
          "Write 0 for the worst and 1 for the best, or a number between.");
      return;
    }
  }

  bool check_place(const std::string& path, const Issue& where, const Rational& place,
                   const std::string& remedy) {
    if (place >= where.scale_low() && place <= where.scale_high()) return true;
    add(path, to_text(place) + " lies outside the issue's range " + range_text(where),
        "Write a value between " + place_id(where, where.scale_low()) + " and " +
            place_id(where, where.scale_high()) + remedy);
    return false;
  }

  void check_place(const std::string& path, const Issue& where, const Number& number,
                   const std::string& remedy) {
    const auto text = [&](const Rational& place) { return place_id(where, place); };
    if (number.low > number.likely || number.likely > number.high) {
      const bool options = where.kind != IssueKind::numeric;
      add(path, "low, likely and high are not in rising order",
          options ? "Write the options in their order in the file: " + text(0) + " first."
                  : "Write low ≤ likely ≤ high.");
      return;
    }
    for (const Rational* place : {&number.likely, &number.low, &number.high}) {
      if (!check_place(path, where, *place, remedy)) return;
    }
  }

  // A settlement that a package may hold.
  void check_settlement(const std::string& path, const Issue& where, const Rational& place) {
    if (!check_place(path, where, place, ".")) return;
    if (where.admits(place)) return;
    const Rational steps = (place - where.low) / *where.step;
    const Rational below =
        where.low + *where.step * Rational(boost::multiprecision::numerator(steps) /
                                           boost::multiprecision::denominator(steps));
    add(path, to_text(place) + " is not on the issue's steps of " + to_text(*where.step),
        "Write " + to_text(below) + " or " + to_text(Rational(below + *where.step)) + ".");
  }

  // ------------------------------------------------------------------------------------- parties

  void check_party(const Party& party) {
    const std::string path = "parties." + party.id;
    if (party.power < 0) {
      add(path + ".power", "the power " + to_text(party.power) + " is negative",
          "Write a number from 0 on; 1 is usual.");
    }
    for (const Position& position : party.positions) {
      const std::string where = path + ".positions." + issue(position.issue).id;
      check_salience(where + ".salience", position.salience);
      if (sound(position.issue)) check_position(where, position);
    }
    for (const LinkedDemand& demand : party.demands) {
      const std::string where = path + ".demands." + demand.id;
      if (demand.id == "reservation") {
        add(where, "a demand cannot be called `reservation`",
            "Choose another id; " + code(party.id + ".reservation") +
                " already means the party's "
                "reservation in reports.");
      }
      if (demand.require.empty()) {
        add(where + ".require", "the demand requires nothing", "Name an issue and a test.");
      }
      check_condition(where + ".when", demand.when, true);
      check_condition(where + ".require", demand.require, false);
    }
    check_reservation(path + ".reservation", party);
  }

  void check_salience(const std::string& path, const Number& salience) {
    if (check_order(path, salience) && salience.low < 0) {
      add(path, "the salience " + to_text(salience.low) + " is negative",
          "Write a number from 0 on; only ratios within the party count.");
    }
  }

  void check_position(const std::string& path, const Position& position) {
    const Issue& where = issue(position.issue);
    if (position.salience.high > 0 && !position.has_worth()) {
      add(path, "a salience without an `ideal` or a `value`",
          "Write what the party wants (`ideal`) or what each settlement is worth to it (`value`).");
    }
    if (position.ideal) check_ideal(path + ".ideal", where, *position.ideal);
    check_value(path, where, position);
    if (position.limit) check_limit(path + ".limit", where, *position.limit);
    if (position.accepts) check_accepts(path + ".accepts", where, *position.accepts);
  }

  void check_ideal(const std::string& path, const Issue& where, const Ideal& ideal) {
    if (where.kind == IssueKind::unordered) return;
    const std::size_t before = found_.size();
    check_place(path, where, ideal.low, ".");
    if (found_.size() == before) check_place(path, where, ideal.high, ".");
    if (found_.size() == before && ideal.low.likely > ideal.high.likely) {
      add(path,
          "the ideal runs from " + place_id(where, ideal.low.likely) + " down to " +
              place_id(where, ideal.high.likely),
          "Write the lower end first.");
    }
  }

  void check_value(const std::string& path, const Issue& where, const Position& position) {
    const std::vector<Breakpoint>& points = position.value;
    if (points.empty()) return;
    const std::size_t before = found_.size();
    for (std::size_t k = 0; k < points.size(); ++k) {
      const bool numeric = where.kind == IssueKind::numeric;
      const std::string here =
          path + ".value." + (numeric ? std::to_string(k) : place_id(where, points[k].place));
      if (numeric) check_place(here, where, points[k].place, ".");
      if (k > 0 && points[k].place <= points[k - 1].place) {
        add(here,
            "x does not rise from " + to_text(points[k - 1].place) + " to " +
                to_text(points[k].place),
            "Write the breakpoints in strictly rising order of x.");
      }
      check_unit(here, points[k].worth, "the worth");
    }
    if (found_.size() != before || !position.ideal) return;

    // With both, the ideal must be worth most; of a range of ideals the least worth counts.
    const Ideal& ideal = *position.ideal;
    Rational best = points.front().worth.likely;
    for (const Breakpoint& point : points) best = std::max(best, point.worth.likely);
    std::vector<Rational> ideals = ideal.options;
    if (where.kind != IssueKind::unordered) {
      ideals = {ideal.low.likely, ideal.high.likely};
      for (const Breakpoint& point : points) {
        if (point.place > ideal.low.likely && point.place < ideal.high.likely) {
          ideals.push_back(point.place);
        }
      }
    }
    for (const Rational& place : ideals) {
      const Rational here = worth(where, position, place);
      if (here >= best) continue;
      add(path + ".ideal",
          "the ideal " + place_id(where, place) + " is worth " + to_text(here) +
              ", less than the best worth " + to_text(best),
          "Name a settlement of the greatest worth, or leave `ideal` out.");
      return;
    }
  }

  void check_limit(const std::string& path, const Issue& where, const Limit& limit) {
    const std::string remedy = ", or leave `limit` out if the party has no red line here.";
    const std::size_t before = found_.size();
    if (limit.low) check_place(path, where, limit.low->place, remedy);
    if (limit.high && found_.size() == before) {
      check_place(path, where, limit.high->place, remedy);
    }
    if (limit.accepted) {
      if (limit.accepted->empty()) {
        add(path, "the limit accepts nothing", "Name at least one settlement.");
      }
      for (const Rational& place : *limit.accepted) check_settlement(path, where, place);
    }
    if (found_.size() == before && limit.low && limit.high &&
        limit.low->place.likely > limit.high->place.likely) {
      add(path,
          "the limit runs from " + place_id(where, limit.low->place.likely) + " down to " +
              place_id(where, limit.high->place.likely),
          "Write the lower end first.");
    }
  }

  void check_accepts(const std::string& path, const Issue& where, const Accepts& accepts) {
    if (!accepts.options.empty()) {
      for (const Rational& place : accepts.options) check_settlement(path, where, place);
      return;
    }
    const std::size_t before = found_.size();
    check_place(path, where, accepts.low, ".");
    if (found_.size() == before) check_place(path, where, accepts.high, ".");
    if (found_.size() == before && accepts.low > accepts.high) {
      add(path,
          "the range runs from " + place_id(where, accepts.low) + " down to " +
              place_id(where, accepts.high),
          "Write the lower end first.");
    }
  }

  void check_reservation(const std::string& path, const Party& party) {
    const Reservation& reservation = party.reservation;
    if (reservation.utility) check_unit(path, *reservation.utility, "the reservation");
    if (reservation.package.empty()) return;
    const std::size_t before = found_.size();
    std::vector<const Rational*> places(scenario_.issues.size(), nullptr);
    for (const auto& [index, number] : reservation.package) {
      places[static_cast<std::size_t>(index)] = &number.likely;
      if (!sound(index)) continue;
      const std::string here = path + ".package." + issue(index).id;
      if (!check_order(here, number)) continue;
      check_settlement(here, issue(index), number.likely);
      if (number.low != number.likely) check_place(here, issue(index), number.low, ".");
      if (number.high != number.likely) check_place(here, issue(index), number.high, ".");
    }
    for (const Position& position : party.positions) {
      if (position.salience.high <= 0 || places[static_cast<std::size_t>(position.issue)]) continue;
      const std::string& id = issue(position.issue).id;
      add(path + ".package",
          "the package does not name " + code(id) + ", on which the party has salience",
          "Add " + code(id) + ": its value in the deal the party would only just sign.");
    }
    if (found_.size() != before) return;
    for (std::size_t r = 0; r < scenario_.rules.size(); ++r) {
      const Rule& rule = scenario_.rules[r];
      if (!rule_sound_[r] || !surely_broken(rule, places)) continue;
      add(path + ".package", "the package breaks the rule " + code(rule.id),
          "Choose a package that the rules allow, or correct the rule.");
    }
  }

  // Whether no choice for the open issues makes the package keep the rule.
  bool surely_broken(const Rule& rule, const std::vector<const Rational*>& places) const {
    const auto place = [&](int index) { return places[static_cast<std::size_t>(index)]; };
    const auto doubtful = [&](const Test& test) { return !sound(test.issue); };
    if (std::any_of(rule.when.begin(), rule.when.end(), doubtful) ||
        std::any_of(rule.require.begin(), rule.require.end(), doubtful) ||
        std::any_of(rule.sum.begin(), rule.sum.end(), [&](const auto& term) {
          return !sound(term.first) || issue(term.first).kind != IssueKind::numeric;
        })) {
      return false;
    }
    if (rule.sum.empty()) {
      const bool applies = std::all_of(rule.when.begin(), rule.when.end(), [&](const Test& test) {
        return place(test.issue) && test.holds(*place(test.issue));
      });
      return applies &&
             std::any_of(rule.require.begin(), rule.require.end(), [&](const Test& test) {
               return place(test.issue) && !test.holds(*place(test.issue));
             });
    }
    Rational least = 0;
    Rational most = 0;
    for (const auto& [index, coefficient] : rule.sum) {
      const Issue& term = issue(index);
      Rational a = coefficient * (place(index) ? *place(index) : term.low);
      Rational b = coefficient * (place(index) ? *place(index) : term.high);
      if (a > b) std::swap(a, b);
      least += a;
      most += b;
    }
    return (rule.at_least && most < *rule.at_least) || (rule.at_most && least > *rule.at_most) ||
           (rule.equals && (least > *rule.equals || most < *rule.equals));
  }

  // ---------------------------------------------------------------------------------- conditions

  void check_condition(const std::string& path, const Condition& condition, bool is_when) {
    for (const Test& test : condition) {
      if (!sound(test.issue)) continue;
      const Issue& where = issue(test.issue);
      const std::string here = path + "." + where.id;
      const bool order = test.relation == Relation::at_most || test.relation == Relation::less ||
                         test.relation == Relation::at_least || test.relation == Relation::greater;
      if (test.relation == Relation::one_of) {
        if (test.places.empty()) add(here, "the list is empty", "Name at least one settlement.");
        for (const Rational& place : test.places) check_settlement(here, where, place);
      } else if (order) {
        check_place(here, where, test.place, ".");
      } else {
        check_settlement(here, where, test.place.likely);
      }
      if (order && where.kind == IssueKind::unordered) {
        add(here, "the options of " + code(where.id) + " have no order",
            "Write = or !=, or list the options.");
      }
      if (!where.continuous()) continue;
      const bool open = test.relation == Relation::less || test.relation == Relation::greater ||
                        test.relation == Relation::not_equal;
      if (!is_when && open) {
        add(here, "<, > and != cannot be required on " + code(where.id) + ", which is continuous",
            "Write <= or >=, or give the issue a step.");
      }
      if (is_when && (test.relation == Relation::equal || test.relation == Relation::one_of)) {
        add(here,
            "this never triggers: " + code(where.id) +
                " is continuous, and a boundary counts as not triggering",
            "Give the issue a step, or write <= or >=.");
      }
    }
  }

  void check_rule(const Rule& rule) {
    const std::string path = "rules." + rule.id;
    check_condition(path + ".when", rule.when, true);
    check_condition(path + ".require", rule.require, false);
    if (rule.sum.empty() && rule.require.empty()) {
      add(path, "the rule requires nothing", "Write `require` or `sum`.");
    }
    for (const auto& [index, coefficient] : rule.sum) {
      if (issue(index).kind == IssueKind::numeric) continue;
      add(path + ".sum." + issue(index).id, code(issue(index).id) + " is not numeric",
          "Only numeric issues can be added up; use `when` and `require` for options.");
    }
    if (!rule.sum.empty()) {
      if (!rule.at_least && !rule.at_most && !rule.equals) {
        add(path, "the sum has no bound", "Write `at_least`, `at_most` or `equals`.");
      }
      if (rule.equals && (rule.at_least || rule.at_most)) {
        add(path + ".equals", "`equals` stands beside another bound", "Keep one of them.");
      }
      if (rule.at_least && rule.at_most && *rule.at_least > *rule.at_most) {
        add(path,
            "`at_least` " + to_text(*rule.at_least) + " exceeds `at_most` " +
                to_text(*rule.at_most),
            "Write at_least ≤ at_most.");
      }
    } else if (rule.at_least || rule.at_most || rule.equals) {
      add(path, "a bound without a `sum`", "Write the `sum` it bounds.");
    }
  }

  // ------------------------------------------------------------------------------------- consent

  void check_consent(const std::string& path, const Consent& node,
                     std::vector<std::vector<const Consent*>>& leaves) {
    if (node.kind == Consent::Kind::leaf) {
      leaves[static_cast<std::size_t>(node.party)].push_back(&node);
      if (node.issues && node.issues->empty()) {
        add(path + ".issues", "the scope is empty",
            "Name an issue, or leave `issues` out to ask about all.");
      }
      check_condition(path + ".when", node.when, true);
      return;
    }
    static constexpr const char* kNames[] = {"", "all", "any", "at_least.of", "quota.of"};
    const std::string here = path + "." + kNames[static_cast<int>(node.kind)];
    if (node.members.empty()) {
      add(here, "this names nobody", "Name at least one party.");
    }
    for (std::size_t k = 0; k < node.members.size(); ++k) {
      check_consent(here + "." + std::to_string(k), node.members[k], leaves);
    }
    const auto members = static_cast<int>(node.members.size());
    if (node.kind == Consent::Kind::at_least && members > 0 &&
        (node.count < 1 || node.count > members)) {
      add(path + ".at_least.count",
          "the count " + std::to_string(node.count) + " lies outside 1 to " +
              std::to_string(members) + ", the number of members",
          "Write how many of the members must accept.");
    }
    if (node.kind == Consent::Kind::quota) check_quota(path + ".quota", node);
  }

  void check_quota(const std::string& path, const Consent& node) {
    Rational sum = 0;
    for (std::size_t k = 0; k < node.weights.size(); ++k) {
      sum += node.weights[k];
      if (node.weights[k] >= 0) continue;
      add(path + ".weights", "the weight " + to_text(node.weights[k]) + " is negative",
          "Write a number from 0 on.");
      return;
    }
    if (node.need > 0 && node.need <= sum) return;
    add(path + ".need",
        "the need " + to_text(node.need) + " is not above 0 and at most " + to_text(sum) +
            ", the sum of the weights",
        "Write the weight that those who accept must reach.");
  }

  // A number is a utility over one scope; it says nothing about another.
  void check_scopes(const Party& party, const std::vector<const Consent*>& leaves) {
    if (!party.reservation.utility || leaves.empty()) return;
    const auto scope = [&](const Consent& leaf) {
      std::vector<char> issues(scenario_.issues.size(), leaf.issues ? 0 : 1);
      if (leaf.issues) {
        for (const int index : *leaf.issues) issues[static_cast<std::size_t>(index)] = 1;
      }
      return issues;
    };
    const bool differ = std::any_of(leaves.begin(), leaves.end(), [&](const Consent* leaf) {
      return scope(*leaf) != scope(*leaves.front());
    });
    if (!differ) return;
    add("parties." + party.id + ".reservation",
        "a number, but the consent tree asks the party over different issues",
        "Give a package: its utility can be computed over each scope.");
  }

  void check_draft(const Draft& draft) {
    for (std::size_t j = 0; j < draft.package.size(); ++j) {
      if (!draft.package[j] || !sound_[j]) continue;
      const Issue& where = scenario_.issues[j];
      check_settlement("drafts." + draft.id + ".package." + where.id, where, *draft.package[j]);
    }
  }

  const Scenario& scenario_;
  std::vector<bool> sound_;       // by issue
  std::vector<bool> rule_sound_;  // whether the rule is free of problems
  std::vector<ScenarioProblem> found_;
};

}  // namespace

std::vector<ScenarioProblem> find_problems(const Issue& issue) {
  std::vector<ScenarioProblem> found;
  const std::string path = "issues." + issue.id;
  const auto add = [&](const std::string& key, std::string problem, std::string remedy) {
    found.push_back({path + key, std::move(problem), std::move(remedy)});
  };
  if (issue.kind != IssueKind::numeric) {
    if (issue.options.empty()) add(".options", "there are no options", "Write at least one.");
    if (issue.options.size() > static_cast<std::size_t>(kMostSettlements)) {
      add(".options",
          std::to_string(issue.options.size()) + " options are more than the 4,096 that fit",
          "Use a numeric issue, or join options.");
    }
    return found;
  }
  if (issue.low >= issue.high) {
    add(".range", "the range runs from " + to_text(issue.low) + " to " + to_text(issue.high),
        "Write [low, high] with low < high.");
    return found;
  }
  if (!issue.step) return found;
  if (*issue.step <= 0) {
    add(".step", "the step " + to_text(*issue.step) + " is not above 0",
        "Write a positive step, or leave it out for a continuous issue.");
    return found;
  }
  const Rational steps = (issue.high - issue.low) / *issue.step;
  if (boost::multiprecision::denominator(steps) != 1) {
    add(".step",
        "steps of " + to_text(*issue.step) + " from " + to_text(issue.low) + " miss the end " +
            to_text(issue.high),
        "Choose a step that divides the range, or move an end of the range.");
  } else if (steps + 1 > kMostSettlements) {
    add(".step",
        "steps of " + to_text(*issue.step) + " make " + to_text(Rational(steps + 1)) +
            " values, more than the 4,096 that fit",
        "Write a larger step, or leave it out for a continuous issue.");
  }
  return found;
}

std::vector<ScenarioProblem> find_problems(const Scenario& scenario) {
  return Finder(scenario).find();
}

}  // namespace zopa
