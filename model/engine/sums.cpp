// SPDX-License-Identifier: MIT
#include "model/engine/sums.hpp"

#include <algorithm>
#include <numeric>

#include "model/tools/at.hpp"

namespace zopa {
namespace {

// The issues that clauses tie together, one group each; single issues are groups too.
std::vector<std::vector<int>> tied_groups(const Selection& selection) {
  std::vector<int> head(selection.issues.size());
  std::iota(head.begin(), head.end(), 0);
  const auto find = [&](int j) {
    while (head[at(j)] != j) j = head[at(j)] = head[at(head[at(j)])];
    return j;
  };
  for (const Selection::Tie& tie : selection.ties) {
    int first = -1;
    for (const auto* sets : {&tie.when, &tie.require}) {
      for (const auto& [j, flags] : *sets) {
        if (first < 0) first = j;
        head[at(find(j))] = find(first);
      }
    }
  }
  std::vector<std::vector<int>> groups;
  std::vector<int> group_of(head.size(), -1);
  for (int j = 0; j < static_cast<int>(head.size()); ++j) {
    int& group = group_of[at(find(j))];
    if (group < 0) {
      group = static_cast<int>(groups.size());
      groups.emplace_back();
    }
    groups[at(group)].push_back(j);
  }
  return groups;
}

// Whether the joint settlement breaks no clause on these issues.
bool meets(const std::vector<const Selection::Tie*>& ties, const std::vector<int>& place,
           const std::vector<int>& joint) {
  const auto in = [&](const auto& sets) {
    return std::all_of(sets.begin(), sets.end(), [&](const auto& set) {
      return set.second[at(joint[at(place[at(set.first)])])] != 0;
    });
  };
  return std::all_of(ties.begin(), ties.end(),
                     [&](const Selection::Tie* tie) { return !in(tie->when) || in(tie->require); });
}

Int128 common_factor(Int128 a, Int128 b) {
  while (b != 0) {
    const Int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// Takes what every settlement brings off the need, cuts terms down to the need, and divides by the
// common factor of those below it, until nothing changes. Drops rows that always hold.
void tighten(Sums& sums) {
  std::size_t kept = 0;
  for (std::size_t r = 0; r < sums.rows(); ++r) {
    Int128 need = sums.need[r];
    for (Int128 factor = 0; factor != 1;) {
      factor = 0;
      for (Sums::Column& column : sums.columns) {
        std::vector<Int128>& term = column.term[r];
        const Int128 least = *std::min_element(term.begin(), term.end());
        need -= least;
        for (Int128& value : term) value -= least;
      }
      if (need <= 0) break;
      // What is enough by itself need not be a multiple of the factor.
      for (const Sums::Column& column : sums.columns)
        for (const Int128 value : column.term[r])
          if (value < need) factor = common_factor(factor, value);
      if (factor == 0) factor = need;
      const Int128 enough = (need + factor - 1) / factor;
      for (Sums::Column& column : sums.columns)
        for (Int128& value : column.term[r]) value = value < need ? value / factor : enough;
      need = enough;
    }
    if (need <= 0) continue;
    Int128 most = 0;
    for (const Sums::Column& column : sums.columns)
      most += *std::max_element(column.term[r].begin(), column.term[r].end());
    if (most < need) sums.none = true;
    for (Sums::Column& column : sums.columns)
      if (kept != r) column.term[kept] = std::move(column.term[r]);
    sums.need[kept++] = need;
  }
  sums.need.resize(kept);
  for (Sums::Column& column : sums.columns) column.term.resize(kept);
}

}  // namespace

std::optional<Sums> as_sums(const Selection& selection, std::size_t most_settlements) {
  if (!selection.tree.empty() || !selection.wide_rows.empty()) return std::nullopt;
  Sums sums;
  sums.none = selection.none;
  if (sums.none) return sums;
  for (const auto& row : selection.rows) {
    for (const std::vector<Int128>& rise : row.rise)
      if (!rise.empty()) return std::nullopt;
    sums.need.push_back(row.need);
  }
  std::vector<int> place(selection.issues.size(), 0);  // issue → position in its column
  for (std::vector<int>& group : tied_groups(selection)) {
    Sums::Column column;
    std::size_t combinations = 1;
    for (std::size_t g = 0; g < group.size(); ++g) {
      place[at(group[g])] = static_cast<int>(g);
      combinations *= selection.pieces[at(group[g])].size();
      if (combinations > most_settlements) return std::nullopt;
    }
    std::vector<const Selection::Tie*> ties;
    for (const Selection::Tie& tie : selection.ties) {
      const auto& sets = tie.require.empty() ? tie.when : tie.require;
      if (std::find(group.begin(), group.end(), sets.front().first) != group.end())
        ties.push_back(&tie);
    }
    column.term.resize(selection.rows.size());
    std::vector<int> joint(group.size(), 0);
    for (std::size_t c = 0; c < combinations; ++c) {
      if (meets(ties, place, joint)) {
        column.joint.push_back(joint);
        for (std::size_t r = 0; r < selection.rows.size(); ++r) {
          Int128 sum = 0;
          for (std::size_t g = 0; g < group.size(); ++g)
            sum += selection.rows[r].term[at(group[g])][at(joint[g])];
          column.term[r].push_back(sum);
        }
      }
      for (std::size_t g = group.size(); g-- > 0;) {
        if (++joint[g] < static_cast<int>(selection.pieces[at(group[g])].size())) break;
        joint[g] = 0;
      }
    }
    if (column.joint.empty()) {
      sums.none = true;
      return sums;
    }
    column.issues = std::move(group);
    sums.columns.push_back(std::move(column));
  }
  tighten(sums);
  return sums;
}

}  // namespace zopa
