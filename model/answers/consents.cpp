// SPDX-License-Identifier: MIT
#include "model/answers/consents.hpp"

#include <algorithm>
#include <numeric>

#include "model/answers/depth.hpp"
#include "model/engine/count.hpp"
#include "model/engine/subset_map.hpp"
#include "model/engine/words.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

// How far counts go to tell whether a veto is absorbed.
constexpr std::uint64_t kMostVisitsOfVetoes = 5'000'000;
constexpr double kMostCostOfVetoes = 1e9;

const char* word_in_path(Consent::Kind kind) {
  switch (kind) {
    case Consent::Kind::all: return "all";
    case Consent::Kind::any: return "any";
    case Consent::Kind::at_least: return "at_least.of";
    default: return "quota.of";
  }
}

Tree single_leaf(int leaf) {
  Tree tree;
  tree.kind = Consent::Kind::leaf;
  tree.leaf = leaf;
  return tree;
}

using Grants = std::vector<char>;  // one bit a node: its consent is granted

// The tree with some consents granted. A granted consent is asked wherever a leaf below it is, and
// then content: leaves without demands and without utility stand for that, which the problem gets
// beside its own.
class GrantedTrees {
 public:
  struct Node {
    const Tree* tree = nullptr;
    int above = -1;
    bool in_chain = true;  // from the root down to it there is nothing but `all`
    std::string path;
    std::vector<int> members;
  };

  explicit GrantedTrees(const Problem& problem) : own_(problem), problem_(problem) {
    add(own_.tree, -1, true, "consent");
    for (int i = 0; i < own_.n(); ++i) {
      Leaf content;
      content.party = own_.leaves[at(i)].party;
      content.in_scope = own_.leaves[at(i)].in_scope;
      content.when = own_.leaves[at(i)].when;
      problem_.leaves.push_back(std::move(content));
    }
  }

