#include "Options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rblnc::cli {

CLI::Option *addList(CLI::App &app, const std::string &name, std::vector<std::string> &values, const std::string &text,
                     const std::string &type) {
  return app.add_option(name, values, text)->take_all()->expected(1)->allow_extra_args(false)->type_name(type);
}

CLI::Option *addCommaList(CLI::App &app, const std::string &name, std::vector<std::string> &values,
                          const std::string &text, const std::string &type) {
  return addList(app, name, values, text, type)->delimiter(',');
}

CLI::Option *addFile(CLI::App &app, const std::string &name, std::string &value, const std::string &text,
                     const std::string &type) {
  CLI::Validator isNamed(
      [](const std::string &path) { return path.empty() ? std::string("the name is empty") : std::string(); }, "");
  return app.add_option(name, value, text)->check(isNamed)->type_name(type);
}

void OptionalFile::addTo(CLI::App &app, const std::string &name, const std::string &text) {
  // A flag: the word after an option whose value may be left out would be taken for the value.
  option = app.add_flag(name, value, text);
}

std::string OptionalFile::file() const {
  // What a flag without a value stands for.
  return value == "true" ? std::string() : value;
}

std::string notOneOf(const std::string &word, const std::vector<std::string_view> &words) {
  return fmt::format("there is no '{}'; write one of {}{}", word, fmt::join(words, ", "), didYouMean(word, words));
}

} // namespace rblnc::cli
