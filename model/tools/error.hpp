// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace zopa {

/// A broken precondition at an entrance of `model/`: a package of the wrong length, a party that is
/// not there.
class ModelError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace zopa
