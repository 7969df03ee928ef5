// What --help prints: wrapped at the terminal's width.
#pragma once

#include <CLI/App.hpp>

#include <memory>

namespace rblnc::cli {

/// The formatter of the program; subcommands inherit it.
std::shared_ptr<CLI::FormatterBase> helpFormatter();

} // namespace rblnc::cli