  const Problem& problem() const { return problem_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& node(int index) const { return nodes_[at(index)]; }

  Tree tree(const Grants& granted) const { return build(0, granted).value_or(Tree{}); }

  Tree without(int node) const {
    Grants granted(nodes_.size(), 0);
    granted[at(node)] = 1;
    return tree(granted);
  }

  std::vector<int> leaves_below(int node) const { return leaves_of(*nodes_[at(node)].tree); }

 private:
  int add(const Tree& tree, int above, bool in_chain, const std::string& path) {
    const int index = static_cast<int>(nodes_.size());
    nodes_.push_back({&tree, above, in_chain, path, {}});
    const bool chain = in_chain && tree.kind == Consent::Kind::all;
    for (std::size_t c = 0; c < tree.members.size(); ++c) {
      const std::string inner = path + "." + word_in_path(tree.kind) + "." + std::to_string(c);
      const int member = add(tree.members[c], index, chain, inner);
      nodes_[at(index)].members.push_back(member);
    }
    return index;
  }

  // Nothing: everything here is granted, and below nothing but `all` a value of 1 asks nothing.
  std::optional<Tree> build(int index, const Grants& granted) const {
    const Node& node = nodes_[at(index)];
    if (granted[at(index)]) {
      if (node.in_chain) return std::nullopt;
      return content(index);
    }
    if (node.tree->kind == Consent::Kind::leaf) return *node.tree;
    Tree result;
    result.kind = node.tree->kind;
    result.count = node.tree->count;
    result.need = node.tree->need;
    result.weights = node.tree->weights;
    for (const int member : node.members) {
      if (auto tree = build(member, granted)) result.members.push_back(std::move(*tree));
    }
    if (result.members.empty()) return std::nullopt;
    return result;
  }

  // Asked where a leaf below is.
  Tree content(int index) const {
    Tree any;
    any.kind = Consent::Kind::any;
    for (const int leaf : leaves_below(index)) {
      if (!own_.leaves[at(leaf)].when) return single_leaf(own_.n() + leaf);
      any.members.push_back(single_leaf(own_.n() + leaf));
    }
    return any.members.size() == 1 ? any.members[0] : any;
  }

  const Problem& own_;
  Problem problem_;
  std::vector<Node> nodes_;
};

using LeafValues = std::vector<LeafValue<Rational>>;

// Of the leaves of the problem that has content ones beside its own.
LeafValues leaf_values(const Problem& problem, const Package& package, DepthKind kind) {
  LeafValues values;
  for (int i = 0; i < problem.n(); ++i) {
    const LeafView leaf = view(problem, i, package, kind);
    values.push_back(leaf.asked ? LeafValue<Rational>(leaf.value) : LeafValue<Rational>());
  }
  return values;
}

bool agree(const Tree& tree, const LeafValues& values) {
  const auto value = tree_value<Rational>(tree, values);
  return !value || (*value && **value >= 0);
}

// ------------------------------------------------------------------------------- absorbed vetoes

// A question whether some package lies strictly inside sets of pieces, on the far side of their
// boundaries, and strictly below a reservation.
struct Strictly {
  std::vector<PieceSet> sets;  // at most one an issue
  bool below_reservation = false;
};

void intersect(std::vector<PieceSet>& sets, const PieceSet& set) {
  const auto same = std::find_if(sets.begin(), sets.end(),
                                 [&](const PieceSet& own) { return own.issue == set.issue; });
  if (same == sets.end()) {
    sets.push_back(set);
    return;
  }
  for (std::size_t k = 0; k < set.pieces.size(); ++k) same->pieces[k] &= set.pieces[k];
}

PieceSet complement(PieceSet set) {
  for (char& piece : set.pieces) piece = piece ? 0 : 1;
  return set;
}

// Every way in which a leaf refuses a package.
std::vector<Strictly> ways_to_refuse(const Leaf& leaf) {
  std::vector<Strictly> ways;
  const std::vector<PieceSet> asked = leaf.when.value_or(std::vector<PieceSet>());
  if (leaf.has_utility) ways.push_back({asked, true});
  for (const LeafDemand& demand : leaf.demands) {
    if (demand.limit) {
      ways.push_back({asked, false});
      intersect(ways.back().sets, complement(*demand.limit));
      continue;
    }
    for (const PieceSet& required : demand.clause->require) {
      ways.push_back({asked, false});
      for (const PieceSet& when : demand.clause->when) intersect(ways.back().sets, when);
      intersect(ways.back().sets, complement(required));
    }
  }
  return ways;
}

// Neighbouring pieces, and the places at its ends that belong to others as well.
struct PieceRun {
  std::size_t first = 0;
  std::size_t last = 0;
  std::optional<Rational> above;  // strictly
  std::optional<Rational> below;
};

std::vector<PieceRun> piece_runs(const ProblemIssue& issue, const PieceSet& set) {
  std::vector<PieceRun> found;
  for (std::size_t k = 0; k < set.pieces.size(); ++k) {
    if (!set.pieces[k]) continue;
    PieceRun run{k, k, {}, {}};
    while (run.last + 1 < set.pieces.size() && set.pieces[run.last + 1]) ++run.last;
    k = run.last;
    if (run.first > 0) run.above = issue.pieces[run.first].from;
    if (run.last + 1 < set.pieces.size()) run.below = issue.pieces[run.last].to;
    found.push_back(run);
  }
  return found;
}

// Looks for packages that a tree accepts and a leaf refuses.
class RefusalFinder {
 public:
  RefusalFinder(const Problem& problem, Tree tree, const Progress& progress)
      : problem_(problem), tree_(std::move(tree)), search_(problem, DepthKind::hard) {
    request_.tree = tree_;
    request_.floor = 0;
    request_.progress = progress;
  }

  // Tells of such packages until `enough` says so. False: a search was stopped.
  template <class Enough>
  bool find(int leaf, const Enough& enough) {
    for (const Strictly& way : ways_to_refuse(problem_.leaves[at(leaf)])) {
      Search::Request request = request_;
      for (const ProblemIssue& issue : problem_.issues)
        request.pieces.emplace_back(issue.pieces.size(), 1);
      std::vector<Item> items;
      if (way.below_reservation) items.push_back(item(shortfall(problem_.leaves[at(leaf)])));
      bool done = false;
      if (!choose(way, 0, request, items, enough, done)) return false;
      if (done) return true;
    }
    return true;
  }

 private:
  // r_i − u_i(x).
  static Form shortfall(const Leaf& leaf) {
    Form form = surplus_form(leaf);
    for (auto& line : form.terms) {
      for (PieceWorth& worth : line) worth = {-worth.at_from, -worth.at_to};
    }
    form.constant = -form.constant;
    return form;
  }

  Item item(const Form& form) { return {{search_.add(form)}, -1, 1}; }

