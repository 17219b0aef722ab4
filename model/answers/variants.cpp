// SPDX-License-Identifier: MIT
#include "model/answers/variants.hpp"

#include <algorithm>

#include "model/tools/at.hpp"

namespace zopa {

Variants::Variants(const Problem& problem) : problem_(problem), parts_(problem) {
  for (Leaf& leaf : parts_.leaves) {  // that only say yes where they are asked
    leaf.demands.clear();
    leaf.has_utility = false;
  }
  for (int i = 0; i < problem.n(); ++i) {
    const Leaf& whole = problem.leaves[at(i)];
    demands_.emplace_back();
    for (const LeafDemand& demand : whole.demands) demands_.back().push_back(add(i, demand));
    reservation_.emplace_back();
    if (whole.has_utility) {
      Leaf part = whole;
      part.demands.clear();
      reservation_.back() = add_part(i, std::move(part));
    }
    LeafDemand nothing;
    nothing.demand = {Demand::Kind::limit, whole.party, 0};
    nothing.limit = PieceSet{0, std::vector<char>(problem.issues[0].pieces.size(), 0)};
    never_.push_back(add(i, std::move(nothing)));
  }
}

int Variants::add_part(int leaf, Leaf part) {
  part.path = problem_.leaves[at(leaf)].path;
  parts_.leaves.push_back(std::move(part));
  return parts_.n() - 1;
}

int Variants::add(int leaf, LeafDemand demand) {
  Leaf part = parts_.leaves[at(leaf)];
  part.worth.clear();
  part.demands = {std::move(demand)};
  return add_part(leaf, std::move(part));
}

Asking Variants::all() const {
  Asking asking = demands_;
  for (std::size_t i = 0; i < asking.size(); ++i) {
    if (reservation_[i]) asking[i].push_back(*reservation_[i]);
  }
  return asking;
}

Asking Variants::without(Asking asking, const Demand& demand) const {
  if (demand.kind == Demand::Kind::reservation)
    return without_reservations(std::move(asking), holders(problem_, demand));
  for (std::size_t i = 0; i < asking.size(); ++i) {
    std::erase_if(asking[i], [&](int part) {
      const auto own = std::find(demands_[i].begin(), demands_[i].end(), part);
      return own != demands_[i].end() &&
             problem_.leaves[i]
                     .demands[static_cast<std::size_t>(own - demands_[i].begin())]
                     .demand == demand;
    });
  }
  return asking;
}

Asking Variants::without_reservations(Asking asking, const std::vector<int>& leaves) const {
  for (const int i : leaves) {
    if (reservation_[at(i)]) std::erase(asking[at(i)], *reservation_[at(i)]);
  }
  return asking;
}

Asking Variants::refusing(Asking asking, const std::vector<int>& leaves) const {
  for (const int i : leaves) asking[at(i)] = {never_[at(i)]};
  return asking;
}

Asking Variants::accepting(Asking asking, const std::vector<int>& leaves) const {
  for (const int i : leaves) asking[at(i)].clear();
  return asking;
}

Tree Variants::tree(const Asking& asking) const { return tree(problem_.tree, asking); }

Tree Variants::tree(const Tree& node, const Asking& asking) const {
  Tree result = node;
  if (node.kind != Consent::Kind::leaf) {
    for (Tree& member : result.members) member = tree(Tree(member), asking);
    return result;
  }
  const std::vector<int>& parts = asking[at(node.leaf)];
  if (parts.empty()) return result;  // the leaf itself, which says yes where it is asked
  if (parts.size() == 1) {
    result.leaf = parts[0];
    return result;
  }
  result.kind = Consent::Kind::all;
  for (const int part : parts) {
    Tree leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.leaf = part;
    result.members.push_back(std::move(leaf));
  }
  return result;
}

bool Variants::accepts(const Asking& asking, const Package& package) const {
  std::vector<LeafValue<int>> values(problem_.leaves.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!asked(problem_.leaves[i], package.pieces)) continue;
    const bool yes = std::all_of(asking[i].begin(), asking[i].end(), [&](int part) {
      const Leaf& leaf = parts_.leaves[at(part)];
      if (leaf.has_utility) return *view(parts_, part, package).surplus >= 0;
      const LeafDemand& demand = leaf.demands.front();
      return demand.limit ? contains(*demand.limit, package.pieces[at(demand.limit->issue)])
                          : holds(*demand.clause, package.pieces);
    });
    values[i] = yes ? std::optional<int>(1) : std::optional<int>();
  }
  const LeafValue<int> value = tree_value<int>(problem_.tree, values);
  return !value || value->has_value();
}

std::vector<int> holders(const Problem& problem, const Demand& demand) {
  std::vector<int> leaves;
  for (int i = 0; i < problem.n(); ++i) {
    const Leaf& leaf = problem.leaves[at(i)];
    const bool holds_it =
        demand.kind == Demand::Kind::reservation
            ? leaf.party == demand.party && leaf.has_utility
            : std::any_of(leaf.demands.begin(), leaf.demands.end(),
                          [&](const LeafDemand& own) { return own.demand == demand; });
    if (holds_it) leaves.push_back(i);
  }
  return leaves;
}

}  // namespace zopa
