// SPDX-License-Identifier: MIT
#include "src/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/validity.hpp"

namespace zopa {
namespace {

using Json = nlohmann::ordered_json;
using Form = Shape::Form;

constexpr std::string_view kIdPattern = "^[a-z][a-z0-9_]*$";
constexpr std::string_view kNamePattern = "^[a-z][a-z0-9_-]*$";

// The keys of evidence, which several objects share.
std::vector<Key> with_evidence(std::vector<Key> keys) {
  keys.insert(
      keys.end(),
      {{"basis", ShapeId::basis, false,
        "stated = said or written by the party; inferred = reported, or follows from what it said; "
        "assumed = the analyst's reading."},
       {"confidence", ShapeId::confidence, false, "How sure the analyst is: high, medium or low."},
       {"sources", ShapeId::source_ids, false, "Ids of `sources` that support it."},
       {"as_of", ShapeId::date, false, "The day it held."},
       {"note", ShapeId::text, false, "What a reader should know about it."}});
  return keys;
}

Shape object(ShapeId id, std::string_view name, std::string_view words, std::vector<Key> keys,
             std::vector<std::vector<std::string_view>> one_of = {},
             std::vector<Company> company = {}) {
  return {.id = id,
          .name = name,
          .form = Form::object,
          .words = words,
          .keys = std::move(keys),
          .one_of = std::move(one_of),
          .company = std::move(company)};
}

Shape mapping(ShapeId id, std::string_view name, std::string_view words, KeyKind key_kind,
              ShapeId element) {
  return {.id = id,
          .name = name,
          .form = Form::mapping,
          .words = words,
          .key_kind = key_kind,
          .element = element};
}

Shape list(ShapeId id, std::string_view name, std::string_view words, ShapeId element) {
  return {.id = id, .name = name, .form = Form::list, .words = words, .element = element};
}

Shape choice(ShapeId id, std::string_view name, std::string_view words,
             std::vector<ShapeId> choices) {
  return {
      .id = id, .name = name, .form = Form::choice, .words = words, .choices = std::move(choices)};
}

Shape scalar(ShapeId id, std::string_view name, std::string_view words) {
  return {.id = id, .name = name, .form = Form::scalar, .words = words};
}

// The format, top down.
std::vector<Shape> make_table() {
  using S = ShapeId;
  std::vector<Shape> table;

  table.push_back(object(
      S::scenario, "scenario", "a scenario",
      {{"zopa", S::version, true, "Version of the format: 1."},
       {"extends", S::file, false,
        "Start from this file (a relative path) and change it: mappings merge key by key, "
        "everything else replaces, null removes a key."},
       {"title", S::text, true, "What reports are headed with."},
       {"date", S::date, false, "The day the scenario answers for; required with a timeline."},
       {"about", S::text, false, "One paragraph of context, neutral in tone."},
       {"sources", S::sources, false, "Where the facts come from, referred to by id."},
       {"issues", S::issues, true, "What is to be settled, in the order of every report."},
       {"parties", S::parties, true, "Who negotiates, and where each stands."},
       {"rules", S::rules, false,
        "Physics, law, arithmetic: what nobody can negotiate away. They shape which packages are "
        "possible."},
       {"consent", S::consent, false, "Who must accept; by default all parties."},
       {"drafts", S::drafts, false, "Texts on the table, whole or partial."},
       {"timeline", S::timeline, false, "Dated changes of this scenario, in order of date."},
       {"variants", S::variants, false, "Named what-ifs, applied after the timeline."},
       {"levers", S::levers, false,
        "What a party or a mediator could do to change the picture, and what it costs."}},
      {}, {{"timeline", {"date"}}}));

  table.push_back(
      mapping(S::sources, "sources", "a mapping from id to source", KeyKind::name, S::source));
  table.push_back(object(S::source, "source", "a source",
                         {{"title", S::text, true, "What it is and who published it."},
                          {"date", S::date, false, "The day it was published."},
                          {"url", S::text, false, "Where it can be read."},
                          {"note", S::text, false, "What a reader should know about it."}}));

  table.push_back(
      mapping(S::issues, "issues", "a mapping from id to issue", KeyKind::id, S::issue));
  table.push_back(object(
      S::issue, "issue", "an issue",
      {{"title", S::text, false, "What people call it; by default its id."},
       {"group", S::text, false, "Reports are grouped by it."},
       {"range", S::range, false, "Numeric issue: its least and its greatest value."},
       {"unit", S::text, false, "Numeric issue: the unit of its values."},
       {"step", S::decimal, false,
        "Numeric issue: only the values low, low + step, … high. Without it the issue is "
        "continuous."},
       {"options", S::options, false,
        "Named options from first to last: a mapping from id to title, or a list of ids."},
       {"ordered", S::boolean, false,
        "false: the options have no order, and distances between them mean nothing. Default true."},
       {"note", S::text, false, "What a reader should know about it."}},
      {{"range"}, {"options"}},
      {{"step", {"range"}}, {"unit", {"range"}}, {"ordered", {"options"}}}));
  table.push_back(choice(S::options, "options", "a mapping from id to title, or a list of ids",
                         {S::option_titles, S::option_ids}));
  table.push_back(mapping(S::option_titles, "option_titles", "a mapping from id to title",
                          KeyKind::id, S::text));
  table.push_back(list(S::option_ids, "option_ids", "a list of ids", S::id));
  table.push_back(list(S::range, "range", "a range [low, high]", S::decimal));

  table.push_back(
      mapping(S::parties, "parties", "a mapping from id to party", KeyKind::id, S::party));
  table.push_back(object(
      S::party, "party", "a party",
      {{"title", S::text, false, "What people call it; by default its id."},
       {"power", S::decimal, false,
        "Weight in the forecast models, and exponent in the Nash rule when asked for. Default 1."},
       {"reservation", S::reservation, false,
        "What no agreement is worth to it: a utility on [0, 1], or the package it would only just "
        "sign. Default 0."},
       {"positions", S::positions, false,
        "Where it stands, issue by issue. Without a position it is indifferent there."},
       {"demands", S::demands, false,
        "Linked demands: when one condition holds, it accepts only if another holds too."},
       {"firm", S::boolean, false, "true: none of its demands is ever asked to move."},
       {"sources", S::source_ids, false, "Ids of `sources` about the party as a whole."},
       {"note", S::text, false, "What a reader should know about it."}}));
  table.push_back(mapping(S::positions, "positions", "a mapping from issue to position",
                          KeyKind::issue, S::position));
  table.push_back(object(
      S::position, "position", "a position",
      with_evidence(
          {{"salience", S::number, false,
            "How much the issue matters to the party, ≥ 0; only ratios within a party count. "
            "Default 0."},
           {"ideal", S::ideal, false,
            "What it wants most: a value, [low, high], or a list of options equally good."},
           {"value", S::value, false,
            "The worth of each settlement on [0, 1]: a mapping from option to worth, or a list of "
            "[x, worth] breakpoints. Without it worth falls in a straight line from the ideal."},
           {"limit", S::limit, false,
            "The red line: settlements beyond it are refused whatever else is offered. A test such "
            "as \"<= 10\", [low, high], a bare value, or the list of accepted options. Never "
            "changes the worth of anything."},
           {"accepts", S::accepts, false,
            "The range or the options it has shown it would discuss. Evidence, never binding."},
           {"firm", S::boolean, false, "true: its red line is never asked to move."}})));

  table.push_back(choice(S::number, "number", "a number, or {low, likely, high}",
                         {S::decimal, S::number_mapping}));
  table.push_back(object(
      S::number_mapping, "number_mapping", "a number with its evidence",
      with_evidence({{"value", S::decimal, false, "The number."},
                     {"low", S::decimal, false, "The least it may be."},
                     {"likely", S::decimal, false, "Its likeliest value, which answers use."},
                     {"high", S::decimal, false, "The greatest it may be."}}),
      {{"value"}, {"low", "likely", "high"}}));
  table.push_back(scalar(S::place, "place", "a value of the issue (a number or an option)"));
  table.push_back(choice(S::place_number, "place_number",
                         "a value of the issue, or {low, likely, high}",
                         {S::place, S::place_mapping}));
  table.push_back(
      object(S::place_mapping, "place_mapping", "a value of the issue with its evidence",
             with_evidence({{"value", S::place, false, "The value."},
                            {"low", S::place, false, "The least it may be."},
                            {"likely", S::place, false, "Its likeliest value, which answers use."},
                            {"high", S::place, false, "The greatest it may be."}}),
             {{"value"}, {"low", "likely", "high"}}));
  table.push_back(choice(S::ideal, "ideal",
                         "a value of the issue, [low, high] or a list of options",
                         {S::place, S::place_mapping, S::ideal_list}));
  table.push_back(list(S::ideal_list, "ideal_list", "a list of values", S::place_number));
  table.push_back(choice(S::value, "value",
                         "a mapping from option to worth, or a list of [x, worth] breakpoints",
                         {S::option_worths, S::breakpoints}));
  table.push_back(mapping(S::option_worths, "option_worths", "a mapping from option to worth",
                          KeyKind::option, S::number));
  table.push_back(
      list(S::breakpoints, "breakpoints", "a list of [x, worth] breakpoints", S::breakpoint));
  table.push_back(list(S::breakpoint, "breakpoint", "a breakpoint [x, worth]", S::number));
  table.push_back(choice(S::limit, "limit", "a test, a value, [low, high] or a list of options",
                         {S::place, S::limit_mapping, S::ideal_list}));
  table.push_back(
      object(S::limit_mapping, "limit_mapping", "a limit with its evidence",
             with_evidence(
                 {{"test", S::relation, false, "<=, <, >=, >, = or != for the numbers beside it."},
                  {"value", S::limit_value, false,
                   "The value, a whole test such as \"<= 10\", [low, high], or a list of options."},
                  {"low", S::place, false, "The least it may be."},
                  {"likely", S::place, false, "Its likeliest value, which answers use."},
                  {"high", S::place, false, "The greatest it may be."}}),
             {{"value"}, {"low", "likely", "high"}}));
  table.push_back(choice(S::limit_value, "limit_value", "a value, a test or a list",
                         {S::place, S::ideal_list}));
  table.push_back(choice(S::accepts, "accepts", "a value, [low, high] or a list of options",
                         {S::place, S::places}));
  table.push_back(list(S::places, "places", "a list of values", S::place));

  table.push_back(choice(S::reservation, "reservation", "a number on [0, 1], or a package",
                         {S::decimal, S::reservation_mapping}));
  table.push_back(object(
      S::reservation_mapping, "reservation_mapping", "a reservation",
      with_evidence({{"value", S::decimal, false, "The utility of no agreement, on [0, 1]."},
                     {"low", S::decimal, false, "The least it may be."},
                     {"likely", S::decimal, false, "Its likeliest value, which answers use."},
                     {"high", S::decimal, false, "The greatest it may be."},
                     {"package", S::reservation_package, false,
                      "The deal the party would only just sign, naming every issue on which it has "
                      "salience."},
                     {"firm", S::boolean, false, "true: never asked to move."}}),
      {{"value"}, {"low", "likely", "high"}, {"package"}}));
  table.push_back(mapping(S::reservation_package, "reservation_package",
                          "a mapping from issue to value", KeyKind::issue, S::place_number));

  table.push_back(
      mapping(S::demands, "demands", "a mapping from id to demand", KeyKind::name, S::demand));
  table.push_back(object(
      S::demand, "demand", "a demand",
      with_evidence({{"title", S::text, false, "The demand in words."},
                     {"when", S::condition, false, "Where it applies; left out: everywhere."},
                     {"require", S::condition, true, "What must hold there."},
                     {"firm", S::boolean, false, "true: never asked to move."}})));
  table.push_back(mapping(S::rules, "rules", "a mapping from id to rule", KeyKind::name, S::rule));
  table.push_back(object(
      S::rule, "rule", "a rule",
      with_evidence({{"title", S::text, false, "The rule in words."},
                     {"when", S::condition, false, "Where it applies; left out: everywhere."},
                     {"require", S::condition, false, "What must hold there."},
                     {"sum", S::sum, false, "A weighted sum of numeric issues."},
                     {"at_least", S::decimal, false, "The least the sum may be."},
                     {"at_most", S::decimal, false, "The greatest the sum may be."},
                     {"equals", S::decimal, false, "What the sum must be."}}),
      {{"require"}, {"sum"}},
      {{"sum", {"at_least", "at_most", "equals"}, {"when"}},
       {"at_least", {"sum"}},
       {"at_most", {"sum"}},
       {"equals", {"sum"}, {"at_least", "at_most"}}}));
  table.push_back(
      mapping(S::sum, "sum", "a mapping from issue to coefficient", KeyKind::issue, S::decimal));
  table.push_back(
      mapping(S::condition, "condition", "a mapping from issue to test", KeyKind::issue, S::test));
  table.push_back(choice(S::test, "test", "a test such as \"<= 10\", or a list of values",
                         {S::test_text, S::places}));

  table.push_back(choice(S::consent, "consent", "a party, or a node of the consent tree",
                         {S::id, S::consent_node}));
  table.push_back(object(S::consent_node, "consent_node", "a node of the consent tree",
                         {{"title", S::text, false, "What people call it."},
                          {"party", S::id, false, "Leaf: whose consent is asked."},
                          {"issues", S::issue_ids, false, "Leaf: on these issues only."},
                          {"when", S::condition, false, "Leaf: only when this holds."},
                          {"all", S::consent_members, false, "All of these must accept."},
                          {"any", S::consent_members, false, "One of these must accept."},
                          {"at_least", S::at_least, false, "So many of these must accept."},
                          {"quota", S::quota, false, "Those who accept must reach a weight."}},
                         {{"party"}, {"all"}, {"any"}, {"at_least"}, {"quota"}},
                         {{"issues", {"party"}}, {"when", {"party"}}}));
  table.push_back(
      list(S::consent_members, "consent_members", "a list of parties and nodes", S::consent));
  table.push_back(object(S::at_least, "at_least", "{count, of}",
                         {{"count", S::count, true, "How many must accept."},
                          {"of", S::consent_members, true, "Of whom."}}));
  table.push_back(object(
      S::quota, "quota", "{need, of, weights}",
      {{"need", S::decimal, true, "The weight needed, 0 < need ≤ sum."},
       {"of", S::consent_members, false, "Whose consent counts; by default the weighted parties."},
       {"weights", S::weights, true, "The weight of each."}}));
  table.push_back(
      mapping(S::weights, "weights", "a mapping from party to weight", KeyKind::party, S::decimal));
  table.push_back(list(S::issue_ids, "issue_ids", "a list of issues", S::id));

  table.push_back(
      mapping(S::drafts, "drafts", "a mapping from id to draft", KeyKind::name, S::draft));
  table.push_back(object(S::draft, "draft", "a draft",
                         {{"title", S::text, false, "What people call it; by default its id."},
                          {"date", S::date, false, "The day it became known."},
                          {"package", S::package, true,
                           "What it settles; issues it leaves open are chosen best for the depth."},
                          {"sources", S::source_ids, false, "Ids of `sources` that support it."},
                          {"note", S::text, false, "What a reader should know about it."}}));
  table.push_back(
      mapping(S::package, "package", "a mapping from issue to value", KeyKind::issue, S::place));

  table.push_back(list(S::timeline, "timeline", "a list of dated entries", S::entry));
  table.push_back(object(
      S::entry, "entry", "a dated entry",
      with_evidence({{"date", S::date, true, "The day from whose start it holds."},
                     {"title", S::text, false, "What happened."},
                     {"set", S::set, false, "What changed: a mapping from path to new value."}})));
  table.push_back(
      mapping(S::set, "set", "a mapping from path to new value", KeyKind::path, S::anything));
  table.push_back(
      mapping(S::variants, "variants", "a mapping from id to variant", KeyKind::name, S::variant));
  table.push_back(object(
      S::variant, "variant", "a variant",
      with_evidence({{"title", S::text, false, "The what-if in words."},
                     {"set", S::set, true, "What changes: a mapping from path to new value."}})));
  table.push_back(
      mapping(S::levers, "levers", "a mapping from id to lever", KeyKind::name, S::lever));
  table.push_back(
      object(S::lever, "lever", "a lever",
             with_evidence(
                 {{"title", S::text, false, "The lever in words; by default its id."},
                  {"by", S::id, false, "The party that can pull it; left out: anybody."},
                  {"cost", S::decimal, true,
                   "What pulling it costs, ≥ 0, in any unit that all levers share; costs add up."},
                  {"set", S::set, true, "What changes: a mapping from path to new value."}})));

  table.push_back(list(S::source_ids, "source_ids", "a list of source ids", S::name));
  table.push_back(scalar(S::version, "version", "the number 1"));
  table.push_back(scalar(S::text, "text", "text"));
  table.push_back(scalar(S::id, "id", "an id"));
  table.push_back(scalar(S::name, "name", "an id"));
  table.push_back(scalar(S::file, "file", "the path of a file"));
  table.push_back(scalar(S::date, "date", "a date such as 2025-12-02"));
  table.push_back(scalar(S::decimal, "decimal", "a number"));
  table.push_back(scalar(S::count, "count", "a whole number from 1"));
  table.push_back(scalar(S::boolean, "boolean", "true or false"));
  table.push_back(scalar(S::basis, "basis", "stated, inferred or assumed"));
  table.push_back(scalar(S::confidence, "confidence", "high, medium or low"));
  table.push_back(scalar(S::relation, "relation", "one of <=, <, >=, >, =, !="));
  table.push_back(scalar(S::test_text, "test_text", "a test such as \"<= 10\""));
  table.push_back(scalar(S::anything, "anything", "any value"));

  std::sort(table.begin(), table.end(), [](const Shape& a, const Shape& b) { return a.id < b.id; });
  return table;
}

// ------------------------------------------------------------------------------------ JSON Schema

// A whole scenario, or a file that changes another.
enum class Kind { whole, change };

bool differs(const Shape& row) { return row.form != Form::scalar && row.form != Form::list; }

// In a file that changes another, mappings may be partial; everything else replaces.
std::string definition_name(const Shape& row, Kind kind) {
  return (kind == Kind::change && differs(row) ? "change_of_" : "") + std::string(row.name);
}

Json reference(ShapeId id, Kind kind = Kind::whole) {
  return {{"$ref", "#/$defs/" + definition_name(shape(id), kind)}};
}

// What a key leads to.
Json member_schema(ShapeId id, Kind kind) {
  if (id == ShapeId::anything) return true;
  if (kind == Kind::whole) return reference(id);
  return {{"anyOf", {reference(id, kind), {{"type", "null"}}}}};
}

Json scalar_schema(ShapeId id) {
  switch (id) {
    case ShapeId::version: return {{"const", 1}};
    case ShapeId::text: return {{"type", {"string", "number", "boolean"}}};
    case ShapeId::file: return {{"type", "string"}, {"pattern", "^[^/]"}};
    // An id may be called true.
    case ShapeId::id: return {{"type", {"string", "boolean"}}, {"pattern", kIdPattern}};
    case ShapeId::name: return {{"type", {"string", "boolean"}}, {"pattern", kNamePattern}};
    case ShapeId::date:
      return {{"type", "string"},
              {"format", "date"},
              {"pattern", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}};
    case ShapeId::decimal: return {{"type", "number"}};
    case ShapeId::count: return {{"type", "integer"}, {"minimum", 1}};
    case ShapeId::boolean: return {{"type", "boolean"}};
    case ShapeId::basis: return {{"enum", {"stated", "inferred", "assumed"}}};
    case ShapeId::confidence: return {{"enum", {"high", "medium", "low"}}};
    case ShapeId::relation: return {{"enum", {"<=", "<", ">=", ">", "=", "!="}}};
    case ShapeId::test_text:
      return {{"type", "string"}, {"pattern", "^ *(<=|<|>=|>|=|!=) *[^ <>=!]"}};
    case ShapeId::place: return {{"type", {"number", "string", "boolean"}}};
    default: return Json::object();
  }
}

Json one_required(const std::vector<std::string_view>& keys) {
  Json choices = Json::array();
  for (const std::string_view key : keys) choices.push_back({{"required", {key}}});
  return {{"anyOf", std::move(choices)}};
}

Json object_schema(const Shape& object, Kind kind) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Key& key : object.keys) {
    Json property = member_schema(key.shape, kind);
    property["description"] = key.doc;
    properties[std::string(key.name)] = std::move(property);
    if (key.required) required.push_back(key.name);
  }
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}};
  schema["additionalProperties"] = false;
  if (kind == Kind::change) return schema;
  if (!required.empty()) schema["required"] = std::move(required);
  for (const Company& company : object.company) {
    Json beside = company.one_of.empty() ? Json::object() : one_required(company.one_of);
    if (!company.none_of.empty()) beside["not"] = one_required(company.none_of);
    schema["dependentSchemas"][std::string(company.key)] = std::move(beside);
  }
  if (!object.one_of.empty()) {
    Json groups = Json::array();
    for (const auto& group : object.one_of) {
      // A group excludes every key of the other groups.
      std::vector<std::string_view> others;
      for (const auto& other : object.one_of) {
        if (other != group) others.insert(others.end(), other.begin(), other.end());
      }
      groups.push_back({{"required", group}, {"not", one_required(others)}});
    }
    schema["oneOf"] = std::move(groups);
  }
  return schema;
}

