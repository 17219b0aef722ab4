// SPDX-License-Identifier: MIT
#include "src/report/verification.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "src/number_text.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

using Subject = ClaimVerdict::Subject;
using Verdict = ClaimVerdict::Verdict;

constexpr std::size_t kBoxesShown = 12;      // of those that are empty; tables hold more
constexpr std::size_t kMostExactShown = 24;  // characters of a fraction

std::string verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::proven: return "proven";
    case Verdict::recounted: return "recounted";
    case Verdict::repeated: return "repeated";
    case Verdict::open: return "not rechecked";
    case Verdict::refused: break;
  }
  return "refused";
}

std::string fraction_words(const Rational& value) {
  const Integer below = boost::multiprecision::denominator(value);
  const std::string above = boost::multiprecision::numerator(value).str();
  return below == 1 ? above : above + "/" + below.str();
}

// "with rent 800": the part of a count that is wrong.
std::string part_words(const Verified& verified, const ClaimVerdict& claim) {
  if (claim.piece < 0 || !verified.file.proofs.breadth) return "";
  const std::size_t j = at(verified.file.proofs.breadth->split);
  const Issue& issue = verified.scenario.issues.at(j);
  const Rational& place = verified.problem.issues.at(j).pieces.at(at(claim.piece)).from;
  return "With " + issue.id + " at " + place_id(issue, place) + ": ";
}

// What a claim says, as tables and the page show it.
struct Saying {
  std::string word;             // of the table
  std::string words;            // for people
  std::optional<double> value;  // absent: none, or not a double
  std::string exact;
  std::string shown;  // the value for people
};

Saying exact_saying(std::string word, std::string words, const Rational& value, std::string shown) {
  const double number = to_double(value);
  return {std::move(word), std::move(words),
          std::isfinite(number) ? std::optional(number) : std::nullopt, fraction_words(value),
          std::move(shown)};
}

Saying saying_of(const Verified& verified, const ClaimVerdict& claim) {
  const Proofs& proofs = verified.file.proofs;
  switch (claim.subject) {
    case Subject::best: {
      const auto proof = std::find_if(proofs.bests.begin(), proofs.bests.end(),
                                      [&](const BestProof& one) { return one.leaf == claim.leaf; });
      const std::string words =
          "best of " + leaf_title(verified.scenario, verified.problem, claim.leaf);
      if (proof == proofs.bests.end()) return {"best", words, std::nullopt, "", ""};
      return exact_saying("best", words, proof->best, unit_text(to_double(proof->best)));
    }
    case Subject::depth: {
      if (!proofs.depth.depth) return {"no depth", "no depth", std::nullopt, "", "none"};
      return exact_saying("depth", "depth", *proofs.depth.depth,
                          margin_text(to_double(*proofs.depth.depth)));
    }
    case Subject::packages:
      return exact_saying("packages", "packages that the rules allow",
                          Rational(*proofs.breadth->packages),
                          count_text(*proofs.breadth->packages));
    case Subject::acceptable:
      return exact_saying("acceptable", "acceptable packages",
                          Rational(*proofs.breadth->acceptable),
                          count_text(*proofs.breadth->acceptable));
    case Subject::breadth: break;
  }
  const BreadthClaim& breadth = *proofs.breadth;
  if (breadth.method == BreadthClaim::Method::volume) {
    return exact_saying("breadth", "breadth", *breadth.exact_share,
                        share_text(to_double(*breadth.exact_share)));
  }
  return {"breadth", "breadth (estimate)", breadth.share, "",
          share_text(breadth.share) + " (" + share_text(breadth.low) + " to " +
              share_text(breadth.high) + ")"};
}

Table verification_table(const Verified& verified) {
  Table table = make_table("verification");
  for (const ClaimVerdict& claim : verified.verification.claims) {
    const Saying saying = saying_of(verified, claim);
    const bool best = claim.subject == Subject::best;
    const auto& leaves = verified.problem.leaves;
    add_row(
        table, verified.origin,
        {saying.word,
         best ? Cell{verified.scenario.parties.at(at(leaves.at(at(claim.leaf)).party)).id} : Cell{},
         best ? text_cell(leaf_path(verified.problem, claim.leaf)) : Cell{},
         number_cell(saying.value), text_cell(saying.exact),
         claim.subject == Subject::depth ? Cell{kind_word(verified.file.proofs.depth.kind)}
                                         : Cell{},
         verdict_word(claim.verdict), claim.boxes > 0 ? Cell{Integer(claim.boxes)} : Cell{},
         text_cell(part_words(verified, claim) + claim.reason)});
  }
  return table;
}

