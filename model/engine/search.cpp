// SPDX-License-Identifier: MIT
#include "model/engine/search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <queue>

#include "model/engine/matrix_game.hpp"
#include "model/engine/product_mixture.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"
#include "model/tools/linear_program.hpp"

namespace zopa {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A sum of at most a few hundred products in double precision is off by less than this share of the
// sum of their magnitudes (512 · 2⁻⁵³ < 1e-13); bounds are widened by it, with room to spare,
// before they discard anything.
constexpr double kRounding = 1e-11;

// The bound of a product takes so many tangents at most, and between two of them moves weight so
// often among the packages that it knows.
constexpr int kMostTangents = 60;
constexpr int kMostMoves = 30;

// The exponent of an item of a product.
unsigned exponent(const Level& level, std::size_t g) {
  return level.weights.empty() ? 1U : numerator(level.weights[g]).convert_to<unsigned>();
}

Rational power(const Rational& base, unsigned exponent) {
  return Rational(pow(numerator(base), exponent), pow(denominator(base), exponent));
}

}  // namespace

struct Search::Tables {
  // The soft ends on an issue without a continuum: for every piece the place of the least of their
  // margins in `levels`, or the number of levels where none is violated.
  struct Filter {
    int issue = 0;
    std::vector<int> level;
  };
  struct LeafForms {
    std::vector<int> rows;   // the leaf's value is their least (1 without rows)
    std::vector<int> needs;  // must be ≥ 0 where the leaf accepts
    // The same rows as the engine uses them: soft ends on an issue without a continuum only say
    // which pieces are left when a value has to be reached.
    std::vector<int> program_rows;
    // Rows and needs of a leaf that only has to keep its reservation (Request::keepers).
    std::vector<int> keeper_rows;
    std::vector<int> keeper_needs;
    std::vector<Filter> filters;
    std::vector<const PieceSet*> masks;
    std::vector<const Clause*> clauses;
    bool never = false;                     // no package reaches the reservation
    int margin = -1;                        // the form among the rows, where there is one
    std::vector<std::pair<int, int>> ends;  // demand and form of the soft ends
  };

  const Problem& problem;
  DepthKind kind;
  std::vector<Form> forms;
  std::vector<double> constants;  // of each form, times its factor
  std::vector<double> slack;      // of each form: bound on the rounding error of its value
  std::vector<int> offset;        // of the pieces of issue j; the last entry is their number
  std::vector<std::vector<double>> ends;  // [piece][2·form + end]: the forms' contributions
  std::vector<Rational> levels;  // the margins of violated soft ends on such issues, rising
  std::vector<double> level_doubles;
  std::vector<int> only_issue;  // of each form: the issue without a continuum that it is about; −1
  std::vector<LeafForms> leaves;
  std::vector<int> rules;  // forms of the linear rules
  std::vector<int>
      first_alike;  // [piece]: the first piece of its issue that no form and no test can tell apart

  explicit Tables(const Problem& p, DepthKind k) : problem(p), kind(k) {
    offset.push_back(0);
    for (const auto& issue : p.issues)
      offset.push_back(offset.back() + static_cast<int>(issue.pieces.size()));
    ends.resize(at(offset.back()));
    find_alike();
  }

  int issue_of(int piece) const {
    return static_cast<int>(std::upper_bound(offset.begin(), offset.end(), piece) -
                            offset.begin()) -
           1;
  }

  int add(const Form& form) {
    const int f = static_cast<int>(forms.size());
    forms.push_back(form);
    const double factor = to_double(form.factor);
    const double constant = to_double(form.factor * form.constant);
    constants.push_back(constant);
    double magnitude = std::fabs(constant);
    for (int j = 0; j < problem.m(); ++j) {
      double greatest = 0;
      for (int p = offset[at(j)]; p < offset[at(j + 1)]; ++p) {
        double from = 0;
        double to = 0;
        if (!form.terms[at(j)].empty()) {
          const PieceWorth& w = form.terms[at(j)][at(p - offset[at(j)])];
          from = static_cast<double>(w.at_from) * factor;
          to = static_cast<double>(w.at_to) * factor;
        }
        ends[at(p)].push_back(from);
        ends[at(p)].push_back(to);
        greatest = std::max({greatest, std::fabs(from), std::fabs(to)});
      }
      magnitude += greatest;
    }
    slack.push_back(kRounding * (magnitude + 1e-12));
    int issues = 0;
    int only = -1;
    for (int j = 0; j < problem.m(); ++j) {
      if (form.terms[at(j)].empty()) continue;
      ++issues;
      only = problem.issues[at(j)].continuous ? -1 : j;
    }
    only_issue.push_back(issues == 1 ? only : -1);
    part_by(form);
    return f;
  }

  // The first piece that the sets cannot tell apart, for every piece; forms then part them further.
  void find_alike() {
    std::vector<const PieceSet*> sets;
    const auto take = [&](const Clause& clause) {
      for (const auto& set : clause.when) sets.push_back(&set);
      for (const auto& set : clause.require) sets.push_back(&set);
    };
    for (const Clause& clause : problem.rule_clauses) take(clause);
    for (const Leaf& leaf : problem.leaves) {
      if (leaf.when) {
        for (const auto& set : *leaf.when) sets.push_back(&set);
      }
      for (const LeafDemand& demand : leaf.demands) {
        if (demand.limit) sets.push_back(&*demand.limit);
        if (demand.clause) take(*demand.clause);
      }
    }
    first_alike.resize(at(offset.back()));
    for (int p = 0; p < offset.back(); ++p) first_alike[at(p)] = p;
    for (int j = 0; j < problem.m(); ++j) {
      if (problem.issues[at(j)].continuous) continue;
      part(j, [&](int p) {
        std::vector<char> key;
        for (const PieceSet* set : sets) {
          if (set->issue == j) key.push_back(set->pieces[at(p - offset[at(j)])]);
        }
        return key;
      });
    }
  }

  // Levels and filters of the soft ends on issues without a continuum.
  void make_filters() {
    const auto discrete = [&](const LeafDemand& demand) {
      return kind == DepthKind::all && demand.soft && !demand.clause &&
             !problem.issues[at(demand.demand.index)].continuous;
    };
    const auto margin_at = [&](const LeafDemand& demand, std::size_t k) {
      return soft_margin(demand, problem, problem.issues[at(demand.demand.index)].pieces[k].from);
    };
    for (const Leaf& leaf : problem.leaves) {
      for (const LeafDemand& demand : leaf.demands) {
        if (!discrete(demand)) continue;
        for (std::size_t k = 0; k < demand.limit->pieces.size(); ++k) {
          if (!demand.limit->pieces[k]) levels.push_back(margin_at(demand, k));
        }
      }
    }
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    for (const Rational& level : levels) level_doubles.push_back(to_double(level));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      for (const LeafDemand& demand : problem.leaves[i].demands) {
        if (!discrete(demand)) continue;
        auto& filters = leaves[i].filters;
        const int j = demand.demand.index;
        auto filter = std::find_if(filters.begin(), filters.end(),
                                   [&](const Filter& f) { return f.issue == j; });
        if (filter == filters.end()) {
          const auto count = problem.issues[at(j)].pieces.size();
          filters.push_back({j, std::vector<int>(count, static_cast<int>(levels.size()))});
          filter = std::prev(filters.end());
        }
        for (std::size_t k = 0; k < demand.limit->pieces.size(); ++k) {
          if (demand.limit->pieces[k]) continue;
          const auto place = std::lower_bound(levels.begin(), levels.end(), margin_at(demand, k));
          filter->level[k] = std::min(filter->level[k], static_cast<int>(place - levels.begin()));
        }
      }
    }
  }

  // Gives the pieces of issue j with equal keys the first of them.
  template <class Key>
  void part(int j, const Key& key) {
    std::map<decltype(key(0)), int> seen;
    for (int p = offset[at(j)]; p < offset[at(j + 1)]; ++p)
      first_alike[at(p)] = seen.try_emplace(key(p), p).first->second;
  }

  void part_by(const Form& form) {
    for (int j = 0; j < problem.m(); ++j) {
      const auto& line = form.terms[at(j)];
      if (line.empty() || problem.issues[at(j)].continuous) continue;
      part(j, [&](int p) {
        return std::pair(first_alike[at(p)], line[at(p - offset[at(j)])].at_from);
      });
    }
  }
};

// One search over one request.
class Run {
 public:
  enum class Answer : signed char { no = 0, yes = 1, open = 2 };

  Run(const Search::Tables& tables, const Search& search, const Search::Request& request)
      : t_(tables),
        search_(search),
        request_(request),
        tree_(request.tree ? *request.tree : tables.problem.tree) {
    content_ = request.content.empty() ? std::vector<char>(at(t_.problem.n()), 0) : request.content;
    in_tree_.assign(at(t_.problem.n()), 0);
    mark_leaves(tree_);
    needed_.assign(at(t_.problem.n()), 0);
    required(tree_, needed_);
    if (request.floor) floor_ = to_double(*request.floor);
    for (const DoneLevel& done : request.done) done_values_.push_back(to_double(done.value));
    if (request.enough) cut_ = *request.enough;
    // Without a level the floor is what has to be reached.
    if (request.floor && !request.level && (!cut_ || *cut_ < *request.floor)) cut_ = request.floor;
    const auto& levels = t_.levels;
    const auto place = [&](auto end) { return static_cast<int>(end - levels.begin()); };
    if (cut_ && !request.level)
      kept_level_ = place(std::lower_bound(levels.begin(), levels.end(), *cut_));
    if (request.floor)
      kept_level_ = std::max(kept_level_,
                             place(std::lower_bound(levels.begin(), levels.end(), *request.floor)));
    if (request.prove)
      kept_level_ = place(std::upper_bound(levels.begin(), levels.end(), *request.prove));
    go_on_ = [this] {
      if (!interrupted_ && !request_.progress(0.0)) interrupted_ = true;
      return !interrupted_;
    };
  }

  Search::Result run() {
    for (const Package& hint : request_.hints) {
      if (in_start(hint.pieces)) offer(hint);
    }
    if (!stop_) {
      Node root;
      root.pieces = start_box();
      root.states.assign(at(t_.problem.n()), Answer::open);
      root.bound = kInfinity;
      if (proving()) result_.tree.emplace_back();
      push(std::move(root));
    }
    while (!heap_.empty() && !stop_) {
      const Node node = pop();
      if (hopeless(node.bound, 0)) continue;
      if (result_.nodes < request_.most_nodes && go_on_()) {
        ++result_.nodes;
        process(node);
        if (!interrupted_) continue;
      }
      push(node);  // not settled: its bound still counts
      result_.finished = false;
      break;
    }
    if (!result_.finished) {
      result_.bound = heap_.front().bound;
      if (best_) result_.bound = std::max(result_.bound, best_double_);
    }
    result_.package = best_package_;
    if (best_package_) result_.value = best_;
    return std::move(result_);
  }

 private:
  struct Node {
    std::vector<char> pieces;    // ΣK: the pieces left
    std::vector<Answer> states;  // n: whether the leaf's consent is counted on
    double bound = kInfinity;
    std::uint64_t number = 0;
    std::vector<std::vector<int>>
        points;              // packages of the parent's mixture, as ends 2·piece + end
    std::size_t record = 0;  // in the tree of a proof
  };

  bool proving() const { return request_.prove || request_.prove_none; }

  // ------------------------------------------------------------------------------------------ the
  // heap

  static bool later(const Node& a, const Node& b) {
    return a.bound != b.bound ? a.bound < b.bound
                              : a.number < b.number;  // of equal bounds the newest first
  }

  void push(Node node) {
    node.number = ++pushed_;
    heap_.push_back(std::move(node));
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  Node pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Node node = std::move(heap_.back());
    heap_.pop_back();
    return node;
  }

  // ------------------------------------------------------------------------------------------
  // setting up

