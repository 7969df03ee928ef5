// The state of the walk that chooses commands: what each value is, which groups are open, and how commands are made.
#pragma once

#include "analysis/AccessBounds.h"
#include "analysis/FusionGroup.h"
#include "analysis/Layout.h"
#include "analysis/View.h"

#include "rblnc/npu/Dialect.h"
#include "rblnc/rbln/Dialect.h"
#include "rblnc/support/Diagnostic.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/SaveAndRestore.h"

#include <memory>
#include <vector>

namespace rblnc::plan {

class CommandBuilder {
public:
  /// `lineElements` is the target's.
  CommandBuilder(mlir::OpBuilder &builder, int64_t lineElements, Diagnostics &diagnostics)
      : builder(builder), lineElements(lineElements), diagnostics(diagnostics) {}

  /// Declares the kernel's arguments in the program.
  mlir::LogicalResult declareArguments(mlir::func::FuncOp kernel);
  /// Chooses the commands of one operation.
  mlir::LogicalResult visit(mlir::Operation *op);
  /// The registers that dynamic indices use, in order.
  llvm::ArrayRef<mlir::Attribute> registers() const { return registerList; }

private:
  // One function an operation; each lies in the file named after what it makes.
  mlir::LogicalResult visitConstant(mlir::Operation *op);
  mlir::LogicalResult visitLoad(rbln::LoadOp op);
  mlir::LogicalResult visitStore(rbln::StoreOp op);
  mlir::LogicalResult visitToIndex(rbln::ToIndexOp op);
  mlir::LogicalResult visitGeneric(mlir::linalg::GenericOp op);
  mlir::LogicalResult visitReshape(mlir::Operation *op);
  mlir::LogicalResult visitDataMovement(mlir::linalg::GenericOp op);
  mlir::LogicalResult visitContraction(mlir::linalg::GenericOp op);
  mlir::LogicalResult visitVectorMember(mlir::Operation *op);
  mlir::LogicalResult visitInsert(rbln::InsertOp op);
  mlir::LogicalResult visitWindowInsert(rbln::WindowInsertOp op);
  mlir::LogicalResult visitWindowSlice(rbln::WindowSliceOp op);
  mlir::LogicalResult visitPad(rbln::PadOp op);
  mlir::LogicalResult visitConcat(mlir::tensor::ConcatOp op);
  mlir::LogicalResult visitSlice(mlir::tensor::ExtractSliceOp op);
  mlir::LogicalResult visitIf(mlir::scf::IfOp op);

  /// Where the value is in memory. Seals the group that computes it, so that it is in memory.
  View resolve(mlir::Value value);
  /// As resolve, but a splat is written to a buffer as well.
  View materialize(mlir::Value value, mlir::Location location);
  /// A new buffer in the scratchpad of the current engine.
  View allocate(mlir::Type element, const Layout &layout, mlir::Location location);
  /// One for a value, in the layout that suits what reads it.
  View allocate(mlir::Value value, mlir::Location location);
  /// Where a command writes a value: its place in what it is joined into, or a new buffer.
  View destinationOf(mlir::Value value, mlir::Location location);
  npu::AccessAttr access(const View &view, llvm::ArrayRef<int64_t> strides);
  /// Copies a block of one shape between two views; `from` may be a splat.
  void copy(const View &from, const View &to, llvm::ArrayRef<int64_t> shape, mlir::Location location);
  /// Writes one value to every element of a block.
  void fill(mlir::TypedAttr value, const View &to, llvm::ArrayRef<int64_t> shape, mlir::Location location);
  /// Reads an integer into a new register. `name` is what users call it.
  int64_t loadRegister(const View &view, int64_t min, int64_t max, llvm::StringRef name, mlir::Location location,
                       mlir::ArrayAttr checks = {});
  mlir::ArrayAttr registerChecks(rbln::ToIndexOp op, int64_t own);
  /// Whether the store that comes next takes the slice from where it is cut out.
  static bool isStoredAtOnce(rbln::WindowSliceOp op);
  /// Copies a slice to `memory`.
  void moveSlice(rbln::WindowSliceOp op, mlir::Value memory, npu::AccessAttr to, mlir::Location location);
  int64_t firstRow(mlir::Value end, int64_t size, int64_t extent, mlir::Location location);
  /// Visits the operations of a branch's block between npu.branch and npu.join.
  mlir::LogicalResult visitBranch(mlir::Block &block, int64_t reg, bool whenZero, llvm::ArrayRef<View> results);
  /// Writes what a block yields to where a branch's results are.
  void copyResult(const View &from, const View &to, mlir::RankedTensorType type, mlir::Location location);
  void writeResults(mlir::Block &block, llvm::ArrayRef<View> results);
  /// The access of an array's block, and the block's clips in terms of registers.
  npu::AccessAttr arrayAccess(mlir::Type element, int64_t offset, llvm::ArrayRef<int64_t> strides,
                              mlir::ValueRange terms, llvm::ArrayRef<int64_t> scales);
  mlir::ArrayAttr registerClips(mlir::ArrayAttr clips, mlir::ValueRange terms);
  /// Refuses a block that can reach beyond its array.
  mlir::LogicalResult checkBlock(mlir::Operation *op, rbln::ArrayType array, llvm::StringRef name,
                                 const ArrayBlock &block);

  /// The reference of a value into an open group, or null.
  const GroupRef *groupRef(mlir::Value value) const;
  FusionGroup *openGroupOf(mlir::Value value) const;
  /// Makes one group of the open groups of these values, when their index spaces allow it.
  FusionGroup *mergeGroups(llvm::ArrayRef<FusionGroup *> groups);
  /// Emits a group as one vector program; what later operations read is stored to buffers.
  void emit(FusionGroup &group);
  void emitAll();
  bool isReadOutside(mlir::Value value, const FusionGroup &group) const;

  /// A queue of the current engine, and of the one for all: the command processor.
  npu::QueueAttr queue(npu::Unit unit);
  /// Sets the current engine for a scope.
  llvm::SaveAndRestore<int64_t> onEngine(int64_t number) { return {engine, number}; }
  static int64_t engineOf(mlir::Operation *op);

  mlir::OpBuilder &builder;
  int64_t lineElements;
  Diagnostics &diagnostics;
  int64_t engine = 0;
  llvm::DenseMap<mlir::Value, View> views;
  llvm::DenseMap<mlir::Value, GroupRef> groupRefs;
  llvm::DenseMap<mlir::Operation *, FusionGroup *> groupOf;
  std::vector<std::unique_ptr<FusionGroup>> groups;
  /// Where the pieces of a tensor.concat are put together, once the first of them is there.
  llvm::DenseMap<mlir::Operation *, View> joined;
  /// The buffer in shared SRAM of each load that several engines need, by its number.
  llvm::DenseMap<int64_t, View> stages;
  /// The npu.argument and name of each kernel argument.
  llvm::DenseMap<mlir::Value, mlir::Value> arrays;
  llvm::DenseMap<mlir::Value, int64_t> registerOf;
  llvm::SmallVector<mlir::Attribute> registerList;
  /// The registers with max(0, end - size), by end, size and the extent that bounds them. What a branch loads is known
  /// in that branch alone.
  llvm::DenseMap<std::tuple<mlir::Value, int64_t, int64_t>, int64_t> firstRows;
};

} // namespace rblnc::plan
