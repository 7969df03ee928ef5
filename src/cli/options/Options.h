// Options as all subcommands have them. An option that takes a value takes one value, wherever it stands: the word
// after it is the input or another option.
#pragma once

#include "rblnc/support/Spelling.h"

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rblnc::cli {

/// May be given many times.
CLI::Option *addList(CLI::App &app, const std::string &name, std::vector<std::string> &values, const std::string &text,
                     const std::string &type);
/// The same; commas separate values too.
CLI::Option *addCommaList(CLI::App &app, const std::string &name, std::vector<std::string> &values,
                          const std::string &text, const std::string &type);

/// The name of a file or folder, which is not empty.
CLI::Option *addFile(CLI::App &app, const std::string &name, std::string &value, const std::string &text,
                     const std::string &type = "FILE");

/// A flag to which a file may be given with '=', and only so.
class OptionalFile {
public:
  void addTo(CLI::App &app, const std::string &name, const std::string &text);
  bool isGiven() const { return option && option->count(); }
  /// Empty when none is named.
  std::string file() const;

private:
  const CLI::Option *option = nullptr;
  std::string value;
};

/// What is said of a word that is none of those that may stand there.
std::string notOneOf(const std::string &word, const std::vector<std::string_view> &words);

/// One of some words. The value stays what it is when the option is not given.
template <typename T>
CLI::Option *addChoice(CLI::App &app, const std::string &name, T &value,
                       std::vector<std::pair<std::string_view, T>> choices, const std::string &text,
                       const std::string &type) {
  auto take = [name, &value, choices = std::move(choices)](const std::string &word) {
    std::vector<std::string_view> words;
    for (const auto &[choice, meaning] : choices) {
      words.push_back(choice);
      if (word == choice) {
        value = meaning;
        return;
      }
    }
    throw CLI::ValidationError(name, notOneOf(word, words));
  };
  return app.add_option_function<std::string>(name, take, text)->type_name(type);
}

} // namespace rblnc::cli
