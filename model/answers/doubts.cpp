// SPDX-License-Identifier: MIT
#include "model/answers/doubts.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "model/engine/prepare.hpp"

namespace zopa {
namespace {

using Kind = Doubt::Kind;

constexpr const char* kSayTheBasis =
    "Write `basis: stated`, `inferred` or `assumed` there; what stands on a position holds for all "
    "its numbers.";
constexpr const char* kNameTheSource =
    "Name where it was said or written with `sources: [...]`, or write `basis: inferred` or "
    "`assumed`.";

// A part of a position or reservation that carries evidence: its key, and what it says of itself.
struct Stated {
  std::string key;
  Evidence evidence;
};

bool unsourced(const Evidence& evidence) {
  return evidence.basis == Basis::stated && evidence.sources.empty();
}

// A share ≥ 0 as people read it: exact where that is short, else to four digits.
std::string share_text(const Rational& share) {
  std::string exact = to_text(share);
  if (exact.size() <= 6) return exact;
  const Rational half_up = share * 10'000 + Rational(1, 2);
  const Integer digits =
      boost::multiprecision::numerator(half_up) / boost::multiprecision::denominator(half_up);
  return "about " + to_text(Rational(digits, 10'000));
}

// "salience, ideal and limit"
std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (k > 0) text += k + 1 == words.size() ? " and " : ", ";
    text += words[k];
  }
  return text;
}

std::vector<Stated> parts(const Position& position) {
  std::vector<Stated> found;
  if (position.salience.high > 0) found.push_back({"salience", position.salience.evidence});
  if (position.ideal) {
    const Ideal& ideal = *position.ideal;
    found.push_back({"ideal", ideal.options.empty() ? ideal.low.evidence : position.evidence});
    if (ideal.options.empty()) found.push_back({"ideal", ideal.high.evidence});
  }
  for (const Breakpoint& point : position.value) found.push_back({"value", point.worth.evidence});
  if (position.limit) {
    const Limit& limit = *position.limit;
    if (limit.accepted) found.push_back({"limit", position.evidence});
    if (limit.low) found.push_back({"limit", limit.low->place.evidence});
    if (limit.high) found.push_back({"limit", limit.high->place.evidence});
  }
  if (position.accepts) found.push_back({"accepts", position.evidence});
  return found;
}

std::vector<Stated> parts(const Reservation& reservation) {
  std::vector<Stated> found;
  if (reservation.utility) found.push_back({"number", reservation.utility->evidence});
  for (const auto& [issue, place] : reservation.package)
    found.push_back({"package", place.evidence});
  return found;
}

template <class Test>
std::vector<std::string> keys(const std::vector<Stated>& parts, Test test) {
  std::vector<std::string> found;
  for (const Stated& part : parts) {
    if (test(part.evidence) && std::find(found.begin(), found.end(), part.key) == found.end())
      found.push_back(part.key);
  }
  return found;
}

class Doubts {
 public:
  Doubts(const Scenario& scenario, const Problem& problem)
      : scenario_(scenario), problem_(problem) {}

  std::vector<Doubt> all() {
    for (std::size_t i = 0; i < scenario_.parties.size(); ++i) party(static_cast<int>(i));
    for (int j = 0; j < problem_.m(); ++j) issue(j);
    for (const Rule& rule : scenario_.rules) {
      if (unsourced(rule.evidence))
        add(Kind::no_source, "rules." + rule.id, "`basis: stated` without sources", kNameTheSource);
    }
    for (const Draft& each : scenario_.drafts) draft(each);
    return std::move(doubts_);
  }

 private:
  void add(Kind kind, std::string path, std::string problem, std::string remedy) {
    doubts_.push_back({kind, std::move(path), std::move(problem), std::move(remedy)});
  }

  const Issue& issue_at(int j) const { return scenario_.issues[static_cast<std::size_t>(j)]; }

  void party(int i) {
    const Party& party = scenario_.parties[static_cast<std::size_t>(i)];
    const std::string path = "parties." + party.id;
    asks_something(party, i, path);
    for (const Position& position : party.positions) {
      const std::string where = path + ".positions." + issue_at(position.issue).id;
      evidence(where, position.evidence, parts(position));
      if (position.limit) red_line(where, position);
    }
    reservation(party, i, path + ".reservation");
    for (std::size_t d = 0; d < party.demands.size(); ++d) {
      const LinkedDemand& demand = party.demands[d];
      const std::string where = path + ".demands." + demand.id;
      if (!demand.evidence.basis) {
        add(Kind::no_basis, where, "the demand has no `basis`",
            "Write `basis: stated`, `inferred` or `assumed` on the demand.");
      }
      if (unsourced(demand.evidence))
        add(Kind::no_source, where, "`basis: stated` without sources", kNameTheSource);
      linked({Demand::Kind::linked, i, static_cast<int>(d)}, where);
    }
  }

