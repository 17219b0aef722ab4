// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/engine/check.hpp"
#include "model/engine/recount.hpp"
#include "model/problem.hpp"

namespace zopa {

/// One thing that proofs claim, and what became of it.
struct ClaimVerdict {
  enum class Subject { best, depth, packages, acceptable, breadth };
  enum class Verdict {
    proven,     // it follows from the proof
    recounted,  // another method counts the same
    repeated,   // an estimate that comes out the same when made again; no proof that it is near
    open,       // it could not be looked at; `reason` says why
    refused,    // `reason` says what is wrong
  };
  Subject subject = Subject::depth;
  int leaf = -1;  // of a best
  Verdict verdict = Verdict::refused;
  std::string reason;     // a sentence; empty where there is nothing to add
  std::size_t boxes = 0;  // of a proof, or parts that were counted one by one
  int piece = -1;         // of the issue a count is split by: the part that is wrong
};

struct Verification {
  std::vector<ClaimVerdict> claims;  // bests in the order of the leaves, the depth, the breadth
  std::vector<EmptyBox> empty;       // of the proof of the depth, where it holds
};

struct VerifySettings {
  int jobs = 1;                       // of an estimate that is made again
  Progress progress = no_progress();  // once it says stop, what is left is open
  std::size_t most_explained = 100;   // empty boxes
  RecountLimits recount;              // of each count; its progress is not used
};

/// Checks all that the proofs claim of the problem, whose bests (`frame_problem` leaves them out)
/// are not looked at: every leaf with utility has to have one proof of its best. The depth rests on
/// them and is refused where one is. Bests and depth go to `find_fault`; counts are made again by
/// `recount`, a breadth with continuous issues by `remeasure`, unless they follow from a depth
/// below 0; parts of counts have to add up; an estimate is made again by `count_breadth` with its
/// seed. The engine has no other part in it.
///
/// Also says why boxes of the proof of the depth are empty.
Verification verify(Problem problem, const Proofs& proofs, const VerifySettings& settings);

}  // namespace zopa
