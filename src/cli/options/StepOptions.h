// --dump-after, --time-report and --explore: what is told of the steps of a compilation.
#pragma once

#include "Command.h"
#include "files/Files.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/report/Exploration.h"
#include "rblnc/support/Diagnostic.h"

namespace rblnc::cli {

class StepOptions {
public:
  /// What the command reads and writes, of which nothing is replaced.
  explicit StepOptions(Files &files) : files(files) {}
  void addTo(Command &command);
  /// Whether anything is to be told of the steps.
  bool isGiven() const { return !dumpAfter.empty() || wantsTimes() || !explore.empty(); }
  /// Looks at the options. This and the next give the exit status, with the error reported.
  int validate();
  /// Claims the files of --time-report and --explore and creates the folder of --dump-dir.
  int prepare();
  /// Writes what is asked for as the steps end. It refers to this object.
  StepObserver observer();
  /// Writes the time report and the page of the steps that were taken, whatever came of the compilation of `input`,
  /// with what it reported. Gives the exit status.
  int finish(const std::string &input, const Diagnostics &reported);

private:
  struct Row {
    std::string name; ///< a pass's has that of its step in front: "plan/split"
    double milliseconds;
    uint64_t operations;
    int64_t count;      ///< of what a pass did
    std::string counts; ///< what that is
    bool isPass;
  };
  bool wantsTimes() const { return timeReport.isGiven(); }
  void dump(const StepReport &step, const std::string &title);
  void addToPage(const StepReport &step);
  std::string table() const;
  std::string json() const;

  Files &files;
  std::vector<std::string> dumpAfter;
  std::string dumpFolder;
  /// Without a file: a table on standard error.
  OptionalFile timeReport;
  std::string explore;
  report::Exploration page;
  std::vector<Row> rows;
  size_t steps = 0, passes = 0; ///< steps that are over, and passes of the one that is under way
  Diagnostics diagnostics;
};

} // namespace rblnc::cli
