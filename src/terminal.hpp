// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace zopa {

/// The number of columns in which a terminal shows the text: characters as they show, not bytes. A
/// byte that is not UTF-8 counts as one column.
int display_width(std::string_view text);

/// The text without anything that could steer a terminal: control characters, line breaks, escapes,
/// marks that turn the direction of writing, and bytes that are not UTF-8 become U+FFFD (a tab or
/// line break becomes a space).
std::string harmless(std::string_view text);

/// The text cut to at most `width` columns, with "…" for what is left out.
std::string cut(std::string_view text, int width);

enum class Align { left, right, center };

/// The text filled up with spaces to `width` columns; unchanged when it is wider.
std::string padded(std::string_view text, int width, Align align = Align::left);

/// The text broken at spaces into lines of at most `width` columns (a longer word stays whole),
/// every line after the first indented by `indent`.
std::string wrapped(std::string_view text, int width, int indent);

bool is_terminal(int descriptor);

/// The width of the terminal behind the descriptor: its own answer, else COLUMNS, else 80.
int terminal_width(int descriptor);

/// Whether to colour what goes to the descriptor. `choice` is auto, always or never; auto means: a
/// terminal other than "dumb", and NO_COLOR not set (or empty).
bool use_color(std::string_view choice, int descriptor);

}  // namespace zopa