Json mapping_schema(const Shape& row, Kind kind) {
  Json schema = {{"type", "object"}, {"additionalProperties", member_schema(row.element, kind)}};
  if (row.key_kind == KeyKind::name) {
    schema["propertyNames"] = {{"pattern", kNamePattern}};
  } else if (row.key_kind != KeyKind::path) {
    schema["propertyNames"] = {{"pattern", kIdPattern}};
  }
  const bool may_be_empty =
      row.id == ShapeId::positions || row.id == ShapeId::sources || row.id == ShapeId::demands ||
      row.id == ShapeId::rules || row.id == ShapeId::drafts || row.id == ShapeId::variants ||
      row.id == ShapeId::levers || row.id == ShapeId::set || row.id == ShapeId::package;
  if (!may_be_empty && kind == Kind::whole) schema["minProperties"] = 1;
  if (row.id == ShapeId::issues) schema["maxProperties"] = kMostIssues;
  if (row.id == ShapeId::parties) schema["maxProperties"] = kMostParties;
  if (row.id == ShapeId::option_titles) schema["maxProperties"] = kMostSettlements;
  return schema;
}

Json list_schema(const Shape& row) {
  Json schema = {{"type", "array"}, {"items", reference(row.element)}};
  if (row.id == ShapeId::range || row.id == ShapeId::breakpoint) {
    schema["minItems"] = 2;
    schema["maxItems"] = 2;
  } else if (row.id != ShapeId::timeline && row.id != ShapeId::source_ids) {
    schema["minItems"] = 1;
  }
  if (row.id == ShapeId::option_ids) schema["maxItems"] = kMostSettlements;
  if (row.id == ShapeId::option_ids || row.id == ShapeId::issue_ids) schema["uniqueItems"] = true;
  if (row.id == ShapeId::breakpoint) {
    schema["prefixItems"] = {reference(ShapeId::decimal), reference(ShapeId::number)};
    schema.erase("items");
  }
  return schema;
}

