// SPDX-License-Identifier: MIT
#include "src/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace zopa {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what, int error) {
  throw FileError(path + ": " + what + ": " + std::strerror(error));
}

// Returns 0, or the error number.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void write_directly(const std::string& path, std::string_view bytes) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, "cannot be written", errno);
  int error = write_all(descriptor, bytes);
  if (close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0 && error != EPIPE) fail(path, "cannot be written", error);
}

}  // namespace

void replace_file(const std::string& path, std::string_view bytes) {
  std::error_code none;
  std::string target = path;
  if (std::filesystem::is_symlink(path, none)) {
    const auto followed = std::filesystem::weakly_canonical(path, none);
    if (!none) target = followed.string();
  }
  struct stat old {};
  const bool exists = stat(target.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) fail(path, "cannot be written", EISDIR);
  if (exists && !S_ISREG(old.st_mode)) return write_directly(path, bytes);
  if (exists && access(target.c_str(), W_OK) != 0) fail(path, "cannot be written", errno);

  std::string temporary = target + ".XXXXXX";
  const int descriptor = mkstemp(temporary.data());
  if (descriptor < 0) fail(path, "cannot be written", errno);
  const mode_t mask = umask(0);
  umask(mask);
  const mode_t mode = exists ? old.st_mode & 07777 : 0666 & ~mask;
  int error = fchmod(descriptor, mode) == 0 ? 0 : errno;
  if (error == 0) error = write_all(descriptor, bytes);
  if (error == 0 && fsync(descriptor) != 0 && errno != EINVAL) error = errno;
  if (close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && std::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(temporary.c_str());
    fail(path, exists ? "cannot be written, the old file is left as it was" : "cannot be written",
         error);
  }
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error && !std::filesystem::is_directory(path)) {
    fail(path, "cannot be made a folder", error.value());
  }
}

void write_stdout(std::string_view bytes) {
  const int error = write_all(STDOUT_FILENO, bytes);
  if (error != 0 && error != EPIPE) fail("standard output", "cannot be written", error);
}

std::string read_file(const std::string& path, std::size_t most) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) fail(path, "cannot be read", errno);
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::string bytes;
  std::array<char, 65536> buffer;
  while (in && bytes.size() <= most) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    bytes.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) fail(path, "cannot be read", errno);
  if (bytes.size() > most) bytes.resize(most + 1);
  return bytes;
}

}  // namespace zopa
