// What a subcommand declares of its command line. The library that parses it stays behind this: its headers take longer
// to compile than a whole subcommand.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace rblnc::cli {

/// What is wrong with a word that was written, or "".
using WordCheck = std::function<std::string(const std::string &)>;

/// An option or a positional argument that a command has.
class Option {
public:
  explicit Option(CLI::Option *option) : option(option) {}

  Option &required();
  /// What stands for the value in the help.
  Option &type(const std::string &name);
  /// The help shows the value that the variable has now.
  Option &showDefault();
  /// Both included.
  Option &within(int least, int greatest) { return within(int64_t{least}, int64_t{greatest}); }
  Option &within(int64_t least, int64_t greatest);
  Option &within(double least, double greatest);
  Option &check(const WordCheck &check);
  /// Not together with that one.
  Option &excludes(const Option &other);

  bool isGiven() const;

private:
  CLI::Option *option;
};

/// One of the examples at the end of a command's help.
struct Example {
  std::string_view command;
  /// What it does, in a few words.
  std::string_view text;
};

/// The command line of a subcommand. An option that takes a value takes one value, wherever it stands: the word after
/// it is the input or another option. A variable stays what it is when its option is not given. A name without dashes
/// is a positional argument. Variables must outlive the parsing.
class Command {
public:
  explicit Command(CLI::App &app) : app(app) {}

  Option flag(const std::string &name, bool &value, const std::string &text);

  Option option(const std::string &name, std::string &value, const std::string &text);
  Option option(const std::string &name, std::optional<std::string> &value, const std::string &text);
  Option option(const std::string &name, int64_t &value, const std::string &text);
  Option option(const std::string &name, uint64_t &value, const std::string &text);
  Option option(const std::string &name, std::optional<uint64_t> &value, const std::string &text);
  Option option(const std::string &name, unsigned &value, const std::string &text);
  Option option(const std::string &name, double &value, const std::string &text);
  Option option(const std::string &name, std::optional<double> &value, const std::string &text);
  /// A positional argument of one word or more.
  Option words(const std::string &name, std::vector<std::string> &values, const std::string &text);

  /// May be given many times.
  Option list(const std::string &name, std::vector<std::string> &values, const std::string &text,
              const std::string &type);
  /// The same; commas separate values too.
  Option commaList(const std::string &name, std::vector<std::string> &values, const std::string &text,
                   const std::string &type);
  /// The name of a file or folder, which is not empty.
  Option file(const std::string &name, std::string &value, const std::string &text, const std::string &type = "FILE");
  /// A flag to which a value may be given with '=', and only so; the value is "true" without one.
  Option flagWithValue(const std::string &name, std::string &value, const std::string &text);

  /// One of some words.
  template <typename T>
  Option choice(const std::string &name, T &value, const std::vector<std::pair<std::string_view, T>> &choices,
                const std::string &text, const std::string &type) {
    std::vector<std::string_view> words;
    std::vector<T> meanings;
    for (const auto &[word, meaning] : choices) {
      words.push_back(word);
      meanings.push_back(meaning);
    }
    return chosenWord(name, words, [&value, meanings](size_t index) { value = meanings[index]; }, text, type);
  }

  /// Shown at the end of the help.
  void examples(const std::vector<Example> &examples);

private:
  Option chosenWord(const std::string &name, const std::vector<std::string_view> &words,
                    const std::function<void(size_t)> &take, const std::string &text, const std::string &type);

  CLI::App &app;
};

/// A flag to which a file may be given with '=', and only so.
class OptionalFile {
public:
  void addTo(Command &command, const std::string &name, const std::string &text) {
    option = command.flagWithValue(name, value, text);
  }
  bool isGiven() const { return option && option->isGiven(); }
  /// Empty when none is named: "true" is what a flag without a value stands for.
  std::string file() const { return value == "true" ? std::string() : value; }

private:
  std::optional<Option> option;
  std::string value;
};

} // namespace rblnc::cli
