// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "model/answers/stretches.hpp"
#include "model/answers/variants.hpp"
#include "model/engine/search.hpp"
#include "model/party_number.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Questions about the zone when some of the demands are dropped or replaced. Safe to use from
/// several threads.
class ZoneSearch {
 public:
  /// All must outlive this.
  ZoneSearch(const Scenario& scenario, const Problem& problem, const Progress& progress);

  const Scenario& scenario() const { return scenario_; }
  const Problem& problem() const { return problem_; }
  const Variants& variants() const { return variants_; }
  const Progress& progress() const { return progress_; }

  struct Found {
    std::optional<Package> package;  // none: there is none (proven unless stopped)
    Rational value;                  // of what was asked to be greatest
    bool stopped = false;
  };

  /// Packages that are looked at: the pieces of every issue (empty: all).
  using Box = std::vector<std::vector<char>>;

  /// A package that the tree accepts.
  Found find(const Asking& asking, const Box& box = {}) const;

  /// One with the greatest, or least (sign −1), place on an issue; starts from known ones.
  Found extreme(const Asking& asking, int issue, int sign, const std::vector<Package>& known) const;

  /// One with the greatest utility of a leaf, when some leaves make no reservation.
  Found most_utility(int leaf, const std::vector<int>& leaves) const;

  /// The package whose least form is greatest, and that value.
  Found greatest_least(const Asking& asking, const Box& box, const std::vector<Form>& forms) const;

  /// The pieces of a discrete issue at a place, or all others.
  Box pieces_at(int issue, const Rational& place, bool inside) const;

  /// The places of an issue that extend to packages that the tree accepts: settlements as points,
  /// on a continuous issue stretches; gaps narrower than kMoveBracket are not seen, and `bounded`
  /// is set then. Clears `settled` when stopped.
  Stretches projection(const Asking& asking, int issue, const std::vector<Package>& known,
                       bool& bounded, bool& settled) const;

  /// What a number of a limit or a linked demand allows: with places of its issue from θ on, up to
  /// θ, θ alone or all but θ; or where an option is listed, or is not.
  enum class Side { at_least, at_most, only, all_but, option };
  struct Variant {
    Asking lenient;   // the demand is kept at every place of the issue
    Asking hopeless;  // at none
    Side side = Side::option;
    bool strict = false;  // θ itself is not allowed
  };
  /// The zone at a value of the number is that of `hopeless`, and the packages of that of `lenient`
  /// whose place the value allows.
  Variant variant(const PartyNumber& number) const;

  /// The lenient side of two numbers at once.
  Asking lenient(const PartyNumber& first, const PartyNumber& second) const;

  /// A package that would be acceptable if the party's worth of every place were the greatest, and
  /// that of the reservation package's place the least, that any ideal in [from, to] gives it (the
  /// number is an end of an ideal, or an ideal of one point, on a numeric issue). None: for no such
  /// ideal is there one.
  Found on_plateau(const PartyNumber& number, const std::optional<Rational>& reference,
                   const Rational& from, const Rational& to) const;

 private:
  // A linked demand with one of its tests, or two of them, left out, or never met: parts for its
  // holders.
  struct Linked {
    std::vector<std::pair<int, int>> parts;  // leaf and part
  };
  struct LinkedKey {
    int party;
    int demand;
    int what;    // see zone_search.cpp
    int first;   // issues of the tests
    int second;  // −1: one test
    friend auto operator<=>(const LinkedKey&, const LinkedKey&) = default;
  };
  void add_linked(int party, int demand);
  Asking with_linked(Asking asking, const LinkedKey& key) const;
  Asking lenient(Asking asking, const PartyNumber& number) const;
  Search::Request request(const Asking& asking, const Box& box) const;
  Found ask(const Search& search, const Search::Request& request) const;

  const Scenario& scenario_;
  const Problem& problem_;
  const Progress progress_;
  Variants variants_;
  std::map<LinkedKey, Linked> linked_;
  std::unique_ptr<Search> search_;
  mutable std::mutex mutex_;
  mutable std::map<Asking, Found> answers_;  // of `find` without a box
};

}  // namespace zopa
