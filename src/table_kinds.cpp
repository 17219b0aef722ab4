// SPDX-License-Identifier: MIT
#include "src/table_kinds.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "src/writers/writers.hpp"

namespace zopa {
namespace {

using enum CellType;

constexpr bool kRequired = true;
const std::vector<std::string> kKinds{"hard", "all"};

Column text_column(std::string name, std::string description, bool required = false,
                   std::vector<std::string> one_of = {}) {
  return {std::move(name),    text,     std::move(description), "",
          NumberStyle::plain, required, std::move(one_of)};
}

Column number_column(std::string name, std::string description,
                     NumberStyle style = NumberStyle::plain, std::string unit = "") {
  return {std::move(name), number, std::move(description), std::move(unit), style};
}

Column margin_column(std::string name, std::string description) {
  return number_column(std::move(name), std::move(description), NumberStyle::margin);
}

Column share_column(std::string name, std::string description) {
  return number_column(std::move(name), std::move(description), NumberStyle::share, "share of one");
}

Column boolean_column(std::string name, std::string description, bool required = false) {
  return {std::move(name), boolean, std::move(description), "", NumberStyle::plain, required};
}

Column count_column(std::string name, std::string description, bool required = false) {
  return {std::move(name),    integer, std::move(description), "packages",
          NumberStyle::count, required};
}

Column kind_column() {
  return text_column("depth_kind",
                     "hard: red lines hold; all: red lines on numeric and ordered issues are soft",
                     false, kKinds);
}

Column leaf_column() {
  return text_column("leaf", "path in the consent tree; empty where the party has one leaf");
}

Column index_column(std::string name, std::string description,
                    NumberStyle style = NumberStyle::plain) {
  return {std::move(name), integer, std::move(description), "", style, kRequired};
}

Column proof_column(std::string description) {
  return text_column("proof", std::move(description), kRequired, {"exact", "bounded"});
}

// Of a concession: the demand, how it gives way, and how far.
std::vector<Column> concession_columns(bool required) {
  return {
      text_column("party", "id", kRequired),
      text_column("demand", "id: PARTY.ISSUE.limit, PARTY.reservation or PARTY.DEMAND", kRequired),
      text_column("kind", "limit: a red line, or one end of it; linked: a linked demand", kRequired,
                  {"limit", "linked", "reservation"}),
      text_column(
          "gives",
          "end: the red line moves; options: more are accepted; reservation: it falls; when, "
          "require: a number or ordered option of a linked demand moves; dropped: the demand "
          "is given up, nothing of it having a magnitude",
          required, {"end", "options", "reservation", "when", "require", "dropped"}),
      text_column("issue", "on which it gives way; empty: a reservation, or dropped"),
      Column{"from", settlement, "as the scenario has it: a number, or the id of an option"},
      Column{"to", settlement,
             "the least that suffices, rounded to the far side; of options, those that are added, "
             "separated by a space"},
      text_column("unit", "of from, to and price: the issue's, utility, steps or options"),
      share_column("share",
                   "of the length of the scale; of a reservation, of its distance to the best"),
      number_column("price", "how far it gives way, in the unit")};
}

void add_explain_kinds(std::vector<TableKind>& kinds) {
  const auto with = [](std::vector<Column> before, std::vector<Column> middle,
                       std::vector<Column> after) {
    before.insert(before.end(), middle.begin(), middle.end());
    before.insert(before.end(), after.begin(), after.end());
    return before;
  };
  kinds.push_back(
      {"conflicts",
       "Demands that cannot hold together, while any part of them can",
       "explain",
       {index_column("conflict", "from 1, the smallest first"),
        text_column("party", "id", kRequired),
        text_column("demand", "id: PARTY.ISSUE.limit, PARTY.reservation or PARTY.DEMAND",
                    kRequired),
        text_column("kind", "limit: a red line, or one end of it; linked: a linked demand",
                    kRequired, {"limit", "linked", "reservation"}),
        text_column("text", "in words", kRequired),
        boolean_column("firm", "never asked to move", kRequired)},
       {"conflict", "demand"}});
  kinds.push_back(
      {"exits",
       "Sets of demands that open the zone when they give way, while no part of them does",
       "explain",
       with({index_column("exit", "from 1: fewest parties, then fewest demands, then least share")},
            concession_columns(true),
            {share_column("exit_share",
                          "the least share of its scale that every member with a scale gives; "
                          "empty: all are dropped"),
             index_column("parties", "number of parties asked"),
             index_column("demands", "number of demands; one: each row is a way of its own"),
             proof_column("bounded: within 1e-9, or the search was stopped"),
             boolean_column("shown", "one of the few that the text shows", kRequired)}),
       {}});
  kinds.push_back(
      {"prices",
       "What each demand alone would have to give, all else as it is",
       "explain",
       with({}, concession_columns(false),
            {boolean_column("never", "given up altogether, it leaves the zone empty", kRequired),
             boolean_column("in_conflict",
                            "it is part of a conflict; empty: not known, the search was stopped"),
             proof_column("bounded: within 1e-9, or the search was stopped")}),
       {}});
  kinds.push_back(
      {"splits",
       "Three ways to share what is missing over several demands",
       "explain",
       with({text_column("split",
                         "least_largest: the greatest share that anything gives is least; "
                         "least_sum: the sum of the shares is; fewest: the number of demands is",
                         kRequired, {"least_largest", "least_sum", "fewest"})},
            concession_columns(true),
            {share_column("largest", "greatest share in this split"),
             share_column("sum",
                          "of the shares in this split, red lines weighted by salience, "
                          "reservations by 1"),
             proof_column("bounded: not proven to be the least")}),
       {}});
  kinds.push_back(
      {"moves",
       "What each number of a party alone can do: open the zone, or close an open one",
       "explain",
       {text_column("party", "id", kRequired),
        text_column("demand", "id of the demand it belongs to; empty: saliences, ideals, worths"),
        text_column("number",
                    "what moves; of options: whether it is among those accepted, wanted or listed",
                    kRequired,
                    {"salience", "ideal", "ideal_low", "ideal_high", "ideal_option", "worth",
                     "limit_low", "limit_high", "limit_option", "when", "when_option", "require",
                     "require_option", "reservation", "reservation_place"}),
        text_column("issue", "id; empty: a reservation"),
        Column{"option", settlement, "the settlement that is listed or not, or has the worth"},
        text_column("path", "where it stands in the file, as --set takes it", kRequired),
        Column{"from", settlement, "present value; of options 1: listed, 0: not"},
        Column{"opens_at", settlement, "closed zone: the nearest value at which it is not empty"},
        Column{"closes_at", settlement,
               "open zone: the last value at which it is not empty, in the nearer direction"},
        share_column("share",
                     "from the present value to there: of the scale; of 1 (utilities); of the "
                     "party's whole salience"),
        text_column("crossings",
                    "all values of its range beyond which the zone is empty on one side, "
                    "separated by '; '"),
        text_column("open", "where the zone is not empty: 'from..to', separated by '; '"),
        text_column("unit", "the issue's, utility, steps, salience or option"),
        boolean_column("never", "no value opens or closes the zone; empty: not known"),
        boolean_column("redundant",
                       "dropping the demand leaves the zone as it is; empty: not known, or no "
                       "demand"),
        proof_column("bounded: within 1e-9, or the search was stopped")},
       {"path", "option"}});
  kinds.push_back(
      {"move_pairs",
       "Two numbers that open the zone together, neither alone: each gives the same share",
       "explain",
       {index_column("pair", "from 1, the least share first"),
        text_column("party", "id", kRequired), text_column("demand", "id of the demand"),
        text_column("path", "as in the table moves", kRequired),
        Column{"from", settlement, "present value"},
        Column{"to", settlement, "the value that suffices"},
        text_column("unit", "the issue's, utility, steps or option"),
        share_column("share", "of the scale, or of the reservation's distance to the best")},
       {}});
  kinds.push_back(
      {"vetoes",
       "Which consents leave the zone as it is: others exclude what they exclude",
       "explain",
       {text_column("party", "id", kRequired),
        text_column("leaf", "path in the consent tree; empty: all leaves of the party"),
        boolean_column("absorbed", "the zone is the same without it; empty: not decided")},
       {"party", "leaf"}});
  kinds.push_back(
      {"consents",
       "What each consent of the tree costs",
       "explain",
       {text_column("consent", "path in the consent tree", kRequired),
        text_column("title", "in the file; otherwise of the party"),
        text_column("party", "id; empty: a node with members"),
        boolean_column("ratifier", "it stands outside the leaders' table", kRequired),
        margin_column("depth_without", "the depth when it is granted whatever the package"),
        text_column("proof",
                    "of depth_without; bounded: the search was stopped; empty: the whole tree",
                    false, {"exact", "bounded"}),
        number_column("cost", "how much the depth rises when it is granted", NumberStyle::unit),
        kind_column(),
        boolean_column("alone", "the zone is empty, and open when it alone is granted", kRequired),
        boolean_column("absorbed", "the zone is the same without it; empty: not decided, or empty"),
        margin_column("value_there", "its own value at the deepest package without it"),
        boolean_column("accepts_there", "the value is not negative; empty: not asked there"),
        margin_column("value_at_table", "its own value at the leaders' deepest package"),
        boolean_column("accepts_at_table", "the value is not negative; empty: not asked there")},
       {"consent"}});
  kinds.push_back(
      {"consent_sets",
       "Which consents together open the zone when granted, and which cannot be had together",
       "explain",
       {text_column("kind",
                    "opening: granted whatever the package, they open the zone, and no part does; "
                    "block: they cannot be had together though all others are granted, any part "
                    "can",
                    kRequired, {"opening", "block"}),
        index_column("set", "from 1 in each kind, the smallest first"),
        text_column("consent", "path in the consent tree", kRequired),
        text_column("title", "in the file; otherwise of the party")},
       {"kind", "set", "consent"}});
  kinds.push_back(
      {"ratification",
       "Whether those who ratify would sign what the leaders could agree on",
       "explain",
       {margin_column("depth", "of the whole tree"),
        margin_column("leaders_depth", "when every ratifier grants its consent"),
        proof_column("of leaders_depth; bounded: the search was stopped"), kind_column(),
        boolean_column("involuntary_defection", "the leaders have a zone, the whole tree has none",
                       kRequired),
        boolean_column("ratified", "the whole tree accepts the leaders' deepest package",
                       kRequired)},
       {}});
  kinds.push_back(
      {"levers",
       "What each lever does, alone and in company",
       "explain",
       {text_column("lever", "id", kRequired), text_column("title", "as in the scenario"),
        text_column("by", "id of the party that can pull it; empty: anybody"),
        number_column("cost", "as in the scenario"),
        margin_column("depth_alone", "with this lever and no other"),
        margin_column("change", "of the depth, with this lever alone"), kind_column(),
        boolean_column("lowers_alone", "alone it lowers the depth, or takes it away", kRequired),
        boolean_column("backfires", "it lowers the depth, alone or in some company", kRequired),
        text_column("company",
                    "the smallest in which it does: ids separated by a space; empty: none needed, "
                    "or it never does"),
        proof_column("bounded: not every company was looked at")},
       {"lever"}});
  kinds.push_back({"lever_sets",
                   "The sets of levers that are deeper than every set of at most their cost",
                   "explain",
                   {number_column("cost", "of the set"), index_column("count", "of levers"),
                    text_column("levers", "ids, separated by a space; empty: none"),
                    margin_column("depth", "with these levers"), kind_column(),
                    proof_column("of the depth; bounded: the search was stopped"),
                    boolean_column("opening", "the cheapest set that opens the zone", kRequired)},
                   {"levers"}});
  kinds.push_back(
      {"remedies",
       "What would mend each demand that a text breaks, one number at a time",
       "explain",
       {text_column("package", "draft:ID, rule:NAME or deepest", kRequired),
        text_column("party", "id", kRequired), leaf_column(),
        text_column("demand", "id: PARTY.ISSUE.limit, PARTY.reservation or PARTY.DEMAND",
                    kRequired),
        text_column(
            "gives",
            "end: of a red line; option: one more is accepted; reservation: it falls; "
            "when, require: of a linked demand; salience: of an issue, the others as they "
            "are; worth: of a settlement; dropped: no number mends it",
            kRequired,
            {"end", "option", "reservation", "when", "require", "salience", "worth", "dropped"}),
        text_column("issue", "id; empty: a reservation, or dropped"),
        Column{"settlement", settlement, "that is accepted, or whose worth changes"},
        Column{"from", settlement, "as the scenario has it"},
        Column{"to", settlement, "the least change that mends the demand, all else as it is"},
        text_column("unit", "the issue's, utility or steps"),
        number_column("price", "how far it moves, in the unit"),
        boolean_column("suffices",
                       "this party breaks no other demand, and one number mends this one",
                       kRequired)},
       {}});
  kinds.push_back(
      {"redraft",
       "Changes of a text in one issue that hurt nobody and help somebody",
       "explain",
       {text_column("package", "draft:ID, rule:NAME or deepest", kRequired),
        text_column("list",
                    "edit: of the text itself, best first; path: one after the other, each the "
                    "best of its text, until none is left",
                    kRequired, {"edit", "path"}),
        index_column("step", "from 1 in each list"), text_column("issue", "id", kRequired),
        Column{"from", settlement, "before"}, Column{"to", settlement, "after"},
        margin_column("depth",
                      "of the text after the change; empty: some consent is refused "
                      "outright"),
        kind_column(), index_column("mended", "demands that are met and were not"),
        number_column("gain", "sum of what margins gain, of parties and of soft red lines",
                      NumberStyle::unit),
        text_column("gainers", "parties that gain, separated by a space")},
       {"package", "list", "step"}});
  kinds.push_back(
      {"conflict_proofs",
       "Why the demands of each conflict cannot hold together",
       "explain",
       {index_column("conflict", "as in the table conflicts"),
        index_column("boxes", "of the certificate; one: the multipliers below suffice",
                     NumberStyle::count),
        margin_column("at_most",
                      "the multipliers times the margins, summed, on every package that the other "
                      "demands allow; empty: they allow no package"),
        text_column("party", "id; of a multiplier"), leaf_column(),
        number_column("multiplier", "of the margin", NumberStyle::unit),
        number_column("most", "of a single multiplier: the utility that is within reach",
                      NumberStyle::unit),
        number_column("reservation", "the utility that is asked", NumberStyle::unit)},
       {}});
  kinds.push_back(
      {"explanation",
       "How much was found out",
       "explain",
       {text_column("zone", "whether there is one; empty: a stopped search left it open", false,
                    {"open", "empty"}),
        index_column("parties", "that are asked", NumberStyle::count),
        index_column("issues", "to be settled", NumberStyle::count),
        index_column("demands", "of the parties that are asked", NumberStyle::count),
        index_column("firm", "of them, never asked to move", NumberStyle::count),
        index_column("stated", "of them, as the party said or wrote", NumberStyle::count),
        index_column("inferred", "of them, as others reported or as follows", NumberStyle::count),
        index_column("assumed", "of them, the analyst's reading", NumberStyle::count),
        {"conflicts", integer, "how many there are; empty: not asked for", "", NumberStyle::count},
        {"exits", integer, "how many there are; empty: not asked for", "", NumberStyle::count},
        {"exits_alone", integer, "of them, those of one demand", "", NumberStyle::count},
        {"exits_shown", integer, "of them, those that the text shows", "", NumberStyle::count},
        boolean_column("complete", "nothing was cut short: there are no others", kRequired)},
       {}});
}

std::vector<TableKind> make_kinds() {
  std::vector<TableKind> kinds;
  kinds.push_back(
      {"overlap",
       "Is there a zone of agreement, how deep, how broad",
       "solve",
       {text_column("status",
                    "what an analyst would call it; empty: a stopped search leaves several", false,
                    {"open", "knife-edge", "near miss", "closed", "impossible"}),
        margin_column("depth",
                      "greatest value of the consent tree over the agreement space; when "
                      "bounded, the best found"),
        kind_column(),
        text_column("depth_proof", "bounded: the search was stopped", kRequired,
                    {"exact", "bounded"}),
        margin_column("depth_low", "the depth is at least this"),
        margin_column("depth_high", "the depth is at most this"),
        margin_column("relaxed_depth", "the depth if packages could be mixed by lot"),
        share_column("breadth", "measure of the zone over that of the agreement space"),
        text_column("breadth_kind", "estimate: with a 95 % interval", false, {"exact", "estimate"}),
        share_column("breadth_low", "the breadth is at least this"),
        share_column("breadth_high", "the breadth is at most this"),
        count_column("packages", "packages in the agreement space"),
        count_column("acceptable", "packages in the zone"),
        number_column("tau", "depths up to this far from zero are called knife-edge",
                      NumberStyle::unit)},
       {}});
  kinds.back().columns.back().required = true;
  kinds.push_back(
      {"parties",
       "Every party as the consent tree asks it",
       "solve",
       {text_column("party", "id", kRequired), leaf_column(),
        number_column("reservation", "utility of no agreement", NumberStyle::unit),
        number_column("best", "greatest utility in the agreement space", NumberStyle::unit),
        margin_column("margin", "at the deepest package: the share of its best hope it gets"),
        boolean_column("binding", "its value equals the depth at the deepest package"),
        share_column("share", "its share of the gap: multiplier of the relaxed problem"),
        margin_column("criticality", "how much the depth would rise without the party"),
        kind_column()},
       {"party", "leaf"}});
  kinds.push_back(
      {"issues",
       "Which settlements of each issue the positions have in common",
       "solve",
       {text_column("issue", "id", kRequired), text_column("group", "as in the scenario"),
        share_column("stated", "settlements that all allow over those that any allows"),
        Column{"stated_low", settlement, "first settlement that all allow"},
        Column{"stated_high", settlement, "last settlement that all allow"},
        share_column("effective",
                     "settlements that extend to a whole package of the zone, over "
                     "those that any allows"),
        Column{"effective_low", settlement, "first settlement that extends to the zone"},
        Column{"effective_high", settlement, "last settlement that extends to the zone"},
        text_column("effective_gaps",
                    "between them, what does not: 'from..to' or one settlement, "
                    "separated by '; '"),
        boolean_column("near_zone", "the zone is empty: effective means within 0.05 of the depth",
                       kRequired),
        text_column("blocked_by",
                    "parties whose removal would open the stated overlap, separated "
                    "by a space; 'linkage': the trade-offs or links, not the ranges")},
       {"issue"}});
  kinds.push_back(
      {"pairs",
       "How deep the agreement of two parties would be without the others",
       "solve",
       {text_column("party", "id", kRequired), text_column("other", "id", kRequired),
        margin_column("depth", "with the two alone; empty: none exists"), kind_column()},
       {"party", "other"}});
  kinds.push_back(
      {"agreements",
       "What each rule of agreement picks from the zone",
       "solve",
       {text_column("rule", "name; `zopa list rules` describes them", kRequired),
        text_column("formula", "what it maximises", kRequired),
        Column{"optima", settlement,
               "number of packages that are equally good; 'continuum'; '>=N' where counting "
               "stopped"},
        text_column("differs",
                    "issues on which they differ, each with its range, 'issue "
                    "low..high', separated by '; '"),
        text_column("degenerate", "why a tie-break of the rule had to be used; empty: it had not"),
        text_column("proof", "bounded: within 1e-9, or the search was stopped", kRequired,
                    {"exact", "bounded"})},
       {"rule"}});
  kinds.push_back(
      {"margins",
       "What every party makes of each package",
       "solve",
       {text_column("package", "deepest, rule:NAME or draft:ID", kRequired),
        text_column("party", "id", kRequired), leaf_column(),
        number_column("utility", "on the party's own scale from 0 to 1", NumberStyle::unit),
        margin_column("surplus", "utility less reservation"),
        margin_column("margin", "surplus over the best surplus in the agreement space"),
        boolean_column("accepts",
                       "within its red lines and demands, and not below its "
                       "reservation; empty: not asked")},
       {"package", "party", "leaf"}});
  kinds.push_back(
      {"packages",
       "The settlements of each package",
       "solve",
       {text_column("package", "deepest, rule:NAME or draft:ID", kRequired),
        text_column("issue", "id", kRequired),
        text_column("settlement", "the number, or the id of the option"),
        number_column("settlement_number",
                      "on numeric issues; for rule:adjusted_winner the share of the first party"),
        boolean_column("chosen", "of a draft: the text leaves it open, and the best was chosen")},
       {"package", "issue"}});
  kinds.push_back(
      {"drafts",
       "How the texts on the table score",
       "solve",
       {text_column("draft", "id", kRequired), text_column("title", "as in the scenario"),
        boolean_column("complete", "it settles every issue", kRequired),
        boolean_column("inside", "it keeps the rules: it is in the agreement space", kRequired),
        margin_column("depth",
                      "value of the consent tree at the draft; empty: some consent is "
                      "refused outright"),
        text_column("accepted_by", "parties that accept it, separated by a space"),
        text_column("first_broken_party",
                    "the first party, in the order of the file, that does "
                    "not"),
        text_column("first_broken_demand",
                    "the first of its demands that the draft breaks; rule:ID outside the "
                    "agreement space")},
       {"draft"}});
  kinds.push_back(
      {"frontier",
       "What every party has at each point of the Pareto frontier",
       "frontier",
       {{"point", integer, "from 1, best for the first party first", "", NumberStyle::plain,
         kRequired},
        count_column("packages", "with exactly these utilities; empty: not counted"),
        text_column("party", "id", kRequired),
        leaf_column(),
        number_column("utility", "on the party's own scale from 0 to 1", NumberStyle::unit),
        margin_column("margin", "surplus over the best surplus in the agreement space"),
        boolean_column("on_hull", "no mixture of points by lot is better; empty: not asked for"),
        text_column("found_as",
                    "of a partial frontier: 'best:PARTY', 'rule:NAME', separated by '; '")},
       {"point", "party", "leaf"}});
  kinds.push_back(
      {"frontier_packages",
       "A package of each point: of a complete frontier the first in file order",
       "frontier",
       {{"point", integer, "as in the table frontier", "", NumberStyle::plain, kRequired},
        text_column("issue", "id", kRequired),
        text_column("settlement", "the number, or the id of the option"),
        number_column("settlement_number", "on numeric issues")},
       {"point", "issue"}});
  kinds.push_back(
      {"frontier_summary",
       "How much of the Pareto frontier this is",
       "frontier",
       {text_column("of", "of the zone, or of the whole agreement space", kRequired,
                    {"zone", "all"}),
        boolean_column("complete", "every point is there; otherwise each is proven to be on it",
                       kRequired),
        {"points", integer, "that are listed", "", NumberStyle::count, kRequired},
        count_column("packages", "of all points together; empty: not counted"),
        margin_column("gap",
                      "whatever the package, some point listed gives every party as much, less at "
                      "most this margin; empty: not known"),
        text_column("reason", "why it is not complete")},
       {}});
  kinds.push_back(
      {"marginals",
       "How the packages of the zone spread over the settlements of each issue",
       "solve",
       {text_column("issue", "id", kRequired),
        text_column("settlement", "the number, or the id of the option", kRequired),
        number_column("settlement_number", "on numeric issues"),
        count_column("packages",
                     "packages of the zone with this settlement; empty: the share is an estimate"),
        share_column("share", "of the packages of the zone")},
       {"issue", "settlement"}});
  add_explain_kinds(kinds);
  kinds.push_back(
      {"problems",
       "What is wrong or doubtful in the files",
       "check",
       {text_column("file", "as given", kRequired),
        {"line", integer, "from 1; empty: the file as a whole"},
        {"column", integer, "from 1, in characters"},
        text_column("severity", "errors make the file unusable", kRequired, {"error", "warning"}),
        text_column("path", "dotted ids from the top of the file"),
        text_column("problem", "what is wrong", kRequired),
        text_column("remedy", "what to do")},
       {},
       false});
  kinds.push_back(
      {"verification",
       "What the certificate claims, and what became of it",
       "verify",
       {text_column("claim",
                    "best: the greatest utility of a leaf; no depth: no package has a value; "
                    "packages and acceptable: their numbers",
                    kRequired, {"best", "depth", "no depth", "packages", "acceptable", "breadth"}),
        text_column("party", "id; of a best"),
        leaf_column(),
        number_column("value", "what is claimed"),
        text_column("exact_value", "the same as a fraction; empty for an estimate"),
        kind_column(),
        text_column("verdict",
                    "proven: it follows from the certificate; recounted: a second method counts "
                    "the same; repeated: an estimate that came out the same again, which is no "
                    "proof; not rechecked: too large, or time was up; refused: wrong",
                    kRequired, {"proven", "recounted", "repeated", "not rechecked", "refused"}),
        {"boxes", integer, "of the proof, or parts that were counted one by one"},
        text_column("reason", "what is wrong, or what the verdict rests on")},
       {"claim", "party", "leaf"}});
  kinds.push_back({"proven_package",
                   "The package that attains the depth",
                   "verify",
                   {text_column("issue", "id", kRequired),
                    text_column("settlement", "the number, or the id of the option"),
                    number_column("settlement_number", "on numeric issues")},
                   {"issue"}});
  kinds.push_back(
      {"empty_boxes",
       "Why nothing is left of boxes of the proof: what together excludes every package of each",
       "verify",
       {{"box", integer, "its number in the certificate", "", NumberStyle::plain, kRequired},
        text_column("issue", "that has no settlement left; empty: the consents needed are missing"),
        text_column("cause",
                    "demand: of a party whose consent is needed; rule: of the agreement space; "
                    "without: the box does without this consent; never: the party's reservation is "
                    "above its best",
                    kRequired, {"demand", "rule", "without", "never"}),
        text_column("party", "id"),
        text_column("name", "id of the demand, as in `solve`, or of the rule"),
        text_column("text", "in words", kRequired)},
       {}});
  kinds.push_back({"made_from",
                   "What the certificate was made from, and what was read now",
                   "verify",
                   {text_column("what", "file: by its SHA-256", kRequired,
                                {"file", "date", "variant", "lever", "set"}),
                    text_column("name", "path of a file, as recorded or as given"),
                    text_column("recorded", "in the certificate"), text_column("read", "now"),
                    boolean_column("same", "nothing changed", kRequired)},
                   {}});
  kinds.push_back({"choices",
                   "What there is to choose from",
                   "list",
                   {text_column("kind", "rule, format, table, command or status", kRequired),
                    text_column("name", "as the command line takes it", kRequired),
                    text_column("summary", "in words", kRequired),
                    text_column("source", "where it is published")},
                   {"kind", "name"},
                   false});
  return kinds;
}

nlohmann::ordered_json column_schema(const Column& column) {
  nlohmann::ordered_json schema;
  switch (column.type) {
    case text: schema["type"] = "string"; break;
    case date:
      schema["type"] = "string";
      schema["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
      break;
    case integer: schema["type"] = "integer"; break;
    case number: schema["type"] = "number"; break;
    case boolean: schema["type"] = "boolean"; break;
    case settlement: schema["type"] = {"number", "string"}; break;
  }
  if (!column.one_of.empty()) schema["enum"] = column.one_of;
  schema["description"] =
      column.description + (column.unit.empty() ? "" : " [" + column.unit + "]");
  return schema;
}

}  // namespace

std::span<const TableKind> table_kinds() {
  static const std::vector<TableKind> kinds = make_kinds();
  return kinds;
}

Table make_table(std::string_view name) {
  const auto kinds = table_kinds();
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const TableKind& k) { return k.name == name; });
  if (kind == kinds.end()) throw std::logic_error("no table " + std::string(name));
  Table table{.name = kind->name, .title = kind->title, .columns = {}, .key = {}};
  if (kind->of_scenario) {
    table.columns = {text_column("scenario", "path as given", kRequired),
                     text_column("variant", "its name and the edits, separated by a space"),
                     Column{"date", date, "the day the answer is for"}};
    table.key = {"scenario"};
  }
  table.columns.insert(table.columns.end(), kind->columns.begin(), kind->columns.end());
  table.key.insert(table.key.end(), kind->key.begin(), kind->key.end());
  return table;
}

