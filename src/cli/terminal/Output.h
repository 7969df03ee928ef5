// What a subcommand prints: results on standard output, diagnostics on standard error.
#pragma once

#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/ExitCode.h"
#include "rblnc/support/Error.h"

#include <string_view>

namespace rblnc::cli {

/// Before anything is opened: what is opened must not take the number of a standard stream that is closed, and a reader
/// that goes away is an error of the write.
void prepareStreams();

/// Writes a result to standard output. finishOutput tells whether it got there.
void print(std::string_view text);
/// Writes a result on standard error, where standard output is taken by another one.
void printAside(std::string_view text);
/// Ends standard output, and says so when something of it was lost: then the status is none of success.
int finishOutput(int status);

/// Writes a line "rblnc: note: …" to standard error.
void note(std::string_view text);

/// Leaves a reproducer folder and names it.
void noteReproducer();

/// Prints diagnostics as text (and, for an internal error, leaves a reproducer folder) and gives the exit status that
/// they lead to.
int report(const Diagnostics &diagnostics);
int report(const Diagnostic &diagnostic);
int report(llvm::Error error);

/// A mistake on the command line: prints "rblnc: error: …" and gives the exit status for it.
int usageError(std::string_view message);

} // namespace rblnc::cli