  void mark_leaves(const Tree& tree) {
    if (tree.kind == Consent::Kind::leaf) in_tree_[at(tree.leaf)] = 1;
    for (const Tree& member : tree.members) mark_leaves(member);
  }

  std::vector<char> start_box() const {
    std::vector<char> box(at(t_.offset.back()), 0);
    std::vector<char> taken(box.size(), 0);  // of pieces that nothing can tell apart the first
    for (int j = 0; j < t_.problem.m(); ++j) {
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (!request_.pieces.empty() && !request_.pieces[at(j)][at(p - t_.offset[at(j)])]) continue;
        char& seen = taken[at(t_.first_alike[at(p)])];
        if (!seen) box[at(p)] = 1;
        seen = 1;
      }
    }
    return box;
  }

  // ------------------------------------------------------------------------------------------
  // small tests

  bool disjoint(const std::vector<char>& box, const PieceSet& set) const {
    const int base = t_.offset[at(set.issue)];
    for (std::size_t k = 0; k < set.pieces.size(); ++k) {
      if (set.pieces[k] && box[at(base) + k]) return false;
    }
    return true;
  }

  bool inside(const std::vector<char>& box, const PieceSet& set) const {
    const int base = t_.offset[at(set.issue)];
    for (std::size_t k = 0; k < set.pieces.size(); ++k) {
      if (!set.pieces[k] && box[at(base) + k]) return false;
    }
    return true;
  }

  Answer all_of_sets(const std::vector<char>& box, const std::vector<PieceSet>& sets) const {
    Answer answer = Answer::yes;
    for (const PieceSet& set : sets) {
      if (disjoint(box, set)) return Answer::no;
      if (!inside(box, set)) answer = Answer::open;
    }
    return answer;
  }

  Answer asked(const std::vector<char>& box, int i) const {
    const Leaf& leaf = t_.problem.leaves[at(i)];
    return leaf.when ? all_of_sets(box, *leaf.when) : Answer::yes;
  }

  // Whether the tree is content when exactly the leaves with `in` accept. Nothing: nobody is asked.
  static std::optional<bool> satisfied(const Tree& tree, const std::vector<char>& asked,
                                       const std::vector<char>& in) {
    if (tree.kind == Consent::Kind::leaf) {
      if (!asked[at(tree.leaf)]) return std::nullopt;
      return in[at(tree.leaf)] != 0;
    }
    bool any_asked = false;
    bool every = true;
    int count = 0;
    Rational reached = 0;
    for (std::size_t c = 0; c < tree.members.size(); ++c) {
      const auto member = satisfied(tree.members[c], asked, in);
      if (!member) continue;
      any_asked = true;
      every &= *member;
      if (!*member) continue;
      ++count;
      if (tree.kind == Consent::Kind::quota) reached += tree.weights[c];
    }
    if (!any_asked) return std::nullopt;
    switch (tree.kind) {
      case Consent::Kind::all: return every;
      case Consent::Kind::any: return count > 0;
      case Consent::Kind::at_least: return count >= tree.count;
      default: return reached >= tree.need;
    }
  }

  // Leaves without which the tree cannot accept whatever is asked: those under nothing but `all`.
  static void required(const Tree& tree, std::vector<char>& out) {
    if (tree.kind == Consent::Kind::leaf) out[at(tree.leaf)] = 1;
    if (tree.kind == Consent::Kind::all) {
      for (const Tree& member : tree.members) required(member, out);
    }
  }

  // ------------------------------------------------------------------------------------------
  // propagation

  bool restrict_to(std::vector<char>& box, const PieceSet& set, bool keep, bool& changed) const {
    const int base = t_.offset[at(set.issue)];
    bool left = false;
    for (std::size_t k = 0; k < set.pieces.size(); ++k) {
      char& bit = box[at(base) + k];
      if (bit && (set.pieces[k] != 0) != keep) {
        bit = 0;
        changed = true;
      }
      left |= bit != 0;
    }
    return left;
  }

  bool propagate(std::vector<char>& box, const Clause& clause, bool& changed) const {
    int open_set = -1;
    int opens = 0;
    for (std::size_t s = 0; s < clause.when.size(); ++s) {
      if (disjoint(box, clause.when[s])) return true;
      if (!inside(box, clause.when[s])) {
        open_set = static_cast<int>(s);
        ++opens;
      }
    }
    if (opens == 0) {
      return std::all_of(clause.require.begin(), clause.require.end(),
                         [&](const PieceSet& set) { return restrict_to(box, set, true, changed); });
    }
    const bool possible = std::none_of(clause.require.begin(), clause.require.end(),
                                       [&](const PieceSet& set) { return disjoint(box, set); });
    if (!possible && opens == 1) return restrict_to(box, clause.when[at(open_set)], false, changed);
    return true;
  }

  // Removes pieces whose soft ends are violated by more than wanted.
  bool keep_level(std::vector<char>& box, const Search::Tables::Filter& filter, int least,
                  bool& changed) const {
    const int base = t_.offset[at(filter.issue)];
    bool left = false;
    for (std::size_t k = 0; k < filter.level.size(); ++k) {
      char& bit = box[at(base) + k];
      if (bit && filter.level[k] < least) {
        bit = 0;
        changed = true;
      }
      left |= bit != 0;
    }
    return left;
  }

  // Removes pieces on which the form cannot reach the bound; false when no package of the box can.
  bool reach(std::vector<char>& box, int f, double bound, bool& changed) const {
    double total = t_.constants[at(f)];
    const int m = t_.problem.m();
    most_.assign(at(m), 0.0);
    for (int j = 0; j < m; ++j) {
      if (t_.forms[at(f)].terms[at(j)].empty()) continue;
      double most = -kInfinity;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (box[at(p)])
          most = std::max({most, t_.ends[at(p)][at(2 * f)], t_.ends[at(p)][at(2 * f + 1)]});
      }
      most_[at(j)] = most;
      total += most;
    }
    const double lowest = bound - 4 * t_.slack[at(f)] - kRounding * std::fabs(bound);
    if (total < lowest) return false;
    for (int j = 0; j < m; ++j) {
      if (t_.forms[at(f)].terms[at(j)].empty()) continue;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (!box[at(p)]) continue;
        const double here = std::max(t_.ends[at(p)][at(2 * f)], t_.ends[at(p)][at(2 * f + 1)]);
        if (total - most_[at(j)] + here < lowest) {
          box[at(p)] = 0;
          changed = true;
        }
      }
    }
    return true;
  }

  // The value every row of a counted leaf has to reach.
  double row_floor() const {
    double floor = floor_ ? *floor_ : -kInfinity;
    if (!request_.level) {
      if (best_) floor = std::max(floor, best_double_);
      if (cut_) floor = std::max(floor, to_double(*cut_));
    }
    return floor;
  }

  // Clauses and masks to a fixed point, then bounds of single forms. False: the box is empty.
  bool tighten(std::vector<char>& box, const std::vector<Answer>& states, bool with_forms) const {
    bool again = true;
    while (again) {
      again = false;
      for (const Clause& clause : t_.problem.rule_clauses) {
        if (!propagate(box, clause, again)) return false;
      }
      for (int i = 0; i < t_.problem.n(); ++i) {
        if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
        for (const PieceSet* mask : t_.leaves[at(i)].masks) {
          if (!restrict_to(box, *mask, true, again)) return false;
        }
        for (const Clause* clause : t_.leaves[at(i)].clauses) {
          if (!propagate(box, *clause, again)) return false;
        }
        for (const auto& filter : t_.leaves[at(i)].filters) {
          if (!keep_level(box, filter, kept_level_, again)) return false;
        }
      }
      if (!with_forms) continue;
      bool narrowed = false;
      for (int f : t_.rules) {
        if (!reach(box, f, 0, narrowed)) return false;
      }
      for (int f : request_.needs) {
        if (!reach(box, f, 0, narrowed)) return false;
      }
      for (std::size_t d = 0; d < request_.done.size(); ++d) {
        if (!is_constraint(request_.done[d].level)) continue;
        for (const Item& item : request_.done[d].level.items) {
          if (item.leaf >= 0 && asked(box, item.leaf) != Answer::yes) continue;
          for (int f : item.forms) {
            if (!reach(box, f, done_values_[d], narrowed)) return false;
          }
        }
      }
      const double floor = row_floor();
      for (int i = 0; i < t_.problem.n(); ++i) {
        if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
        for (int f : needs_of(i)) {
          if (!reach(box, f, 0, narrowed)) return false;
        }
        if (floor == -kInfinity) continue;
        for (int f : rows_of(i)) {
          if (!reach(box, f, floor, narrowed)) return false;
        }
      }
      again |= narrowed;
    }
    return true;
  }

  // ------------------------------------------------------------------------------------------
  // incumbents

  Package package_at(const std::vector<int>& ends) const {
    Package package;
    for (int j = 0; j < t_.problem.m(); ++j) {
      const int piece = ends[at(j)] / 2 - t_.offset[at(j)];
      const Piece& where = t_.problem.issues[at(j)].pieces[at(piece)];
      package.pieces.push_back(piece);
      package.places.push_back(ends[at(j)] % 2 ? where.to : where.from);
    }
    return package;
  }

  double form_at(int f, const std::vector<int>& ends) const {
    double sum = t_.constants[at(f)];
    for (int j = 0; j < t_.problem.m(); ++j) {
      sum += t_.ends[at(ends[at(j)] / 2)][at(2 * f + ends[at(j)] % 2)];
    }
    return sum;
  }

  // The value of the tree in double precision, and by how much it may be off. Absent: −∞ for sure.
  std::optional<double> guess(const std::vector<int>& ends, double& slack) const {
    const Problem& problem = t_.problem;
    pieces_.resize(at(problem.m()));
    for (int j = 0; j < problem.m(); ++j) pieces_[at(j)] = ends[at(j)] / 2 - t_.offset[at(j)];
    for (const Clause& clause : problem.rule_clauses) {
      if (!holds(clause, pieces_)) return std::nullopt;
    }
    slack = 1e-14;
    for (int f : t_.rules) {
      if (form_at(f, ends) < -2 * t_.slack[at(f)]) return std::nullopt;
    }
    for (int f : request_.needs) {
      if (form_at(f, ends) < -2 * t_.slack[at(f)]) return std::nullopt;
    }
    values_.assign(at(problem.n()), LeafValue<double>());
    for (int i = 0; i < problem.n(); ++i) {
      if (!in_tree_[at(i)]) continue;
      if (!zopa::asked(problem.leaves[at(i)], pieces_)) continue;
      if (content_[at(i)]) {
        values_[at(i)] = std::optional<double>(1.0);
        continue;
      }
      const auto& leaf = t_.leaves[at(i)];
      std::optional<double> value = 1.0;
      if (leaf.never) value.reset();
      for (const PieceSet* mask : leaf.masks) {
        if (value && !contains(*mask, pieces_[at(mask->issue)])) value.reset();
      }
      for (const Clause* clause : leaf.clauses) {
        if (value && !holds(*clause, pieces_)) value.reset();
      }
      for (int f : needs_of(i)) {
        if (value && form_at(f, ends) < -2 * t_.slack[at(f)]) value.reset();
      }
      for (int f : rows_of(i)) {
        if (!value) break;
        value = std::min(*value, form_at(f, ends));
        slack = std::max(slack, 2 * t_.slack[at(f)]);
      }
      for (const auto& filter : leaf.filters) {
        const int level = filter.level[at(pieces_[at(filter.issue)])];
        if (value && level < static_cast<int>(t_.level_doubles.size()))
          value = std::min(*value, t_.level_doubles[at(level)]);
      }
      values_[at(i)] = value;
    }
    const LeafValue<double> value = tree_value<double>(tree_, values_);
    return value ? *value : std::optional<double>(1.0);
  }

  // What a leaf that only has to keep its reservation makes of a package.
  std::optional<Rational> keeper_value(int i, const LeafView& leaf, const Package& package) const {
    if (!leaf.value || (leaf.surplus && *leaf.surplus < 0)) return std::nullopt;
    Rational least = 1;
    for (const auto& [d, f] : t_.leaves[at(i)].ends) {
      const LeafDemand& end = t_.problem.leaves[at(i)].demands[at(d)];
      const int j = end.demand.index;
      if (!contains(*end.limit, package.pieces[at(j)]))
        least = std::min(least, soft_margin(end, t_.problem, package.places[at(j)]));
    }
    return least;
  }

  std::optional<Rational> exact_tree_value(const Package& package) const {
    if (broken_rule(t_.problem, package)) return std::nullopt;
    for (int f : request_.needs) {
      if (value(t_.forms[at(f)], t_.problem, package) < 0) return std::nullopt;
    }
    std::vector<LeafValue<Rational>> values(at(t_.problem.n()));
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (!in_tree_[at(i)]) continue;
      if (content_[at(i)]) {
        if (zopa::asked(t_.problem.leaves[at(i)], package.pieces))
          values[at(i)] = std::optional<Rational>(1);
        continue;
      }
      const LeafView leaf = view(t_.problem, i, package, t_.kind);
      if (leaf.asked) values[at(i)] = is_keeper(i) ? keeper_value(i, leaf, package) : leaf.value;
    }
    const LeafValue<Rational> value = tree_value<Rational>(tree_, values);
    return value ? *value : std::optional<Rational>(1);
  }

  void offer_ends(const std::vector<int>& ends) {
    double slack = 0;
    const auto value = guess(ends, slack);
    if (!value) return;
    if (floor_ && *value < *floor_ - slack) return;
    if (!request_.level && best_ && *value < best_double_ - slack) return;
    if (best_ && product() && product_at(ends, 1) < best_double_ * (1 - 1e-9)) return;
    offer(package_at(ends));
  }

  bool product() const { return request_.level && request_.level->kind == Level::Kind::product; }

  // The product of the level, its factors raised by as much as they may be off where `sign` is 1.
  // To be called after `guess`, which finds who is asked.
  double product_at(const std::vector<int>& ends, int sign) const {
    double result = 1;
    for (std::size_t g = 0; g < request_.level->items.size(); ++g) {
      const Item& item = request_.level->items[g];
      const bool asked = item.leaf < 0 || zopa::asked(t_.problem.leaves[at(item.leaf)], pieces_);
      const int f = item.forms[0];
      const double factor =
          asked ? form_at(f, ends) + 2 * sign * t_.slack[at(f)] : to_double(item.unasked);
      result *= std::pow(std::max(0.0, factor), exponent(*request_.level, g));
    }
    return result;
  }

  // Takes the package if it is the best so far; everything exact.
  void offer(const Package& package) {
    if (proving() || stop_) return;
    const auto tree = exact_tree_value(package);
    if (!tree || (request_.floor && *tree < *request_.floor)) return;
    for (const DoneLevel& done : request_.done) {
      if (search_.value(done.level, package) < done.value) return;
    }
    const Rational reached = request_.level ? search_.value(*request_.level, package) : *tree;
    if (best_package_ && reached <= *best_) return;
    if (cut_ && reached < *cut_) return;
    best_ = reached;
    best_double_ = to_double(reached);
    best_package_ = package;
    if (!request_.level) {
      const auto place = std::upper_bound(t_.levels.begin(), t_.levels.end(), reached);
      kept_level_ = std::max(kept_level_, static_cast<int>(place - t_.levels.begin()));
    }
    if (request_.any || (request_.enough && reached >= *request_.enough)) stop_ = true;
  }

  // Whether nothing in a box with this bound can be wanted.
  bool hopeless(double bound, double slack) const {
    if (best_) {
      // A product of small factors must be compared in its own scale.
      const double rounding = kRounding * (1 + std::fabs(best_double_)) + slack;
      if (bound < best_double_ - (product() ? 1e-11 * std::fabs(best_double_) : rounding))
        return true;
    }
    return cut_ && bound < to_double(*cut_) - kRounding * (1 + std::fabs(to_double(*cut_))) - slack;
  }

  // ------------------------------------------------------------------------------------------
  // bounds

  // A linear program over the mixtures of a box: rows with groups, constraints with their lower
  // bounds.
  struct Program {
    std::vector<int> rows;
    std::vector<Rational> shifts;  // subtracted from each row; empty: nothing
    std::vector<int> groups;
    int group_count = 0;
    int k = 0;                                     // 0: only the cost
    std::vector<std::pair<int, double>> costs;     // form and weight
    std::vector<Rational> exact_costs;             // the same weights, exactly
    std::vector<std::pair<int, Rational>> bounds;  // constraint: form ≥ bound
    double constant = 0;  // added to the bound (items of unasked leaves in sums)
    Rational exact_constant;
    // In double precision: the shifts, the bounds, and what rows and costs are multiplied by in the
    // linear program so that natural units (millions of euros) do not spoil its arithmetic.
    std::vector<double> shift_doubles;
    std::vector<double> bound_doubles;
    std::vector<double> scales;  // of the constraints
    double cost_scale = 1;
  };

  void prepare(Program& program) const {
    for (const Rational& shift : program.shifts) program.shift_doubles.push_back(to_double(shift));
    for (const auto& [f, least] : program.bounds) {
      program.bound_doubles.push_back(to_double(least));
      const double size = t_.slack[at(f)] / kRounding + std::fabs(program.bound_doubles.back());
      program.scales.push_back(1 / std::max(size, 1e-30));
    }
    double size = 0;
    for (const auto& [f, w] : program.costs) size += std::fabs(w) * t_.slack[at(f)] / kRounding;
    if (size > 0) program.cost_scale = 1 / std::max(size, 1e-30);
  }

  // A level that says no more than: every item is at least its value.
  static bool is_constraint(const Level& level) {
    if (level.kind == Level::Kind::weighted)
      return level.items.size() == 1 && level.weights[0] == 1;
    return level.kind == Level::Kind::least_sum && level.k == 1 && !level.broken_is_lowest;
  }

  // Constraints about one issue without a continuum are met by what `tighten` leaves.
  Program constraints(const std::vector<Answer>& states) const {
    Program program;
    const auto bound = [&](int f, const Rational& least) {
      if (t_.only_issue[at(f)] < 0 || proving()) program.bounds.emplace_back(f, least);
    };
    for (int f : t_.rules) bound(f, 0);
    for (int f : request_.needs) bound(f, 0);
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
      for (int f : needs_of(i)) bound(f, 0);
      if (request_.level && request_.floor) {
        for (int f : rows_of(i)) bound(f, *request_.floor);
      }
    }
    for (const DoneLevel& done : request_.done) {
      if (is_constraint(done.level)) {
        for (const Item& item : done.level.items) {
          if (item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes) continue;
          for (int f : item.forms) bound(f, done.value);
        }
      }
    }
    return program;
  }

  // The objective of a level. Items of leaves that are not, or not surely, asked count with their
  // constant.
  bool add_objective(Program& program, const Level& level) const {
    if (level.kind == Level::Kind::weighted) {
      for (std::size_t g = 0; g < level.items.size(); ++g) {
        const Item& item = level.items[g];
        if (item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes) {
          program.exact_constant += level.weights[g] * item.unasked;
        } else {
          program.costs.emplace_back(item.forms[0], to_double(level.weights[g]));
          program.exact_costs.push_back(level.weights[g]);
        }
      }
      program.constant = to_double(program.exact_constant);
      return true;
    }
    program.k = level.k;
    for (const Item& item : level.items) {
      const bool unasked = item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes;
      if (unasked || item.forms.empty()) {
        program.rows.push_back(-1 - static_cast<int>(constants_.size()));
        constants_.push_back(unasked ? item.unasked : Rational(1));
        program.groups.push_back(program.group_count++);
        continue;
      }
      for (int f : item.forms) {
        program.rows.push_back(f);
        program.groups.push_back(program.group_count);
      }
      ++program.group_count;
    }
    return true;
  }

  double row_at(int row, const std::vector<int>& ends) const {
    return row >= 0 ? form_at(row, ends) : to_double(constants_[at(-1 - row)]);
  }

  MatrixGame::Column column_at(const Program& program, const std::vector<int>& ends) const {
    MatrixGame::Column column;
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      column.rows.push_back(row_at(program.rows[r], ends) -
                            (program.shifts.empty() ? 0.0 : program.shift_doubles[r]));
    }
    for (std::size_t c = 0; c < program.bounds.size(); ++c) {
      column.rows.push_back((form_at(program.bounds[c].first, ends) - program.bound_doubles[c]) *
                            program.scales[c]);
    }
    for (const auto& [f, weight] : program.costs) column.cost += weight * form_at(f, ends);
    column.cost *= program.cost_scale;
    return column;
  }

  struct Bound {
    double value = kInfinity;
    double slack = 0;
    Program program;
    std::vector<double> multipliers;
    std::vector<std::vector<int>> points;
    std::vector<std::pair<int, double>> mixture;
    double violation = 0;
    bool met = false;  // the oracle was asked, so that `multipliers` prove `value`
  };

  // The package of the box with the greatest Σ λ f + Σ μ f + cost, issue by issue.
  std::vector<int> price(const Program& program, const std::vector<char>& box,
                         const std::vector<double>& multipliers) const {
    weights_.clear();
    const auto weigh = [&](int f, double w) {
      if (w != 0) weights_.emplace_back(f, w);
    };
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      if (program.rows[r] >= 0) weigh(program.rows[r], multipliers[r]);
    }
    for (std::size_t c = 0; c < program.bounds.size(); ++c)
      weigh(program.bounds[c].first, multipliers[program.rows.size() + c] * program.scales[c]);
    for (const auto& [f, w] : program.costs) weigh(f, w * program.cost_scale);
    std::vector<int> ends(at(t_.problem.m()));
    for (int j = 0; j < t_.problem.m(); ++j) {
      double most = -kInfinity;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (!box[at(p)]) continue;
        const auto [from, to] = score(j, p);
        if (from > most) {
          most = from;
          ends[at(j)] = 2 * p;
        }
        if (to > most) {
          most = to;
          ends[at(j)] = 2 * p + 1;
        }
      }
    }
    return ends;
  }

  // Σ weight·form of `weights_` at the two ends of a piece.
  std::pair<double, double> score(int j, int piece) const {
    const double* line = t_.ends[at(piece)].data();
    double from = 0;
    for (const auto& [f, w] : weights_) from += w * line[2 * f];
    if (!t_.problem.issues[at(j)].continuous) return {from, from};
    double to = 0;
    for (const auto& [f, w] : weights_) to += w * line[2 * f + 1];
    return {from, to};
  }

  // Removes the pieces that make the bound hopeless: with piece p of issue j the value that the
  // multipliers prove falls by what the score of p lacks to the best of its issue ("reduced cost").
  // A segment goes only when both its ends do. Whether any piece went.
  bool fix(std::vector<char>& box, const Bound& bound, double value) const {
    if (!best_ && !cut_) return false;
    bool removed = false;
    const Program& program = bound.program;
    weights_.clear();
    const auto weigh = [&](int f, double w) {
      if (w != 0) weights_.emplace_back(f, w);
    };
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      if (program.rows[r] >= 0) weigh(program.rows[r], bound.multipliers[r]);
    }
    for (std::size_t c = 0; c < program.bounds.size(); ++c)
      weigh(program.bounds[c].first, bound.multipliers[program.rows.size() + c]);
    for (const auto& [f, w] : program.costs) weigh(f, w);
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (count(box, j) < 2) continue;
      scores_.clear();
      double most = -kInfinity;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        const auto [from, to] = box[at(p)] ? score(j, p) : std::pair(-kInfinity, -kInfinity);
        scores_.push_back(std::max(from, to));
        most = std::max(most, scores_.back());
      }
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        const double lacks = most - scores_[at(p - t_.offset[at(j)])];
        if (box[at(p)] && lacks > 0 &&
            hopeless(product() ? value * std::exp(-lacks) : value - lacks, 0)) {
          box[at(p)] = 0;
          removed = true;
        }
      }
    }
    return removed;
  }

  Bound bound_of(Program program, const std::vector<char>& box,
                 const std::vector<std::vector<int>>& warm, double enough) {
    Bound bound;
    bound.program = std::move(program);
    prepare(bound.program);
    const Program& p = bound.program;
    double floor = kInfinity;
    for (std::size_t r = 0; r < p.rows.size(); ++r) {
      const int row = p.rows[r];
      double least = row >= 0 ? t_.constants[at(row)] : to_double(constants_[at(-1 - row)]);
      if (row >= 0) {
        for (int j = 0; j < t_.problem.m(); ++j) {
          double here = kInfinity;
          for (int q = t_.offset[at(j)]; q < t_.offset[at(j + 1)]; ++q) {
            if (box[at(q)])
              here = std::min({here, t_.ends[at(q)][at(2 * row)], t_.ends[at(q)][at(2 * row + 1)]});
          }
          least += here;
        }
      }
      floor = std::min(floor, least - (p.shifts.empty() ? 0.0 : p.shift_doubles[r]));
    }
    if (p.rows.empty()) floor = 0;
    const auto priced_at = [&](const std::vector<int>& ends,
                               const std::vector<double>& multipliers) {
      MatrixGame::Priced priced{column_at(p, ends), 0, static_cast<int>(bound.points.size())};
      priced.value = priced.column.cost;
      for (std::size_t r = 0; r < multipliers.size(); ++r)
        priced.value += multipliers[r] * priced.column.rows[r];
      bound.points.push_back(ends);
      return priced;
    };
    std::vector<double> none(p.rows.size() + p.bounds.size(), 0.0);
    std::vector<double> even = none;
    std::fill(even.begin(), even.begin() + static_cast<std::ptrdiff_t>(p.rows.size()), 1.0);
    std::vector<MatrixGame::Priced> pool;
    for (const auto& ends : warm) {
      const bool in_box =
          std::all_of(ends.begin(), ends.end(), [&](int e) { return box[at(e / 2)] != 0; });
      if (in_box) pool.push_back(priced_at(ends, none));
    }
    MatrixGame::Priced first = pool.empty() ? priced_at(price(p, box, even), none) : pool.front();
    MatrixGame game(p.groups, static_cast<int>(p.bounds.size()), p.k,
                    floor - 1 - std::fabs(floor) * 1e-3);
    const auto result = game.run(
        first, pool,
        [&](const std::vector<double>& multipliers) {
          return priced_at(price(p, box, multipliers), multipliers);
        },
        (enough - p.constant) * p.cost_scale, go_on_);
    bound.met = result.bound < kInfinity;
    bound.value = result.bound / p.cost_scale + p.constant;
    bound.multipliers = result.multipliers;
    if (bound.met) {
      for (std::size_t c = 0; c < p.bounds.size(); ++c)
        bound.multipliers[p.rows.size() + c] *= p.scales[c] / p.cost_scale;
    }
    bound.mixture = result.mixture;
    bound.violation = result.violation;
    for (std::size_t r = 0; r < p.rows.size() && !bound.multipliers.empty(); ++r) {
      if (p.rows[r] >= 0) bound.slack += bound.multipliers[r] * t_.slack[at(p.rows[r])];
    }
    for (std::size_t c = 0; c < p.bounds.size() && !bound.multipliers.empty(); ++c) {
      bound.slack += bound.multipliers[p.rows.size() + c] * t_.slack[at(p.bounds[c].first)];
    }
    for (const auto& [f, w] : p.costs) bound.slack += std::fabs(w) * t_.slack[at(f)];
    return bound;
  }

  // The bound of the box for exact multipliers, exactly. `lambda` over rows, `mu` over constraints,
  // both ≥ 0, with the sums that make the bound valid.
  Rational exact_bound(const Program& program, const std::vector<char>& box,
                       const std::vector<Rational>& lambda, const std::vector<Rational>& mu) const {
    std::vector<std::pair<int, Rational>> weights;  // form and weight on its integer terms
    Rational constant = program.exact_constant;
    const auto take = [&](int f, const Rational& w) {
      if (w == 0) return;
      weights.emplace_back(f, w * t_.forms[at(f)].factor);
      constant += w * t_.forms[at(f)].factor * t_.forms[at(f)].constant;
    };
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      if (!program.shifts.empty()) constant -= lambda[r] * program.shifts[r];
      if (program.rows[r] >= 0) {
        take(program.rows[r], lambda[r]);
      } else {
        constant += lambda[r] * constants_[at(-1 - program.rows[r])];
      }
    }
    for (std::size_t c = 0; c < program.bounds.size(); ++c) {
      take(program.bounds[c].first, mu[c]);
      constant -= mu[c] * program.bounds[c].second;
    }
    for (std::size_t c = 0; c < program.costs.size(); ++c)
      take(program.costs[c].first, program.exact_costs[c]);
    Integer unit = 1;
    for (const auto& [f, w] : weights)
      unit = common_multiple(unit, boost::multiprecision::denominator(w));
    std::vector<Integer> whole;
    for (const auto& [f, w] : weights)
      whole.push_back(boost::multiprecision::numerator(w) *
                      (unit / boost::multiprecision::denominator(w)));
    Integer total = 0;
    for (int j = 0; j < t_.problem.m(); ++j) {
      std::optional<Integer> most;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (!box[at(p)]) continue;
        for (int end = 0; end < (t_.problem.issues[at(j)].continuous ? 2 : 1); ++end) {
          Integer sum = 0;
          for (std::size_t w = 0; w < weights.size(); ++w) {
            const auto& line = t_.forms[at(weights[w].first)].terms[at(j)];
            if (line.empty()) continue;
            const PieceWorth& worth = line[at(p - t_.offset[at(j)])];
            sum += whole[w] * make_integer(end ? worth.at_to : worth.at_from);
          }
          if (!most || sum > *most) most = sum;
        }
      }
      if (most) total += *most;
    }
    return Rational(total, unit) + constant;
  }

  struct ExactMultipliers {
    std::vector<Rational> lambda;
    std::vector<Rational> mu;
    Rational bound;
  };

  // Rounds the multipliers to fractions and makes the sums right again.
  std::optional<ExactMultipliers> rounded(const Bound& bound, const std::vector<char>& box) const {
    if (!bound.met) return std::nullopt;
    const Program& p = bound.program;
    ExactMultipliers exact;
    Integer sum = 0;
    for (std::size_t r = 0; r < p.rows.size(); ++r) {
      const double scaled = std::round(bound.multipliers[r] * 0x1p30);
      exact.lambda.emplace_back(Integer(scaled));
      sum += Integer(scaled);
    }
    for (std::size_t c = 0; c < p.bounds.size(); ++c) {
      exact.mu.push_back(with_thirty_bits(bound.multipliers[p.rows.size() + c]));
    }
    if (p.k > 0) {
      if (sum == 0) return std::nullopt;
      for (Rational& l : exact.lambda) l *= Rational(p.k, sum);
      if (!groups_within_one(p, exact.lambda)) return std::nullopt;
    }
    exact.bound = exact_bound(p, box, exact.lambda, exact.mu);
    return exact;
  }

  // A multiplier ≥ 0 to 30 significant bits.
  static Rational with_thirty_bits(double x) {
    if (!(x > 0)) return 0;
    int exponent = 0;
    const double share = std::frexp(x, &exponent);
    const Integer whole(std::round(share * 0x1p30));
    exponent -= 30;
    return exponent >= 0 ? Rational(whole << static_cast<unsigned>(exponent))
                         : Rational(whole, Integer(1) << static_cast<unsigned>(-exponent));
  }

  static bool groups_within_one(const Program& p, const std::vector<Rational>& lambda) {
    std::vector<Rational> of_group(at(p.group_count));
    for (std::size_t r = 0; r < lambda.size(); ++r) of_group[at(p.groups[r])] += lambda[r];
    return std::none_of(of_group.begin(), of_group.end(), [](const Rational& g) { return g > 1; });
  }

  // The multipliers as the exact solution of the optimal basis: at them every package of the
  // mixture is worth the same. Needed where the bound meets the incumbent exactly.
  std::optional<ExactMultipliers> refined(const Bound& bound, const std::vector<char>& box) const {
    const Program& p = bound.program;
    if (!bound.met) return std::nullopt;
    std::vector<std::size_t> active;
    std::vector<Rational> fixed(bound.multipliers.size());
    for (std::size_t r = 0; r < bound.multipliers.size(); ++r) {
      const double x = bound.multipliers[r];
      if (x <= 1e-9) continue;
      if (p.k > 1 && r < p.rows.size() && x >= 1 - 1e-9) {
        fixed[r] = 1;
      } else {
        active.push_back(r);
      }
    }
    const auto exact_row = [&](std::size_t r, const std::vector<int>& ends) {
      if (r < p.rows.size())
        return Rational(exact_form(p.rows[r], ends) -
                        (p.shifts.empty() ? Rational(0) : p.shifts[r]));
      const auto& [f, least] = p.bounds[r - p.rows.size()];
      return Rational(exact_form(f, ends) - least);
    };
    std::vector<std::vector<Rational>> a;
    std::vector<Rational> b;
    for (const auto& [tag, weight] : bound.mixture) {
      if (weight < 1e-9) continue;
      std::vector<Rational> line;
      for (std::size_t r : active) line.push_back(exact_row(r, bound.points[at(tag)]));
      line.emplace_back(-1);
      a.push_back(std::move(line));
      Rational right = 0;
      for (std::size_t c = 0; c < p.costs.size(); ++c)
        right -= p.exact_costs[c] * exact_form(p.costs[c].first, bound.points[at(tag)]);
      for (std::size_t r = 0; r < fixed.size(); ++r) {
        if (fixed[r] != 0) right -= exact_row(r, bound.points[at(tag)]);
      }
      b.push_back(right);
    }
    if (p.k > 0) {
      std::vector<Rational> line;
      Rational right = p.k;
      for (std::size_t r : active) line.emplace_back(r < p.rows.size() ? 1 : 0);
      for (std::size_t r = 0; r < p.rows.size(); ++r) right -= fixed[r];
      line.emplace_back(0);
      a.push_back(std::move(line));
      b.push_back(right);
    }
    const auto solution = solve_equations(std::move(a), std::move(b));
    if (!solution) return std::nullopt;
    std::vector<Rational> all = fixed;
    for (std::size_t s = 0; s < active.size(); ++s) {
      if ((*solution)[s] < 0) return std::nullopt;
      all[active[s]] = (*solution)[s];
    }
    ExactMultipliers exact;
    const auto split = static_cast<std::ptrdiff_t>(p.rows.size());
    exact.lambda.assign(all.begin(), all.begin() + split);
    exact.mu.assign(all.begin() + split, all.end());
    if (p.k > 0 && !groups_within_one(p, exact.lambda)) return std::nullopt;
    exact.bound = exact_bound(p, box, exact.lambda, exact.mu);
    return exact;
  }

  Rational exact_form(int row, const std::vector<int>& ends) const {
    if (row < 0) return constants_[at(-1 - row)];
    const Form& form = t_.forms[at(row)];
    Int128 sum = 0;
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (form.terms[at(j)].empty()) continue;
      const PieceWorth& w = form.terms[at(j)][at(ends[at(j)] / 2 - t_.offset[at(j)])];
      sum += ends[at(j)] % 2 ? w.at_to : w.at_from;
    }
    return form.factor * (form.constant + make_rational(sum));
  }

  // Whether a bound that double precision cannot tell from the wanted value is at most that value,
  // exactly.
  bool exactly_at_most(const Bound& bound, const std::vector<char>& box,
                       const Rational& value) const {
    const auto proves = [&](const std::optional<ExactMultipliers>& exact) {
      return exact && exact->bound <= value;
    };
    return proves(rounded(bound, box)) || proves(refined(bound, box));
  }

  bool exactly_below(const Bound& bound, const std::vector<char>& box,
                     const Rational& value) const {
    const auto proves = [&](const std::optional<ExactMultipliers>& exact) {
      return exact && exact->bound < value;
    };
    return proves(rounded(bound, box)) || proves(refined(bound, box));
  }

  // An upper bound on Π items over the box from tangents of the logarithm:
  // Σ w log f ≤ Σ w (λ f − 1 − log λ) for every λ > 0, the maximum taken issue by issue.
  // `settled` says of a bound whether it will do.
  template <class Settled>
  Bound product_bound(const Level& level, const std::vector<char>& box,
                      const std::vector<std::vector<int>>& warm, const Settled& settled) {
    Bound bound;
    Program& p = bound.program;
    double constant_product = 1;
    std::vector<double> weights;
    for (std::size_t g = 0; g < level.items.size(); ++g) {
      const Item& item = level.items[g];
      if (item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes) {
        constant_product *= std::pow(to_double(item.unasked), exponent(level, g));
      } else {
        p.rows.push_back(item.forms[0]);
        weights.push_back(exponent(level, g));
      }
    }
    const std::size_t n = p.rows.size();
    if (n == 0) {
      bound.value = constant_product;
      return bound;
    }
    // The mixture that is best so far, by pairwise Frank–Wolfe steps: weight moves from its worst
    // package to the best of the box.
    std::vector<std::vector<double>> rows;  // of each point
    std::vector<double> share;
    std::vector<double> mean(n, 0.0);
    const auto add_point = [&](const std::vector<int>& ends) {
      const auto known = std::find(bound.points.begin(), bound.points.end(), ends);
      if (known != bound.points.end())
        return static_cast<std::size_t>(known - bound.points.begin());
      bound.points.push_back(ends);
      rows.emplace_back();
      for (int f : p.rows) rows.back().push_back(form_at(f, ends));
      share.push_back(0);
      return rows.size() - 1;
    };
    for (const auto& ends : warm) {
      if (std::all_of(ends.begin(), ends.end(), [&](int e) { return box[at(e / 2)] != 0; }))
        add_point(ends);
    }
    if (rows.empty()) add_point(price(p, box, weights));
    for (std::size_t c = 0; c < rows.size(); ++c) {
      share[c] = 1 / static_cast<double>(rows.size());
      for (std::size_t r = 0; r < n; ++r) mean[r] += share[c] * rows[c][r];
    }
    double least = kInfinity;  // of the rows: below it a mean is taken for it
    for (std::size_t r = 0; r < n; ++r) least = std::min(least, t_.slack[at(p.rows[r])]);
    least = std::max(least, 1e-300);
    std::vector<double> prices(n);
    const auto worth_of = [&](std::size_t c) {
      double sum = 0;
      for (std::size_t r = 0; r < n; ++r) sum += prices[r] * rows[c][r];
      return sum;
    };
    // Moves weight between two points as far as the product rises, at most all of it.
    const auto move = [&](std::size_t from, std::size_t to) {
      double low = 0;
      double high = share[from];
      const auto slope = [&](double step) {
        double sum = 0;
        for (std::size_t r = 0; r < n; ++r) {
          const double rise = rows[to][r] - rows[from][r];
          sum += weights[r] * rise / std::max(least, mean[r] + step * rise);
        }
        return sum;
      };
      if (slope(high) >= 0) {
        low = high;
      } else {
        for (int step = 0; step < 40; ++step) {
          const double middle = (low + high) / 2;
          (slope(middle) > 0 ? low : high) = middle;
        }
      }
      for (std::size_t r = 0; r < n; ++r) mean[r] += low * (rows[to][r] - rows[from][r]);
      share[to] += low;
      share[from] = low == share[from] ? 0 : share[from] - low;
    };
    const auto set_prices = [&] {
      for (std::size_t r = 0; r < n; ++r) prices[r] = weights[r] / std::max(least, mean[r]);
    };
    // The worst point of the mixture, and the best of the known ones.
    const auto extremes = [&] {
      std::pair<std::size_t, std::size_t> ends{0, 0};
      double worst = kInfinity, best = -kInfinity;
      for (std::size_t c = 0; c < rows.size(); ++c) {
        const double worth = worth_of(c);
        if (share[c] > 0 && worth < worst) {
          worst = worth;
          ends.first = c;
        }
        if (worth > best) {
          best = worth;
          ends.second = c;
        }
      }
      return std::tuple(ends.first, ends.second, best - worst);
    };
    bound.value = kInfinity;
    for (int round = 0; round < kMostTangents && go_on_(); ++round) {
      set_prices();
      const std::size_t found = add_point(price(p, box, prices));
      double log_bound = 0, gain = 0;
      for (std::size_t r = 0; r < n; ++r) {
        const double lambda = prices[r] / weights[r];
        const double most = rows[found][r] + t_.slack[at(p.rows[r])];  // however it was rounded
        log_bound += weights[r] * (lambda * most - 1 - std::log(lambda));
        gain += prices[r] * (rows[found][r] - mean[r]);
      }
      const double value = constant_product * std::exp(log_bound);
      if (value < bound.value) {
        bound.value = value;
        bound.multipliers = prices;
      }
      if (settled(bound.value) || gain <= 1e-11) break;
      move(std::get<0>(extremes()), found);
      for (int step = 0; step < kMostMoves; ++step) {  // among the points that are known
        set_prices();
        const auto [from, to, spread] = extremes();
        if (spread <= gain / 8) break;
        move(from, to);
      }
    }
    for (std::size_t c = 0; c < rows.size(); ++c) {
      if (share[c] > 1e-10) bound.mixture.emplace_back(static_cast<int>(c), share[c]);
    }
    return bound;
  }

  // ------------------------------------------------------------------------------------------
  // cells

  // All issues lie on one piece each and the counted leaves suffice: an exact linear program over
  // the places.
  void solve_cell(const std::vector<char>& box, const std::vector<Answer>& states,
                  const Level* level) {
    const Problem& problem = t_.problem;
    std::vector<int> base(at(problem.m()));
    std::vector<int> variable(at(problem.m()), -1);
    int variables = 0;
    for (int j = 0; j < problem.m(); ++j) {
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (box[at(p)]) base[at(j)] = 2 * p;
      }
      if (!problem.issues[at(j)].pieces[at(base[at(j)] / 2 - t_.offset[at(j)])].point())
        variable[at(j)] = variables++;
    }
    LinearProgram lp;
    // f ≥ least (+ extra·y for additional variables), as −slope·y + … ≤ start − least
    const auto at_least = [&](int f, const Rational& least,
                              std::vector<std::pair<int, Rational>> extra = {}) {
      LinearProgram::Row row;
      row.coefficients.assign(at(variables), 0);
      row.bound = exact_form(f, base) - least;
      for (int j = 0; j < problem.m(); ++j) {
        const Form& form = t_.forms[at(f)];
        if (variable[at(j)] < 0 || form.terms[at(j)].empty()) continue;
        const PieceWorth& w = form.terms[at(j)][at(base[at(j)] / 2 - t_.offset[at(j)])];
        row.coefficients[at(variable[at(j)])] = -form.factor * make_rational(w.at_to - w.at_from);
      }
      for (const auto& [v, c] : extra) {
        if (at(v) >= row.coefficients.size()) row.coefficients.resize(at(v) + 1);
        row.coefficients[at(v)] += c;
      }
      lp.rows.push_back(std::move(row));
    };
    for (int f : t_.rules) at_least(f, 0);
    for (int f : request_.needs) at_least(f, 0);
    for (int i = 0; i < problem.n(); ++i) {
      if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
      for (int f : needs_of(i)) at_least(f, 0);
      if (request_.floor) {
        for (int f : rows_of(i)) at_least(f, *request_.floor);
      }
    }
    int next = variables;
    std::vector<std::pair<int, Rational>> objective;
    Rational objective_constant = 0;
    // Adds k·t − Σ d with t − d_g ≤ every row of group g, t free; returns the terms of that sum.
    const auto least_sum = [&](const Level& of) {
      std::vector<std::pair<int, Rational>> sum = {{next, of.k}, {next + 1, -of.k}};
      const int t = next;
      next += 2;
      for (const Item& item : of.items) {
        const int d = next++;
        sum.emplace_back(d, -1);
        const bool unasked = item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes;
        if (unasked || item.forms.empty()) {
          LinearProgram::Row row;
          row.coefficients.assign(at(next), 0);
          row.coefficients[at(t)] = 1;
          row.coefficients[at(t + 1)] = -1;
          row.coefficients[at(d)] = -1;
          row.bound = unasked ? item.unasked : Rational(1);
          lp.rows.push_back(std::move(row));
        } else {
          for (int f : item.forms) at_least(f, 0, {{t, 1}, {t + 1, -1}, {d, -1}});
        }
      }
      return sum;
    };
    const auto weighted = [&](const Level& of, std::vector<std::pair<int, Rational>>& sum) {
      Rational constant = 0;
      for (std::size_t g = 0; g < of.items.size(); ++g) {
        const Item& item = of.items[g];
        if (item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes) {
          constant += of.weights[g] * item.unasked;
          continue;
        }
        const int f = item.forms[0];
        const Form& form = t_.forms[at(f)];
        constant += of.weights[g] * exact_form(f, base);
        for (int j = 0; j < problem.m(); ++j) {
          if (variable[at(j)] < 0 || form.terms[at(j)].empty()) continue;
          const PieceWorth& w = form.terms[at(j)][at(base[at(j)] / 2 - t_.offset[at(j)])];
          sum.emplace_back(variable[at(j)],
                           of.weights[g] * form.factor * make_rational(w.at_to - w.at_from));
        }
      }
      return constant;
    };
    for (const DoneLevel& done : request_.done) {
      std::vector<std::pair<int, Rational>> sum;
      Rational constant = 0;
      if (done.level.kind == Level::Kind::least_sum) {
        sum = least_sum(done.level);
      } else {
        constant = weighted(done.level, sum);
      }
      LinearProgram::Row row;
      row.coefficients.assign(at(next), 0);
      for (const auto& [v, c] : sum) row.coefficients[at(v)] -= c;
      row.bound = constant - done.value;
      lp.rows.push_back(std::move(row));
    }
    if (product()) {
      // maximised below, over the region that the rows leave
    } else if (level != nullptr) {
      if (level->kind == Level::Kind::least_sum) {
        objective = least_sum(*level);
      } else {
        objective_constant = weighted(*level, objective);
      }
    } else {  // the least row of the counted leaves, at most 1
      const int t = next;
      next += 2;
      objective = {{t, 1}, {t + 1, -1}};
      LinearProgram::Row most;
      most.coefficients.assign(at(next), 0);
      most.coefficients[at(t)] = 1;
      most.coefficients[at(t + 1)] = -1;
      most.bound = 1;
      const std::size_t most_row = lp.rows.size();
      lp.rows.push_back(std::move(most));
      for (int i = 0; i < problem.n(); ++i) {
        if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
        for (int f : rows_of(i)) at_least(f, 0, {{t, 1}, {t + 1, -1}});
        for (const auto& filter : t_.leaves[at(i)].filters) {
          const int end =
              filter.level[at(base[at(filter.issue)] / 2 - t_.offset[at(filter.issue)])];
          if (end == static_cast<int>(t_.levels.size())) continue;
          LinearProgram::Row row = lp.rows[most_row];
          row.bound = t_.levels[at(end)];
          lp.rows.push_back(std::move(row));
        }
      }
    }
    for (int j = 0; j < problem.m(); ++j) {
      if (variable[at(j)] < 0) continue;
      LinearProgram::Row row;
      row.coefficients.assign(at(next), 0);
      row.coefficients[at(variable[at(j)])] = 1;
      row.bound = 1;
      lp.rows.push_back(std::move(row));
    }
    lp.objective.assign(at(next), 0);
    for (const auto& [v, c] : objective) lp.objective[at(v)] += c;
    for (auto& row : lp.rows) row.coefficients.resize(at(next));
    std::vector<Rational> point;
    if (product()) {
      point = greatest_product(lp, base, variable, *level);
      if (point.empty()) return;
    } else {
      const LinearSolution solution = solve(lp, go_on_);
      if (solution.status != LinearSolution::Status::optimal) return;
      point = solution.point;
    }
    Package package;
    for (int j = 0; j < problem.m(); ++j) {
      const int piece = base[at(j)] / 2 - t_.offset[at(j)];
      const Piece& where = problem.issues[at(j)].pieces[at(piece)];
      package.pieces.push_back(piece);
      package.places.push_back(
          variable[at(j)] < 0
              ? where.from
              : Rational(where.from + (where.to - where.from) * point[at(variable[at(j)])]));
    }
    offer(package);
  }

  static constexpr double kProductGap = 1e-11;
  static constexpr double kProductRounding = 1e-12;  // weights of corners rounded, sums in doubles

  // The point of a cell's region at which a product is greatest: a mixture of corners of the
  // region, which are priced in until the tangent shows that no point has a product greater by more
  // than kProductGap of it. Exactly in the region; empty when the region is, or its products are 0.
  std::vector<Rational> greatest_product(LinearProgram& region, const std::vector<int>& base,
                                         const std::vector<int>& variable, const Level& level) {
    constexpr int kMostCorners = 200;
    const std::size_t variables = region.objective.size();
    std::vector<const Item*> items;
    std::vector<double> weights;
    for (std::size_t g = 0; g < level.items.size(); ++g) {
      const Item& item = level.items[g];
      if (item.leaf >= 0 && asked_now_[at(item.leaf)] != Answer::yes) continue;
      items.push_back(&item);
      weights.push_back(exponent(level, g));
    }
    // Each item as a function of the variables.
    std::vector<std::vector<Rational>> slopes(items.size(), std::vector<Rational>(variables));
    std::vector<Rational> constants;
    for (std::size_t g = 0; g < items.size(); ++g) {
      const Form& form = t_.forms[at(items[g]->forms[0])];
      constants.push_back(exact_form(items[g]->forms[0], base));
      for (int j = 0; j < t_.problem.m(); ++j) {
        if (variable[at(j)] < 0 || form.terms[at(j)].empty()) continue;
        const PieceWorth& w = form.terms[at(j)][at(base[at(j)] / 2 - t_.offset[at(j)])];
        slopes[g][at(variable[at(j)])] += form.factor * make_rational(w.at_to - w.at_from);
      }
    }
    std::vector<std::vector<Rational>> corners;
    std::vector<std::vector<double>> values;  // of the items at the corners
    const auto price_in = [&](const std::vector<Rational>& prices) {
      std::fill(region.objective.begin(), region.objective.end(), Rational(0));
      for (std::size_t g = 0; g < items.size(); ++g) {
        for (std::size_t v = 0; v < variables; ++v) region.objective[v] += prices[g] * slopes[g][v];
      }
      const LinearSolution solution = solve(region, go_on_);
      if (solution.status != LinearSolution::Status::optimal) return false;
      auto& at_corner = values.emplace_back();
      for (std::size_t g = 0; g < items.size(); ++g) {
        Rational sum = constants[g];
        for (std::size_t v = 0; v < variables; ++v) sum += slopes[g][v] * solution.point[v];
        at_corner.push_back(to_double(sum));
      }
      corners.push_back(solution.point);
      return true;
    };
    // Corners that are best for one item each: if the product is positive anywhere, it is in the
    // middle of them.
    for (std::size_t g = 0; g < std::max<std::size_t>(1, items.size()); ++g) {
      std::vector<Rational> prices(items.size());
      if (!items.empty()) prices[g] = 1;
      if (!price_in(prices)) return {};
      if (items.empty()) return corners[0];
    }
    ProductMixture mixture(weights, values);
    if (!mixture.positive()) return {};
    double gap = kInfinity;
    for (int round = 0; round < kMostCorners && gap > kProductGap; ++round) {
      mixture.maximise();
      std::vector<Rational> prices;
      double here = 0;
      for (std::size_t g = 0; g < items.size(); ++g) {
        const double price = weights[g] / mixture.mean()[g];
        prices.emplace_back(price);
        here += price * mixture.mean()[g];
      }
      price_in(prices);
      double there = 0;
      for (std::size_t g = 0; g < items.size(); ++g)
        there += to_double(prices[g]) * values.back()[g];
      gap = there - here;
      if (gap > kProductGap) mixture.add(values.back());
    }
    result_.gap = std::max({result_.gap, gap, kProductRounding});
    std::vector<Rational> point(variables);
    Integer total = 0;
    for (std::size_t c = 0; c < mixture.weights().size(); ++c) {
      const Integer weight(std::round(mixture.weights()[c] * 0x1p50));
      total += weight;
      for (std::size_t v = 0; v < variables; ++v) point[v] += weight * corners[c][v];
    }
    for (Rational& x : point) x /= total;
    return point;
  }

  // ------------------------------------------------------------------------------------------
  // branching

  int first_open_issue(const std::vector<char>& box) const {
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (count(box, j) > 1) return j;
    }
    return -1;
  }

  int count(const std::vector<char>& box, int j) const {
    int pieces = 0;
    for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) pieces += box[at(p)] != 0;
    return pieces;
  }

  // Splits a node by whether issue j lies in `in` (K_j bits). `other_bound` holds where it does
  // not.
  void split(const Node& node, int j, const std::vector<char>& in, double bound,
             const std::vector<std::vector<int>>& points, double other_bound = kInfinity) {
    const std::size_t parent = node.record;
    if (proving()) {
      CertificateNode& record = result_.tree[parent];
      record.kind = CertificateNode::Kind::by_issue;
      record.issue = j;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p)
        record.in.push_back(in[at(t_.first_alike[at(p)] - t_.offset[at(j)])]);
    }
    for (const bool keep : {true, false}) {
      Node child = node;
      child.bound = keep ? bound : std::min(bound, other_bound);
      child.points = points;
      bool left = false;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if ((in[at(p - t_.offset[at(j)])] != 0) != keep) child.pieces[at(p)] = 0;
        left |= child.pieces[at(p)] != 0;
      }
      if (proving()) child.record = record_child(parent, keep ? 0 : 1);
      if (left) push(std::move(child));
    }
  }

  // The place of a new node in the tree of a proof: closed, nothing left, until something is.
  std::size_t record_child(std::size_t parent, int child) {
    const std::size_t place = result_.tree.size();
    result_.tree[parent].children[child] = static_cast<int>(place);
    result_.tree.emplace_back();
    return place;
  }

  // Whether a leaf is asked depends on a conjunction of sets: the first that is open is split.
  void split_condition(const Node& node, const std::vector<char>& box,
                       const std::vector<PieceSet>& sets, double bound,
                       const std::vector<std::vector<int>>& points) {
    for (const PieceSet& set : sets) {
      if (disjoint(box, set) || inside(box, set)) continue;
      split(node, set.issue, set.pieces, bound, points);
      return;
    }
  }

  void split_mixture(const Node& node, const std::vector<char>& box, const Bound& bound) {
    int chosen = -1;
    double best = 1e-12;
    std::vector<double> share(at(t_.offset.back()), 0.0);
    for (const auto& [tag, weight] : bound.mixture) {
      for (int e : bound.points[at(tag)]) share[at(e / 2)] += weight;
    }
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (count(box, j) < 2) continue;
      double spread = 0;
      for (const int row : bound.program.rows) {
        if (row < 0) continue;
        double mean = 0;
        for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p)
          mean += share[at(p)] * t_.ends[at(p)][at(2 * row)];
        for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
          spread += share[at(p)] * std::fabs(t_.ends[at(p)][at(2 * row)] - mean);
        }
      }
      for (const auto& [f, least] : bound.program.bounds) {
        for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
          if (share[at(p)] > 1e-9 && share[at(p)] < 1 - 1e-9)
            spread += 1e-6 * share[at(p)] * std::fabs(t_.ends[at(p)][at(2 * f)]);
        }
      }
      if (spread > best) {
        best = spread;
        chosen = j;
      }
    }
    if (chosen < 0) chosen = open_clause_issue(box, node.states);
    if (chosen < 0) chosen = first_open_issue(box);
    // Below or above the mean of the mixture; both sides keep a piece.
    double mean = 0;
    double total = 0;
    std::vector<int> left;
    for (int p = t_.offset[at(chosen)]; p < t_.offset[at(chosen + 1)]; ++p) {
      if (!box[at(p)]) continue;
      mean += share[at(p)] * static_cast<double>(left.size());
      total += share[at(p)];
      left.push_back(p);
    }
    mean = total > 0 ? mean / total : static_cast<double>(left.size()) / 2 - 0.5;
    const std::size_t cut =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::floor(mean)), 0, left.size() - 2);
    std::vector<char> in(at(t_.offset[at(chosen + 1)] - t_.offset[at(chosen)]), 0);
    for (int p = t_.offset[at(chosen)]; p <= left[cut]; ++p) in[at(p - t_.offset[at(chosen)])] = 1;
    split(node, chosen, in, bound.value, warm_points(bound));
  }

  static std::vector<std::vector<int>> warm_points(const Bound& bound) {
    std::vector<std::vector<int>> points;
    for (const auto& [tag, weight] : bound.mixture) points.push_back(bound.points[at(tag)]);
    return points;
  }

  int open_clause_issue(const std::vector<char>& box, const std::vector<Answer>& states) const {
    const auto of_clause = [&](const Clause& clause) {
      if (all_of_sets(box, clause.when) == Answer::no ||
          all_of_sets(box, clause.require) == Answer::yes)
        return -1;
      for (const auto* sets : {&clause.when, &clause.require}) {
        for (const PieceSet& set : *sets) {
          if (count(box, set.issue) > 1) return set.issue;
        }
      }
      return -1;
    };
    for (const Clause& clause : t_.problem.rule_clauses) {
      if (const int j = of_clause(clause); j >= 0) return j;
    }
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
      for (const Clause* clause : t_.leaves[at(i)].clauses) {
        if (const int j = of_clause(*clause); j >= 0) return j;
      }
    }
    return -1;
  }

  // ------------------------------------------------------------------------------------------ a
  // node

  // Closes a box of a proof with multipliers.
  void record(const Node& node, const Program& program, const ExactMultipliers& exact) {
    const Problem& problem = t_.problem;
    std::map<int, Rational> lambda;
    std::map<int, Rational> mu;
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      if (program.rows[r] >= 0) lambda[program.rows[r]] += exact.lambda[r];
    }
    for (std::size_t c = 0; c < program.bounds.size(); ++c)
      mu[program.bounds[c].first] += exact.mu[c];
    const auto of = [](const std::map<int, Rational>& multipliers, int f) {
      const auto found = multipliers.find(f);
      return found == multipliers.end() ? Rational(0) : found->second;
    };
    CertificateNode& closed = result_.tree[node.record];
    for (int i = 0; i < problem.n(); ++i) {
      const auto& leaf = t_.leaves[at(i)];
      closed.margins.push_back(of(lambda, leaf.margin));
      auto& ends = closed.ends.emplace_back(problem.leaves[at(i)].demands.size());
      for (const auto& [d, f] : leaf.ends) ends[at(d)] = of(lambda, f);
      closed.reservations.push_back(leaf.needs.empty() ? Rational(0) : of(mu, leaf.needs[0]));
    }
    for (int f : t_.rules) closed.rules.push_back(of(mu, f));
  }

  // Multipliers of a box with one piece an issue, from the exact linear program over its places:
  // first of the rows against the constraints, then, where these cannot be met, of the constraints.
  std::optional<ExactMultipliers> cell_multipliers(const Program& program,
                                                   const std::vector<char>& box) const {
    std::vector<int> base(at(t_.problem.m()));
    for (int p = 0; p < t_.offset.back(); ++p) {
      if (box[at(p)]) base[at(t_.issue_of(p))] = 2 * p;
    }
    std::vector<int> variables;
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (!t_.problem.issues[at(j)].pieces[at(base[at(j)] / 2 - t_.offset[at(j)])].point())
        variables.push_back(j);
    }
    const std::size_t t = variables.size();
    const std::size_t rows = program.rows.size();
    for (const bool empty : {false, true}) {  // y, then t⁺ and t⁻: the greatest t ≤ every row
      LinearProgram lp;
      lp.objective.assign(t + 2, 0);
      lp.objective[t] = 1;
      lp.objective[t + 1] = -1;
      const auto add = [&](const Rational& at_base, int f, bool with_t) {
        LinearProgram::Row row;
        row.bound = at_base;
        for (int j : variables) {
          std::vector<int> moved = base;
          ++moved[at(j)];
          row.coefficients.push_back(f < 0 ? Rational(0)
                                           : Rational(exact_form(f, base) - exact_form(f, moved)));
        }
        row.coefficients.emplace_back(with_t ? 1 : 0);
        row.coefficients.emplace_back(with_t ? -1 : 0);
        lp.rows.push_back(std::move(row));
      };
      if (!empty) {
        for (const int row : program.rows) add(exact_form(row, base), row, true);
      }
      for (const auto& [f, least] : program.bounds) add(exact_form(f, base) - least, f, empty);
      for (std::size_t v = 0; v < t; ++v) {
        LinearProgram::Row row;
        row.coefficients.assign(t + 2, 0);
        row.coefficients[v] = 1;
        row.bound = 1;
        lp.rows.push_back(std::move(row));
      }
      if (empty && program.bounds.empty()) return std::nullopt;
      const LinearSolution solution = solve(lp, go_on_);
      if (solution.status != LinearSolution::Status::optimal) continue;
      if (empty && solution.value >= 0) return std::nullopt;
      ExactMultipliers exact;
      const auto begin = solution.duals.begin();
      const auto split = begin + static_cast<std::ptrdiff_t>(empty ? 0 : rows);
      exact.lambda.assign(rows, 0);
      std::copy(begin, split, exact.lambda.begin());
      exact.mu.assign(split, split + static_cast<std::ptrdiff_t>(program.bounds.size()));
      exact.bound = solution.value;
      return exact;
    }
    return std::nullopt;
  }

  // Closes a box of a proof, or returns false: it has to be split.
  bool close(const Node& node, const Bound& bound, const std::vector<char>& box, bool cell) {
    const auto proves = [&](const std::optional<ExactMultipliers>& exact) {
      if (!exact || !request_.prove || exact->bound > *request_.prove) return false;
      record(node, bound.program, *exact);
      return true;
    };
    if (proves(rounded(bound, box)) || proves(refined(bound, box))) return true;
    if (const auto empty = emptiness(bound.program, box, node)) {
      record(node, bound.program, *empty);
      return true;
    }
    if (!cell || interrupted_) return false;
    const auto exact = cell_multipliers(bound.program, box);
    if (interrupted_) return false;
    const bool none = exact && std::all_of(exact->lambda.begin(), exact->lambda.end(),
                                           [](const Rational& l) { return l == 0; });
    if (!exact || (!none && (!request_.prove || exact->bound > *request_.prove)))
      throw ModelError("a package exceeds the depth that was to be proven");
    record(node, bound.program, *exact);
    return true;
  }

  // Whose consent a box counts on, and what that leaves of it.
  struct Standing {
    bool empty = false;       // no package of the box has a value
    bool asked_open = false;  // whether some leaf is asked differs within the box
    bool settled = false;     // asked or not is settled, and the leaves counted on suffice
  };

  // Narrows the box and counts on the leaves that the tree cannot do without, until nothing
  // changes.
  Standing stand(std::vector<char>& box, std::vector<Answer>& states) {
    const int n = t_.problem.n();
    Standing standing;
    std::vector<char> asked_bits(at(n), 0);
    std::vector<char> in(at(n), 0);
    asked_now_.assign(at(n), Answer::yes);
    for (bool again = true; again;) {
      again = false;
      if (!tighten(box, states, !proving())) {
        standing.empty = true;
        return standing;
      }
      standing.asked_open = false;
      for (int i = 0; i < n; ++i) {
        asked_now_[at(i)] = asked(box, i);
        standing.asked_open |= in_tree_[at(i)] && asked_now_[at(i)] == Answer::open;
        asked_bits[at(i)] = in_tree_[at(i)] && asked_now_[at(i)] == Answer::yes;
        in[at(i)] = in_tree_[at(i)] && states[at(i)] != Answer::no && !never(i);
      }
      const auto count_on = [&](int i) {
        states[at(i)] = Answer::yes;
        again = true;
      };
      if (standing.asked_open) {
        for (int i = 0; i < n; ++i) {
          if (!needed_[at(i)] || !asked_bits[at(i)]) continue;
          standing.empty |= !in[at(i)];
          if (states[at(i)] == Answer::open) count_on(i);
        }
        if (standing.empty) return standing;
        continue;
      }
      const auto accepted = satisfied(tree_, asked_bits, in);
      if (!accepted) {  // nobody is asked
        standing.settled = true;
        return standing;
      }
      if (!*accepted) {
        standing.empty = true;
        return standing;
      }
      for (int i = 0; i < n; ++i) {
        if (needed_[at(i)] && asked_bits[at(i)] && states[at(i)] == Answer::open) count_on(i);
      }
      for (int i = 0; i < n; ++i) {
        if (!in[at(i)] || states[at(i)] == Answer::yes || !asked_bits[at(i)]) continue;
        in[at(i)] = 0;
        if (!*satisfied(tree_, asked_bits, in)) count_on(i);
        in[at(i)] = 1;
      }
    }
    if (standing.asked_open) return standing;
    for (int i = 0; i < n; ++i) {
      in[at(i)] = in_tree_[at(i)] && states[at(i)] == Answer::yes;
    }
    const auto accepted = satisfied(tree_, asked_bits, in);
    standing.settled = !accepted || *accepted;
    return standing;
  }

  // Whether the box cannot reach an earlier level.
  bool misses_a_level(const Node& node, const std::vector<char>& box) {
    for (std::size_t d = 0; d < request_.done.size(); ++d) {
      const Level& level = request_.done[d].level;
      if (is_constraint(level)) continue;
      const double wanted = done_values_[d];
      if (level.kind == Level::Kind::product) {
        const double least = wanted - 1e-11 * std::fabs(wanted);
        const auto misses = [&](double value) { return value < least; };
        if (misses(product_bound(level, box, node.points, misses).value)) return true;
        continue;
      }
      Program program = constraints(node.states);
      add_objective(program, level);
      const Bound bound = bound_of(std::move(program), box, node.points, wanted - 1e-6);
      const double rounding = bound.slack + kRounding * (1 + std::fabs(wanted));
      if (bound.value < wanted - rounding) return true;
      if (bound.value < wanted + 1e-9 * (1 + std::fabs(wanted)) &&
          exactly_below(bound, box, request_.done[d].value))
        return true;
      if (interrupted_) return false;
    }
    return false;
  }

  // The tree's value: the least row of the leaves counted on.
  Program tree_program(const std::vector<Answer>& states) const {
    Program program = constraints(states);
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (states[at(i)] != Answer::yes || content_[at(i)] || asked_now_[at(i)] == Answer::no)
        continue;
      for (int f : rows_of(i)) {
        program.rows.push_back(f);
        program.groups.push_back(0);
      }
    }
    if (program.rows.empty()) {
      program.rows.push_back(-1 - static_cast<int>(constants_.size()));
      constants_.emplace_back(1);
      program.groups.push_back(0);
    }
    program.group_count = 1;
    program.k = 1;
    return program;
  }

  // The least violated soft end of a counted leaf at each piece of issue j; none: the number of
  // levels.
  int level_at(const std::vector<Answer>& states, int j, int piece) const {
    int least = static_cast<int>(t_.levels.size());
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (states[at(i)] != Answer::yes || content_[at(i)]) continue;
      for (const auto& filter : t_.leaves[at(i)].filters) {
        if (filter.issue == j) least = std::min(least, filter.level[at(piece - t_.offset[at(j)])]);
      }
    }
    return least;
  }

  // What soft ends allow at best, issue by issue.
  double soft_bound(const std::vector<char>& box, const std::vector<Answer>& states) const {
    int bound = static_cast<int>(t_.levels.size());
    for (int j = 0; j < t_.problem.m(); ++j) {
      int most = -1;
      for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
        if (box[at(p)]) most = std::max(most, level_at(states, j, p));
      }
      bound = std::min(bound, most);
    }
    return bound < static_cast<int>(t_.levels.size()) ? t_.level_doubles[at(bound)] : kInfinity;
  }

  // Where a soft end keeps the mixture below its bound, splits its issue into what is better and
  // what is not; false when there is no such issue.
  bool split_soft(const Node& node, const std::vector<char>& box, const Bound& bound) {
    int worst = static_cast<int>(t_.levels.size());
    int chosen = -1;
    for (const auto& [tag, weight] : bound.mixture) {
      for (int j = 0; j < t_.problem.m(); ++j) {
        const int level = level_at(node.states, j, bound.points[at(tag)][at(j)] / 2);
        if (level >= worst || t_.level_doubles[at(level)] >= bound.value) continue;
        worst = level;
        chosen = j;
      }
    }
    if (chosen < 0) return false;
    std::vector<char> in;
    bool better = false;
    for (int p = t_.offset[at(chosen)]; p < t_.offset[at(chosen + 1)]; ++p) {
      in.push_back(level_at(node.states, chosen, p) > worst);
      better |= in.back() && box[at(p)];
    }
    if (!better) return false;
    split(node, chosen, in, bound.value, warm_points(bound), t_.level_doubles[at(worst)]);
    return true;
  }

  // Whether some issue has nothing left: such boxes come from the request.
  bool lacks_a_piece(const std::vector<char>& box) const {
    for (int j = 0; j < t_.problem.m(); ++j) {
      const auto begin = box.begin() + t_.offset[at(j)];
      const auto end = box.begin() + t_.offset[at(j + 1)];
      if (std::find(begin, end, 1) == end) return true;
    }
    return false;
  }

  // The only package of a box of settlements.
  void offer_only(const std::vector<char>& box) {
    std::vector<int> ends(at(t_.problem.m()));
    for (int p = 0; p < t_.offset.back(); ++p) {
      if (box[at(p)]) ends[at(t_.issue_of(p))] = 2 * p;
    }
    offer_ends(ends);
  }

  void process(const Node& given) {
    Node node = given;
    const Problem& problem = t_.problem;
    std::vector<char> box = node.pieces;
    constants_.clear();
    if (request_.prove && *request_.prove >= 1) return;  // no value exceeds 1
    Standing standing = stand(box, node.states);
    counted_ = node.states;
    if (standing.empty || (!proving() && lacks_a_piece(box))) return;
    int open_issue = first_open_issue(box);
    if (open_issue < 0 && problem.discrete() && !proving()) {
      offer_only(box);
      return;
    }
    if (misses_a_level(node, box) || interrupted_) return;

    Bound bound;
    const Level* level = request_.level ? &*request_.level : nullptr;
    if (product()) {
      bound = product_bound(*level, box, node.points,
                            [this](double value) { return hopeless(value, 0); });
      if (interrupted_ || hopeless(bound.value, 0)) return;
    } else {
      Program program;
      if (level != nullptr) {
        program = constraints(node.states);
        add_objective(program, *level);
      } else {
        program = tree_program(node.states);
      }
      double enough = -kInfinity;
      const auto until = [&](double value) {
        enough = std::max(enough, value - 1e-6 * (1 + std::fabs(value)));
      };
      if (best_) until(best_double_);
      if (cut_) until(to_double(*cut_));
      if (request_.prove) until(to_double(*request_.prove));
      bound = bound_of(std::move(program), box, node.points, enough);
      if (interrupted_) return;
      if (proving()) {
        if (close(node, bound, box, open_issue < 0 && standing.settled) || interrupted_) return;
      } else {
        if (hopeless(bound.value, bound.slack)) return;
        const double near = bound.slack + 1e-9 * (1 + std::fabs(bound.value));
        if (best_ && bound.value <= best_double_ + near && exactly_at_most(bound, box, *best_))
          return;
        if (cut_ && bound.value <= to_double(*cut_) + near && exactly_below(bound, box, *cut_))
          return;
        if (bound.violation > 1e-9 && emptiness(bound.program, box, node)) return;
        if (interrupted_) return;
      }
    }
    // From here on a value that nothing in the box exceeds.
    bound.value += bound.slack + kRounding * (1 + std::fabs(bound.value));
    if (product()) bound.value *= 1 + 1e-9;
    const double priced = bound.value;  // what the multipliers prove
    if (level == nullptr && !proving())
      bound.value = std::min(bound.value, soft_bound(box, node.states));
    if (!proving()) {
      for (const auto& [tag, weight] : bound.mixture) offer_ends(bound.points[at(tag)]);
      if (result_.nodes == 1) improve(bound);
      if (stop_ || hopeless(bound.value, 0)) return;
      if (!bound.multipliers.empty() && fix(box, bound, priced)) {
        standing = stand(box, node.states);
        counted_ = node.states;
        if (standing.empty) return;
        open_issue = first_open_issue(box);
        if (open_issue < 0 && problem.discrete()) {
          offer_only(box);
          return;
        }
      }
      node.pieces = box;
    }
    bound.value = std::min(node.bound, bound.value);
    if (proving()) node.states = given.states;  // conclusions are drawn again, by the checker too

    if (standing.asked_open) {
      for (int i = 0; i < problem.n(); ++i) {
        if (!in_tree_[at(i)] || asked_now_[at(i)] != Answer::open) continue;
        split_condition(node, box, *problem.leaves[at(i)].when, bound.value, warm_points(bound));
        return;
      }
    }
    if (!standing.settled) {
      split_consent(node, bound);
      return;
    }
    if (open_issue < 0) {
      solve_cell(box, node.states, level);
      return;
    }
    if (level == nullptr && !proving() && split_soft(node, box, bound)) return;
    split_mixture(node, box, bound);
  }

  // Splits by whether the consent of a leaf is counted on.
  void split_consent(const Node& node, const Bound& bound) {
    for (int i = 0; i < t_.problem.n(); ++i) {
      if (!in_tree_[at(i)] || node.states[at(i)] != Answer::open ||
          asked_now_[at(i)] != Answer::yes || counted_[at(i)] == Answer::yes)
        continue;
      if (proving()) {
        result_.tree[node.record].kind = CertificateNode::Kind::by_leaf;
        result_.tree[node.record].leaf = i;
      }
      for (const Answer state : {Answer::yes, Answer::no}) {
        Node child = node;
        child.bound = bound.value;
        child.states[at(i)] = state;
        child.points = warm_points(bound);
        if (proving()) child.record = record_child(node.record, state == Answer::yes ? 0 : 1);
        push(std::move(child));
      }
      return;
    }
  }

  bool is_keeper(int i) const { return !request_.keepers.empty() && request_.keepers[at(i)]; }
  const std::vector<int>& rows_of(int i) const {
    return is_keeper(i) ? t_.leaves[at(i)].keeper_rows : t_.leaves[at(i)].program_rows;
  }
  const std::vector<int>& needs_of(int i) const {
    return is_keeper(i) ? t_.leaves[at(i)].keeper_needs : t_.leaves[at(i)].needs;
  }

  bool never(int i) const { return t_.leaves[at(i)].never && !content_[at(i)]; }

  // Multipliers on the constraints alone that show the box empty: Σ μ (f − bound) < 0 everywhere.
  std::optional<ExactMultipliers> emptiness(const Program& program, const std::vector<char>& box,
                                            const Node& node) {
    if (program.bounds.empty()) return std::nullopt;
    Program only;
    // As objective rows: the least of the constraints, mixed as well as can be; below 0 nothing
    // meets them all.
    std::vector<int> forms;
    for (const auto& [f, least] : program.bounds) {
      only.rows.push_back(f);
      only.shifts.push_back(least);
      only.groups.push_back(0);
    }
    only.group_count = 1;
    only.k = 1;
    const Bound bound = bound_of(std::move(only), box, node.points, -kInfinity);
    for (const auto& exact : {rounded(bound, box), refined(bound, box)}) {
      if (exact && exact->bound < 0) {
        ExactMultipliers result;
        result.lambda.assign(program.rows.size(), 0);
        result.mu = exact->lambda;
        result.bound = exact->bound;
        return result;
      }
    }
    return std::nullopt;
  }

  // Local search for the tree's value or a product, from the best two packages of the root's
  // mixture: one issue at a time, in double precision.
  void improve(const Bound& bound) {
    if (request_.level && !product()) return;
    const auto value_at = [&](const std::vector<int>& ends) {
      double slack = 0;
      const auto value = guess(ends, slack);
      if (!value || (floor_ && *value < *floor_)) return -kInfinity;
      return product() ? product_at(ends, 0) : *value;
    };
    std::vector<std::pair<double, std::size_t>> starts;
    for (const auto& [tag, weight] : bound.mixture)
      starts.emplace_back(-value_at(bound.points[at(tag)]), at(tag));
    std::sort(starts.begin(), starts.end());
    starts.resize(std::min<std::size_t>(starts.size(), 2));
    for (const auto& [negated, tag] : starts) {
      std::vector<int> ends = bound.points[tag];
      double best = value_at(ends);
      bool better = true;
      for (int pass = 0; better && pass < 4 && !stop_; ++pass) {
        better = false;
        for (int j = 0; j < t_.problem.m(); ++j) {
          int chosen = ends[at(j)];
          for (int p = t_.offset[at(j)]; p < t_.offset[at(j + 1)]; ++p) {
            if (t_.first_alike[at(p)] != p) continue;
            if (!request_.pieces.empty() && !request_.pieces[at(j)][at(p - t_.offset[at(j)])])
              continue;
            ends[at(j)] = 2 * p;
            const double here = value_at(ends);
            if (here > best && here - best > 1e-12 * std::fabs(here)) {
              best = here;
              chosen = 2 * p;
              better = true;
            }
          }
          ends[at(j)] = chosen;
        }
        if (better) offer_ends(ends);
      }
    }
  }

  bool in_start(const std::vector<int>& pieces) const {
    if (request_.pieces.empty()) return true;
    for (int j = 0; j < t_.problem.m(); ++j) {
      if (!request_.pieces[at(j)][at(pieces[at(j)])]) return false;
    }
    return true;
  }

  const Search::Tables& t_;
  const Search& search_;
  const Search::Request& request_;
  const Tree tree_;
  std::vector<char> content_;
  std::vector<char> in_tree_;
  std::vector<char> needed_;
  int kept_level_ =
      0;  // soft ends on issues without a continuum may be violated down to this level
  std::function<bool()> go_on_;
  bool interrupted_ = false;
  std::optional<double> floor_;
  std::optional<Rational> cut_;
  std::vector<double> done_values_;
  std::vector<Node> heap_;
  std::uint64_t pushed_ = 0;
  Search::Result result_;
  std::optional<Rational> best_;
  double best_double_ = -kInfinity;
  std::optional<Package> best_package_;
  bool stop_ = false;
  // Of the node at hand.
  std::vector<Answer> asked_now_;
  std::vector<Answer> counted_;
  mutable std::vector<Rational> constants_;
  mutable std::vector<double> most_;
  mutable std::vector<int> pieces_;
  mutable std::vector<LeafValue<double>> values_;
  mutable std::vector<std::pair<int, double>> weights_;
  mutable std::vector<double> scores_;
};

