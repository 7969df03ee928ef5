// Functions of device libraries as instructions of a vector program: for interpreters that compute what kernels
// compute.
#pragma once

#include "rblnc/bundle/Ops.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace rblnc {

struct LibraryProgram {
  /// "f(ff)": see LibraryFunction in rblnc/check/Operations.h.
  std::string types;
  bundle::DType result;
  std::vector<bundle::DType> operands;
  /// Values are numbered from the operands on, then one an instruction; `value` is the function's.
  std::vector<bundle::Instruction> instructions;
  int32_t value = 0;
};

/// What a compiled kernel does in the place of a call: by the function's symbol, "__nv_tanhf". Null when no kernel with
/// it is compiled. Lives as long as the program; may be called from many threads.
const LibraryProgram *libraryProgram(llvm::StringRef symbol);

} // namespace rblnc