  void asks_something(const Party& party, int i, const std::string& path) {
    const bool asked = std::any_of(problem_.leaves.begin(), problem_.leaves.end(),
                                   [&](const Leaf& leaf) { return leaf.party == i; });
    if (!asked && party.positions.empty() && party.demands.empty() && party.evidence.note.empty() &&
        party.evidence.sources.empty()) {
      add(Kind::party_unused, path,
          "nobody uses this party: the consent tree does not name it, and it has no position",
          "Name it in `consent`, give it positions or a `note`, or leave it out.");
    }
    const bool asks =
        !party.demands.empty() ||
        std::any_of(party.positions.begin(), party.positions.end(), [](const Position& position) {
          return position.limit || position.salience.high > 0;
        });
    if (asked && !asks) {
      add(Kind::party_unused, path,
          "the party is asked to consent but accepts everything: it has no salience, no red line "
          "and no demand",
          "Say what it wants or refuses, or leave it out of `consent`: then it is an observer.");
    }
  }

  // One doubt a position or reservation for each lack, naming the keys it concerns.
  void evidence(const std::string& path, const Evidence& own, const std::vector<Stated>& parts) {
    const auto bare = keys(parts, [](const Evidence& e) { return !e.basis; });
    if (!bare.empty()) add(Kind::no_basis, path, "no `basis` for its " + join(bare), kSayTheBasis);
    const auto open = keys(parts, unsourced);
    if (!open.empty()) {
      const std::string of = unsourced(own) ? "" : " for its " + join(open);
      add(Kind::no_source, path, "`basis: stated` without sources" + of, kNameTheSource);
    }
  }

  void red_line(const std::string& position_path, const Position& position) {
    const Issue& issue = issue_at(position.issue);
    const Limit& limit = *position.limit;
    const std::string path = position_path + ".limit";
    // Settlements accepted, counted up to two; all is whether none is refused.
    int accepted = 0;
    bool all = true;
    std::optional<Rational> only;
    if (issue.continuous()) {
      const Rational low = limit.low ? std::max(limit.low->place.likely, issue.low) : issue.low;
      const Rational high =
          limit.high ? std::min(limit.high->place.likely, issue.high) : issue.high;
      accepted = low == high ? 1 : 2;
      all = low == issue.low && high == issue.high;
      only = low;
    } else {
      for (int k = 0; k < issue.settlements(); ++k) {
        if (limit.accepts(issue.place(k))) {
          if (accepted++ == 0) only = issue.place(k);
        } else {
          all = false;
        }
      }
    }
    if (all) {
      add(Kind::red_line_idle, path, "nothing lies beyond this red line: it refuses no settlement",
          "Leave `limit` out, or move it to where the party would rather walk away.");
      return;
    }
    // Written as an equality, a list or a range of one place, it says itself that nothing else is
    // left.
    const bool one_sided = limit.low.has_value() != limit.high.has_value();
    const bool explained = !position.evidence.note.empty() ||
                           (limit.low && !limit.low->place.evidence.note.empty()) ||
                           (limit.high && !limit.high->place.evidence.note.empty());
    if (accepted == 1 && (one_sided || limit.bare) && !limit.equality && !explained) {
      add(Kind::red_line_single, path,
          "this red line leaves a single settlement, " + place_text(issue, *only),
          "If the party accepts nothing else, say why in a `note` on the position; otherwise move "
          "the limit.");
    }
    if (!limit.low || !limit.high || accepted == 1) return;
    const auto idle = [&](const char* end, const Rational& place) {
      add(Kind::red_line_idle, path,
          std::string("nothing lies beyond the ") + end + " end of this red line, " +
              place_text(issue, place),
          std::string("Write the other end alone, as a test: \"") +
              (end[0] == 'l' ? "<= " + place_id(issue, limit.high->place.likely)
                             : ">= " + place_id(issue, limit.low->place.likely)) +
              "\".");
    };
    if (refuses_nothing_below(issue, *limit.low)) idle("lower", limit.low->place.likely);
    if (refuses_nothing_above(issue, *limit.high)) idle("upper", limit.high->place.likely);
  }

