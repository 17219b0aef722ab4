// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/input_error.hpp"

namespace zopa {

/// Where something stands in a file. Line and column count from 1, columns in characters; 0: the
/// file as a whole.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;
};

/// A node of a document: a plain tree that knows where everything stands and nothing of parties.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  std::string text;     // scalar
  bool quoted = false;  // scalar: written in quotes or as block text, so never a number
  // Of the value; of the key where the value begins later (an empty value, a block below its key).
  Place place;
  std::string key;  // member of a mapping
  Place key_place;  // member of a mapping
  std::vector<Node> children;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }

  /// The member of that name, or nullptr (also when this is no mapping).
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
};

/// A file as it was read; `name` is the path as given, "-" for standard input.
struct InputFile {
  std::string name;
  std::string text;
};

/// A tree and the files it came from, the one asked for first, then those it extends.
struct Document {
  Node root;
  std::vector<InputFile> files;
};

/// Reads one file ("-": standard input) and the files it extends, merged; the key `extends` is gone
/// afterwards. Throws InputError with every problem found: for a text that is no plain YAML (see
/// `parse_document`), and for bases that are missing, in a cycle, or in a chain of more than 64.
Document read_document(const std::string& file);

/// The tree of one text. `name` stands in places. Throws InputError for whatever is not plain YAML
/// in UTF-8: more than 8 MiB, 64 levels or 200,000 nodes, several documents, aliases, anchors,
/// tags,
/// `<<`, keys given twice or that are no text, tabs as indentation, control characters, quotes left
/// open, and an empty text.
Document parse_document(std::string_view text, const std::string& name);

/// As above, but what leaves the tree readable (a key given twice, an alias, a tag) is added to
/// `problems` and not thrown, so that the reader of the tree can add its own.
Document parse_document(std::string_view text, const std::string& name,
                        std::vector<InputProblem>& problems);

/// The error that tells of all these problems: in file order, each once.
InputError input_error(const Document& document, std::vector<InputProblem> problems);

/// YAML that reads back to the same tree: block style, small collections on one line, quotes where
/// needed.
std::string to_yaml(const Document& document);

/// The same tree: kinds, texts, keys and order; places do not matter, and quotes only where they
/// keep a text from being read as a number.
bool same_tree(const Node& a, const Node& b);

}  // namespace zopa
