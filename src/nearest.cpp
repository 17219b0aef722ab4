// SPDX-License-Identifier: MIT
#include "src/nearest.hpp"

#include <algorithm>
#include <utility>

namespace zopa {
namespace {

constexpr std::size_t kLongestCompared = 64;  // longer names are compared by their beginnings
constexpr std::size_t kMostNamesShown = 8;

// Edits of one character that lead from a to b; neighbours swapped count as one (optimal string
// alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongestCompared);
  b = b.substr(0, kLongestCompared);
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) last[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t change = a[i - 1] == b[k - 1] ? 0 : 1;
      now[k] = std::min({last[k] + 1, now[k - 1] + 1, last[k - 1] + change});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
        now[k] = std::min(now[k], before[k - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, std::vector<std::string> known) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  ranked.reserve(known.size());
  for (std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    ranked.emplace_back(distance, std::move(candidate));
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  names.reserve(ranked.size());
  for (auto& [distance, candidate] : ranked) names.push_back(std::move(candidate));
  return names;
}

std::string name_hint(std::string_view name, std::vector<std::string> known) {
  if (known.empty()) return {};
  const std::vector<std::string> names = nearest_names(name, std::move(known));
  std::string text;
  const std::size_t distance = edit_distance(name, names.front());
  if (distance <= std::max<std::size_t>(2, names.front().size() / 3)) {
    text = "Did you mean `" + names.front() + "`? ";
  }
  text += "Known: ";
  const std::size_t shown = std::min(names.size(), kMostNamesShown);
  for (std::size_t k = 0; k < shown; ++k) text += (k == 0 ? "" : ", ") + names[k];
  text += shown < names.size() ? ", …" : ".";
  return text;
}

}  // namespace zopa
