// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "src/document.hpp"

namespace zopa {

/// What the command line changes before a scenario is read, in this order: the timeline up to
/// `date`, the variant, the levers, then each entry of `sets` from left to right.
struct Edits {
  std::string date;                      // ISO date; empty: the file's own
  std::string variant;                   // name; empty: none
  std::vector<std::string> sets;         // "PATH=VALUE", "PATH+=5", "PATH*=1.1", "~PATH"
  std::vector<std::string> levers = {};  // names, in any order: they are pulled in file order
};

/// The variant, the levers and the edits in one line, as tables name them: "milder-readings
/// lever:guarantee parties.russia.reservation=0.2".
std::string edits_text(const Edits& edits);

/// The effective document: body, timeline up to the date, variant, levers, edits. Throws UsageError
/// for an unknown path, variant, lever or date on the command line (with the nearest names),
/// InputError for what the file itself gets wrong.
Document edited(Document document, const Edits& edits);

/// The dates at which the timeline of a document has entries, rising, each once; whatever is no
/// date is left out.
std::vector<std::string> timeline_dates(const Document& document);

/// The names of the variants of a document, in file order.
std::vector<std::string> variant_names(const Document& document);

/// The names of the levers of a document, in file order.
std::vector<std::string> lever_names(const Document& document);

/// An effective document as it stands by itself: without `timeline` and `variants`, which have been
/// applied or not; levers can be pulled still. What `zopa show` prints.
Document without_what_ifs(Document document);

}  // namespace zopa