bool depth_proven(const Verified& verified) {
  const auto& claims = verified.verification.claims;
  return std::any_of(claims.begin(), claims.end(), [](const ClaimVerdict& claim) {
    return claim.subject == Subject::depth && claim.verdict == Verdict::proven;
  });
}

Table package_table(const Verified& verified) {
  Table table = make_table("proven_package");
  const auto& package = verified.file.proofs.depth.package;
  if (!package || !depth_proven(verified)) return table;
  for (std::size_t j = 0; j < verified.scenario.issues.size(); ++j) {
    const Issue& issue = verified.scenario.issues[j];
    const Rational& place = package->places.at(j);
    add_row(table, verified.origin,
            {issue.id, place_id(issue, place),
             issue.kind == IssueKind::numeric ? Cell{to_double(place)} : Cell{}});
  }
  return table;
}

// One thing that helps to empty a box.
struct Cause {
  std::string kind;   // a word of the table
  std::string party;  // may be empty
  std::string name;
  std::string text;
};

std::vector<Cause> causes_of(const Verified& verified, const EmptyBox& box) {
  const Scenario& scenario = verified.scenario;
  std::vector<Cause> causes;
  for (const auto& [leaf, index] : box.demands) {
    const Demand& demand = verified.problem.leaves.at(at(leaf)).demands.at(at(index)).demand;
    causes.push_back({"demand", scenario.parties.at(at(demand.party)).id,
                      demand_id(scenario, demand), demand_text(scenario, demand)});
  }
  std::set<int> rules(box.rules.begin(), box.rules.end());  // a rule may be several clauses
  for (const int r : rules) {
    const Rule& rule = scenario.rules.at(at(r));
    causes.push_back({"rule", "", rule.id, "rule: " + (rule.title.empty() ? rule.id : rule.title)});
  }
  if (box.issue >= 0) return causes;
  const auto add = [&](const char* kind, int leaf, const std::string& words) {
    const std::string& id = scenario.parties.at(at(verified.problem.leaves.at(at(leaf)).party)).id;
    causes.push_back({kind, id, leaf_path(verified.problem, leaf),
                      leaf_title(scenario, verified.problem, leaf) + words});
  };
  for (const int leaf : box.done_without) add("without", leaf, " is done without");
  for (const int leaf : box.never)
    add("never", leaf, " never consents: its reservation is above its best");
  return causes;
}

Table empty_boxes_table(const Verified& verified) {
  Table table = make_table("empty_boxes");
  for (const EmptyBox& box : verified.verification.empty) {
    for (const Cause& cause : causes_of(verified, box)) {
      add_row(table, verified.origin,
              {Integer(box.node),
               box.issue >= 0 ? Cell{verified.scenario.issues.at(at(box.issue)).id} : Cell{},
               cause.kind, text_cell(cause.party), text_cell(cause.name), cause.text});
    }
  }
  return table;
}

// A file or an option, in the certificate and now.
struct MadeFrom {
  std::string what;
  std::string name;
  std::string recorded;
  std::string read;
  bool same() const { return recorded == read; }
};

std::vector<MadeFrom> made_from_of(const Verified& verified) {
  std::vector<MadeFrom> all;
  std::vector<char> met(verified.inputs.size(), 0);
  for (const Input& recorded : verified.file.inputs) {
    MadeFrom one{"file", recorded.path, recorded.sha256, ""};
    // The file of that content; otherwise the one of that name.
    for (const bool by_content : {true, false}) {
      for (std::size_t f = 0; f < verified.inputs.size() && one.read.empty(); ++f) {
        const Input& now = verified.inputs[f];
        if (met[f] || (by_content ? now.sha256 != recorded.sha256 : now.path != recorded.path))
          continue;
        met[f] = 1;
        one.read = now.sha256;
      }
    }
    all.push_back(std::move(one));
  }
  for (std::size_t f = 0; f < verified.inputs.size(); ++f) {
    if (!met[f]) all.push_back({"file", verified.inputs[f].path, "", verified.inputs[f].sha256});
  }
  const auto option = [&](const char* what, const std::string& recorded, const std::string& now) {
    if (!recorded.empty() || !now.empty()) all.push_back({what, "", recorded, now});
  };
  const Edits& recorded = verified.file.edits;
  option("date", recorded.date, verified.edits.date);
  option("variant", recorded.variant, verified.edits.variant);
  option("lever", joined_by(recorded.levers, " "), joined_by(verified.edits.levers, " "));
  option("set", joined_by(recorded.sets, " "), joined_by(verified.edits.sets, " "));
  return all;
}

