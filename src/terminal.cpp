// SPDX-License-Identifier: MIT
#include "src/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "src/unicode_width.hpp"
#include "src/utf8.hpp"

namespace zopa {
namespace {

constexpr int kDefaultWidth = 80;
constexpr int kNarrowest = 20;

bool steers(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += c.valid ? columns_of(c.code) : 1;
    text.remove_prefix(c.bytes);
  }
  return width;
}

std::string harmless(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Character c = first_character(text);
    if (c.valid && (c.code == '\n' || c.code == '\t')) {
      safe += ' ';
    } else if (!c.valid || steers(c.code)) {
      safe += kReplacement;
    } else {
      safe += text.substr(0, c.bytes);
    }
    text.remove_prefix(c.bytes);
  }
  return safe;
}

std::string cut(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t bytes = 0;
  int used = 0;
  while (bytes < text.size()) {
    const Character c = first_character(text.substr(bytes));
    const int columns = c.valid ? columns_of(c.code) : 1;
    if (used + columns > width - 1) break;
    used += columns;
    bytes += c.bytes;
  }
  while (bytes > 0 && text[bytes - 1] == ' ') --bytes;
  return width < 1 ? "" : std::string(text.substr(0, bytes)) + "…";
}

std::string padded(std::string_view text, int width, Align align) {
  const int room = width - display_width(text);
  if (room <= 0) return std::string(text);
  const int before = align == Align::right ? room : align == Align::center ? room / 2 : 0;
  return std::string(static_cast<std::size_t>(before), ' ') + std::string(text) +
         std::string(static_cast<std::size_t>(room - before), ' ');
}

std::string wrapped(std::string_view text, int width, int indent) {
  std::string lines;
  int used = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const int columns = display_width(word);
    if (used > 0 && used + 1 + columns > width) {
      lines += '\n' + std::string(static_cast<std::size_t>(indent), ' ');
      used = indent;
    } else if (!lines.empty()) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += columns;
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return lines;
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return std::max<int>(size.ws_col, kNarrowest);
  }
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    const int width = std::atoi(columns);
    if (width > 0) return std::clamp(width, kNarrowest, 10000);
  }
  return kDefaultWidth;
}

bool use_color(std::string_view choice, int descriptor) {
  if (choice == "always") return true;
  if (choice == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return is_terminal(descriptor) && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace zopa
