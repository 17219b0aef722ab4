// SPDX-License-Identifier: MIT
#include <iostream>

#include "model/position.hpp"

int main() {
  zopa::Issue rent{.id = "rent", .low = 800, .high = 1100};
  zopa::Position tenant{.salience = zopa::Number(1),
                        .ideal = zopa::Ideal{zopa::Number(800), zopa::Number(800)}};
  std::cout << zopa::to_text(zopa::worth(rent, tenant, 1000)) << "\n";
}