Table made_from_table(const Verified& verified) {
  Table table = make_table("made_from");
  for (const MadeFrom& one : made_from_of(verified)) {
    add_row(
        table, verified.origin,
        {one.what, text_cell(one.name), text_cell(one.recorded), text_cell(one.read), one.same()});
  }
  return table;
}

class VerificationPage {
 public:
  explicit VerificationPage(const Verified& verified) : verified_(verified) {}

  Page page() {
    head();
    claims();
    package();
    empty();
    made_from();
    return std::move(page_);
  }

 private:
  void say(std::string text, int indent = 2, Tone tone = Tone::plain) {
    page_.push_back(Sentence{std::move(text), tone, indent});
  }

  void head() {
    std::string left = verified_.scenario.title;
    if (!verified_.origin.date.empty()) left += ", as of " + long_date(verified_.origin.date);
    page_.push_back(Headline{left, verified_.certificate});
    if (!verified_.origin.variant.empty()) say("with " + verified_.origin.variant, 0, Tone::faint);
    const Verification& verification = verified_.verification;
    if (some_refused(verification)) {
      say("Refused: the certificate does not prove what it claims.", 0, Tone::bad);
    } else if (!depth_proven(verified_)) {
      say("Nothing is refused, and the depth was not checked: time was up.", 0);
    } else {
      say("Proven: " + what_is_proven(), 0, Tone::good);
      if (some_open(verification)) say("Not everything that it claims could be rechecked.");
    }
    if (verified_.problem.rounded)
      say("The worths need fractions beyond 126 bits; they were rounded to 1e-9 once, and the "
          "proof is about the rounded worths.");
  }

  std::string what_is_proven() const {
    const Certificate& depth = verified_.file.proofs.depth;
    const char* const kind =
        depth.kind == DepthKind::hard ? "" : ", red lines on numeric and ordered issues being soft";
    if (!depth.depth)
      return std::string("no package that the rules allow has a depth") +
             (depth.kind == DepthKind::hard ? " that keeps all red lines" : kind) + ".";
    return "the depth is " + depth_words(*depth.depth) + kind +
           ". One package attains it, and none that the rules allow is deeper.";
  }

  static std::string depth_words(const Rational& depth) {
    std::string exact = fraction_words(depth);
    if (exact[0] == '-') exact = "−" + exact.substr(1);
    const std::string shown = margin_text(to_double(depth));
    return exact.size() > kMostExactShown || exact == "0" ? shown : shown + " (" + exact + ")";
  }

  void claims() {
    page_.push_back(Section{"Claims"});
    Grid grid;
    grid.columns = {{"claim", Align::left, 20},
                    {"value", Align::right, 8},
                    {"boxes", Align::right, 5},
                    {"verdict", Align::left, 13}};
    for (const ClaimVerdict& claim : verified_.verification.claims) {
      const Saying saying = saying_of(verified_, claim);
      const Tone tone = claim.verdict == Verdict::refused ? Tone::bad
                        : claim.verdict == Verdict::open  ? Tone::plain
                                                          : Tone::good;
      const char* const mark = claim.verdict == Verdict::refused ? "▼ "
                               : claim.verdict == Verdict::open  ? "· "
                                                                 : "▲ ";
      grid.rows.push_back({{{saying.words},
                            {saying.shown},
                            {claim.boxes > 0 ? count_text(Integer(claim.boxes)) : ""},
                            {mark + verdict_word(claim.verdict), tone}}});
    }
    page_.push_back(std::move(grid));
    for (const ClaimVerdict& claim : verified_.verification.claims) {
      if (claim.reason.empty()) continue;
      say(capital(saying_of(verified_, claim).words) + ": " + part_words(verified_, claim) +
          claim.reason);
    }
  }

  void package() {
    const auto& package = verified_.file.proofs.depth.package;
    if (!package || !depth_proven(verified_)) return;
    page_.push_back(Section{"Package", "It attains the depth."});
    Grid grid;
    grid.columns = {{"issue", Align::left, 12}, {"settlement", Align::left, 12}};
    for (std::size_t j = 0; j < verified_.scenario.issues.size(); ++j) {
      const Issue& issue = verified_.scenario.issues[j];
      grid.rows.push_back({{{issue.title.empty() ? issue.id : issue.title},
                            {place_text(issue, package->places.at(j))}}});
    }
    page_.push_back(std::move(grid));
  }

