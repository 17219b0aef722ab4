// SPDX-License-Identifier: MIT
#include "src/report/brief.hpp"

#include <algorithm>
#include <set>

#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kConflictsTold = 4;
constexpr std::size_t kConflictsProved = 2;  // fewer than that are told with their reason
constexpr std::size_t kExitsTold = 5;
constexpr std::size_t kConcessionsTold = 6;  // of one exit, one by one
constexpr std::size_t kMovesTold = 5;

class BriefWriter {
 public:
  explicit BriefWriter(const Briefed& briefed)
      : explained_(briefed.explained),
        scenario_(briefed.solved.scenario),
        problem_(briefed.solved.problem),
        answer_(briefed.solved.answer),
        overlap_(briefed.solved.answer.overlap),
        found_(briefed.explained.answer),
        origin_(briefed.solved.origin) {}

  Page page() {
    std::string left = "Briefing note: " + scenario_.title;
    if (!origin_.date.empty()) left += ", as of " + long_date(origin_.date);
    page_.push_back(Headline{left, origin_.scenario});
    if (!origin_.variant.empty()) page_.push_back(Sentence{"with " + origin_.variant, Tone::faint});
    purpose();
    situation();
    where();
    if (zone() == std::optional(false)) {
      obstacles();
      exits();
    } else {
      agreements();
      fragility();
    }
    texts();
    limits();
    notation();
    return std::move(page_);
  }

 private:
  // A sentence without its full stop, and the rows it rests on.
  void say(const std::string& text, const std::string& rows) {
    paragraph_ += (paragraph_.empty() ? "" : " ") + capital(text) + ". " + rows;
  }

  void end_paragraph() {
    if (!paragraph_.empty()) page_.push_back(Sentence{paragraph_});
    paragraph_.clear();
  }

  void section(const char* title) {
    end_paragraph();
    page_.push_back(Section{title});
  }

  static std::string row(const std::string& table, const std::vector<std::string>& rows,
                         const std::string& columns = "") {
    std::string text = "[" + table;
    if (!rows.empty()) text += " " + joined_by(rows, "; ");
    return text + (columns.empty() ? "" : ": " + columns) + "]";
  }

  std::optional<bool> zone() const { return found_.zone; }

  std::string party(int index) const { return title_of(scenario_.parties.at(at(index))); }

  std::string demand_row(int index) const {
    return demand_id(scenario_, found_.conflicts->demands.at(at(index)).demand);
  }

  static std::string plural(std::size_t count, const std::string& one, const std::string& many) {
    return count_text(Integer(count)) + " " + (count == 1 ? one : many);
  }

  // ---- purpose ---------------------------------------------------------------------------------

  void purpose() {
    section("Purpose");
    std::set<int> asked;
    for (const Leaf& leaf : problem_.leaves) asked.insert(leaf.party);
    const std::string parties =
        plural(asked.size(), "party whose consent is asked", "parties whose consent is asked");
    say("This note sets out, for " + parties + " and " +
            plural(scenario_.issues.size(), "issue", "issues") +
            ", where the positions overlap, what stands in the way of an agreement, and what each "
            "way on would ask of whom",
        row("explanation", {}, "parties, issues"));
    say("It follows from the numbers of the scenario file alone, and is neither a forecast nor "
        "advice to any party",
        row("explanation", {}));
    end_paragraph();
  }

  // ---- situation -------------------------------------------------------------------------------

  std::string depth_words() const {
    const Depth& depth = overlap_.depth;
    if (depth.proof == Proof::exact) return margin_text(to_double(*depth.low));
    return "at least " + margin_text(to_double(*depth.low));
  }

  void situation() {
    section("Situation");
    if (!zone()) {
      say("Whether there is a zone of agreement is not decided: the search was stopped",
          row("explanation", {}, "zone"));
    } else if (*zone()) {
      say("There are packages that all whose consent is needed would accept: a zone of agreement",
          row("overlap", {}, "status"));
    } else {
      say("No package is acceptable to all whose consent is needed: the zone of agreement is empty",
          row("overlap", {}, "status"));
    }
    breadth();
    depth();
    shares();
    pairs();
    end_paragraph();
  }

