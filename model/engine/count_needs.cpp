// SPDX-License-Identifier: MIT
#include "model/engine/count_needs.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/engine/shifted_sums.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMostNeed = std::int64_t{1} << 31;
constexpr double kMostCells = 1e9;  // of one layer; beyond all memory anyway
// Measured: what a line costs whatever its length, and a limb of a number.
constexpr double kLineCost = 20;
constexpr double kLimbCost = 0.5;
constexpr double kTaskCost = 2e6;  // of one task, in nanoseconds: two looks at the clock

int limbs_for(const Integer& most) {
  return 1 + static_cast<int>(msb(most)) / kLimbBits;  // most ≥ 1
}

}  // namespace

NeedsCounter::NeedsCounter(const Sums& sums) : sums_(sums) {
  cost_ = bytes_ = marginals_cost_ = marginals_bytes_ = kNever;
  const std::size_t columns = sums.columns.size();
  rows_ = std::max<std::size_t>(1, sums.rows());
  for (const Int128 need : sums.need)
    if (need >= kMostNeed) return;
  for (const Sums::Column& column : sums.columns)
    if (column.joint.size() > kMostSummands) return;
  std::vector<std::size_t> row_order(sums.rows());
  std::iota(row_order.begin(), row_order.end(), std::size_t{0});
  std::stable_sort(row_order.begin(), row_order.end(),
                   [&](std::size_t a, std::size_t b) { return sums.need[a] < sums.need[b]; });
  need_.assign(rows_, 0);
  most_.assign(rows_, 0);
  for (std::size_t r = 0; r < sums.rows(); ++r)
    need_[r] = static_cast<std::int64_t>(sums.need[row_order[r]]);
  for (std::size_t j = 0; j < columns; ++j) {
    const std::size_t settlements = sums.columns[j].joint.size();
    auto& term = term_.emplace_back(settlements * rows_, 0);
    auto& most = most_of_.emplace_back(rows_, 0);
    for (std::size_t r = 0; r < sums.rows(); ++r) {
      for (std::size_t k = 0; k < settlements; ++k) {
        const auto value = static_cast<std::int64_t>(sums.columns[j].term[row_order[r]][k]);
        term[k * rows_ + r] = value;
        most[r] = std::max(most[r], value);
      }
      most_[r] += most[r];
    }
  }
  order_.resize(columns);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return sums.columns[a].joint.size() > sums.columns[b].joint.size();
  });
  if (sums.none) {
    cost_ = bytes_ = marginals_cost_ = marginals_bytes_ = 0;
    return;
  }
  predict();
}

void NeedsCounter::Folded::add(const NeedsCounter& counter, std::size_t column) {
  in[column] = 1;
  for (std::size_t r = 0; r < most.size(); ++r) most[r] += counter.most_of_[column][r];
  combinations *= counter.sums_.columns[column].joint.size();
}

NeedsCounter::Folded NeedsCounter::nothing() const {
  return {std::vector<char>(order_.size(), 0), std::vector<std::int64_t>(rows_, 0), 1};
}

NeedsCounter::Shape NeedsCounter::shape(const Folded& folded) const {
  Shape shape;
  for (std::size_t r = 0; r < rows_; ++r) {
    const std::int64_t low = std::max<std::int64_t>(0, need_[r] - (most_[r] - folded.most[r]));
    const std::int64_t high = std::min(need_[r], folded.most[r]);
    const auto width = static_cast<double>(high - low + 1);
    shape.cells *= width;
    if (r + 1 < rows_) shape.lines *= width;
  }
  shape.limbs = limbs_for(folded.combinations);
  return shape;
}

NeedsCounter::Layer NeedsCounter::box(const Folded& folded) const {
  Layer layer;
  for (std::size_t r = 0; r < rows_; ++r) {
    layer.low.push_back(std::max<std::int64_t>(0, need_[r] - (most_[r] - folded.most[r])));
    layer.high.push_back(std::min(need_[r], folded.most[r]));
  }
  layer.length = static_cast<std::size_t>(layer.high.back() - layer.low.back() + 1);
  layer.stride.assign(rows_ - 1, 1);
  for (std::size_t r = rows_ - 1; r-- > 0;) {
    layer.stride[r] = layer.lines;
    layer.lines *= static_cast<std::size_t>(layer.high[r] - layer.low[r] + 1);
  }
  layer.limbs = limbs_for(folded.combinations);
  layer.reach.assign(layer.lines, -1);
  layer.cells.assign(layer.lines * static_cast<std::size_t>(layer.limbs) * layer.length, 0);
  return layer;
}

