// The accesses of a command with their index spaces, whatever the command's kind.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace rblnc::bundle {

struct AccessUse {
  const Access *access;
  /// One extent for each stride of the access.
  llvm::SmallVector<int64_t, 8> shape;
  bool isWritten;
  /// The clips that narrow the index space; null when all of it is accessed.
  const flatbuffers::Vector<const Clip *> *clips;
};

/// Reads first, then writes. The command must have been verified.
llvm::SmallVector<AccessUse, 4> accessesOf(const Command &command);

/// Visits every access of a program.
void forEachAccess(const Program &program, llvm::function_ref<void(const Access &)> visit);

} // namespace rblnc::bundle
