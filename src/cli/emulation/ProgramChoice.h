// Which program of a bundle runs, and on which chip.
#pragma once

#include "rblnc/bundle/Reader.h"

#include <string>

namespace rblnc::cli {

class Command;

struct BundleOptions {
  std::string path;
  std::string target;
  std::string targetFile;

  /// BUNDLE, --target and --target-file.
  void addTo(Command &command);
};

struct ChosenProgram {
  bundle::OpenBundle file;
  /// Its place in the bundle.
  uint32_t number = 0;
};

/// Opens a bundle, from standard input for "-". Errors as bundle::openBundle's.
llvm::Expected<bundle::OpenBundle> openBundleAt(const std::string &path);

/// Error R030, with the chips that there are programs for.
llvm::Error noSuchProgram(const bundle::Bundle &bundle, const std::string &target);

/// Opens the bundle and finds the program for the named chip, or else the first. With a chip of the user's own the
/// program runs by that chip's figures; the bundle is verified again with them. Errors as openBundle's; R030 when there
/// is no such program; I001 and I051 for the chip's file, and I021 when the program needs more than the chip has.
llvm::Expected<ChosenProgram> openChosen(const BundleOptions &options);

} // namespace rblnc::cli