  static bool refuses_nothing_below(const Issue& issue, const LimitEnd& end) {
    return end.strict ? end.place.likely < issue.scale_low()
                      : end.place.likely <= issue.scale_low();
  }
  static bool refuses_nothing_above(const Issue& issue, const LimitEnd& end) {
    return end.strict ? end.place.likely > issue.scale_high()
                      : end.place.likely >= issue.scale_high();
  }

  void reservation(const Party& party, int i, const std::string& path) {
    if (!party.reservation.utility && party.reservation.package.empty()) return;
    evidence(path, party.reservation.evidence, parts(party.reservation));
    for (const Leaf& leaf : problem_.leaves) {
      if (leaf.party != i || !leaf.has_utility) continue;
      const auto share = [&](Int128 utility) { return Rational(make_integer(utility), leaf.unit); };
      const Rational reserved = share(leaf.reservation);
      if (leaf.best < leaf.reservation) {
        add(Kind::reservation_too_high, path,
            "no package can reach this reservation: it is " + share_text(reserved) +
                ", and the best package is worth " + share_text(share(leaf.best)),
            "Lower the reservation, or check the worths and rules that keep every package below "
            "it.");
        return;
      }
      const std::optional<Rational> worst = least(problem_, utility_form(leaf));
      if (worst && *worst > reserved && party.reservation.evidence.note.empty()) {
        add(Kind::reservation_idle, path,
            "every package exceeds this reservation: it is " + share_text(reserved) +
                ", and the worst package is worth " + share_text(*worst),
            "Raise the reservation to the worth of no agreement, or leave it out; if it is meant, "
            "say why in a `note`.");
        return;
      }
    }
  }

  // Whether a package of the agreement space meets these clauses and rows as well.
  bool possible(const std::vector<Clause>& clauses, const std::vector<LinearRule>& rows = {},
                std::optional<int> only_rule = {}) const {
    Problem space;
    space.issues = problem_.issues;
    for (std::size_t c = 0; c < problem_.rule_clauses.size(); ++c) {
      if (only_rule && problem_.rule_of_clause[c] != *only_rule) continue;
      space.rule_clauses.push_back(problem_.rule_clauses[c]);
      space.rule_of_clause.push_back(problem_.rule_of_clause[c]);
    }
    for (const Clause& clause : clauses) {
      space.rule_clauses.push_back(clause);
      space.rule_of_clause.push_back(0);
    }
    for (const LinearRule& row : problem_.linear_rules) {
      if (!only_rule || row.rule == *only_rule) space.linear_rules.push_back(row);
    }
    space.linear_rules.insert(space.linear_rules.end(), rows.begin(), rows.end());
    return !agreement_space_empty(space);
  }

  void linked(const Demand& demand, const std::string& path) {
    for (const Leaf& leaf : problem_.leaves) {
      const auto own = std::find_if(leaf.demands.begin(), leaf.demands.end(),
                                    [&](const LeafDemand& d) { return d.demand == demand; });
      if (own == leaf.demands.end()) continue;
      // A clause without `when` asks for its sets outright.
      std::vector<Clause> when;
      for (const PieceSet& set : own->clause->when) when.push_back({{}, {set}});
      if (!when.empty() && !possible(when)) {
        add(Kind::demand_idle, path, "this demand asks nothing: no package meets its `when`",
            "Check the numbers of `when` against the issues and the rules, or leave the demand "
            "out.");
        return;
      }
      std::vector<Clause> within = when;
      for (const LeafDemand& other : leaf.demands) {
        if (other.limit) within.push_back({{}, {*other.limit}});
      }
      if (!possible(within)) continue;  // its red lines already refuse whatever triggers it
      for (const PieceSet& set : own->clause->require) {
        when.push_back({{}, {set}});
        within.push_back({{}, {set}});
      }
      if (possible(within)) continue;
      const bool anyway = possible(when);
      add(Kind::demand_impossible, path,
          anyway ? "what this demand requires its party's own red lines refuse"
                 : "no package meets what this demand requires",
          anyway ? "Check `require` against the party's limits: together they refuse every package "
                   "that meets `when`."
                 : "Check `require` against the issues and the rules: as it stands, the party "
                   "refuses every package that meets `when`.");
      return;
    }
  }

  void issue(int j) {
    const std::string path = "issues." + issue_at(j).id;
    const bool held = std::any_of(scenario_.parties.begin(), scenario_.parties.end(),
                                  [&](const Party& party) { return party.position(j) != nullptr; });
    const bool tied = linked_issues().count(j) > 0;
    if (!held && !tied && !consent_looks_at(scenario_.consent, j)) {
      add(Kind::issue_unused, path,
          "nobody uses this issue: no position, demand or rule mentions it",
          "Give a party a position on it, or leave it out.");
    } else if (!tied) {
      agreed(j, path);
    }
  }

