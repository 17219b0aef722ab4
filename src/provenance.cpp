// SPDX-License-Identifier: MIT
#include "src/output.hpp"
#include "src/sha256.hpp"

namespace zopa {

Provenance provenance(const Document& effective) {
  Provenance from;
  for (const InputFile& file : effective.files) {
    from.inputs.push_back({file.name, file.text.size(), sha256(file.text)});
  }
  from.scenario = to_yaml(effective);
  return from;
}

}  // namespace zopa
