// SPDX-License-Identifier: MIT
#include "src/certificate_file.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "model/tools/at.hpp"
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostDepth = 8;               // a certificate needs six levels
constexpr std::size_t kMostDigits = 10000;  // of a fraction; multipliers of large units are long

// ----------------------------------------------------------------------------------------------
// names

std::string fraction_text(const Rational& x) {
  const Integer below = boost::multiprecision::denominator(x);
  const std::string above = boost::multiprecision::numerator(x).str();
  return below == 1 ? above : above + "/" + below.str();
}

std::string piece_text(const Scenario& scenario, const Problem& problem, int j, int k) {
  const Piece& piece = problem.issues[at(j)].pieces[at(k)];
  if (!problem.issues[at(j)].continuous) return place_id(scenario.issues[at(j)], piece.from);
  if (piece.point()) return fraction_text(piece.from);
  return fraction_text(piece.from) + " to " + fraction_text(piece.to);
}

// A linear rule is one side of a rule of the file.
std::string line_text(const Scenario& scenario, const Problem& problem, std::size_t l) {
  const LinearRule& line = problem.linear_rules[l];
  const Rule& rule = scenario.rules[at(line.rule)];
  const bool first = l == 0 || problem.linear_rules[l - 1].rule != line.rule;
  if (rule.equals) return rule.id + (first ? ".at_least" : ".at_most");
  return rule.id + (rule.at_least && first ? ".at_least" : ".at_most");
}

std::string end_text(const Scenario& scenario, const Leaf& leaf, std::size_t d) {
  return leaf.path + ": " + demand_id(scenario, leaf.demands[d].demand);
}

// ----------------------------------------------------------------------------------------------
// writing

Json node_json(const Scenario& scenario, const Problem& problem, const CertificateNode& node) {
  Json result = Json::object();
  if (node.kind == CertificateNode::Kind::by_leaf) {
    const Leaf& leaf = problem.leaves[at(node.leaf)];
    result["consent_of"] = leaf.path;
    result["party"] = scenario.parties[at(leaf.party)].id;
    result["counted_on"] = node.children[0];
    result["done_without"] = node.children[1];
    return result;
  }
  if (node.kind == CertificateNode::Kind::by_issue) {
    result["issue"] = scenario.issues[at(node.issue)].id;
    Json in = Json::array();
    for (std::size_t k = 0; k < node.in.size(); ++k) {
      if (node.in[k]) in.push_back(piece_text(scenario, problem, node.issue, static_cast<int>(k)));
    }
    result["settlements"] = std::move(in);
    result["these"] = node.children[0];
    result["others"] = node.children[1];
    return result;
  }
  if (node.margins.empty()) {
    result["empty"] = true;
    return result;
  }
  Json margins = Json::object();
  Json ends = Json::object();
  Json reservations = Json::object();
  Json rules = Json::object();
  const auto add = [](Json& to, const std::string& key, const Rational& weight) {
    if (weight != 0) to[key] = fraction_text(weight);
  };
  for (std::size_t i = 0; i < problem.leaves.size(); ++i) {
    const Leaf& leaf = problem.leaves[i];
    add(margins, leaf.path, node.margins[i]);
    add(reservations, leaf.path, node.reservations[i]);
    for (std::size_t d = 0; d < leaf.demands.size(); ++d)
      add(ends, end_text(scenario, leaf, d), node.ends[i][d]);
  }
  for (std::size_t l = 0; l < node.rules.size(); ++l)
    add(rules, line_text(scenario, problem, l), node.rules[l]);
  result["margins"] = std::move(margins);
  if (!ends.empty()) result["red_lines"] = std::move(ends);
  if (!reservations.empty()) result["reservations"] = std::move(reservations);
  if (!rules.empty()) result["rules"] = std::move(rules);
  return result;
}

Json package_json(const Scenario& scenario, const Problem& problem, const Package& package) {
  Json result = Json::object();
  for (int j = 0; j < problem.m(); ++j) {
    const std::string& id = scenario.issues[at(j)].id;
    if (problem.issues[at(j)].continuous) {
      result[id] = {{"at", fraction_text(package.places[at(j)])},
                    {"on", piece_text(scenario, problem, j, package.pieces[at(j)])}};
    } else {
      result[id] = piece_text(scenario, problem, j, package.pieces[at(j)]);
    }
  }
  return result;
}

// ----------------------------------------------------------------------------------------------
// reading