  void breadth() {
    const Breadth& breadth = overlap_.breadth;
    if (!zone().value_or(false) || breadth.kind == Breadth::Kind::none || !breadth.share) return;
    if (breadth.acceptable && breadth.packages && breadth.packages_exact) {
      say("It holds " + count_text(*breadth.acceptable) + " of " + count_text(*breadth.packages) +
              " packages, " + share_text(*breadth.share),
          row("overlap", {}, "acceptable, packages, breadth"));
      return;
    }
    say("It holds " + std::string(breadth.kind == Breadth::Kind::estimate ? "about " : "") +
            share_text(*breadth.share) + " of what could be agreed at all",
        row("overlap", {}, "breadth"));
  }

  void depth() {
    if (!overlap_.depth.low) {
      if (overlap_.depth.proof == Proof::exact) {
        say("How far the positions are apart cannot be said in one number, because linked demands "
            "or red lines on options without an order exclude every package",
            row("overlap", {}, "depth"));
      }
      return;
    }
    if (overlap_.nobody_asked) return;
    const double depth = to_double(*overlap_.depth.low);
    const std::string number = " (depth " + depth_words() + ")";
    if (depth >= 0) {
      say("At the deepest package even the party that fares worst keeps " + share_text(depth) +
              " of what it could gain at best" + number,
          row("overlap", {}, "depth"));
    } else if (overlap_.depth.kind == DepthKind::hard) {
      say("At the package that comes closest and keeps all red lines, whoever fares worst falls "
          "short of its reservation by " +
              share_text(-depth) + " of the distance from there to its best" + number,
          row("overlap", {}, "depth, depth_kind"));
    } else {
      say("No package keeps all red lines; at the one that comes closest, whoever fares worst "
          "falls "
          "short by " +
              share_text(-depth) +
              ", of the distance from its reservation to its best or of the scale of a red line" +
              number,
          row("overlap", {}, "depth, depth_kind"));
    }
  }

  void shares() {
    std::vector<std::string> names;
    std::vector<std::string> rows;
    for (int l = 0; l < problem_.n(); ++l) {
      const auto& share = overlap_.leaves.at(at(l)).share;
      if (!share || *share == 0) continue;
      names.push_back(leaf_title(scenario_, problem_, l) + " (" + share_text(to_double(*share)) +
                      ")");
      rows.push_back(scenario_.parties.at(at(problem_.leaves[at(l)].party)).id);
    }
    if (names.size() < 2) return;
    say((overlap_.depth.low && *overlap_.depth.low < 0 ? "The gap lies between "
                                                       : "What limits the depth lies between ") +
            joined(names),
        row("parties", rows, "share"));
  }

  void pairs() {
    if (overlap_.every_pair_but_not_all) {
      say("Every two parties could agree without the others, all together cannot",
          row("pairs", {}, "depth"));
      return;
    }
    std::vector<std::string> names;
    std::vector<std::string> rows;
    for (const PairDepth& pair : overlap_.pairs) {
      if (pair.depth.proof != Proof::exact || (pair.depth.low && *pair.depth.low >= 0)) continue;
      names.push_back(party(pair.party) + " with " + party(pair.other));
      rows.push_back(scenario_.parties[at(pair.party)].id + ", " +
                     scenario_.parties[at(pair.other)].id);
    }
    if (names.empty()) return;
    say("Even without the others these could not agree: " + joined(names),
        row("pairs", rows, "depth"));
  }

  // ---- where positions overlap -----------------------------------------------------------------

