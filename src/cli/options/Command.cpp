#include "Command.h"

#include "rblnc/support/Spelling.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace rblnc::cli {

Option &Option::required() {
  option->required();
  return *this;
}

Option &Option::type(const std::string &name) {
  option->type_name(name);
  return *this;
}

Option &Option::showDefault() {
  option->capture_default_str();
  return *this;
}

Option &Option::within(int64_t least, int64_t greatest) {
  option->check(CLI::Range(least, greatest).description(""));
  return *this;
}

Option &Option::within(double least, double greatest) {
  option->check(CLI::Range(least, greatest).description(""));
  return *this;
}

Option &Option::check(const WordCheck &check) {
  option->check(CLI::Validator([check](const std::string &word) { return check(word); }, ""));
  return *this;
}

Option &Option::excludes(const Option &other) {
  option->excludes(other.option);
  return *this;
}

bool Option::isGiven() const { return option->count() != 0; }

Option Command::flag(const std::string &name, bool &value, const std::string &text) {
  return Option(app.add_flag(name, value, text));
}

Option Command::option(const std::string &name, std::string &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, std::optional<std::string> &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, int64_t &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, uint64_t &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, std::optional<uint64_t> &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, unsigned &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, double &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::option(const std::string &name, std::optional<double> &value, const std::string &text) {
  return Option(app.add_option(name, value, text));
}
Option Command::words(const std::string &name, std::vector<std::string> &values, const std::string &text) {
  return Option(app.add_option(name, values, text));
}

Option Command::list(const std::string &name, std::vector<std::string> &values, const std::string &text,
                     const std::string &type) {
  return Option(app.add_option(name, values, text)->take_all()->expected(1)->allow_extra_args(false)->type_name(type));
}

Option Command::commaList(const std::string &name, std::vector<std::string> &values, const std::string &text,
                          const std::string &type) {
  return Option(app.add_option(name, values, text)
                    ->take_all()
                    ->expected(1)
                    ->allow_extra_args(false)
                    ->type_name(type)
                    ->delimiter(','));
}

Option Command::file(const std::string &name, std::string &value, const std::string &text, const std::string &type) {
  return option(name, value, text)
      .check([](const std::string &path) { return path.empty() ? "the name is empty" : ""; })
      .type(type);
}

Option Command::flagWithValue(const std::string &name, std::string &value, const std::string &text) {
  // A flag: the word after an option whose value may be left out would be taken for the value.
  return Option(app.add_flag(name, value, text));
}

Option Command::chosenWord(const std::string &name, const std::vector<std::string_view> &words,
                           const std::function<void(size_t)> &take, const std::string &text, const std::string &type) {
  auto find = [name, words, take](const std::string &word) {
    auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
      throw CLI::ValidationError(name, notOneOf(word, words));
    take(found - words.begin());
  };
  return Option(app.add_option_function<std::string>(name, find, text)->type_name(type));
}

void Command::examples(const std::vector<Example> &examples) {
  std::string text = app.get_footer();
  text += (text.empty() ? "" : "\n\n") + std::string("Examples:");
  for (const Example &example : examples) {
    text += "\n$" + std::string(example.command);
    text += "\n      " + std::string(example.text);
  }
  app.footer(text);
}

} // namespace rblnc::cli