class Reader {
 public:
  Reader(const std::string& name, const Scenario& scenario, const Problem& problem)
      : name_(name), scenario_(scenario), problem_(problem) {
    for (int j = 0; j < problem.m(); ++j) {
      issues_[scenario.issues[at(j)].id] = j;
      auto& pieces = pieces_.emplace_back();
      for (std::size_t k = 0; k < problem.issues[at(j)].pieces.size(); ++k)
        pieces[piece_text(scenario, problem, j, static_cast<int>(k))] = static_cast<int>(k);
    }
    for (int i = 0; i < problem.n(); ++i) {
      leaves_[problem.leaves[at(i)].path] = i;
      for (std::size_t d = 0; d < problem.leaves[at(i)].demands.size(); ++d)
        ends_[end_text(scenario, problem.leaves[at(i)], d)] = {i, static_cast<int>(d)};
    }
    for (std::size_t l = 0; l < problem.linear_rules.size(); ++l)
      lines_[line_text(scenario, problem, l)] = static_cast<int>(l);
  }

  Certificate read(std::string_view text) {
    if (text.size() > kMostCertificateBytes)
      fail("", "is larger than any certificate that is read", "Prove a smaller scenario.");
    const Json json = parse(text);
    if (!json.is_object() || !json.contains("zopa_certificate"))
      fail("", "is no certificate", "Take the file that `zopa solve --prove` wrote.");
    if (json["zopa_certificate"] != kCertificateVersion)
      fail("zopa_certificate", "is of a version that this program does not read",
           "Write it again with this version.");
    Certificate certificate;
    const std::string kind = text_of(json, "kind", "kind");
    if (kind != "hard" && kind != "all") fail("kind", "must be hard or all", "");
    certificate.kind = kind == "hard" ? DepthKind::hard : DepthKind::all;
    if (const Json& depth = member(json, "depth", "depth"); !depth.is_null())
      certificate.depth = fraction(depth, "depth");
    if (const Json& package = member(json, "package", "package"); !package.is_null())
      certificate.package = read_package(package);
    const Json& boxes = member(json, "boxes", "boxes");
    if (!boxes.is_array()) fail("boxes", "must be a list", "");
    for (std::size_t b = 0; b < boxes.size(); ++b)
      certificate.nodes.push_back(read_node(boxes[b], "boxes." + std::to_string(b)));
    return certificate;
  }

 private:
  [[noreturn]] void fail(const std::string& path, const std::string& problem,
                         const std::string& remedy) const {
    throw InputError({{name_, 0, 0, InputProblem::Severity::error, path, problem, remedy}});
  }

  Json parse(std::string_view text) const {
    const auto watch = [&](int depth, Json::parse_event_t event, Json&) {
      if (event != Json::parse_event_t::value && depth > kMostDepth)
        fail("", "nests deeper than a certificate does", "");
      return true;
    };
    try {
      return Json::parse(text, watch);
    } catch (const Json::exception&) {
      fail("", "is no JSON", "Take the file that `zopa solve --prove` wrote.");
    }
  }

  const Json& member(const Json& json, const char* key, const std::string& path) const {
    if (!json.is_object()) fail(path, "must be a mapping", "");
    const auto found = json.find(key);
    if (found == json.end()) fail(path, "is missing", "");
    return *found;
  }

  const std::string& text(const Json& json, const std::string& path) const {
    if (!json.is_string()) fail(path, "must be a text", "");
    return json.get_ref<const std::string&>();
  }

  const std::string& text_of(const Json& json, const char* key, const std::string& path) const {
    return text(member(json, key, path), path);
  }

  // "-1/2" or "3".
  Rational fraction(const Json& json, const std::string& path) const {
    const std::string& text = this->text(json, path);
    const auto digits = [](std::string_view part) {
      return !part.empty() && part.size() <= kMostDigits &&
             std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
             (part.size() == 1 || part[0] != '0');
    };
    std::string_view rest = text;
    const bool negative = !rest.empty() && rest[0] == '-';
    if (negative) rest.remove_prefix(1);
    const auto slash = rest.find('/');
    const std::string above(rest.substr(0, slash));
    const std::string below(slash == std::string_view::npos ? "1" : rest.substr(slash + 1));
    if (!digits(above) || !digits(below) || below == "0")
      fail(path, "is no fraction: " + text.substr(0, 40), "Write it like \"-1/2\".");
    const Rational value{Integer(above), Integer(below)};
    return negative ? Rational(-value) : value;
  }

  template <class Value>
  Value named(const std::map<std::string, Value>& names, const std::string& name,
              const std::string& path) const {
    const auto found = names.find(name);
    if (found == names.end())
      fail(path, "the scenario has no " + name.substr(0, 200),
           "Check a certificate against the scenario it was made for.");
    return found->second;
  }

  int box(const Json& json, const char* key, const std::string& path) const {
    const Json& number = member(json, key, path + "." + key);
    if (!number.is_number_integer() || number < 0 || number > 1000000000)
      fail(path + "." + key, "must be the number of a box", "");
    return number.get<int>();
  }

