// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/tools/at.hpp"
#include "src/table.hpp"

namespace zopa {

// Words and cells that several reports share.

Cell number_cell(const std::optional<Rational>& value);
Cell number_cell(const std::optional<double>& value);
Cell integer_cell(const std::optional<Integer>& value);
Cell text_cell(const std::string& value);  // absent when empty

/// A place as data: a number on a numeric issue, otherwise the id of the option.
Cell settlement_cell(const Issue& issue, const Rational& place);

const char* status_word(Status status);
const char* kind_word(DepthKind kind);
const char* proof_word(Proof proof);

/// What people read: the title, or the id where there is none.
std::string title_of(const Party& party);
std::string title_of(const Issue& issue);

/// The title of an issue with its unit, for the first column of a grid: "Rent (EUR)".
std::string title_with_unit(const Issue& issue);

/// "consent.all.2", or nothing when the leaf's party has one leaf.
std::string leaf_path(const Problem& problem, int leaf);

/// The leaf for people: the party's title, and the path where the party has several.
std::string leaf_title(const Scenario& scenario, const Problem& problem, int leaf);

/// Whether the leaf accepts: the package is in A_i. Not asked: nothing.
std::optional<bool> accepts(const LeafView& view);

/// The depth as one number: exact, or the best found.
std::optional<Rational> value_of(const Depth& depth);

/// Whether the table may name the kind of this depth: it exists, or something was found.
bool has_kind(const Depth& depth);

/// The parts of the hull that no part of `parts` covers. On an issue without a step the ends are
/// not part of the gap.
std::vector<Span> gaps_between(const Issue& issue, const std::vector<Span>& parts);

/// "12", or "12..18" in data; "12 to 18" for people (`people`), options by title when their titles
/// are short.
std::string span_data(const Issue& issue, const Span& span);
std::string span_words(const Issue& issue, const Span& span);
std::string place_words(const Issue& issue, const Rational& place);

/// A place with its unit, or the title of the option: "157.778 bn", "Treaty".
std::string place_with_unit(const Issue& issue, const Rational& place);

/// "2 December 2025" for an ISO date, else the text as it is.
std::string long_date(const std::string& iso);

/// The text with a capital letter at the front, where it begins with a small one.
std::string capital(std::string text);

/// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& words, std::string_view last = " and ");
std::string joined_by(const std::vector<std::string>& words, std::string_view separator);

/// The demand in words without the name of its party in front.
std::string bare_demand(const Scenario& scenario, const Demand& demand);

/// "Ukraine refuses: Elections at least 0 days".
std::string refusal(const Scenario& scenario, const Demand& demand);

}  // namespace zopa
