// SPDX-License-Identifier: MIT
#include "model/answers/optima.hpp"

namespace zopa {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// b_i^Z − r_i, where a package at which the leaf is not asked counts as its best; nothing when the
// search was stopped.
std::optional<Rational> hope(RuleContext& context, const Item& surplus) {
  Search::Request request = zone_request(context);
  request.level = Level{Level::Kind::weighted, 1, {surplus}, {1}, false};
  const auto result = context.finder.search(DepthKind::hard).run(request);
  return result.finished ? result.value : std::nullopt;
}

}  // namespace

Agreement kalai_smorodinsky(RuleContext& context) {
  std::vector<Item> shares;  // of the hope
  for (const int leaf : context.leaves) {
    const Item surplus = surplus_item(context, leaf);
    const std::optional<Rational> most = hope(context, surplus);
    if (!most) {
      Agreement stopped;
      stopped.note = "not found before the search was stopped";
      return stopped;
    }
    if (*most <= 0) {
      shares.push_back({{}, -1, 1});  // counts as 1
      continue;
    }
    Form form = surplus_form(context.problem.leaves[at(leaf)]);
    form.factor /= *most;
    shares.push_back(
        {{context.finder.search(DepthKind::hard).add(form)}, leaf, surplus.unasked / *most});
  }
  std::vector<Level> levels = leximin_levels(shares, false);
  for (Level& level : leximin_of_margins(context)) levels.push_back(std::move(level));
  return best_in(context, zone_request(context), levels);
}

}  // namespace zopa
