// SPDX-License-Identifier: MIT
#include "src/report/words.hpp"

#include <algorithm>

#include "src/number_text.hpp"
#include "src/terminal.hpp"

namespace zopa {
namespace {

constexpr int kShortTitle = 24;  // longer titles of options give way to their ids in grids

}  // namespace

Cell number_cell(const std::optional<Rational>& value) {
  return value ? Cell{to_double(*value)} : Cell{};
}

Cell number_cell(const std::optional<double>& value) { return value ? Cell{*value} : Cell{}; }

Cell integer_cell(const std::optional<Integer>& value) { return value ? Cell{*value} : Cell{}; }

Cell text_cell(const std::string& value) { return value.empty() ? Cell{} : Cell{value}; }

Cell settlement_cell(const Issue& issue, const Rational& place) {
  if (issue.kind == IssueKind::numeric) return to_double(place);
  return place_id(issue, place);
}

const char* status_word(Status status) {
  switch (status) {
    case Status::open: return "open";
    case Status::knife_edge: return "knife-edge";
    case Status::near_miss: return "near miss";
    case Status::closed: return "closed";
    case Status::impossible: break;
  }
  return "impossible";
}

const char* kind_word(DepthKind kind) { return kind == DepthKind::hard ? "hard" : "all"; }
const char* proof_word(Proof proof) { return proof == Proof::exact ? "exact" : "bounded"; }

std::string title_of(const Party& party) { return party.title.empty() ? party.id : party.title; }

std::string title_of(const Issue& issue) { return issue.title.empty() ? issue.id : issue.title; }

std::string title_with_unit(const Issue& issue) {
  return issue.unit.empty() || issue.kind != IssueKind::numeric
             ? title_of(issue)
             : title_of(issue) + " (" + issue.unit + ")";
}

std::string leaf_path(const Problem& problem, int leaf) {
  const int party = problem.leaves.at(at(leaf)).party;
  const auto of_party = std::count_if(problem.leaves.begin(), problem.leaves.end(),
                                      [&](const Leaf& other) { return other.party == party; });
  return of_party > 1 ? problem.leaves[at(leaf)].path : "";
}

std::string leaf_title(const Scenario& scenario, const Problem& problem, int leaf) {
  const Party& party = scenario.parties.at(at(problem.leaves.at(at(leaf)).party));
  const std::string path = leaf_path(problem, leaf);
  return path.empty() ? title_of(party) : title_of(party) + " (" + path + ")";
}

std::optional<bool> accepts(const LeafView& view) {
  return view.asked ? std::optional(view.broken.empty()) : std::nullopt;
}

std::optional<Rational> value_of(const Depth& depth) { return depth.low; }

bool has_kind(const Depth& depth) { return depth.exists || depth.low || depth.high; }

std::vector<Span> gaps_between(const Issue& issue, const std::vector<Span>& parts) {
  std::vector<Span> gaps;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    if (issue.continuous()) {
      gaps.push_back({parts[k - 1].high, parts[k].low});
      continue;
    }
    const Rational step = issue.kind == IssueKind::numeric ? *issue.step : Rational(1);
    gaps.push_back({parts[k - 1].high + step, parts[k].low - step});
  }
  return gaps;
}

std::string span_data(const Issue& issue, const Span& span) {
  const std::string low = plain_text(settlement_cell(issue, span.low));
  return span.low == span.high ? low : low + ".." + plain_text(settlement_cell(issue, span.high));
}

std::string place_words(const Issue& issue, const Rational& place) {
  if (issue.kind == IssueKind::numeric) return value_text(to_double(place));
  const bool titles = std::all_of(issue.options.begin(), issue.options.end(), [](const Option& o) {
    return display_width(o.title) <= kShortTitle;
  });
  return titles ? place_text(issue, place) : place_id(issue, place);
}

std::string place_with_unit(const Issue& issue, const Rational& place) {
  if (issue.kind != IssueKind::numeric) return place_text(issue, place);
  return place_words(issue, place) + (issue.unit.empty() ? "" : " " + issue.unit);
}

std::string span_words(const Issue& issue, const Span& span) {
  const std::string low = place_words(issue, span.low);
  return span.low == span.high ? low : low + " to " + place_words(issue, span.high);
}

std::string long_date(const std::string& iso) {
  static constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December"};
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return iso;
  const int month = (iso[5] - '0') * 10 + iso[6] - '0';
  if (month < 1 || month > 12) return iso;
  const std::string day = iso[8] == '0' ? iso.substr(9) : iso.substr(8);
  return day + " " + kMonths[month - 1] + " " + iso.substr(0, 4);
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string joined(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (k > 0) text += k + 1 == words.size() ? last : std::string_view(", ");
    text += words[k];
  }
  return text;
}

std::string joined_by(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (k > 0) text += separator;
    text += words[k];
  }
  return text;
}

std::string bare_demand(const Scenario& scenario, const Demand& demand) {
  const std::string text = demand_text(scenario, demand);
  const std::string who = scenario.parties.at(at(demand.party)).title + ": ";
  return text.starts_with(who) ? text.substr(who.size()) : text;
}

std::string refusal(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties.at(at(demand.party));
  return party.title + " asks: " + bare_demand(scenario, demand);
}

}  // namespace zopa