  Package read_package(const Json& json) const {
    Package package;
    for (int j = 0; j < problem_.m(); ++j) {
      const std::string& id = scenario_.issues[at(j)].id;
      const std::string path = "package." + id;
      const Json& value = member(json, id.c_str(), path);
      const bool continuous = problem_.issues[at(j)].continuous;
      const std::string& piece = continuous ? text_of(value, "on", path) : text(value, path);
      const int k = named(pieces_[at(j)], piece, path);
      package.pieces.push_back(k);
      package.places.push_back(continuous ? fraction(member(value, "at", path), path)
                                          : problem_.issues[at(j)].pieces[at(k)].from);
    }
    return package;
  }

  template <class Take>
  void each_weight(const Json& json, const char* key, const std::string& path,
                   const Take& take) const {
    if (!json.contains(key)) return;
    const std::string here = path + "." + key;
    const Json& weights = json[key];
    if (!weights.is_object()) fail(here, "must be a mapping", "");
    for (const auto& item : weights.items())
      take(item.key(), fraction(item.value(), here + "." + item.key()), here);
  }

  CertificateNode read_node(const Json& json, const std::string& path) const {
    CertificateNode node;
    if (!json.is_object()) fail(path, "must be a mapping", "");
    if (json.contains("consent_of")) {
      node.kind = CertificateNode::Kind::by_leaf;
      node.leaf = named(leaves_, text_of(json, "consent_of", path), path);
      node.children[0] = box(json, "counted_on", path);
      node.children[1] = box(json, "done_without", path);
      return node;
    }
    if (json.contains("issue")) {
      node.kind = CertificateNode::Kind::by_issue;
      node.issue = named(issues_, text_of(json, "issue", path), path);
      node.in.assign(problem_.issues[at(node.issue)].pieces.size(), 0);
      const Json& in = member(json, "settlements", path);
      if (!in.is_array()) fail(path + ".settlements", "must be a list", "");
      for (const Json& piece : in)
        node.in[at(named(pieces_[at(node.issue)], text(piece, path), path))] = 1;
      node.children[0] = box(json, "these", path);
      node.children[1] = box(json, "others", path);
      return node;
    }
    if (json.contains("empty")) return node;
    node.margins.resize(problem_.leaves.size());
    node.reservations.resize(problem_.leaves.size());
    node.rules.resize(problem_.linear_rules.size());
    for (const Leaf& leaf : problem_.leaves) node.ends.emplace_back(leaf.demands.size());
    using Name = const std::string&;
    each_weight(json, "margins", path, [&](Name name, const Rational& weight, Name here) {
      node.margins[at(named(leaves_, name, here))] = weight;
    });
    each_weight(json, "red_lines", path, [&](Name name, const Rational& weight, Name here) {
      const auto [leaf, demand] = named(ends_, name, here);
      node.ends[at(leaf)][at(demand)] = weight;
    });
    each_weight(json, "reservations", path, [&](Name name, const Rational& weight, Name here) {
      node.reservations[at(named(leaves_, name, here))] = weight;
    });
    each_weight(json, "rules", path, [&](Name name, const Rational& weight, Name here) {
      node.rules[at(named(lines_, name, here))] = weight;
    });
    return node;
  }

  const std::string& name_;
  const Scenario& scenario_;
  const Problem& problem_;
  std::map<std::string, int> issues_;
  std::map<std::string, int> leaves_;
  std::map<std::string, int> lines_;
  std::map<std::string, std::pair<int, int>> ends_;
  std::vector<std::map<std::string, int>> pieces_;
};

}  // namespace

std::string certificate_json(const Scenario& scenario, const Problem& problem,
                             const Certificate& certificate, const Provenance& from) {
  Json inputs = Json::array();
  for (const Input& input : from.inputs)
    inputs.push_back({{"path", input.path}, {"bytes", input.bytes}, {"sha256", input.sha256}});
  Json boxes = Json::array();
  for (const CertificateNode& node : certificate.nodes)
    boxes.push_back(node_json(scenario, problem, node));
  Json json{{"zopa_certificate", kCertificateVersion},
            {"program", "zopa"},
            {"version", program_version()},
            {"scenario", scenario.title},
            {"inputs", std::move(inputs)},
            {"claim", certificate.depth
                          ? "The package has this depth, and no package that the rules allow has a "
                            "greater one: each box is split into the two it names, is empty, or is "
                            "bounded by its multipliers."
                          : "No package that the rules allow has a depth of this kind: each box is "
                            "split into the two it names, or holds none by its multipliers."},
            {"kind", certificate.kind == DepthKind::hard ? "hard" : "all"}};
  json["depth"] = certificate.depth ? Json(fraction_text(*certificate.depth)) : Json();
  json["package"] =
      certificate.package ? package_json(scenario, problem, *certificate.package) : Json();
  json["boxes"] = std::move(boxes);
  return json.dump(1) + "\n";
}

Certificate read_certificate(std::string_view text, const std::string& name,
                             const Scenario& scenario, const Problem& problem) {
  return Reader(name, scenario, problem).read(text);
}

}  // namespace zopa
