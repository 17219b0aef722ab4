// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "src/document.hpp"
#include "src/nearest.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 64;            // in a chain of `extends`
constexpr std::size_t kMostHints = 100;           // a file with more mistakes is wrong otherwise
constexpr std::size_t kMostBytesRead = 9u << 20;  // enough to see that a file is larger than 8 MiB

// Where a file was asked for: nowhere for the one of the command line.
struct Request {
  std::string file;
  Place place;
};

[[noreturn]] void refuse(const Request& request, const std::string& problem,
                         const std::string& remedy) {
  InputProblem found{.file = request.file, .path = {}, .problem = problem, .remedy = remedy};
  if (request.place.file) {
    found.file = *request.place.file;
    found.line = request.place.line;
    found.column = request.place.column;
    found.path = "extends";
    found.problem = (request.file.empty() ? "" : request.file + ": ") + problem;
  }
  throw InputError({found});
}

std::string read_some(std::istream& stream) {
  std::string text;
  std::string block(64 * 1024, '\0');
  while (text.size() < kMostBytesRead && stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

std::string read_text(const Request& request) {
  if (request.file == "-") return read_some(std::cin);
  std::error_code error;
  const fs::file_status status = fs::status(request.file, error);
  if (status.type() == fs::file_type::not_found) {
    std::vector<std::string> beside;
    const fs::path path(request.file);
    fs::directory_iterator entries(path.has_parent_path() ? path.parent_path() : fs::path("."),
                                   fs::directory_options::skip_permission_denied, error);
    for (; !error && entries != fs::directory_iterator() && beside.size() < 1000;
         entries.increment(error)) {
      const std::string extension = entries->path().extension().string();
      if (extension == ".yaml" || extension == ".yml") {
        beside.push_back((path.parent_path() / entries->path().filename()).string());
      }
    }
    std::sort(beside.begin(), beside.end());
    const std::string hint = name_hint(request.file, beside);
    refuse(request, "there is no such file", hint.empty() ? "Check the path." : hint);
  }
  if (status.type() == fs::file_type::directory) {
    refuse(request, "this is a folder", "Name a file in it.");
  }
  if (status.type() != fs::file_type::regular) {
    refuse(request, "this is not a regular file",
           "Name a scenario file, or `-` for standard input.");
  }
  std::ifstream stream(request.file, std::ios::binary);
  if (!stream) refuse(request, "the file cannot be opened", "Check that you may read it.");
  std::string text = read_some(stream);
  if (stream.bad()) refuse(request, "the file cannot be read", "Check the disk and the path.");
  return text;
}

// What identifies a file however its path is written.
std::string identity(const std::string& file) {
  if (file == "-") return file;
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(file, error);
  return error ? file : canonical.string();
}

class Chain {
 public:
  Document read(const std::string& file) {
    Request request{file, {}};
    std::vector<Document> documents;
    std::vector<std::string> identities;
    while (true) {
      identities.push_back(identity(request.file));
      documents.push_back(parse_document(read_text(request), request.file, problems_));
      Node& root = documents.back().root;
      const Node* base = root.find("extends");
      if (base == nullptr) break;
      request = base_request(*base, request.file);
      std::erase_if(root.children, [](const Node& child) { return child.key == "extends"; });
      check_cycle(request, identities, documents);
    }
    // From the last base to the file asked for.
    Node root = std::move(documents.back().root);
    for (std::size_t k = documents.size() - 1; k-- > 0;) {
      merge(root, std::move(documents[k].root), {}, false);
    }
    Document result;
    result.root = std::move(root);
    for (Document& document : documents) result.files.push_back(std::move(document.files.front()));
    if (!problems_.empty()) throw_all(result);
    return result;
  }

 private:
  static Request base_request(const Node& base, const std::string& from) {
    if (!base.is_scalar() || base.text.empty()) {
      refuse({"", base.place}, "expected the path of a file",
             "Write the path of the base, relative to this file.");
    }
    if (fs::path(base.text).is_absolute()) {
      refuse({base.text, base.place}, "the path is not relative",
             "Write it relative to this file, so that both can move together.");
    }
    const fs::path folder = from == "-" ? fs::path() : fs::path(from).parent_path();
    return {(folder / base.text).lexically_normal().string(), base.place};
  }

  void check_cycle(const Request& request, const std::vector<std::string>& identities,
                   const std::vector<Document>& documents) const {
    const std::string next = identity(request.file);
    for (std::size_t k = 0; k < identities.size(); ++k) {
      if (identities[k] != next) continue;
      std::string way;
      for (std::size_t i = k; i < documents.size(); ++i) {
        way += documents[i].files.front().name + " → ";
      }
      refuse(request, "the files extend each other in a circle: " + way + request.file,
             "Let one of them stand by itself.");
    }
    if (identities.size() >= kMostFiles) {
      refuse(request, "a chain of more than 64 files", "Join some of the files.");
    }
  }

  // Changes `base` as `change` says. Inside `set` of a variant or a lever, null is a value: it
  // removes when that is applied.
  void merge(Node& base, Node change, const std::string& path, bool inside_set) {
    if (!base.is_mapping() || !change.is_mapping()) {
      base = std::move(change);
      return;
    }
    base.place = change.place;
    base.key_place = change.key_place;
    std::unordered_map<std::string, std::size_t> members;
    for (std::size_t k = 0; k < base.children.size(); ++k) members.emplace(base.children[k].key, k);
    std::vector<char> removed(base.children.size(), 0);
    for (Node& child : change.children) {
      const std::string here = path + (path.empty() ? "" : ".") + child.key;
      const auto old = members.find(child.key);
      if (child.is_null() && !inside_set) {
        if (old == members.end()) {
          report_nothing_to_remove(base, child, here);
        } else {
          removed[old->second] = 1;
        }
      } else if (old == members.end()) {
        base.children.push_back(std::move(child));
      } else {
        merge(base.children[old->second], std::move(child), here,
              inside_set || ((path.starts_with("variants.") || path.starts_with("levers.")) &&
                             here.ends_with(".set")));
      }
    }
    std::vector<Node> kept;
    for (std::size_t k = 0; k < base.children.size(); ++k) {
      if (k >= removed.size() || !removed[k]) kept.push_back(std::move(base.children[k]));
    }
    base.children = std::move(kept);
  }

  void report_nothing_to_remove(const Node& base, const Node& child, const std::string& path) {
    std::string remedy = "Delete this line.";
    if (problems_.size() < kMostHints) {
      std::vector<std::string> known;
      for (const Node& other : base.children) known.push_back(other.key);
      remedy += (known.empty() ? "" : " ") + name_hint(child.key, known);
    }
    problems_.push_back({.file = *child.key_place.file,
                         .line = child.key_place.line,
                         .column = child.key_place.column,
                         .path = path,
                         .problem = "null removes a key, but the base has no `" + child.key + "`",
                         .remedy = std::move(remedy)});
  }

  // Every problem in one go: what stands in the texts, and what the scenario makes of them.
  [[noreturn]] void throw_all(const Document& document) {
    try {
      read_scenario(document);
    } catch (const InputError& error) {
      problems_.insert(problems_.end(), error.problems.begin(), error.problems.end());
    }
    throw input_error(document, std::move(problems_));
  }

  std::vector<InputProblem> problems_;
};

}  // namespace

Document read_document(const std::string& file) { return Chain().read(file); }

}  // namespace zopa
