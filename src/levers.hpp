// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "model/studies/levers.hpp"
#include "src/document.hpp"

namespace zopa {

/// A lever as the file has it.
struct NamedLever {
  std::string id;
  std::string title;  // the id where the file gives none
  std::string by;     // id of the party that can pull it; empty: anybody
  Rational cost;
};

/// The levers of an effective document (see `edited`), in file order. The document must be sound.
std::vector<NamedLever> named_levers(const Document& document);

/// The question for the mathematics: levers are edits of an effective document, applied in file
/// order. Keeps a copy of the document, which must be sound and leave a package.
LeverStudy lever_study(const Document& document);

}  // namespace zopa
