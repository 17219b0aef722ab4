// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <random>

#include "model/answers/depth.hpp"
#include "model/engine/bits.hpp"
#include "model/engine/count.hpp"
#include "model/engine/prepare.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

// Rows of 1024 packages, `range(0)` rows a block: packages a second.
void count_bits(benchmark::State& state) {
  constexpr int kWords = 16, kGroups = 64;
  const auto rows = static_cast<std::size_t>(state.range(0));
  std::mt19937_64 engine(1);
  std::vector<std::uint64_t> words(1024 * kWords);
  for (std::uint64_t& word : words) word = engine();
  std::vector<const std::uint64_t*> pointers;
  for (std::size_t r = 0; r < rows * kGroups; ++r)
    pointers.push_back(&words[engine() % 1024 * kWords]);
  const std::vector<int> sizes(kGroups, static_cast<int>(rows));
  for (auto _ : state)
    benchmark::DoNotOptimize(count_shared_bits(pointers.data(), sizes.data(), kGroups, kWords));
  state.SetItemsProcessed(state.iterations() * kGroups * kWords * 64);
}
BENCHMARK(count_bits)->Arg(2)->Arg(4)->Arg(8);

void count(benchmark::State& state, const Problem& problem) {
  for (auto _ : state) benchmark::DoNotOptimize(count_breadth(problem, {}));
}

void depth(benchmark::State& state, const Problem& problem) {
  for (auto _ : state) {
    const DepthFinder finder(problem, no_progress());
    benchmark::DoNotOptimize(finder.find(DepthKind::hard, {}));
  }
}

// Half of four parties or more, instead of all of them.
Problem with_majority(Problem problem) {
  problem.tree.kind = Consent::Kind::at_least;
  problem.tree.count = problem.n() / 2 + 1;
  return problem;
}

void flagship(benchmark::State& state, const char* variant) {
  Edits edits;
  if (*variant != 0) edits.variant = variant;
  const Document document = edited(
      read_document(std::string(ZOPA_SOURCE_DIR) + "/scenarios/ukraine-2025/talks.yaml"), edits);
  const Problem problem = make_problem(read_scenario(document));
  for (auto _ : state) benchmark::DoNotOptimize(count_breadth(problem, {}));
}

BENCHMARK_CAPTURE(count, wide_10_8, random_talks(1, 4, 8, 10, 0.55))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, wide_10_10, random_talks(1, 4, 10, 10, 0.55))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, tight_10_10, opposed_talks(2, 4, 10, 10, 0.68))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, majority_10_8, with_majority(random_talks(1, 5, 8, 10, 0.6)))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, estimate_10_30, random_talks(1, 4, 30, 10, 0.7))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(depth, wide_10_8, random_talks(1, 4, 8, 10, 0.55))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, volume_2, continuous_talks(3, 4, 2, 4, 0.6))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, volume_3, continuous_talks(3, 4, 3, 4, 0.6))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, volume_4, continuous_talks(3, 4, 4, 4, 0.6))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, volume_5, continuous_talks(3, 4, 5, 2, 0.6))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count, volume_8, continuous_talks(3, 4, 8, 4, 0.6))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(flagship, talks, "")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(flagship, widest_reading, "widest-reading")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zopa::bench
