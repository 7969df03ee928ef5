// Text for a terminal: its width, wrapped paragraphs, columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rblnc::cli {

/// Columns of the terminal that standard output is: $COLUMNS, or else what the terminal says; 100 when it is none.
size_t terminalWidth();

/// Breaks text at spaces so that no line is longer than `width` unless a word is, and indents every line.
std::string wrap(std::string_view text, size_t indent, size_t width);

/// Rows of equally many cells as aligned columns with two spaces between them; the first row is the heading. A column
/// is right-aligned when `alignment` has an 'r' at its place.
std::string columns(const std::vector<std::vector<std::string>> &rows, std::string_view alignment);

} // namespace rblnc::cli
