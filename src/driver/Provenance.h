// Where a result comes from: what a bundle says of it, and what decides it.
#pragma once

#include "rblnc/driver/Compiler.h"

namespace rblnc::driver {

/// The options as the command line writes them. Paths are left out: the same kernel gives the same bytes in any folder.
/// Options that change nothing in the result are not among them.
std::vector<std::string> optionTexts(const CompileOptions &options);

/// The input as everything that depends on it sees it: lines end in a line feed, without blanks before it. Bytecode is
/// as it is.
std::string normalisedText(const Input &input);

/// BLAKE3 of that, in hexadecimal.
std::string inputDigest(const Input &input);

} // namespace rblnc::driver
