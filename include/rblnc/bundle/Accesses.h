// The accesses of a command with their index spaces, and the registers that it uses, whatever the command's kind.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <string_view>

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

/// Whether a dimension is one of the rows of such a transfer: its indices do not move along it.
bool isOfRow(const IndexedDma &dma, uint32_t dimension);

/// Visits every access of a program.
void forEachAccess(const Program &program, llvm::function_ref<void(const Access &)> visit);

/// Visits each register that a command reads: in the addresses of `uses` (its accesses), in clips, in overflow checks,
/// and as what a skip tests. One that it uses twice comes twice. The register that a scalar is loaded into is not read,
/// though checks that depend on the scalar may name it.
void forEachRegisterRead(const Command &command, llvm::ArrayRef<AccessUse> uses,
                         llvm::function_ref<void(uint32_t)> visitRegister);

/// For a command that is being made: the accesses that its table requires and it lacks, for messages; empty when it has
/// all of them.
std::string_view missingAccess(const CommandT &command);

} // namespace rblnc::bundle