  template <class Holds>
  void issues_where(const std::string& words, const std::string& columns, const Holds& holds) {
    std::vector<std::string> titles;
    std::vector<std::string> rows;
    for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
      if (!holds(overlap_.issues.at(j))) continue;
      titles.push_back(title_of(scenario_.issues[j]));
      rows.push_back(scenario_.issues[j].id);
    }
    if (!titles.empty()) say(words + joined_by(titles, "; "), row("issues", rows, columns));
  }

  void where() {
    section("Where the positions overlap");
    issues_where("Looked at one by one, these issues have settlements that all allow: ",
                 "stated, stated_low, stated_high",
                 [](const IssueOverlap& issue) { return issue.stated.has_value(); });
    issues_where("These have none: ", "stated, blocked_by",
                 [](const IssueOverlap& issue) { return !issue.stated; });
    if (zone().value_or(false)) {
      issues_where(
          "Within a whole agreement, not every settlement that all allow is left on these: ",
          "stated, effective", [](const IssueOverlap& issue) {
            return issue.stated && issue.effective && *issue.effective < *issue.stated;
          });
    }
    issues_where(
        "Here the stated ranges meet, but no whole package near agreement has a "
        "settlement in common, because of trade-offs or linked demands: ",
        "blocked_by", [](const IssueOverlap& issue) { return issue.linkage; });
    end_paragraph();
  }

  // ---- a closed zone ---------------------------------------------------------------------------

  void obstacles() {
    section("What stands in the way");
    if (!found_.conflicts || found_.conflicts->conflicts.empty()) {
      say("No set of demands that cannot hold together was found before the search was stopped",
          row("explanation", {}, "complete"));
      return end_paragraph();
    }
    const Conflicts& conflicts = *found_.conflicts;
    const std::size_t count = conflicts.conflicts.size();
    say((count == 1 ? "One set of demands cannot hold together, while any part of it can (1 "
                      "conflict)"
                    : count_text(Integer(count)) + " sets of demands cannot hold together, while "
                                                   "any part of each of them can") +
            (conflicts.complete ? "" : "; there may be more, the search was stopped"),
        row("explanation", {}, "conflicts, complete"));
    for (std::size_t k = 0; k < std::min(count, kConflictsTold); ++k) {
      end_paragraph();
      const Conflict& conflict = conflicts.conflicts[k];
      say(conflict_words(explained_, conflict) +
              (conflict.demands.size() == 1   ? "; this cannot be met"
               : conflict.demands.size() == 2 ? "; the two cannot hold together"
                                              : "; these cannot hold together"),
          row("conflicts", {std::to_string(k + 1)}));
      const std::string why =
          count <= kConflictsProved ? proof_words(explained_, conflict, false) : "";
      if (!why.empty() && !conflict.multipliers.empty())
        say(why, row("conflict_proofs", {std::to_string(k + 1)}));
    }
    end_paragraph();
  }

  void exits() {
    section("Ways out, and what each asks");
    if (!found_.conflicts || found_.conflicts->exits.empty()) {
      say(found_.complete ? "None: a conflict is firm throughout"
                          : "None was found before the search was stopped",
          row("explanation", {}, "exits, complete"));
      return end_paragraph();
    }
    const Conflicts& conflicts = *found_.conflicts;
    const std::vector<std::size_t> shown = shown_exits(conflicts, kExitsTold);
    say(plural(conflicts.exits.size(), "set of demands opens", "sets of demands open") +
            " the zone when they give way, and no part of one does" +
            (conflicts.complete ? "" : "; there may be more, the search was stopped") +
            (shown.size() < conflicts.exits.size()
                 ? "; " + std::to_string(shown.size()) + " of them follow"
                 : ""),
        row("explanation", {}, "exits, exits_shown, complete"));
    const bool shares = std::any_of(shown.begin(), shown.end(), [&](std::size_t e) {
      return conflicts.exits[e].demands.size() > 1 && conflicts.exits[e].share;
    });
    if (shares) {
      say("A share says how much each demand gives, of the length of its scale or of the distance "
          "from a reservation to the best; at 100 % a red line is gone, and beyond that only "
          "reservations give more",
          row("exits", {}, "share, exit_share"));
    }
    for (const std::size_t e : shown) {
      end_paragraph();
      one_exit(conflicts, e);
    }
    end_paragraph();
    pointless(conflicts);
    least_largest(conflicts);
    end_paragraph();
  }

  void one_exit(const Conflicts& conflicts, std::size_t index) {
    const Exit& exit = conflicts.exits[index];
    const std::string reference = row("exits", {std::to_string(index + 1)});
    if (exit.concessions.size() > kConcessionsTold) {
      std::vector<std::string> names;
      for (const int p : exit.parties) names.push_back(party(p));
      say("One way asks " + plural(exit.demands.size(), "demand", "demands") + " of " +
              joined(names) +
              (exit.share ? ", at a share of " + share_text(to_double(*exit.share)) : ""),
          reference);
      return;
    }
    std::vector<std::string> words;
    for (const Concession& given : exit.concessions) {
      words.push_back(
          concession_sentence(scenario_, problem_, conflicts.demands.at(at(given.demand)), given));
    }
    say("One way: " + joined_by(words, "; ") +
            (exit.demands.size() > 1 && exit.share
                 ? "; a share of " + share_text(to_double(*exit.share)) + " each"
                 : ""),
        reference);
  }

  void pointless(const Conflicts& conflicts) {
    if (!conflicts.complete || conflicts.prices.empty()) return;
    std::vector<std::string> rows;
    std::vector<int> never;
    for (const Price& price : conflicts.prices) {
      if (!price.never) continue;
      rows.push_back(demand_row(price.demand));
      never.push_back(price.demand);
    }
    if (never.empty()) return;
    if (never.size() == conflicts.prices.size()) {
      say("Given up alone, no demand opens the zone", row("prices", {}, "never"));
      return;
    }
    say("Given up alone, these leave the zone empty: " +
            grouped_names(scenario_, conflicts.demands, never),
        row("prices", rows, "never"));
  }

  void least_largest(const Conflicts& conflicts) {
    for (const Split& split : conflicts.splits) {
      if (split.kind != Split::Kind::least_largest || !split.exists || !split.largest) continue;
      if (split.proof != Proof::exact) continue;
      say("However what is missing is shared, some demand has to give " +
              share_text(to_double(*split.largest)) + " of its scale or more, or to be dropped",
          row("splits", {"least_largest"}, "largest"));
    }
  }

  // ---- an open zone ----------------------------------------------------------------------------

  void agreements() {
    section("Agreements that rules of the field pick");
    std::vector<std::pair<const Package*, std::vector<std::string>>> picked;
    for (const Agreement& agreement : answer_.agreements) {
      if (!agreement.package) continue;
      const auto same = std::find_if(picked.begin(), picked.end(), [&](const auto& one) {
        return one.first->places == agreement.package->places;
      });
      if (same != picked.end()) {
        same->second.push_back(agreement.rule);
      } else {
        picked.push_back({&*agreement.package, {agreement.rule}});
      }
    }
    if (picked.empty()) {
      say("No rule picks a package", row("agreements", {}));
      return end_paragraph();
    }
    for (const auto& [package, rules] : picked) {
      std::vector<std::string> words;
      for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
        words.push_back(title_of(scenario_.issues[j]) + " " +
                        place_with_unit(scenario_.issues[j], package->places.at(j)));
      }
      std::vector<std::string> rows;
      for (const std::string& rule : rules) rows.push_back("rule:" + rule);
      say((rules.size() == 1 ? "The rule " + rules.front() + " picks "
                             : "The rules " + joined(rules) + " pick ") +
              joined_by(words, "; "),
          row("packages", rows));
      end_paragraph();
    }
  }

  void fragility() {
    section("What would close the zone");
    if (!found_.moves || !found_.moves->open) {
      say("This was not looked at", row("explanation", {}, "complete"));
      return end_paragraph();
    }
    const Moves& moves = *found_.moves;
    const std::vector<std::size_t> order = ranked(moves);
    if (order.empty()) {
      say("No single number of a party, moved alone, closes it", row("moves", {}, "never"));
      return end_paragraph();
    }
    for (std::size_t k = 0; k < std::min(order.size(), kMovesTold); ++k) {
      const Move& move = moves.moves.at(order[k]);
      say(move_sentence(explained_, move),
          row("moves", {number_path(scenario_, move.number)}, "from, closes_at"));
    }
    end_paragraph();
  }

  // ---- texts, limits, notation -----------------------------------------------------------------

  void texts() {
    if (answer_.drafts.empty()) return;
    section("Texts on the table");
    for (const DraftScore& score : answer_.drafts) {
      const Draft& draft = scenario_.drafts.at(at(score.draft));
      const std::string name = "“" + (draft.title.empty() ? draft.id : draft.title) + "”";
      if (!score.inside) {
        say(name + " lies outside what the rules allow",
            row("drafts", {draft.id}, "inside, first_broken_demand"));
        continue;
      }
      std::vector<std::string> names;
      for (const int p : score.accepted_by) names.push_back(party(p));
      std::string text =
          name + (names.empty() ? " is accepted by nobody" : " is accepted by " + joined(names));
      if (score.first_broken) {
        text += "; the first demand that it breaks is " +
                possessive(party(score.first_broken->party)) + " " +
                demand_name(scenario_, *score.first_broken);
      }
      say(text, row("drafts", {draft.id}, "accepted_by, first_broken_demand"));
    }
    end_paragraph();
  }

  void limits() {
    section("How far this can be relied on");
    if (found_.complete && overlap_.complete) {
      say("Every figure here is exact for the numbers of the file",
          row("overlap", {}, "depth_proof") + " " + row("explanation", {}, "complete"));
    } else {
      say("The search was stopped: what is called at least, about or in part is not settled",
          row("overlap", {}, "depth_proof") + " " + row("explanation", {}, "complete"));
    }
    basis();
    say("Depths of up to " + unit_text(to_double(overlap_.tau)) +
            " on either side of zero are too close to call, given how coarse such numbers are",
        row("overlap", {}, "tau"));
    say("Public positions need not be the last word, and private limits are not known",
        row("explanation", {}, "stated, inferred, assumed"));
    end_paragraph();
  }

  void basis() {
    const Table table = explanation_table(explained_);
    const auto count = [&](const char* column) {
      return std::get<Integer>(table.rows.front().at(table.column(column)));
    };
    const Integer stated = count("stated"), inferred = count("inferred"),
                  assumed = count("assumed"), all = count("demands");
    if (stated + inferred + assumed == 0) return;
    say("Of " + count_text(all) + " demands " + count_text(stated) +
            " rest on what a party said or wrote, " + count_text(inferred) +
            " are inferred from reports and " + count_text(assumed) +
            " are assumed by whoever wrote the file",
        row("explanation", {}, "demands, stated, inferred, assumed"));
  }

  void notation() {
    section("Notation");
    page_.push_back(Sentence{
        "In brackets after each sentence stands what it rests on: the table, which of its rows "
        "(separated by semicolons; of a row, what its columns hold, separated by commas), and "
        "after a colon the columns. `zopa brief FILE --format json` and `-o DIR/` write these "
        "tables."});
  }

  const Explained& explained_;
  const Scenario& scenario_;
  const Problem& problem_;
  const Answer& answer_;
  const Overlap& overlap_;
  const Explanation& found_;
  const Origin& origin_;
  Page page_;
  std::string paragraph_;
};

}  // namespace

Result brief(const Briefed& briefed) {
  Result result{.command = "brief", .tables = {}, .page = BriefWriter(briefed).page()};
  std::vector<Table> all = report(briefed.solved).tables;
  for (Table& table : report(briefed.explained).tables) all.push_back(std::move(table));
  for (const std::string& name : tables_of("brief")) {
    const auto it = std::find_if(all.begin(), all.end(),
                                 [&](const Table& table) { return table.name == name; });
    if (it != all.end()) result.tables.push_back(std::move(*it));
  }
  return result;
}

}  // namespace zopa