  // Takes one run of pieces of every set in turn, from set s on.
  template <class Enough>
  bool choose(const Strictly& way, std::size_t s, const Search::Request& request,
              const std::vector<Item>& items, const Enough& enough, bool& done) {
    if (s == way.sets.size()) return ask(request, items, enough, done);
    const PieceSet& set = way.sets[s];
    const ProblemIssue& issue = problem_.issues[at(set.issue)];
    if (!issue.continuous) {
      Search::Request narrowed = request;
      narrowed.pieces[at(set.issue)] = set.pieces;
      if (std::none_of(set.pieces.begin(), set.pieces.end(), [](char bit) { return bit; }))
        return true;
      return choose(way, s + 1, narrowed, items, enough, done);
    }
    for (const PieceRun& run : piece_runs(issue, set)) {
      Search::Request narrowed = request;
      auto& pieces = narrowed.pieces[at(set.issue)];
      for (std::size_t k = 0; k < pieces.size(); ++k) pieces[k] = run.first <= k && k <= run.last;
      std::vector<Item> more = items;
      if (run.above) more.push_back(item(place_form(problem_, set.issue, *run.above, 1)));
      if (run.below) more.push_back(item(place_form(problem_, set.issue, *run.below, -1)));
      if (!choose(way, s + 1, narrowed, more, enough, done)) return false;
      if (done) return true;
    }
    return true;
  }

  template <class Enough>
  bool ask(Search::Request request, const std::vector<Item>& items, const Enough& enough,
           bool& done) {
    if (items.empty()) {
      request.any = true;
    } else {
      request.level = Level{Level::Kind::least_sum, 1, items, {}, false};
    }
    const auto result = search_.run(request);
    if (result.package && (items.empty() || *result.value > 0)) done = enough(*result.package);
    return done || result.finished;
  }

  const Problem& problem_;
  Tree tree_;
  Search search_;
  Search::Request request_;
};

// --------------------------------------------------------------------------------- sets of nodes

using NodeSet = std::vector<int>;  // rising

void sort_sets(std::vector<NodeSet>& sets) {
  std::sort(sets.begin(), sets.end(), [](const NodeSet& a, const NodeSet& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  });
}

// ---------------------------------------------------------------------------------- the answer

class ConsentFinder {
 public:
  ConsentFinder(const Problem& problem, const ConsentSettings& settings)
      : own_(problem),
        settings_(settings),
        stages_(settings.progress),
        trees_(problem),
        finder_(trees_.problem(), stages_.progress()) {}

  Consents find() {
    for (const auto& node : trees_.nodes()) {
      ConsentView& view = result_.nodes.emplace_back();
      view.path = node.path;
      view.above = node.above;
      if (node.tree->kind == Consent::Kind::leaf) view.leaf = node.tree->leaf;
    }
    mark_ratifiers();
    find_depth();
    stages_.reach(0.2);
    find_without();
    stages_.reach(0.5);
    if (result_.nested) look_at_table();
    stages_.reach(0.6);
    if (surely_open()) {
      find_absorbed();
    } else if (!surely_empty()) {
      result_.complete = result_.sets_complete = false;
    } else if (settings_.sets) {
      find_sets();
    }
    if (!settings_.progress(1)) result_.complete = false;
    return std::move(result_);
  }

 private:
  bool surely_open() const { return result_.depth.low && *result_.depth.low >= 0; }
  bool surely_empty() const {
    return !result_.depth.exists || (result_.depth.high && *result_.depth.high < 0);
  }

  // In every nested `all` of several, everything but the first member.
  void mark_ratifiers() {
    granted_at_table_.assign(result_.nodes.size(), 0);
    for (const int member : trees_.node(0).members) reduce(member);
    for (std::size_t n = 1; n < result_.nodes.size(); ++n) {
      const int above = result_.nodes[n].above;
      result_.nodes[n].ratifier = granted_at_table_[n] || result_.nodes[at(above)].ratifier;
      result_.nested |= result_.nodes[n].ratifier;
    }
  }

  void reduce(int index) {
    const auto& node = trees_.node(index);
    if (node.tree->kind != Consent::Kind::all || node.members.empty()) return;
    for (std::size_t c = 1; c < node.members.size(); ++c)
      granted_at_table_[at(node.members[c])] = 1;
    reduce(node.members[0]);
  }

  Depth deepest(const Tree& tree) const {
    DepthFinder::Where where;
    where.tree = tree;
    Depth depth = finder_.find(result_.kind, where);
    finder_.deepen(depth, where);
    return depth;
  }

  void find_depth() {
    result_.kind = DepthKind::hard;
    result_.depth = deepest(own_.tree);
    if (result_.depth.exists) return;
    result_.kind = DepthKind::all;
    result_.depth = deepest(own_.tree);
  }