void add_row(Table& table, const Origin& origin, std::vector<Cell> cells) {
  const auto given = [](const std::string& value) { return value.empty() ? Cell{} : Cell{value}; };
  std::vector<Cell> row{given(origin.scenario), given(origin.variant), given(origin.date)};
  row.insert(row.end(), std::make_move_iterator(cells.begin()),
             std::make_move_iterator(cells.end()));
  table.add(std::move(row));
}

std::vector<std::string> tables_of(std::string_view command) {
  if (command == "brief") {
    return {"overlap", "parties",   "issues",          "pairs",  "agreements", "packages",
            "drafts",  "conflicts", "conflict_proofs", "exits",  "prices",     "splits",
            "moves",   "vetoes",    "ratification",    "levers", "lever_sets", "explanation"};
  }
  std::vector<std::string> names;
  for (const TableKind& kind : table_kinds()) {
    if (kind.command == command) names.push_back(kind.name);
  }
  return names;
}

std::string output_schema() {
  nlohmann::ordered_json tables = nlohmann::ordered_json::object();
  nlohmann::ordered_json commands = nlohmann::ordered_json::array({"brief"});
  for (const TableKind& kind : table_kinds()) {
    const Table table = make_table(kind.name);
    nlohmann::ordered_json columns = nlohmann::ordered_json::object();
    nlohmann::ordered_json required = nlohmann::ordered_json::array();
    for (const Column& column : table.columns) {
      columns[column.name] = column_schema(column);
      if (column.required) required.push_back(column.name);
    }
    tables[kind.name] = {{"type", "array"},
                         {"description", kind.title},
                         {"items",
                          {{"type", "object"},
                           {"properties", columns},
                           {"required", required},
                           {"additionalProperties", false}}}};
    if (std::find(commands.begin(), commands.end(), kind.command) == commands.end()) {
      commands.push_back(kind.command);
    }
  }
  nlohmann::ordered_json properties{
      {"zopa_output",
       {{"const", kOutputVersion}, {"description", "raised by changes that break readers"}}},
      {"command", {{"enum", commands}}},
      {"version", {{"type", "string"}, {"description", "of the program"}}}};
  properties.update(tables);
  const nlohmann::ordered_json schema{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Output of zopa"},
      {"description",
       "What every command writes with --format json: one array a table, its columns "
       "as keys. An absent value is left out."},
      {"type", "object"},
      {"properties", properties},
      {"required", {"zopa_output", "command", "version"}},
      {"additionalProperties", false}};
  return schema.dump(2) + "\n";
}

}  // namespace zopa