Search::Search(const Problem& problem, DepthKind kind)
    : tables_(std::make_unique<Tables>(problem, kind)) {
  Tables& t = *tables_;
  for (const LinearRule& rule : problem.linear_rules)
    t.rules.push_back(t.add(rule_form(problem, rule)));
  for (const Leaf& leaf : problem.leaves) {
    Tables::LeafForms forms;
    if (leaf.has_utility) {
      if (leaf.best > leaf.reservation) {
        forms.rows.push_back(t.add(margin_form(leaf)));
      } else if (leaf.best == leaf.reservation) {
        Form zero;
        zero.terms.resize(problem.issues.size());
        forms.rows.push_back(t.add(zero));
        forms.needs.push_back(t.add(surplus_form(leaf)));
      } else {
        forms.never = true;
      }
    }
    forms.margin = forms.rows.empty() ? -1 : forms.rows.front();
    forms.program_rows = forms.rows;
    for (std::size_t d = 0; d < leaf.demands.size(); ++d) {
      const LeafDemand& demand = leaf.demands[d];
      if (demand.clause) {
        forms.clauses.push_back(&*demand.clause);
      } else if (kind == DepthKind::all && demand.soft) {
        const int f = t.add(soft_form(problem, demand, 0));
        forms.rows.push_back(f);
        forms.ends.emplace_back(static_cast<int>(d), f);
        if (problem.issues[at(demand.demand.index)].continuous) forms.program_rows.push_back(f);
      } else {
        forms.masks.push_back(&*demand.limit);
      }
    }
    forms.keeper_rows = forms.program_rows;
    forms.keeper_needs = forms.needs;
    if (forms.margin >= 0) {
      forms.keeper_rows.erase(forms.keeper_rows.begin());
      forms.keeper_needs.push_back(forms.margin);
    }
    t.leaves.push_back(std::move(forms));
  }
  t.make_filters();
}

