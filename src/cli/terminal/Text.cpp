#include "Text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rblnc::cli {

size_t terminalWidth() {
  constexpr size_t least = 32, otherwise = 100;
  if (const char *text = std::getenv("COLUMNS")) {
    std::string_view view(text);
    size_t width = 0;
    auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), width);
    if (error == std::errc() && end == view.data() + view.size() && width)
      return std::max(width, least);
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
    return std::max<size_t>(size.ws_col, least);
  return otherwise;
}

std::string wrap(std::string_view text, size_t indent, size_t width) {
  std::string out(indent, ' ');
  size_t column = indent;
  bool isFirst = true;
  while (!text.empty()) {
    size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!isFirst && column + 1 + word.size() > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (!isFirst) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    isFirst = false;
  }
  return out + '\n';
}

std::string columns(const std::vector<std::vector<std::string>> &rows, std::string_view alignment) {
  std::vector<size_t> widths(alignment.size());
  for (const auto &row : rows)
    for (size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string out;
  for (const auto &row : rows) {
    std::string line;
    for (size_t i = 0; i < widths.size(); ++i) {
      std::string padding(widths[i] - row[i].size(), ' ');
      line += (i ? "  " : "") + (alignment[i] == 'r' ? padding + row[i] : row[i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

} // namespace rblnc::cli
