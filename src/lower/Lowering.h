// The state of one lowering, and the building blocks that the patterns share.
#pragma once

#include "Access.h"
#include "IndexChecks.h"
#include "Signature.h"

#include "rblnc/rbln/Dialect.h"
#include "rblnc/rbln/Structured.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <map>
#include <optional>

namespace rblnc::lower {

/// Which number of a partition's rows an index is: the array that it was read from, where (its first element and the
/// offsets but the last), and the last offset, which is the partition.
struct PartitionPlace {
  unsigned argument;
  std::vector<LinearForm> row;
  int64_t partition;

  bool isInRowOf(const PartitionPlace &other) const;
};

/// The rows that rblib.insert may fill at an index computed from dynamic ones, constant + terms: those whose count by
/// the terms alone is in [begin, end).
struct CountedRows {
  llvm::SmallVector<Term, 2> terms;
  int64_t begin, end;
};

/// The checks of an access, by how many integers they are about.
enum class CheckedIntegers { one, several };

class Lowering {
public:
  Lowering(mlir::OpBuilder builder, const LowerOptions &options, const AddressAnalysis &analysis,
           const llvm::DenseSet<mlir::Operation *> &live, Diagnostics &diagnostics)
      : builder(builder), options(options), analysis(analysis), live(live), diagnostics(diagnostics) {}

  mlir::OpBuilder builder;
  const LowerOptions &options;
  const AddressAnalysis &analysis;
  /// The operations that are lowered at all.
  const llvm::DenseSet<mlir::Operation *> &live;
  /// Of the operation being lowered.
  mlir::Location loc = builder.getUnknownLoc();
  std::vector<ArgumentInfo> arguments;
  /// Array of each kernel argument.
  llvm::SmallVector<mlir::Value> arrays;
  llvm::DenseMap<mlir::Operation *, Access> accesses;
  /// The kernel arguments that something is stored to.
  llvm::DenseSet<unsigned> written;
  /// Results of tt.reduce with the reduced axis kept, and that axis: what tt.expand_dims at the axis yields.
  llvm::DenseMap<mlir::Value, std::pair<mlir::Value, unsigned>> keptReductions;
  /// By kernel argument: the extents along their axes of the blocks that indices of the array count rows of. Found when
  /// the first rblib.partition_skip asks (PartitionSkip.cpp).
  std::optional<std::map<unsigned, llvm::SmallSetVector<int64_t, 2>>> countedExtents;

  /// The partitions whose rows rblib.insert counts. Found when the first insert asks (Cache.cpp).
  std::optional<std::vector<PartitionPlace>> insertedPartitions;
  /// The same of those that are inserted at a computed index.
  std::optional<std::vector<CountedRows>> insertedRows;

  /// The tensor that carries a value of the kernel; null where lowering its operation failed.
  mlir::Value get(mlir::Value value);
  void set(mlir::Value value, mlir::Value tensor) { values[value] = tensor; }
  /// The tensors of all operands; failure where one failed to lower.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> operandsOf(mlir::Operation *op);

  /// Reports an error and returns failure.
  mlir::LogicalResult fail(Diagnostic diagnostic);
  /// Reports that the operation cannot be lowered.
  mlir::LogicalResult unsupported(mlir::Operation *op, std::string message, std::string fix);

  //===--- Building blocks: Generic.cpp ---===//

  /// A linalg.generic with parallel loops over `shape`; the result has that shape and the element type `element`.
  /// `maps` has one map per input, over as many dimensions as `shape` has axes.
  mlir::Value generic(llvm::ArrayRef<int64_t> shape, mlir::Type element, mlir::ValueRange inputs,
                      llvm::ArrayRef<mlir::AffineMap> maps, rbln::BodyBuilder body);
  /// The same over inputs of the result's shape or of rank 0.
  mlir::Value elementwise(llvm::ArrayRef<int64_t> shape, mlir::Type element, mlir::ValueRange inputs,
                          rbln::BodyBuilder body);
  /// Only moves elements: element d of the result is element map(d) of the source.
  mlir::Value move(mlir::Value source, llvm::ArrayRef<int64_t> shape, mlir::AffineMap map);
  /// 0, 1, 2, ... plus start, as integers of type `element`.
  mlir::Value iota(int64_t start, int64_t count, mlir::Type element);
  mlir::Value contraction(mlir::Value a, mlir::Value b, mlir::Value c, rbln::BodyBuilder body,
                          llvm::ArrayRef<mlir::NamedAttribute> attributes);