  // The issues that a demand or a rule mentions.
  std::set<int> linked_issues() const {
    std::set<int> issues;
    const auto mention = [&](const Condition& condition) {
      for (const Test& test : condition) issues.insert(test.issue);
    };
    for (const Party& party : scenario_.parties) {
      for (const LinkedDemand& demand : party.demands)
        mention(demand.when), mention(demand.require);
    }
    for (const Rule& rule : scenario_.rules) {
      mention(rule.when), mention(rule.require);
      for (const auto& term : rule.sum) issues.insert(term.first);
    }
    return issues;
  }

  static bool consent_looks_at(const Consent& node, int j) {
    return std::any_of(node.when.begin(), node.when.end(),
                       [&](const Test& test) { return test.issue == j; }) ||
           std::any_of(node.members.begin(), node.members.end(),
                       [&](const Consent& member) { return consent_looks_at(member, j); });
  }

  // Worths are straight between the ends of pieces, so if some place is best for all, the end of
  // some piece is.
  void agreed(int j, const std::string& path) {
    const auto at = static_cast<std::size_t>(j);
    const std::vector<Piece>& pieces = problem_.issues[at].pieces;
    std::vector<std::vector<char>> best(2, std::vector<char>(pieces.size(), 1));  // at from, at to
    std::set<int> parties;
    bool wanted = false;
    for (const Leaf& leaf : problem_.leaves) {
      if (!leaf.in_scope[at]) continue;
      for (const LeafDemand& demand : leaf.demands) {
        if (!demand.limit || demand.limit->issue != j) continue;
        parties.insert(leaf.party);
        for (std::size_t k = 0; k < pieces.size(); ++k) {
          if (!demand.limit->pieces[k]) best[0][k] = best[1][k] = 0;
        }
      }
      if (!leaf.has_utility || leaf.salience[at] == 0) continue;
      parties.insert(leaf.party);
      wanted = true;
      Int128 most = leaf.worth[at][0].at_from;
      for (const PieceWorth& worth : leaf.worth[at])
        most = std::max({most, worth.at_from, worth.at_to});
      for (std::size_t k = 0; k < pieces.size(); ++k) {
        if (leaf.worth[at][k].at_from < most) best[0][k] = 0;
        if (leaf.worth[at][k].at_to < most) best[1][k] = 0;
      }
    }
    if (!wanted || parties.size() < 2) return;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (!best[0][k] && !best[1][k]) continue;
      const Rational& place = best[0][k] ? pieces[k].from : pieces[k].to;
      add(Kind::issue_agreed, path,
          "all agree on this issue: " + place_text(issue_at(j), place) +
              " is best for every party that cares",
          "Leave the issue out if nothing depends on it, or check the ideals: it adds the same "
          "to every party.");
      return;
    }
  }

  void draft(const Draft& draft) {
    std::vector<Clause> named;
    std::vector<LinearRule> rows;
    for (int j = 0; j < problem_.m(); ++j) {
      const auto at = static_cast<std::size_t>(j);
      const std::optional<Rational>& place = draft.package[at];
      if (!place) continue;
      const ProblemIssue& issue = problem_.issues[at];
      PieceSet set{j, std::vector<char>(issue.pieces.size(), 0)};
      for (std::size_t k = 0; k < issue.pieces.size(); ++k)
        set.pieces[k] = issue.pieces[k].from <= *place && *place <= issue.pieces[k].to;
      named.push_back({{}, {set}});
      if (!issue.continuous) continue;
      rows.push_back({{{j, Rational(1)}}, *place, -1});
      rows.push_back({{{j, Rational(-1)}}, -*place, -1});
    }
    if (possible(named, rows)) return;
    std::string which = "the rules together leave";
    for (std::size_t r = 0; r < scenario_.rules.size(); ++r) {
      if (possible(named, rows, static_cast<int>(r))) continue;
      which = "rule " + scenario_.rules[r].id + " leaves";
      break;
    }
    add(Kind::draft_outside, "drafts." + draft.id + ".package",
        "outside the agreement space: " + which + " no package with these settlements",
        "Check the settlements against the rules; the draft is reported, but cannot be agreed "
        "as it stands.");
  }

  const Scenario& scenario_;
  const Problem& problem_;
  std::vector<Doubt> doubts_;
};

}  // namespace

std::vector<Doubt> find_doubts(const Scenario& scenario, const Problem& problem) {
  return Doubts(scenario, problem).all();
}

}  // namespace zopa
