// SPDX-License-Identifier: MIT
#include "model/answers/verification.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "model/engine/count.hpp"
#include "model/engine/remeasure.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

using Subject = ClaimVerdict::Subject;
using Verdict = ClaimVerdict::Verdict;

// What an estimate may ask for when it is made again.
constexpr std::uint64_t kMostSamples = 10'000'000;
constexpr std::uint64_t kMostVisits = 1'000'000'000;

constexpr const char* kTimeWasUp = "It was not checked: time was up.";

// Figures in floating point that libraries of mathematics may round differently.
bool alike(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

class Verifier {
 public:
  Verifier(Problem problem, const Proofs& proofs, const VerifySettings& settings)
      : problem_(std::move(problem)), proofs_(proofs), settings_(settings) {
    progress_ = [this](double fraction) {
      if (!stopped_ && !settings_.progress(fraction)) stopped_ = true;
      return !stopped_;
    };
  }

  Verification run() {
    bests();
    depth();
    if (proofs_.breadth) breadth(*proofs_.breadth);
    return std::move(verification_);
  }

 private:
  // Whether time is up, which is then said of the claim.
  bool stopped(Subject subject, std::size_t boxes = 0, int leaf = -1) {
    if (progress_(1)) return false;
    say(subject, Verdict::open, kTimeWasUp, boxes, leaf);
    return true;
  }

  void say(Subject subject, Verdict verdict, std::string reason = "", std::size_t boxes = 0,
           int leaf = -1) {
    verification_.claims.push_back({subject, leaf, verdict, std::move(reason), boxes});
  }

  void bests() {
    for (int i = 0; i < problem_.n(); ++i) {
      if (!problem_.leaves[at(i)].has_utility) continue;
      const BestProof* proof = nullptr;
      int found = 0;
      for (const BestProof& one : proofs_.bests) {
        if (one.leaf != i) continue;
        proof = &one;
        ++found;
      }
      std::optional<std::string> fault;
      std::size_t boxes = 0;
      if (stopped(Subject::best, 0, i)) {
        bests_proven_ = false;
        continue;
      }
      if (found != 1) {
        fault = found == 0 ? "There is no proof of it." : "There is more than one proof of it.";
      } else {
        for (const BestProof::Part& part : proof->parts) {
          boxes += Certificate{DepthKind::hard, {}, {}, part.nodes}.boxes();
        }
        try {
          set_best(problem_.leaves[at(i)], proof->best);
          fault = find_fault(problem_, *proof, progress_);
        } catch (const ModelError&) {
          fault = "It is a number that no utility of the scenario can be.";
        }
      }
      if (fault) bests_proven_ = false;
      if (fault && stopped_) {
        say(Subject::best, Verdict::open, kTimeWasUp, boxes, i);
        continue;
      }
      if (fault) best_refused_ = true;
      say(Subject::best, fault ? Verdict::refused : Verdict::proven, fault.value_or(""), boxes, i);
    }
  }

  void depth() {
    const std::size_t boxes = proofs_.depth.boxes();
    if (best_refused_) {
      say(Subject::depth, Verdict::refused, "It is measured by a best that is not proven.", boxes);
      return;
    }
    if (stopped(Subject::depth, boxes)) return;
    const auto fault = find_fault(problem_, proofs_.depth, progress_);
    depth_proven_ = !fault;
    if (fault && stopped_) return say(Subject::depth, Verdict::open, kTimeWasUp, boxes);
    say(Subject::depth, fault ? Verdict::refused : Verdict::proven, fault.value_or(""), boxes);
    if (fault) return;
    verification_.empty = empty_boxes(problem_, proofs_.depth, settings_.most_explained, progress_);
  }

  // Z is empty exactly where the depth is below 0, or there is none.
  bool zone_proven_empty() const {
    return depth_proven_ && (!proofs_.depth.depth || *proofs_.depth.depth < 0);
  }
  bool zone_proven_open() const {
    return depth_proven_ && proofs_.depth.depth && *proofs_.depth.depth >= 0;
  }

  void breadth(const BreadthClaim& claim) {
    switch (claim.method) {
      case BreadthClaim::Method::count:
        if (claim.packages) count(Subject::packages, *claim.packages, claim.packages_of_piece);
        if (claim.acceptable) acceptable(claim);
        return;
      case BreadthClaim::Method::volume: volume(claim); return;
      case BreadthClaim::Method::estimate:
        if (claim.packages) count(Subject::packages, *claim.packages, {});
        estimate(claim);
        return;
    }
  }

  void acceptable(const BreadthClaim& claim) {
    if (zone_proven_open() && *claim.acceptable == 0) {
      say(Subject::acceptable, Verdict::refused,
          "The depth is not below 0, so that some package is acceptable.");
    } else if (zone_proven_empty()) {
      const bool right = *claim.acceptable == 0;
      say(Subject::acceptable, right ? Verdict::proven : Verdict::refused,
          right ? "The depth is proven to be below 0."
                : "No package is acceptable: the depth is proven to be below 0.");
    } else {
      count(Subject::acceptable, *claim.acceptable, claim.acceptable_of_piece);
    }
  }

  std::vector<std::vector<char>> with_settlement(int issue, std::size_t piece) const {
    std::vector<std::vector<char>> pieces;
    for (const ProblemIssue& one : problem_.issues) pieces.emplace_back(one.pieces.size(), 1);
    std::fill(pieces[at(issue)].begin(), pieces[at(issue)].end(), 0);
    pieces[at(issue)][piece] = 1;
    return pieces;
  }

  void count(Subject subject, const Integer& claimed, const std::vector<Integer>& parts) {
    RecountLimits left = settings_.recount;
    left.progress = progress_;
    const bool zone = subject == Subject::acceptable;
    if (!problem_.discrete()) {
      say(subject, Verdict::refused, "Packages cannot be counted where an issue is continuous.");
      return;
    }
    if (stopped(subject)) return;
    if (parts.empty()) {
      const auto counted = recount(problem_, zone, left);
      if (!counted) return too_large(subject, 0, 0);
      if (*counted != claimed) return miscounted(subject, claimed, *counted, -1);
      return say(subject, Verdict::recounted, "", 1);
    }
    const int issue = proofs_.breadth->split;
    if (issue < 0 || issue >= problem_.m() ||
        parts.size() != problem_.issues[at(issue)].pieces.size()) {
      return say(subject, Verdict::refused, "It is split by settlements that are not there.");
    }
    const Integer sum = std::accumulate(parts.begin(), parts.end(), Integer(0));
    if (sum != claimed) {
      return say(
          subject, Verdict::refused,
          "The counts of its parts add up to " + sum.str() + ", not to " + claimed.str() + ".");
    }
    std::size_t done = 0;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const auto counted = recount(problem_, zone, left, with_settlement(issue, k));
      if (!counted) continue;
      if (*counted != parts[k]) return miscounted(subject, parts[k], *counted, static_cast<int>(k));
      ++done;
    }
    if (done < parts.size()) return too_large(subject, done, parts.size());
    say(subject, Verdict::recounted, "", parts.size());
  }

  void too_large(Subject subject, std::size_t done, std::size_t parts) {
    std::string reason = stopped_ ? "Time was up before it was counted or measured again"
                                  : "Too large for a second method within its limits";
    if (parts > 0)
      reason +=
          ": " + std::to_string(done) + " of its " + std::to_string(parts) + " parts were counted";
    say(subject, Verdict::open, reason + ".", done);
  }

  void miscounted(Subject subject, const Integer& claimed, const Integer& counted, int piece) {
    say(subject, Verdict::refused,
        "A second method counts " + counted.str() + ", not " + claimed.str() + ".");
    verification_.claims.back().piece = piece;
  }

  void volume(const BreadthClaim& claim) {
    const bool nothing = claim.exact_share && *claim.exact_share == 0;
    if (zone_proven_empty()) {
      return say(Subject::breadth, nothing ? Verdict::proven : Verdict::refused,
                 nothing ? "The depth is proven to be below 0."
                         : "No package is acceptable: the depth is proven to be below 0.");
    }
    if (stopped(Subject::breadth)) return;
    RecountLimits left = settings_.recount;
    left.progress = progress_;
    const auto measures = remeasure(problem_, left);
    if (!measures) return too_large(Subject::breadth, 0, 0);
    if (measures->dimension < 0 || !measures->parallel) {
      return say(Subject::breadth, Verdict::refused,
                 "A second method finds nothing to measure: the agreement space is empty, or its "
                 "pieces extend in different directions.");
    }
    const Rational share = measures->zone / measures->space;
    if (!claim.exact_share || share != *claim.exact_share) {
      return say(Subject::breadth, Verdict::refused,
                 "A second method measures " + to_text(share) + ".");
    }
    say(Subject::breadth, Verdict::recounted, "", 1);
  }

  void estimate(const BreadthClaim& claim) {
    if (claim.samples == 0 || claim.samples > kMostSamples || claim.most_visits > kMostVisits) {
      return say(Subject::breadth, Verdict::open, "It asks for more draws than are made again.");
    }
    CountSettings again;
    again.jobs = settings_.jobs;
    again.progress = progress_;
    again.seed = claim.seed;
    again.samples = static_cast<std::size_t>(claim.samples);
    again.most_visits = claim.most_visits;
    if (stopped(Subject::breadth)) return;
    if (!bests_proven_) {
      return say(Subject::breadth, Verdict::open, "It was not made again: a best is not proven.");
    }
    const Breadth breadth = count_breadth(problem_, again);
    if (stopped(Subject::breadth)) return;
    if (breadth.kind != Breadth::Kind::estimate) {
      return say(Subject::breadth, Verdict::refused, "It comes out as no estimate.");
    }
    if (!alike(*breadth.share, claim.share) || !alike(breadth.low, claim.low) ||
        !alike(breadth.high, claim.high)) {
      return say(Subject::breadth, Verdict::refused,
                 "Made again with its seed it comes out as another figure.");
    }
    say(Subject::breadth, Verdict::repeated,
        "Made again with its seed it comes out the same; that shows neither that it is near nor "
        "that its interval holds.");
  }

  Problem problem_;
  const Proofs& proofs_;
  const VerifySettings& settings_;
  Verification verification_;
  Progress progress_;  // that of the settings; once it says stop, it says nothing else
  std::atomic<bool> stopped_{false};
  bool bests_proven_ = true;
  bool best_refused_ = false;
  bool depth_proven_ = false;
};

}  // namespace

Verification verify(Problem problem, const Proofs& proofs, const VerifySettings& settings) {
  return Verifier(std::move(problem), proofs, settings).run();
}

}  // namespace zopa
