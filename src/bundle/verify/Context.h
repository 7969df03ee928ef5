// What the parts of the semantic verifier share: where they are, what exists, how much work has been counted, and how
// they say what is wrong.
#pragma once

#include "rblnc/bundle/Limits.h"
#include "rblnc/bundle/Verify.h"
#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/Codes.h"
#include "rblnc/support/RowLimit.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace rblnc::bundle::verifier {

using Extents = llvm::SmallVector<int64_t, 8>;

struct Context {
  const Bundle &bundle;
  const VerifyLimits &limits;
  /// By DRAM region: whether it is an input argument's. verifySignature fills it.
  const std::vector<bool> &inputRegions;

  const Program *program = nullptr;
  const Queue *queue = nullptr;
  const Command *command = nullptr;
  uint32_t queueNumber = 0;
  uint32_t commandNumber = 0;

  uint64_t work = 0;
  uint64_t items = 0;

  /// An error at the command or program that is being looked at.
  llvm::Error error(Code code, std::string message) const;
  /// Says that there are more of something than Limits.h allows: "`what` `count` `things`". Error B036.
  llvm::Error tooMany(std::string_view what, uint64_t count, std::string_view things, uint64_t limit) const;
  /// Adds to the program's work. Error B033.
  llvm::Error addWork(uint64_t elements);
  /// Counts things that have to be decoded. Error B036.
  llvm::Error addItems(uint64_t count);

  /// The program's target. verifyProgram has checked that it is there.
  const Target &target() const;
  /// Bytes of an address space, or nothing when there is none.
  std::optional<uint64_t> bytesOf(Memory memory, uint32_t unit) const;
  /// The name, for messages, of what makes a DRAM region read-only; empty when it may be written.
  std::string whyReadOnly(Memory memory, uint32_t unit) const;
  size_t registerCount() const;
  const Register &registerAt(uint32_t index) const;
};

/// FlatBuffers' verifier looks at where a vector begins, but not at where its elements do.
template <typename T> bool isAligned(const flatbuffers::Vector<T> *vector) {
  using Element = std::remove_const_t<std::remove_pointer_t<T>>;
  return !vector || reinterpret_cast<uintptr_t>(vector->Data()) % alignof(Element) == 0;
}

template <typename T> size_t sizeOf(const T *vector) { return vector ? vector->size() : 0; }

// The parts. Each checks one kind of thing and everything inside of it.
llvm::Error verifyTargets(Context &context);
llvm::Error verifySignature(Context &context, std::vector<bool> &inputRegions);
llvm::Error verifyProgram(Context &context);
llvm::Error verifySynchronisation(Context &context);
/// A command's body: verifyBody(Context &, const Dma &) and so on for each kind.
#define RBLNC_COMMAND(Kind) llvm::Error verifyBody(Context &context, const Kind &body);
#include "rblnc/bundle/Commands.inc"
#undef RBLNC_COMMAND
llvm::Error verifyReduction(Context &context, const Reduction &reduction, llvm::ArrayRef<DType> operandTypes,
                            size_t step);
/// One instruction whose operands, in `types`, come before it; `rank` is that of the index space, or nothing in a
/// combiner.
llvm::Error verifyInstruction(Context &context, const Instruction &instruction, llvm::ArrayRef<DType> types,
                              std::optional<size_t> rank, size_t step);

/// Reads a shape: at most maxRank extents (B036), none negative, with a product that fits an int64_t. Errors B023.
llvm::Expected<Extents> readShape(Context &context, const flatbuffers::Vector<int64_t> *shape, const char *what);
/// The product of extents that readShape accepted.
int64_t countOf(llvm::ArrayRef<int64_t> shape);

} // namespace rblnc::bundle::verifier