  void find_without() {
    const Depth& depth = result_.depth;
    parallel_for(settings_.jobs, result_.nodes.size() - 1, [&](std::size_t task) {
      const int n = static_cast<int>(task) + 1;
      ConsentView& node = result_.nodes[at(n)];
      node.without = deepest(trees_.without(n));
      node.there = value_at(n, *node.without);
    });
    for (std::size_t n = 1; n < result_.nodes.size(); ++n) {
      ConsentView& node = result_.nodes[n];
      const Depth& without = *node.without;
      node.alone = surely_empty() && without.low && *without.low >= 0;
      const bool bounded = without.proof == Proof::bounded || depth.proof == Proof::bounded;
      if (bounded) result_.complete = false;
      if (!without.low || !depth.low) continue;
      // Two bounded searches may have stopped at different distances from their depths.
      node.cost = std::max(Rational(*without.low - *depth.low), Rational(0));
      node.cost_bounded = bounded;
    }
  }

  LeafValue<Rational> value_at(int node, const Depth& depth) const {
    if (!depth.package) return std::nullopt;
    return tree_value<Rational>(*trees_.node(node).tree,
                                leaf_values(own_, *depth.package, result_.kind));
  }

  void look_at_table() {
    result_.leaders = deepest(trees_.tree(granted_at_table_));
    const Depth& leaders = *result_.leaders;
    if (leaders.proof == Proof::bounded) result_.complete = false;
    result_.involuntary_defection = surely_empty() && leaders.low && *leaders.low >= 0;
    if (!leaders.package) return;
    const LeafValues values = leaf_values(own_, *leaders.package, result_.kind);
    for (std::size_t n = 0; n < result_.nodes.size(); ++n)
      result_.nodes[n].at_table =
          tree_value<Rational>(*trees_.node(static_cast<int>(n)).tree, values);
    result_.ratified = agree(own_.tree, values);
  }

  // --- absorbed vetoes

  void find_absorbed() {
    parallel_for(settings_.jobs, result_.nodes.size() - 1, [&](std::size_t task) {
      const int n = static_cast<int>(task) + 1;
      result_.nodes[at(n)].absorbed = absorbed(n);
    });
    for (std::size_t n = 1; n < result_.nodes.size(); ++n)
      if (!result_.nodes[n].absorbed) result_.complete = false;
  }

  // As places, whatever pieces a search has put it on.
  bool refused(const Package& package) const {
    const Package read = make_package(own_, package.places);
    return !agree(own_.tree, leaf_values(own_, read, DepthKind::hard));
  }

  std::optional<bool> absorbed(int n) const {
    const ConsentView& node = result_.nodes[at(n)];
    const Depth& without = *node.without;
    if (without.package && without.low && *without.low >= 0 && refused(*without.package))
      return false;
    const Tree tree = trees_.without(n);
    RefusalFinder finder(trees_.problem(), tree, finder_.progress());
    bool witness = false;
    bool finished = true;
    for (const int leaf : trees_.leaves_below(n)) {
      finished &= finder.find(leaf, [&](const Package& package) {
        witness = refused(package);
        return witness;
      });
      if (witness) return false;
    }
    if (!finished) return std::nullopt;
    // What only `all` joins refuses wherever one of its leaves does, and nowhere else.
    if (trees_.node(n).in_chain && only_all(*trees_.node(n).tree)) return true;
    return same_breadth(tree);
  }

  static bool only_all(const Tree& tree) {
    return tree.kind == Consent::Kind::leaf ||
           (tree.kind == Consent::Kind::all &&
            std::all_of(tree.members.begin(), tree.members.end(), only_all));
  }

  std::optional<bool> same_breadth(const Tree& tree) const {
    CountSettings settings;
    settings.progress = finder_.progress();
    settings.most_visits = kMostVisitsOfVetoes;
    settings.most_cost = kMostCostOfVetoes;
    const Breadth more = count_breadth(with_tree(trees_.problem(), tree), settings);
    const Breadth less = count_breadth(own_, settings);
    if (more.kind != Breadth::Kind::exact || less.kind != Breadth::Kind::exact) return std::nullopt;
    if (more.acceptable && less.acceptable) return *more.acceptable == *less.acceptable;
    if (more.exact_share && less.exact_share) return *more.exact_share == *less.exact_share;
    return std::nullopt;
  }

  // --- sets

