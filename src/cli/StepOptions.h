// --dump-after and --time-report: what is told of the steps of a compilation.
#pragma once

#include "rblnc/driver/Compiler.h"
#include "rblnc/support/Diagnostic.h"

#include <CLI/App.hpp>

namespace rblnc::cli {

class StepOptions {
public:
  void addTo(CLI::App &app);
  /// Looks at the options. This and the next give the exit status, with the error reported.
  int validate();
  /// Creates the folder of --dump-dir.
  int prepare();
  /// Writes what is asked for as the steps end. It refers to this object.
  StepObserver observer();
  /// Writes the time report of the steps that were taken. Gives the exit status.
  int finish();

private:
  struct Row {
    std::string name; ///< a pass's has that of its step in front: "plan/split"
    double milliseconds;
    uint64_t operations;
    bool isPass;
  };
  bool wantsTimes() const { return timeOption && timeOption->count(); }
  void dump(const StepReport &step, const std::string &title);
  std::string table() const;
  std::string json() const;

  std::vector<std::string> dumpAfter;
  std::string dumpFolder;
  /// Empty: a table on standard error.
  std::string timeFile;
  const CLI::Option *timeOption = nullptr;
  std::vector<Row> rows;
  size_t steps = 0, passes = 0; ///< steps that are over, and passes of the one that is under way
  Diagnostics diagnostics;
};

} // namespace rblnc::cli