  //===--- Building blocks: Reshape.cpp ---===//

  /// The same elements in row-major order under another shape.
  mlir::Value reshape(mlir::Value source, llvm::ArrayRef<int64_t> shape);

  //===--- Building blocks: OverflowChecks.cpp ---===//

  /// Checks of integers that address memory where the kernel runs, at the builder's place; failure where a value failed
  /// to lower.
  mlir::LogicalResult checkOverflows(const Access &access);
  /// A part of them. Those about one integer stand with its index, if the access has made it before. Those about
  /// several come before the indices: one made of a sum is out of its bounds where the sum overflows, which is the
  /// fault to tell.
  mlir::LogicalResult checkOverflows(const Access &access, CheckedIntegers number);
  /// The same for the sum of a form in 64 bits.
  mlir::LogicalResult checkSum(const LinearForm &form);
  /// Checks that rows that `op` inserts from the index on are not lost: that a partition of so many rows has place for
  /// them, or is full and not the last one.
  void checkAppend(mlir::Value index, int64_t rows, int64_t partition, bool isLast, mlir::Operation *op);

  //===--- Building blocks: Scalars.cpp ---===//

  /// A tensor with equal elements.
  mlir::Value constant(mlir::RankedTensorType type, mlir::TypedAttr element);
  mlir::Value integerConstant(int64_t value, mlir::Type element);
  /// The one element of a kernel value, as a tensor of rank 0; null where it failed to lower.
  mlir::Value scalar(mlir::Value value);
  /// A run-time scalar form as an i64 tensor of rank 0; a single i32 value stays what it is. Null where a value failed.
  mlir::Value scalar(const LinearForm &form);
  mlir::Value saturate(mlir::Value input, const LinearForm &form);
  /// 1 where the guard holds, else 0, as an integer that an index can be made of. Null where a value failed.
  mlir::Value flag(const Guard &guard);
  mlir::Value clamp(mlir::Value scalar, int64_t low, int64_t high);
  /// A dynamic index with these bounds, or tighter ones where the scalar is known to be checked against them.
  mlir::Value index(mlir::Value scalar, int64_t low, int64_t high);
  /// `scalar` is what computes with a dynamic index: `source` has the integer as it was read, which must lie in 0..max.
  void setDynamicIndex(mlir::Value scalar, mlir::Value source, int64_t max) {
    dynamicIndices[scalar] = dynamicScalars.size();
    dynamicScalars.push_back({scalar, source, max, loc});
  }
  bool isDynamicIndex(mlir::Value scalar) const { return dynamicIndices.contains(scalar); }
  /// All of them, in order.
  std::vector<DynamicScalar> takeDynamicIndices() { return std::move(dynamicScalars); }

  /// Lowers into a region of the operation before the builder's place; what is known there does not get out.
  mlir::LogicalResult inRegion(mlir::Block &block, llvm::function_ref<mlir::LogicalResult()> lower);

private:
  friend class OverflowEmitter;
  Diagnostics &diagnostics;
  /// The indices that have overflow checks, and the integers that those are about.
  std::vector<std::pair<llvm::SmallVector<mlir::Value, 2>, rbln::ToIndexOp>> checkedIndices;
  llvm::DenseMap<mlir::Value, mlir::Value> values;
  /// The indices that were made of a scalar.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value, 2>> indices;
  /// Positions in `dynamicScalars`, by scalar.
  llvm::DenseMap<mlir::Value, size_t> dynamicIndices;
  std::vector<DynamicScalar> dynamicScalars;
};

} // namespace rblnc::lower
