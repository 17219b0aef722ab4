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

using Json = nlohmann::ordered_json;  // to write: keys in the order people read them
using Read = nlohmann::json;          // to read: keys are found quickly, however many there are

constexpr int kMostDepth = 8;               // a certificate needs seven levels
constexpr std::size_t kMostDigits = 10000;  // of a fraction; multipliers of large units are long
constexpr std::size_t kMostBoxDigits = 100000;        // of all multipliers of one box
constexpr std::size_t kMostMultipliers = 20'000'000;  // of all boxes, 0 included: about 1.5 GB

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

// A box of a part of the proof of a best: of the one leaf, the rules.
Json part_node_json(const Scenario& scenario, const Problem& problem, const CertificateNode& node) {
  if (node.kind != CertificateNode::Kind::closed || node.margins.empty())
    return node_json(scenario, problem, node);
  Json result{{"utility", fraction_text(node.margins[0])}};
  Json rules = Json::object();
  for (std::size_t l = 0; l < node.rules.size(); ++l) {
    if (node.rules[l] != 0) rules[line_text(scenario, problem, l)] = fraction_text(node.rules[l]);
  }
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

Json best_json(const Scenario& scenario, const Problem& problem, const BestProof& proof) {
  const Leaf& leaf = problem.leaves[at(proof.leaf)];
  Json parts = Json::array();
  for (const BestProof::Part& part : proof.parts) {
    Json issues = Json::array();
    for (std::size_t j = 0; j < part.issues.size(); ++j) {
      if (part.issues[j]) issues.push_back(scenario.issues[j].id);
    }
    Json boxes = Json::array();
    for (const CertificateNode& node : part.nodes)
      boxes.push_back(part_node_json(scenario, problem, node));
    parts.push_back({{"issues", std::move(issues)},
                     {"best", fraction_text(part.best)},
                     {"boxes", std::move(boxes)}});
  }
  return {{"leaf", leaf.path},
          {"party", scenario.parties[at(leaf.party)].id},
          {"best", fraction_text(proof.best)},
          {"package", package_json(scenario, problem, proof.package)},
          {"parts", std::move(parts)}};
}

Json breadth_json(const Scenario& scenario, const Problem& problem, const BreadthClaim& claim) {
  Json result = Json::object();
  using Method = BreadthClaim::Method;
  result["method"] = claim.method == Method::count    ? "count"
                     : claim.method == Method::volume ? "volume"
                                                      : "estimate";
  if (claim.packages) result["packages"] = claim.packages->str();
  if (claim.acceptable) result["acceptable"] = claim.acceptable->str();
  if (claim.split >= 0) {
    Json settlements = Json::array();
    for (std::size_t k = 0; k < claim.packages_of_piece.size(); ++k) {
      settlements.push_back(
          {{"settlement", piece_text(scenario, problem, claim.split, static_cast<int>(k))},
           {"packages", claim.packages_of_piece[k].str()},
           {"acceptable", claim.acceptable_of_piece[k].str()}});
    }
    result["split"] = {{"issue", scenario.issues[at(claim.split)].id},
                       {"settlements", std::move(settlements)}};
  }
  if (claim.exact_share) result["share"] = fraction_text(*claim.exact_share);
  if (claim.method == Method::estimate) {
    result["share"] = claim.share;
    result["low"] = claim.low;
    result["high"] = claim.high;
    result["seed"] = claim.seed;
    result["samples"] = claim.samples;
    result["most_visits"] = claim.most_visits;
  }
  return result;
}

Json options_json(const Edits& edits) {
  Json result = Json::object();
  if (!edits.date.empty()) result["date"] = edits.date;
  if (!edits.variant.empty()) result["variant"] = edits.variant;
  if (!edits.levers.empty()) result["lever"] = edits.levers;
  if (!edits.sets.empty()) result["set"] = edits.sets;
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
    multipliers_ = 2 * leaves_.size() + ends_.size() + lines_.size();
  }

  CertificateFile read(std::string_view text) {
    if (text.size() > kMostCertificateBytes)
      fail("", "is larger than any certificate that is read", "Prove a smaller scenario.");
    const Read json = parse(text);
    if (!json.is_object() || !json.contains("zopa_certificate"))
      fail("", "is no certificate", "Take the file that `zopa solve --prove` wrote.");
    if (json["zopa_certificate"] != kCertificateVersion)
      fail("zopa_certificate", "is of a version that this program does not read",
           "Write it again with this version.");
    CertificateFile file;
    file.version = text_of(json, "version", "version");
    read_inputs(member(json, "inputs", "inputs"), file.inputs);
    read_options(member(json, "options", "options"), file.edits);
    Certificate& certificate = file.proofs.depth;
    const std::string kind = text_of(json, "kind", "kind");
    if (kind != "hard" && kind != "all") fail("kind", "must be hard or all", "");
    certificate.kind = kind == "hard" ? DepthKind::hard : DepthKind::all;
    if (const Read& depth = member(json, "depth", "depth"); !depth.is_null())
      certificate.depth = fraction(depth, "depth");
    if (const Read& package = member(json, "package", "package"); !package.is_null())
      certificate.package = read_package(package, "package");
    certificate.nodes = read_boxes(json, "", false);
    const Read& bests = list(json, "bests", "bests");
    if (bests.size() > problem_.leaves.size()) fail("bests", "are more than the scenario has", "");
    for (std::size_t b = 0; b < bests.size(); ++b)
      file.proofs.bests.push_back(read_best(bests[b], "bests." + std::to_string(b)));
    if (json.contains("breadth")) file.proofs.breadth = read_breadth(json["breadth"]);
    return file;
  }

 private:
  [[noreturn]] void fail(const std::string& path, const std::string& problem,
                         const std::string& remedy) const {
    throw InputError({{name_, 0, 0, InputProblem::Severity::error, path, problem, remedy}});
  }

  Read parse(std::string_view text) const {
    std::size_t values = 0;
    const auto watch = [&](int depth, Read::parse_event_t event, Read&) {
      if (++values > kMostCertificateValues)
        fail("", "holds more values than any certificate that is read",
             "Prove a smaller scenario.");
      if (event != Read::parse_event_t::value && depth > kMostDepth)
        fail("", "nests deeper than a certificate does", "");
      return true;
    };
    try {
      return Read::parse(text, watch);
    } catch (const Read::exception&) {
      fail("", "is no JSON", "Take the file that `zopa solve --prove` wrote.");
    }
  }

  const Read& member(const Read& json, const char* key, const std::string& path) const {
    if (!json.is_object()) fail(path, "must be a mapping", "");
    const auto found = json.find(key);
    if (found == json.end()) fail(path, "is missing", "");
    return *found;
  }

  const std::string& text(const Read& json, const std::string& path) const {
    if (!json.is_string()) fail(path, "must be a text", "");
    return json.get_ref<const std::string&>();
  }

  const std::string& text_of(const Read& json, const char* key, const std::string& path) const {
    return text(member(json, key, path), path);
  }

  const Read& list(const Read& json, const char* key, const std::string& path) const {
    const Read& found = member(json, key, path);
    if (!found.is_array()) fail(path, "must be a list", "");
    return found;
  }

  std::uint64_t count(const Read& json, const char* key, const std::string& path) const {
    const Read& number = member(json, key, path + "." + key);
    if (!number.is_number_unsigned()) fail(path + "." + key, "must be a whole number", "");
    return number.get<std::uint64_t>();
  }

  double figure(const Read& json, const char* key, const std::string& path) const {
    const Read& number = member(json, key, path + "." + key);
    if (!number.is_number()) fail(path + "." + key, "must be a number", "");
    return number.get<double>();
  }

  // A number of packages.
  Integer packages(const Read& json, const char* key, const std::string& path) const {
    const Rational number = fraction(member(json, key, path + "." + key), path + "." + key);
    if (number < 0 || boost::multiprecision::denominator(number) != 1)
      fail(path + "." + key, "must be a number of packages", "Write it like \"12\".");
    return boost::multiprecision::numerator(number);
  }

  void read_inputs(const Read& json, std::vector<Input>& inputs) const {
    if (!json.is_array()) fail("inputs", "must be a list", "");
    for (std::size_t f = 0; f < json.size(); ++f) {
      const std::string path = "inputs." + std::to_string(f);
      Input input;
      input.path = text_of(json[f], "path", path + ".path");
      input.bytes = static_cast<std::size_t>(count(json[f], "bytes", path));
      input.sha256 = text_of(json[f], "sha256", path + ".sha256");
      inputs.push_back(std::move(input));
    }
  }

  void read_options(const Read& json, Edits& edits) const {
    if (!json.is_object()) fail("options", "must be a mapping", "");
    if (json.contains("date")) edits.date = text(json["date"], "options.date");
    if (json.contains("variant")) edits.variant = text(json["variant"], "options.variant");
    const auto words = [&](const char* key, std::vector<std::string>& into) {
      if (!json.contains(key)) return;
      const std::string path = std::string("options.") + key;
      for (const Read& word : list(json, key, path)) into.push_back(text(word, path));
    };
    words("lever", edits.levers);
    words("set", edits.sets);
  }

  // `of`: the path of what holds the boxes, with its point; empty: the file.
  std::vector<CertificateNode> read_boxes(const Read& json, const std::string& of, bool of_part) {
    const std::string path = of + "boxes";
    const Read& boxes = list(json, "boxes", path);
    std::vector<CertificateNode> nodes;
    for (std::size_t b = 0; b < boxes.size(); ++b)
      nodes.push_back(read_node(boxes[b], path + "." + std::to_string(b), of_part));
    return nodes;
  }

  BestProof read_best(const Read& json, const std::string& path) {
    BestProof proof;
    proof.leaf = named(leaves_, text_of(json, "leaf", path + ".leaf"), path + ".leaf");
    proof.best = fraction(member(json, "best", path + ".best"), path + ".best");
    proof.package = read_package(member(json, "package", path + ".package"), path + ".package");
    const Read& parts = list(json, "parts", path + ".parts");
    if (parts.size() > problem_.issues.size())
      fail(path + ".parts", "are more than the scenario has issues", "");
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const std::string here = path + ".parts." + std::to_string(p);
      BestProof::Part part;
      part.issues.assign(problem_.issues.size(), 0);
      for (const Read& issue : list(parts[p], "issues", here + ".issues"))
        part.issues[at(named(issues_, text(issue, here + ".issues"), here + ".issues"))] = 1;
      part.best = fraction(member(parts[p], "best", here + ".best"), here + ".best");
      part.nodes = read_boxes(parts[p], here + ".", true);
      proof.parts.push_back(std::move(part));
    }
    return proof;
  }

  BreadthClaim read_breadth(const Read& json) const {
    const std::string path = "breadth";
    BreadthClaim claim;
    using Method = BreadthClaim::Method;
    const std::string method = text_of(json, "method", path + ".method");
    if (method != "count" && method != "volume" && method != "estimate")
      fail(path + ".method", "must be count, volume or estimate", "");
    claim.method = method == "count"    ? Method::count
                   : method == "volume" ? Method::volume
                                        : Method::estimate;
    if (claim.method != Method::volume && json.contains("packages"))
      claim.packages = packages(json, "packages", path);
    if (claim.method == Method::count) {
      claim.acceptable = packages(json, "acceptable", path);
      if (json.contains("split")) read_split(json["split"], claim);
    } else if (claim.method == Method::volume) {
      claim.exact_share = fraction(member(json, "share", path + ".share"), path + ".share");
    } else {
      claim.share = figure(json, "share", path);
      claim.low = figure(json, "low", path);
      claim.high = figure(json, "high", path);
      claim.seed = count(json, "seed", path);
      claim.samples = count(json, "samples", path);
      claim.most_visits = count(json, "most_visits", path);
    }
    return claim;
  }

  // Settlements that are not named count nothing; one named twice is refused.
  void read_split(const Read& json, BreadthClaim& claim) const {
    const std::string path = "breadth.split";
    claim.split = named(issues_, text_of(json, "issue", path + ".issue"), path + ".issue");
    const std::size_t pieces = problem_.issues[at(claim.split)].pieces.size();
    claim.packages_of_piece.assign(pieces, 0);
    claim.acceptable_of_piece.assign(pieces, 0);
    std::vector<char> seen(pieces, 0);
    const Read& settlements = list(json, "settlements", path + ".settlements");
    for (std::size_t s = 0; s < settlements.size(); ++s) {
      const std::string here = path + ".settlements." + std::to_string(s);
      const std::string& name = text_of(settlements[s], "settlement", here + ".settlement");
      const std::size_t k = at(named(pieces_[at(claim.split)], name, here));
      if (seen[k]) fail(here, "is there twice", "");
      seen[k] = 1;
      claim.packages_of_piece[k] = packages(settlements[s], "packages", here);
      claim.acceptable_of_piece[k] = packages(settlements[s], "acceptable", here);
    }
  }

  // "-1/2" or "3".
  Rational fraction(const Read& json, const std::string& path) const {
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

  int box(const Read& json, const char* key, const std::string& path) const {
    const Read& number = member(json, key, path + "." + key);
    if (!number.is_number_integer() || number < 0 || number > 1000000000)
      fail(path + "." + key, "must be the number of a box", "");
    return number.get<int>();
  }

  Package read_package(const Read& json, const std::string& of) const {
    Package package;
    for (int j = 0; j < problem_.m(); ++j) {
      const std::string& id = scenario_.issues[at(j)].id;
      const std::string path = of + "." + id;
      if (!json.is_object() || !json.contains(id))
        fail(path, "is missing", "Check a certificate against the scenario it was made for.");
      const Read& value = json[id];
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
  void each_weight(const Read& json, const char* key, const std::string& path,
                   const Take& take) const {
    if (!json.contains(key)) return;
    const std::string here = path + "." + key;
    const Read& weights = json[key];
    if (!weights.is_object()) fail(here, "must be a mapping", "");
    for (const auto& item : weights.items())
      take(item.key(), fraction(item.value(), here + "." + item.key()), here);
  }

  // Boxes with multipliers have room for one of everything.
  void make_room(std::size_t multipliers) {
    room_ += multipliers;
    if (room_ > kMostMultipliers)
      fail("", "has more multipliers than any certificate that is read",
           "Prove a smaller scenario.");
  }

  CertificateNode read_node(const Read& json, const std::string& path, bool of_part) {
    CertificateNode node;
    if (!json.is_object()) fail(path, "must be a mapping", "");
    if (json.contains("consent_of")) {
      if (of_part) fail(path, "asks for a consent that a best does not need", "");
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
      const Read& in = member(json, "settlements", path);
      if (!in.is_array()) fail(path + ".settlements", "must be a list", "");
      for (const Read& piece : in)
        node.in[at(named(pieces_[at(node.issue)], text(piece, path), path))] = 1;
      node.children[0] = box(json, "these", path);
      node.children[1] = box(json, "others", path);
      return node;
    }
    if (json.contains("empty")) return node;
    std::size_t digits = 0;
    for (const char* kind : {"margins", "red_lines", "reservations", "rules"}) {
      const auto found = json.find(kind);
      if (found == json.end() || !found->is_object()) continue;
      for (const auto& item : found->items())
        digits += item.value().is_string() ? item.value().get_ref<const std::string&>().size() : 0;
    }
    if (digits > kMostBoxDigits) fail(path, "has longer multipliers than any that are read", "");
    make_room(of_part ? 1 + problem_.linear_rules.size() : multipliers_);
    if (of_part) {
      node.margins = {fraction(member(json, "utility", path + ".utility"), path + ".utility")};
      node.reservations.resize(1);
      node.ends.resize(1);
      node.rules.resize(problem_.linear_rules.size());
      each_weight(json, "rules", path,
                  [&](const std::string& name, const Rational& weight, const std::string& here) {
                    node.rules[at(named(lines_, name, here))] = weight;
                  });
      return node;
    }
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
  std::size_t multipliers_ = 0;  // of one box
  std::size_t room_ = 0;         // multipliers so far
};

}  // namespace

std::string certificate_json(const Scenario& scenario, const Problem& problem, const Proofs& proofs,
                             const Provenance& from, const Edits& edits) {
  const Certificate& depth = proofs.depth;
  Json inputs = Json::array();
  for (const Input& input : from.inputs)
    inputs.push_back({{"path", input.path}, {"bytes", input.bytes}, {"sha256", input.sha256}});
  Json boxes = Json::array();
  for (const CertificateNode& node : depth.nodes)
    boxes.push_back(node_json(scenario, problem, node));
  Json bests = Json::array();
  for (const BestProof& proof : proofs.bests) bests.push_back(best_json(scenario, problem, proof));
  Json json{{"zopa_certificate", kCertificateVersion},
            {"program", "zopa"},
            {"version", program_version()},
            {"scenario", scenario.title},
            {"inputs", std::move(inputs)},
            {"options", options_json(edits)},
            {"claim", depth.depth
                          ? "The package has this depth, and no package that the rules allow has a "
                            "greater one: each box is split into the two it names, is empty, or is "
                            "bounded by its multipliers."
                          : "No package that the rules allow has a depth of this kind: each box is "
                            "split into the two it names, or holds none by its multipliers."},
            {"kind", depth.kind == DepthKind::hard ? "hard" : "all"}};
  json["depth"] = depth.depth ? Json(fraction_text(*depth.depth)) : Json();
  json["package"] = depth.package ? package_json(scenario, problem, *depth.package) : Json();
  json["boxes"] = std::move(boxes);
  json["bests"] = std::move(bests);
  if (proofs.breadth) json["breadth"] = breadth_json(scenario, problem, *proofs.breadth);
  return json.dump(1) + "\n";
}

CertificateFile read_certificate(std::string_view text, const std::string& name,
                                 const Scenario& scenario, const Problem& problem) {
  return Reader(name, scenario, problem).read(text);
}

}  // namespace zopa
