// SPDX-License-Identifier: MIT
#include "src/new_scenario.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/files.hpp"

namespace zopa {

void write_new_scenario(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0 && errno == EEXIST) {
    throw FileError(path +
                    ": there is something of that name already\n  Choose another name; `zopa new` "
                    "never overwrites.");
  }
  if (file < 0) {
    throw FileError(path + ": cannot be written: " + std::strerror(errno) +
                    "\n  Choose a folder that exists and that you may write to.");
  }
  std::string_view left = new_scenario();
  while (!left.empty()) {
    const ssize_t written = write(file, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  const int fault = left.empty() ? 0 : errno;
  if (close(file) == 0 && fault == 0) return;
  const int reason = fault != 0 ? fault : errno;
  unlink(path.c_str());
  throw FileError(path + ": cannot be written: " + std::strerror(reason) +
                  "\n  Make room, or choose another folder.");
}

}  // namespace zopa
