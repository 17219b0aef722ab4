// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/answers/conflicts.hpp"
#include "model/answers/consents.hpp"
#include "model/answers/moves.hpp"
#include "model/answers/redraft.hpp"
#include "src/document.hpp"
#include "src/levers.hpp"

namespace zopa {

/// The parts of an explanation.
struct ExplainParts {
  bool conflicts = false;
  bool exits = false;
  bool pointless = false;
  bool splits = false;
  bool moves = false;
  bool redundant = false;
  bool consents = false;
  bool levers = false;
  bool redraft = false;

  /// Whether any part needs the conflicts.
  bool of_conflicts() const { return conflicts || exits || pointless || splits; }
};

/// The levers of the file, and what they can do.
struct LeverReport {
  std::vector<NamedLever> named;  // one a lever of the answer; none: there is no answer
  LeverAnswer answer;
  std::optional<Rational> budget;  // that was asked about
};

/// What becomes of one text.
struct RedraftReport {
  std::string package;  // "draft:ID", "rule:NAME" or "deepest", as tables name packages
  std::string title;
  std::string chosen;  // settlements that the text leaves open, in words
  Redraft answer;
};

/// What `explain` found out; what was not asked for is absent.
struct Explanation {
  std::vector<NamedDemand> demands;  // all of them
  std::optional<bool> zone;          // whether there is one; absent: a stopped search left it open
  std::optional<Conflicts> conflicts;  // conflicts, exits, prices and splits
  std::optional<Moves> moves;
  std::optional<Consents> consents;
  std::optional<LeverReport> levers;
  std::optional<RedraftReport> redraft;
  bool complete = true;  // false: something was cut short
};

struct ExplainSettings {
  ExplainParts parts;
  std::string text;                  // for `redraft`: a draft's id, "deepest" or "rule:NAME"
  std::optional<Rational> budget;    // for `levers`
  std::size_t most = 300;            // conflicts and exits together, then the search for more stops
  std::optional<double> time_limit;  // seconds; each part has its share of them
  int jobs = 1;
  Progress progress = no_progress();
};

/// Asks the mathematics for the parts that are wanted, as far as they apply: conflicts to an empty
/// zone, slack to an open one. `scenario` and `problem` are those of the document. Throws
/// UsageError when `text` names no text, or one without a package.
Explanation explain(const Document& document, const Scenario& scenario, const Problem& problem,
                    const ExplainSettings& settings);

}  // namespace zopa
