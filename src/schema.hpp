// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zopa {

/// What may stand at a place of a scenario file: one row of the table of the whole format.
enum class ShapeId {
  scenario,
  source,
  sources,
  issue,
  issues,
  options,
  option_titles,
  option_ids,
  range,
  party,
  parties,
  position,
  positions,
  number,
  number_mapping,
  place,
  place_number,
  place_mapping,
  ideal,
  ideal_list,
  value,
  option_worths,
  breakpoints,
  breakpoint,
  limit,
  limit_mapping,
  limit_value,
  accepts,
  places,
  reservation,
  reservation_mapping,
  reservation_package,
  demand,
  demands,
  rule,
  rules,
  sum,
  condition,
  test,
  consent,
  consent_node,
  consent_members,
  at_least,
  quota,
  weights,
  issue_ids,
  draft,
  drafts,
  package,
  timeline,
  entry,
  set,
  variant,
  variants,
  lever,
  levers,
  source_ids,
  // scalars
  version,
  text,
  id,
  name,
  file,
  date,
  decimal,
  count,
  boolean,
  basis,
  confidence,
  relation,
  test_text,
  anything,
};

/// What the keys of a mapping name.
enum class KeyKind { id, name, issue, option, party, path };

/// A key that an object may have.
struct Key {
  std::string_view name;
  ShapeId shape;
  bool required = false;
  std::string_view doc = {};  // for editors: what it means
};

/// A key that has a meaning only beside one of others, or never beside some.
struct Company {
  std::string_view key;
  std::vector<std::string_view> one_of = {};  // needs one of these; empty: none
  std::vector<std::string_view> none_of = {};
};

struct Shape {
  enum class Form {
    scalar,
    object,   // a mapping with the keys listed
    mapping,  // a mapping from keys of one kind to one shape
    list,     // of one shape
    choice,   // one of several shapes, told apart by scalar, list and mapping
  };

  ShapeId id;
  std::string_view name;  // in the JSON Schema
  Form form;
  std::string_view words;                                  // "a number": what messages call it
  std::vector<Key> keys = {};                              // object
  std::vector<std::vector<std::string_view>> one_of = {};  // object: exactly one group is complete
  std::vector<Company> company = {};                       // object
  KeyKind key_kind = KeyKind::id;                          // mapping
  ShapeId element = ShapeId::anything;                     // mapping, list
  std::vector<ShapeId> choices = {};                       // choice
};

/// The row of the table.
const Shape& shape(ShapeId id);

/// The key of an object, or nullptr.
const Key* find_key(const Shape& object, std::string_view name);

/// The names of the keys of an object, in the order of the table.
std::vector<std::string> key_names(const Shape& object);

/// `[a-z][a-z0-9_]*`; names may also use `-` after the first letter.
bool is_id(std::string_view text);
bool is_name(std::string_view text);

/// The scenario format as a JSON Schema (2020-12), indented text with a newline at the end. Of a
/// file that extends another only what it writes is described: it may leave everything to the base,
/// and null removes.
std::string scenario_schema();

}  // namespace zopa
