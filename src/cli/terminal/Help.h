// What --help prints: wrapped at the terminal's width, with examples at the end.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace rblnc::cli {

struct Example {
  std::string_view command;
  /// What it does, in a few words.
  std::string_view text;
};

/// Shown at the end of the help of `app`.
void addExamples(CLI::App &app, const std::vector<Example> &examples);

/// The formatter of the program; subcommands inherit it.
std::shared_ptr<CLI::FormatterBase> helpFormatter();

} // namespace rblnc::cli