Search::~Search() = default;

int Search::add(const Form& form) { return tables_->add(form); }

const std::vector<int>& Search::rows(int leaf) const { return tables_->leaves.at(at(leaf)).rows; }
const Form& Search::form(int f) const { return tables_->forms.at(at(f)); }
const Problem& Search::problem() const { return tables_->problem; }
DepthKind Search::kind() const { return tables_->kind; }

Search::Result Search::run(const Request& request) const {
  return Run(*tables_, *this, request).run();
}

Rational Search::value(const Level& level, const Package& package) const {
  const Problem& problem = tables_->problem;
  std::vector<Rational> items;
  for (const Item& item : level.items) {
    if (item.leaf >= 0 && !asked(problem.leaves[at(item.leaf)], package.pieces)) {
      items.push_back(item.unasked);
      continue;
    }
    if (item.leaf >= 0 && (level.broken_is_lowest || item.lowest_below_reservation)) {
      const LeafView leaf = view(problem, item.leaf, package, tables_->kind);
      const bool below = item.lowest_below_reservation && leaf.surplus && *leaf.surplus < 0;
      if (below || (level.broken_is_lowest && !leaf.value)) {
        items.push_back(level.lowest);
        continue;
      }
    }
    std::optional<Rational> least;
    for (int f : item.forms) {
      Rational here = zopa::value(tables_->forms[at(f)], problem, package);
      if (!least || here < *least) least = std::move(here);
    }
    items.push_back(least ? *least : Rational(1));
  }
  Rational result = level.kind == Level::Kind::product ? 1 : 0;
  if (level.kind == Level::Kind::least_sum) {
    std::sort(items.begin(), items.end());
    for (int k = 0; k < level.k; ++k) result += items[at(k)];
    return result;
  }
  for (std::size_t g = 0; g < items.size(); ++g) {
    if (level.kind == Level::Kind::weighted) {
      result += level.weights[g] * items[g];
    } else {
      result *= power(items[g], exponent(level, g));
    }
  }
  return result;
}

}  // namespace zopa
