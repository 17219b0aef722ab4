// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace zopa {

/// A file or stream that cannot be written, or read: says which and why. Exit code 3.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes the file under another name in the same folder and renames it when it is complete and on
/// the disk: an existing file is replaced only as a whole, and keeps its permissions. A link is
/// followed; what is no regular file (/dev/null, a named pipe) is written to directly. Throws
/// FileError and leaves the old file when the disk is full or the folder cannot be written to.
void replace_file(const std::string& path, std::string_view bytes);

/// Makes the folder and those above it. Throws FileError.
void make_folder(const std::string& path);

/// Writes to standard output. A pipe that was closed at the other end is not an error. Throws
/// FileError when the output cannot be written (a full disk).
void write_stdout(std::string_view bytes);

/// The whole file, or standard input for "-"; of one with more than `most` bytes the first most
/// + 1. Throws FileError.
std::string read_file(const std::string& path, std::size_t most = std::string::npos - 1);

}  // namespace zopa