  void empty() {
    const auto& boxes = verified_.verification.empty;
    if (boxes.empty()) return;
    page_.push_back(Section{"Empty boxes", empty_remark()});
    for (std::size_t b = 0; b < std::min(boxes.size(), kBoxesShown); ++b) {
      const EmptyBox& box = boxes[b];
      std::string text = box_words(box) + ": ";
      if (box.issue >= 0) {
        const Issue& issue = verified_.scenario.issues.at(at(box.issue));
        text += "no settlement of " + (issue.title.empty() ? issue.id : issue.title) + " is left";
      } else {
        text += "the consents that are left do not suffice";
      }
      std::vector<std::string> words;
      for (const Cause& cause : causes_of(verified_, box)) words.push_back(cause.text);
      say(text + (words.empty() ? "" : " by: " + joined_by(words, "; ")) + ".");
    }
    if (boxes.size() > kBoxesShown)
      say("More are in the table `empty_boxes`, up to " + std::to_string(boxes.size()) +
          " in all.");
  }

  std::string empty_remark() const {
    const Certificate& depth = verified_.file.proofs.depth;
    std::string text = "What together excludes every package of a box";
    if (depth.depth) text += " deeper than " + depth_words(*depth.depth);
    if (depth.kind == DepthKind::all && depth.depth && *depth.depth < 0)
      text += ". A soft red line may be overstepped by less than " +
              share_text(-to_double(*depth.depth)) + " of the scale";
    return text + ".";
  }

  // "Every package", or "Box 7 (Rent 800 to 900; …)".
  std::string box_words(const EmptyBox& box) const {
    std::vector<std::string> words;
    for (std::size_t j = 0; j < box.pieces.size(); ++j) {
      const auto& left = box.pieces[j];
      const auto kept = static_cast<std::size_t>(std::count(left.begin(), left.end(), 1));
      if (kept == left.size()) continue;
      const Issue& issue = verified_.scenario.issues.at(j);
      const std::string title = issue.title.empty() ? issue.id : issue.title;
      const auto& pieces = verified_.problem.issues.at(j).pieces;
      if (kept > 3) {
        words.push_back(title + ": " + std::to_string(kept) + " of " + std::to_string(left.size()));
        continue;
      }
      std::vector<std::string> places;
      for (std::size_t k = 0; k < left.size(); ++k) {
        if (!left[k]) continue;
        places.push_back(place_text(issue, pieces[k].from) +
                         (pieces[k].point() ? "" : " to " + place_text(issue, pieces[k].to)));
      }
      words.push_back(title + ": " + joined(places, " or "));
    }
    for (const int leaf : box.done_without)
      words.push_back("without " + leaf_title(verified_.scenario, verified_.problem, leaf));
    if (box.node == 0 && words.empty()) return "Every package";
    return "Box " + std::to_string(box.node) +
           (words.empty() ? "" : " (" + joined_by(words, "; ") + ")");
  }

  void made_from() {
    page_.push_back(Section{"Made from"});
    bool same = true;
    for (const MadeFrom& one : made_from_of(verified_)) {
      same = same && one.same();
      if (one.same()) {
        say(one.what == "file"
                ? one.name + ": the same file (SHA-256 " + one.read.substr(0, 12) + "…)"
                : "--" + one.what + " " + one.read);
      } else if (one.what != "file") {
        say("--" + one.what + ": the certificate was made " + with(one.recorded) +
                ", and is checked " + with(one.read) + ".",
            2, Tone::bad);
      } else if (one.read.empty()) {
        say(one.name + ": not among the files read now.", 2, Tone::bad);
      } else if (one.recorded.empty()) {
        say(one.name + ": not among the files that the certificate was made from.", 2, Tone::bad);
      } else {
        say(one.name + ": has changed since the certificate was made.", 2, Tone::bad);
      }
    }
    if (!same) say("What is said above is about the scenario as it was read now.");
  }

  static std::string with(const std::string& value) {
    return value.empty() ? "without it" : "with " + value;
  }

  const Verified& verified_;
  Page page_;
};

}  // namespace

bool some_refused(const Verification& verification) {
  return std::any_of(verification.claims.begin(), verification.claims.end(),
                     [](const ClaimVerdict& c) { return c.verdict == Verdict::refused; });
}

bool some_open(const Verification& verification) {
  return std::any_of(verification.claims.begin(), verification.claims.end(),
                     [](const ClaimVerdict& c) { return c.verdict == Verdict::open; });
}

Result report(const Verified& verified) {
  return {.command = "verify",
          .tables = {verification_table(verified), package_table(verified),
                     empty_boxes_table(verified), made_from_table(verified)},
          .page = VerificationPage(verified).page()};
}

}  // namespace zopa
