// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "src/document.hpp"

namespace zopa {

/// What the command line changes before a scenario is read, in this order: the timeline up to
/// `date`, the variant, then each entry of `sets` from left to right.
struct Edits {
  std::string date;               // ISO date; empty: the file's own
  std::string variant;            // name; empty: none
  std::vector<std::string> sets;  // "PATH=VALUE", "PATH+=5", "PATH*=1.1", "~PATH"
};

/// The effective document: body, timeline up to the date, variant, edits. Throws UsageError for an
/// unknown path, variant or date on the command line (with the nearest names), InputError for what
/// the file itself gets wrong.
Document edited(Document document, const Edits& edits);

}  // namespace zopa