// Nothing folded: only a package that needs nothing more counts.
NeedsCounter::Layer NeedsCounter::start() const {
  Layer layer = box(nothing());
  layer.cells[0] = 1;
  layer.reach[0] = 0;
  return layer;
}

double NeedsCounter::fold_cost(const Shape& from, const Shape& to, std::size_t column) const {
  const auto settlements = static_cast<double>(sums_.columns[column].joint.size());
  return to.lines * settlements * kLineCost + to.cells * settlements * from.limbs * kLimbCost +
         to.cells * to.limbs;
}

void NeedsCounter::predict() {
  double cost = 0, most_bytes = 0;
  Folded folded = nothing();
  Shape from = shape(folded);
  const auto bytes = [](const Shape& shape) {
    return 8 * (shape.cells * shape.limbs + shape.lines);
  };
  for (const std::size_t column : order_) {
    folded.add(*this, column);
    const Shape to = shape(folded);
    if (to.cells > kMostCells) return;
    cost += fold_cost(from, to, column);
    most_bytes = std::max(most_bytes, bytes(from) + bytes(to));
    from = to;
  }
  cost_ = cost;
  bytes_ = most_bytes;
  marginals_bytes_ = 0;
  marginals_cost_ = order_.empty() ? 0 : predict_marginals(nothing(), order_, 0);
  if (marginals_cost_ == kNever) marginals_bytes_ = kNever;
}

namespace {

// The two halves that take turns in being folded.
std::pair<std::vector<std::size_t>, std::vector<std::size_t>> halves(
    const std::vector<std::size_t>& open) {
  const auto middle = open.begin() + static_cast<std::ptrdiff_t>(open.size() / 2);
  return {{open.begin(), middle}, {middle, open.end()}};
}

}  // namespace

double NeedsCounter::predict_marginals(const Folded& folded, const std::vector<std::size_t>& open,
                                       double held) {
  const Shape here = shape(folded);
  const double bytes = held + 8 * (here.cells * here.limbs + here.lines);
  marginals_bytes_ = std::max(marginals_bytes_, bytes);
  if (open.size() <= 1) return 0;
  const auto [left, right] = halves(open);
  double cost = 0;
  for (const auto* half : {&left, &right}) {
    Folded more = folded;
    Shape from = here;
    for (const std::size_t column : *half) {
      more.add(*this, column);
      const Shape to = shape(more);
      if (to.cells > kMostCells) return kNever;
      cost += fold_cost(from, to, column);
      marginals_bytes_ =
          std::max(marginals_bytes_, bytes + 8 * (from.cells * from.limbs + from.lines) +
                                         8 * (to.cells * to.limbs + to.lines));
      from = to;
    }
    cost += predict_marginals(more, half == &left ? right : left, bytes);
  }
  return cost;
}

