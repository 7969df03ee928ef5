// What a subcommand prints: results on standard output, diagnostics on standard error.
#pragma once

#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/ExitCode.h"
#include "rblnc/support/Error.h"

#include <string_view>

namespace rblnc::cli {

/// Writes a result to standard output.
void print(std::string_view text);
/// Writes a line "rblnc: note: …" to standard error.
void note(std::string_view text);

/// Writes how long a step of the chain took, when that is asked for (-v).
void noteStep(const StepReport &step);

/// Leaves a reproducer folder and names it.
void noteReproducer();

/// Prints diagnostics as text (and, for an internal error, leaves a reproducer folder) and gives the exit status that
/// they lead to.
int report(const Diagnostics &diagnostics);
int report(const Diagnostic &diagnostic);
int report(llvm::Error error);

/// A mistake on the command line: prints "rblnc: error: …" and gives the exit status for it.
int usageError(std::string_view message);

/// The candidate nearest to a misspelt word; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view> &candidates);
/// "; did you mean 'x'?", or nothing.
std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates);

} // namespace rblnc::cli
