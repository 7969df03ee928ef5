#include "Help.h"

#include "Text.h"

#include <CLI/CLI.hpp>

namespace rblnc::cli {
namespace {

constexpr size_t nameColumns = 28;

/// A name and what it stands for; beside each other where there is room.
std::string entry(const std::string &name, const std::string &text, size_t width) {
  size_t indent = width >= 2 * nameColumns ? nameColumns : 6;
  std::string left = "  " + name;
  if (text.empty())
    return left + '\n';
  std::string right = wrap(text, indent, width);
  if (left.size() + 2 > indent)
    return left + '\n' + right;
  return left + right.substr(left.size());
}

/// A command that does not fit goes on in the next line, as a shell takes it.
std::string wrapCommand(std::string_view command, size_t indent, size_t width) {
  std::string text = wrap(command, indent + 2, width > 4 ? width - 2 : width);
  text.erase(indent, 2);
  for (size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 3))
    text.insert(at, " \\");
  return text;
}

class Formatter : public CLI::Formatter {
public:
  std::string make_option(const CLI::Option *option, bool isPositional) const override {
    return entry(make_option_name(option, isPositional) + make_option_opts(option), make_option_desc(option),
                 terminalWidth());
  }
  std::string make_subcommand(const CLI::App *sub) const override {
    return entry(sub->get_name(), sub->get_description(), terminalWidth());
  }
  std::string make_description(const CLI::App *app) const override {
    return wrap(app->get_description(), 0, terminalWidth());
  }
  /// Paragraphs, one a line; a line that starts with '$' is an example.
  std::string make_footer(const CLI::App *app) const override {
    std::string footer = app->get_footer(), out;
    std::string_view rest = footer;
    while (!rest.empty()) {
      size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      size_t start = std::min(line.find_first_not_of(' '), line.size());
      if (line.starts_with('$'))
        out += wrapCommand(line.substr(1), 2, terminalWidth());
      else
        out += line.empty() ? "\n" : wrap(line.substr(start), start, terminalWidth());
    }
    return out;
  }
};

} // namespace

std::shared_ptr<CLI::FormatterBase> helpFormatter() { return std::make_shared<Formatter>(); }

} // namespace rblnc::cli