std::optional<NeedsCounter::Layer> NeedsCounter::fold(const Layer& from, std::size_t column,
                                                      const Folded& folded, int jobs,
                                                      const Progress& progress) const {
  Layer to = box(folded);
  const std::size_t settlements = sums_.columns[column].joint.size();
  const std::vector<std::int64_t>& term = term_[column];
  const std::size_t last = rows_ - 1;
  const double line_cost = static_cast<double>(settlements) *
                           (kLineCost + static_cast<double>(to.length) * from.limbs * kLimbCost);
  const auto lines_a_task = static_cast<std::size_t>(std::clamp(kTaskCost / line_cost, 1.0, 1e6));
  const std::size_t tasks = (to.lines + lines_a_task - 1) / lines_a_task;
  std::atomic<bool> stop{false};
  parallel_for(jobs, tasks, [&](std::size_t task) {
    if (stop.load(std::memory_order_relaxed)) return;
    if (!progress(0)) {
      stop = true;
      return;
    }
    std::vector<LineShift> shifts(settlements);
    std::vector<std::int64_t> place(last);
    const std::size_t end = std::min(to.lines, (task + 1) * lines_a_task);
    for (std::size_t line = task * lines_a_task; line < end; ++line) {
      for (std::size_t r = 0; r < last; ++r) {
        const auto width = static_cast<std::size_t>(to.high[r] - to.low[r] + 1);
        place[r] = to.low[r] + static_cast<std::int64_t>(line / to.stride[r] % width);
      }
      std::size_t count = 0;
      std::int64_t reach = -1;
      for (std::size_t k = 0; k < settlements; ++k) {
        const std::int64_t* brings = &term[k * rows_];
        std::size_t source = 0;
        bool within = true;
        for (std::size_t r = 0; r < last; ++r) {
          const std::int64_t rest = std::max<std::int64_t>(0, place[r] - brings[r]);
          within &= rest <= from.high[r];
          source += static_cast<std::size_t>(rest - from.low[r]) * from.stride[r];
        }
        if (!within) continue;
        const std::int64_t reached = from.reach[source];
        if (reached < from.low[last]) continue;
        // Needs up to what the settlement brings fall to 0; beyond, up to `reached`, they shift.
        const std::int64_t step = brings[last];
        const std::int64_t top = std::min(to.high[last], reached + step);
        if (top < to.low[last]) continue;
        reach = std::max(reach, top);
        LineShift& shift = shifts[count++];
        shift.from = &from.cells[source * static_cast<std::size_t>(from.limbs) * from.length];
        const std::int64_t flat_end = std::min(top, step);  // needs that fall to 0, included
        const std::int64_t begin = std::max(to.low[last], step + 1);
        shift.flat =
            static_cast<std::size_t>(std::max<std::int64_t>(0, flat_end - to.low[last] + 1));
        if (begin <= top) {
          shift.begin = static_cast<std::size_t>(begin - to.low[last]);
          shift.end = static_cast<std::size_t>(top - to.low[last] + 1);
          shift.first = static_cast<std::size_t>(begin - step - from.low[last]);
        } else {
          shift.begin = shift.end = shift.first = 0;
        }
      }
      to.reach[line] = reach;
      if (count > 0) {
        add_shifted_lines(&to.cells[line * static_cast<std::size_t>(to.limbs) * to.length],
                          to.length, to.limbs, shifts.data(), count, from.length, from.limbs);
      }
    }
  });
  if (stop) return std::nullopt;
  return to;
}

Integer NeedsCounter::value(const Layer& layer, const std::vector<std::int64_t>& need) const {
  std::size_t line = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    if (need[r] > layer.high[r]) return 0;
    if (r + 1 < rows_) line += static_cast<std::size_t>(need[r] - layer.low[r]) * layer.stride[r];
  }
  const std::uint64_t* cell =
      &layer.cells[line * static_cast<std::size_t>(layer.limbs) * layer.length +
                   static_cast<std::size_t>(need.back() - layer.low.back())];
  Integer number = 0;
  for (int limb = layer.limbs; limb-- > 0;) {
    number <<= kLimbBits;
    number += cell[static_cast<std::size_t>(limb) * layer.length];
  }
  return number;
}

std::optional<Integer> NeedsCounter::count(int jobs, const Progress& progress) const {
  if (sums_.none) return Integer(0);
  Folded folded = nothing();
  Layer layer = start();
  for (const std::size_t column : order_) {
    folded.add(*this, column);
    std::optional<Layer> next = fold(layer, column, folded, jobs, progress);
    if (!next) return std::nullopt;
    layer = std::move(*next);
  }
  return value(layer, need_);
}

bool NeedsCounter::add_marginals(const Layer& layer, const Folded& folded,
                                 const std::vector<std::size_t>& open,
                                 std::vector<std::vector<Integer>>& counts, int jobs,
                                 const Progress& progress) const {
  if (open.size() == 1) {
    const std::size_t column = open.front();
    std::vector<std::int64_t> rest(rows_);
    for (std::size_t k = 0; k < counts[column].size(); ++k) {
      for (std::size_t r = 0; r < rows_; ++r)
        rest[r] = std::max<std::int64_t>(0, need_[r] - term_[column][k * rows_ + r]);
      counts[column][k] = value(layer, rest);
    }
    return true;
  }
  const auto [left, right] = halves(open);
  for (const auto* half : {&left, &right}) {
    Folded more = folded;
    std::optional<Layer> next;
    for (const std::size_t column : *half) {
      more.add(*this, column);
      next = fold(next ? *next : layer, column, more, jobs, progress);
      if (!next) return false;
    }
    if (!add_marginals(*next, more, half == &left ? right : left, counts, jobs, progress))
      return false;
  }
  return true;
}

std::optional<std::vector<std::vector<Integer>>> NeedsCounter::marginals(
    int jobs, const Progress& progress) const {
  std::vector<std::vector<Integer>> counts;
  for (const Sums::Column& column : sums_.columns)
    counts.emplace_back(column.joint.size(), Integer(0));
  if (sums_.none || order_.empty()) return counts;
  if (!add_marginals(start(), nothing(), order_, counts, jobs, progress)) return std::nullopt;
  return counts;
}

}  // namespace zopa
