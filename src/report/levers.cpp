// SPDX-License-Identifier: MIT
#include "src/levers.hpp"

#include <algorithm>

#include "src/number_text.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kLeverSetsShown = 12;  // of the frontier, spread over it

const std::vector<NamedLever>& levers_of(const Explained& explained) {
  return explained.answer.levers->named;
}

std::vector<std::string> lever_names(const Explained& explained, const LeverSet& set, bool ids) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < set.size(); ++k) {
    if (set[k] == 0) continue;
    const NamedLever& lever = levers_of(explained).at(k);
    names.push_back(ids ? lever.id : "“" + lever.title + "”");
  }
  return names;
}

std::string lever_titles(const Explained& explained, const LeverSet& set) {
  const std::vector<std::string> names = lever_names(explained, set, false);
  return names.empty() ? "none" : joined(names);
}

std::string lever_depth(const Depth& depth) {
  if (!depth.low) return depth.proof == Proof::exact ? "no depth" : "not known";
  return margin_text(to_double(*depth.low)) + (depth.proof == Proof::bounded ? " at least" : "");
}

std::string cost_text(const Rational& cost) { return value_text(to_double(cost)); }

void say_opening(const Explained& explained, Page& page) {
  const LeverAnswer& answer = explained.answer.levers->answer;
  const auto say = [&](std::string text) {
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
  };
  const bool proven = answer.proof == Proof::exact;
  if (answer.base.low && *answer.base.low >= 0) {
    say("The zone is open without any lever.");
  } else if (answer.opening) {
    say("The zone opens at a cost of " + cost_text(answer.opening->cost) + ": " +
        lever_titles(explained, answer.opening->levers) + " (depth " +
        lever_depth(answer.opening->depth) + ")." +
        (proven ? " No cheaper set opens it."
                : " The search was stopped: there may be a cheaper "
                  "set."));
  } else {
    say(proven ? "No set of these levers opens the zone."
               : "The search was stopped before a set was found that opens the zone.");
  }
  const auto& budget = explained.answer.levers->budget;
  if (!budget) return;
  const LeverPoint* best = best_for(answer, *budget);
  say(best == nullptr
          ? "No set of levers is known that costs at most " + cost_text(*budget) + "."
          : "With at most " + cost_text(*budget) + ": depth " + lever_depth(best->depth) + ", by " +
                lever_titles(explained, best->levers) + " (cost " + cost_text(best->cost) + ").");
}

std::string backfire_words(const Explained& explained, std::size_t k) {
  const LeverEffect& effect = explained.answer.levers->answer.effects.at(k);
  const std::string title = "“" + levers_of(explained).at(k).title + "”";
  if (effect.lowers_alone) {
    return title + " alone " +
           (effect.change ? "lowers the depth by " + unit_text(-to_double(*effect.change))
                          : std::string("leaves no depth")) +
           ".";
  }
  if (!effect.company) return "";
  return title + " lowers the depth beside " + lever_titles(explained, *effect.company) + ".";
}

}  // namespace

Table levers_table(const Explained& explained) {
  Table table = make_table("levers");
  if (!explained.answer.levers) return table;
  const LeverAnswer& answer = explained.answer.levers->answer;
  for (std::size_t k = 0; k < levers_of(explained).size(); ++k) {
    const NamedLever& lever = levers_of(explained)[k];
    const LeverEffect& effect = answer.effects.at(k);
    const bool alone = effect.alone && has_kind(*effect.alone);
    add_row(
        table, explained.origin,
        {lever.id, lever.title, text_cell(lever.by), to_double(lever.cost),
         effect.alone ? number_cell(value_of(*effect.alone)) : Cell{}, number_cell(effect.change),
         alone ? Cell{kind_word(answer.kind)} : Cell{}, effect.lowers_alone,
         effect.company.has_value(),
         effect.company ? text_cell(joined_by(lever_names(explained, *effect.company, true), " "))
                        : Cell{},
         proof_word(effect.proof)});
  }
  return table;
}

Table lever_sets_table(const Explained& explained) {
  Table table = make_table("lever_sets");
  if (!explained.answer.levers) return table;
  const LeverAnswer& answer = explained.answer.levers->answer;
  for (const LeverPoint& point : answer.frontier) {
    const std::vector<std::string> ids = lever_names(explained, point.levers, true);
    const bool opening = answer.opening && answer.opening->levers == point.levers;
    add_row(table, explained.origin,
            {to_double(point.cost), Integer(ids.size()), text_cell(joined_by(ids, " ")),
             number_cell(value_of(point.depth)),
             has_kind(point.depth) ? Cell{kind_word(answer.kind)} : Cell{},
             proof_word(point.depth.proof), opening});
  }
  return table;
}

void add_levers(const Explained& explained, Page& page) {
  const LeverAnswer& answer = explained.answer.levers->answer;
  std::string remark = "Which sets of levers are deeper than every set that costs as much or less";
  remark += answer.kind == DepthKind::all ? "; depth with red lines soft." : ".";
  page.push_back(Section{"Levers", levers_of(explained).empty() ? "" : remark});
  if (levers_of(explained).empty()) {
    page.push_back(Sentence{"The scenario has none (the key `levers`).", Tone::plain, 2});
    return;
  }
  say_opening(explained, page);
  Grid grid;
  grid.columns = {
      {"cost", Align::right, 5}, {"depth", Align::right, 7}, {"levers", Align::left, 20}};
  const std::size_t count = answer.frontier.size();
  for (std::size_t s = 0; s < std::min(count, kLeverSetsShown); ++s) {
    const std::size_t k = count <= kLeverSetsShown ? s : s * (count - 1) / (kLeverSetsShown - 1);
    const LeverPoint& point = answer.frontier[k];
    const bool negative = !point.depth.low || *point.depth.low < 0;
    grid.rows.push_back(
        {{{cost_text(point.cost)},
          {(negative ? "▼ " : "▲ ") + lever_depth(point.depth), negative ? Tone::bad : Tone::good},
          {lever_titles(explained, point.levers)}}});
  }
  if (!grid.rows.empty()) page.push_back(std::move(grid));
  if (count > kLeverSetsShown) {
    page.push_back(
        Sentence{std::to_string(count - kLeverSetsShown) +
                     " more sets lie between these; --format csv and json list them all.",
                 Tone::plain, 2});
  }
  for (std::size_t k = 0; k < answer.effects.size(); ++k) {
    if (const std::string words = backfire_words(explained, k); !words.empty())
      page.push_back(Sentence{words, Tone::plain, 2});
  }
  if (answer.proof == Proof::bounded) {
    page.push_back(
        Sentence{"The search was stopped: there may be better sets than these.", Tone::plain, 2});
  }
}

}  // namespace zopa
