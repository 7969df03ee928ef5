// The table of lowerings: one function per operation or family of operations, in src/lower/patterns.
#pragma once

#include "Lowering.h"

#include "llvm/ADT/StringMap.h"

namespace rblnc::lower {

/// Lowers one operation: sets the tensors of its results, or reports and returns failure. Types of results have been
/// checked.
using LowerFunction = mlir::LogicalResult (*)(Lowering &, mlir::Operation *);
using PatternTable = llvm::StringMap<LowerFunction>;

/// By operation name; calls of rblib operations by "rblib.<op>".
const PatternTable &patternTable();

void addElementwisePatterns(PatternTable &table);
void addCreationPatterns(PatternTable &table);
void addShapePatterns(PatternTable &table);
void addDotPatterns(PatternTable &table);
void addReducePatterns(PatternTable &table);
void addMemoryPatterns(PatternTable &table);
void addCallPatterns(PatternTable &table);
void addBranchPatterns(PatternTable &table);
void addCachePatterns(PatternTable &table);
void addSoftmaxPatterns(PatternTable &table);
void addFlashPatterns(PatternTable &table);
void addPartitionSkipPattern(PatternTable &table);

/// Lowers the live operations of a block but its terminator, in order. Goes on after a failure, to report all.
mlir::LogicalResult lowerBlock(Lowering &lowering, mlir::Block &block);

/// What to write instead of an operation that has no lowering.
std::string alternativeTo(mlir::Operation *op);

/// Emits the scalar form of an element-wise arith, math or tt operation for a loop body or a reduction's combiner:
/// `operands` and the result are single elements. Failure (reported) where there is none.
mlir::FailureOr<mlir::Value> emitScalar(Lowering &lowering, mlir::Operation *op, mlir::ValueRange operands,
                                        mlir::OpBuilder &builder, mlir::Location loc);
/// Whether emitScalar knows the operation.
bool isElementwise(mlir::Operation *op);

/// Emits a region's single block of scalar operations with its arguments replaced, up to its terminator, and returns
/// what the terminator returns. Constants from outside are copied in. Failure is reported.
mlir::FailureOr<llvm::SmallVector<mlir::Value>> emitRegion(Lowering &lowering, mlir::Region &region,
                                                           mlir::ValueRange arguments, mlir::OpBuilder &builder);

} // namespace rblnc::lower
