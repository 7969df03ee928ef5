// The first third of decoding a vector program: its values, which of them are needed, which are row scalars, and after
// how many phases each is known.
#pragma once

#include "VectorPlan.h"

namespace rblnc::emulator {

struct Value {
  enum Kind : uint8_t { Input, Constant, Index, Compute, Result } kind;
  DType dtype;
  bool isLive = false;
  bool isRow = false;
  /// A row value is computed in this phase; a scalar is known before it.
  uint32_t phase = 0;
  /// Input: its number. Result: the reduction's.
  uint32_t number = 0;
  bundle::Instruction instruction;

  llvm::SmallVector<uint32_t, 3> operands() const;
};

struct ReductionInfo {
  const bundle::Reduction *source;
  std::vector<uint32_t> operands;
  uint32_t firstResult;
  uint32_t phase = 0;
};

struct Analysis {
  const bundle::Vector &vector;
  size_t outerRank = 0;
  Extents shape;
  std::vector<DecodedAccess> inputs, outputs;
  std::vector<uint32_t> outputValues;
  std::vector<Value> values;
  std::vector<ReductionInfo> reductions;
  uint32_t phases = 1;

  explicit Analysis(const bundle::Vector &vector);

  /// Whether an access differs between the elements of a row.
  bool isRowAccess(const DecodedAccess &access) const;

private:
  void readValues();
  void markLive();
  void classify();
  bool needsRows() const;
  /// Makes every dimension an inner one when nothing needs rows: no reduction, and no computation that a row of several
  /// elements would do once.
  void flattenIfPossible();
};

/// The kernel and rounding for one instruction whose first operand has dtype `operand`; cells are left to the caller.
FlatStep flatStep(const bundle::Instruction &instruction, DType a, DType b);
Rounding roundingOf(DType dtype);
/// Whether results are values of the operands' dtype already, bit for bit where an operand is chosen.
bool isExact(Op op);

} // namespace rblnc::emulator