Json shape_schema(const Shape& row, Kind kind) {
  switch (row.form) {
    case Form::scalar: return scalar_schema(row.id);
    case Form::object: return object_schema(row, kind);
    case Form::mapping: return mapping_schema(row, kind);
    case Form::list: return list_schema(row);
    case Form::choice: break;
  }
  Json choices = Json::array();
  for (const ShapeId id : row.choices) choices.push_back(reference(id, kind));
  return {{"anyOf", std::move(choices)}};
}

bool is_letter_first(std::string_view text, bool dash) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (dash && c == '-');
  });
}

}  // namespace

const Shape& shape(ShapeId id) {
  static const std::vector<Shape> kTable = make_table();
  return kTable[static_cast<std::size_t>(id)];
}

const Key* find_key(const Shape& object, std::string_view name) {
  const auto it = std::find_if(object.keys.begin(), object.keys.end(),
                               [&](const Key& key) { return key.name == name; });
  return it == object.keys.end() ? nullptr : &*it;
}

std::vector<std::string> key_names(const Shape& object) {
  std::vector<std::string> names;
  for (const Key& key : object.keys) names.emplace_back(key.name);
  return names;
}

bool is_id(std::string_view text) { return is_letter_first(text, false); }
bool is_name(std::string_view text) { return is_letter_first(text, true); }

std::string scenario_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "zopa scenario, format 1"},
                 {"description",
                  "Who negotiates, about what, where each party stands and how sure we are of it. "
                  "`zopa check` knows more than a schema can say."},
                 {"if", {{"required", {"extends"}}}},
                 {"then", reference(ShapeId::scenario, Kind::change)},
                 {"else", reference(ShapeId::scenario)}};
  Json definitions = Json::object();
  for (const Kind kind : {Kind::whole, Kind::change}) {
    for (int id = 0; id < static_cast<int>(ShapeId::anything); ++id) {
      const Shape& row = shape(static_cast<ShapeId>(id));
      if (kind == Kind::whole || differs(row)) {
        definitions[definition_name(row, kind)] = shape_schema(row, kind);
      }
    }
  }
  schema["$defs"] = std::move(definitions);
  return schema.dump(2) + "\n";
}

}  // namespace zopa
