// SPDX-License-Identifier: MIT
//
// The goals for speed, each measured beside its reference. Prints one line a goal, as text or as
// JSON; the exit status is 1 when a goal is missed, or when the two do not find the same.
//
//   ratios [--format text|json] [PART OF A GOAL'S NAME]
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/bench/goals.hpp"

namespace zopa::bench {
namespace {

const char* name(Unit unit) {
  switch (unit) {
    case Unit::ratio: return "ratio";
    case Unit::seconds: return "s";
    case Unit::gap: return "gap";
    case Unit::error: return "relative error";
  }
  return "";
}

// How good, in the unit: the ratio, or the figure itself.
std::optional<double> figure(const Goal& goal, const Measurement& measured) {
  if (goal.unit != Unit::ratio) return measured.ours;
  if (!measured.reference) return std::nullopt;
  return *measured.reference / measured.ours;
}

bool reaches(const Goal& goal, double figure, double wanted) {
  return goal.unit == Unit::ratio ? figure >= wanted : figure <= wanted;
}

std::string number(const std::optional<double>& value, const char* unit) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g%s", *value, unit);
  return text;
}

std::string seconds_text(const std::optional<double>& value) {
  return value && *value < 1 ? number(*value * 1e3, " ms") : number(value, " s");
}

const char* suffix(Unit unit) {
  return unit == Unit::ratio ? "x" : (unit == Unit::seconds ? " s" : "");
}

nlohmann::json row(const Goal& goal, const Measurement& measured, bool met) {
  nlohmann::json json{{"goal", goal.goal},      {"size", goal.size}, {"ours", measured.ours},
                      {"reference", nullptr},   {"ratio", nullptr},  {"unit", name(goal.unit)},
                      {"must", goal.must},      {"aim", goal.aim},   {"met", met},
                      {"agree", measured.agree}};
  if (measured.reference) {
    json["reference"] = *measured.reference;
    json["at_least"] = measured.at_least;
    json["ratio"] = *measured.reference / measured.ours;
  }
  return json;
}

int run(bool as_json, const std::string& wanted) {
  std::vector<Goal> goals;
  for (const auto& some :
       {count_goals(), depth_goals(), frontier_goals(), conflict_goals(), solve_goals()})
    goals.insert(goals.end(), some.begin(), some.end());
  auto rows = nlohmann::json::array();
  if (!as_json) {
    std::printf("%-42s %-40s %10s %10s %9s %9s %9s\n", "goal", "size", "ours", "reference",
                "figure", "must", "aim");
  }
  bool all_well = true;
  for (const Goal& goal : goals) {
    if (goal.goal.find(wanted) == std::string::npos) continue;
    const Measurement measured = goal.measure();
    const auto reached = figure(goal, measured);
    const bool met = reached && measured.agree && reaches(goal, *reached, goal.must);
    all_well &= met || (measured.agree && !reached);
    rows.push_back(row(goal, measured, met));
    if (as_json) continue;
    const char* verdict = "no reference";
    if (!measured.agree)
      verdict = "DISAGREE";
    else if (reached)
      verdict = !met ? "MISSED" : reaches(goal, *reached, goal.aim) ? "aim" : "must";
    const std::string least = measured.at_least ? ">" : "";
    const bool timed = goal.unit == Unit::ratio || goal.unit == Unit::seconds;
    std::printf("%-42s %-40s %10s %10s %9s %9s %9s  %s\n", goal.goal.c_str(), goal.size.c_str(),
                timed ? seconds_text(measured.ours).c_str() : "",
                (least + seconds_text(measured.reference)).c_str(),
                (least + number(reached, suffix(goal.unit))).c_str(),
                number(goal.must, suffix(goal.unit)).c_str(),
                number(goal.aim, suffix(goal.unit)).c_str(), verdict);
    std::fflush(stdout);
  }
  if (as_json) std::printf("%s\n", rows.dump(2).c_str());
  return all_well ? 0 : 1;
}

}  // namespace
}  // namespace zopa::bench

int main(int count, char** arguments) {
  bool as_json = false;
  std::string wanted;
  for (int k = 1; k < count; ++k) {
    if (std::strcmp(arguments[k], "--format") == 0 && k + 1 < count) {
      const std::string format = arguments[++k];
      if (format != "text" && format != "json") {
        std::fprintf(stderr, "ratios: the format is text or json, not '%s'\n", format.c_str());
        return 2;
      }
      as_json = format == "json";
    } else {
      wanted = arguments[k];
    }
  }
  return zopa::bench::run(as_json, wanted);
}