  // Whether the zone is empty when only these consents are asked and all others granted. Nothing:
  // the search was stopped.
  std::optional<bool> clash(const NodeSet& wanted) {
    Grants grants(result_.nodes.size(), 0);
    for (const int node : others(wanted)) grants[at(node)] = 1;
    DepthFinder::Where where;
    where.tree = trees_.tree(grants);
    for (const LeafValues& values : witnesses_) {
      if (agree(*where.tree, values)) return false;
    }
    Search::Request request = finder_.request(DepthKind::hard, where);
    request.floor = 0;
    request.any = true;
    const auto found = finder_.search(DepthKind::hard).run(request);
    if (found.package) {
      witnesses_.push_back(leaf_values(trees_.problem(), *found.package, DepthKind::hard));
      return false;
    }
    if (!found.finished) return std::nullopt;
    return true;
  }

  NodeSet others(const NodeSet& set) const {
    NodeSet rest;
    std::set_difference(elements_.begin(), elements_.end(), set.begin(), set.end(),
                        std::back_inserter(rest));
    return rest;
  }

  // Which consents stand against each other: sets that clash contain a block, sets that do not
  // leave out an opening.
  void find_sets() {
    for (std::size_t n = 0; n < result_.nodes.size(); ++n) {
      const Consent::Kind kind = trees_.node(static_cast<int>(n)).tree->kind;
      if (kind == Consent::Kind::leaf || (kind != Consent::Kind::all && n > 0))
        elements_.push_back(static_cast<int>(n));
    }
    std::vector<int> order(elements_.size());
    std::iota(order.begin(), order.end(), 0);
    SubsetMap map(elements_.size(), order);
    while (true) {
      const auto seed = map.next();
      result_.sets_complete = !seed;
      if (!seed || result_.openings.size() + result_.blocks.size() >= settings_.most_sets) break;
      NodeSet set;
      for (std::size_t e = 0; e < elements_.size(); ++e) {
        if (has_bit(*seed, e)) set.push_back(elements_[e]);
      }
      const auto clashes = clash(set);
      if (!clashes || !(*clashes ? shrink(set) : grow(set))) break;
      if (*clashes) {
        map.add_bad(words_of(set));
        result_.blocks.push_back(std::move(set));
      } else {
        map.add_good(words_of(set));
        result_.openings.push_back(others(set));
      }
    }
    if (!result_.sets_complete) result_.complete = false;
    sort_sets(result_.openings);
    sort_sets(result_.blocks);
  }

  Words words_of(const NodeSet& set) const {
    Words words(words_for(elements_.size()), 0);
    for (std::size_t e = 0; e < elements_.size(); ++e) {
      if (std::binary_search(set.begin(), set.end(), elements_[e])) set_bit(words, e);
    }
    return words;
  }

  // Leaves out what is not needed for the clash. False: stopped.
  bool shrink(NodeSet& set) {
    for (std::size_t k = set.size(); k-- > 0;) {
      NodeSet fewer = set;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(k));
      const auto clashes = clash(fewer);
      if (!clashes) return false;
      if (*clashes) set = std::move(fewer);
    }
    return true;
  }

  // Adds what does not clash. False: stopped.
  bool grow(NodeSet& set) {
    for (const int node : others(set)) {
      NodeSet more = set;
      more.insert(std::upper_bound(more.begin(), more.end(), node), node);
      const auto clashes = clash(more);
      if (!clashes) return false;
      if (!*clashes) set = std::move(more);
    }
    return true;
  }

  const Problem& own_;
  const ConsentSettings& settings_;
  Stages stages_;
  GrantedTrees trees_;
  DepthFinder finder_;
  Consents result_;
  Grants granted_at_table_;
  std::vector<int> elements_;
  std::vector<LeafValues> witnesses_;
};

}  // namespace

Consents consents(const Problem& problem, const ConsentSettings& settings) {
  return ConsentFinder(problem, settings).find();
}

const Consent& consent_at(const Scenario& scenario, const std::string& path) {
  const Consent* node = &scenario.consent;
  std::size_t begin = path.find('.');
  while (begin != std::string::npos) {
    const std::size_t end = path.find('.', begin + 1);
    const std::string step = path.substr(begin + 1, end - begin - 1);
    if (step.find_first_not_of("0123456789") == std::string::npos) {
      const auto index = static_cast<std::size_t>(std::stoul(step));
      if (index >= node->members.size()) throw ModelError("no consent stands at " + path);
      node = &node->members[index];
    }
    begin = end;
  }
  return *node;
}

}  // namespace zopa
