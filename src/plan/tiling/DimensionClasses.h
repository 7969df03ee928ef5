// Which dimensions of a kernel's values run together.
//
// A linalg.generic reads its operands through indexing maps, so the dimensions that one loop walks have to be cut in
// the same places. Following that through all operations, dimensions fall into classes. Cutting every dimension of a
// class at the same places cuts the kernel into parts that do not need each other's values, if no operation combines
// elements along it.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace rblnc::plan {

class DimensionClasses {
public:
  explicit DimensionClasses(mlir::func::FuncOp kernel);

  /// No class: dimensions of extent 1 are not cut.
  static constexpr int none = -1;
  /// The class of a dimension, or `none`.
  int classOf(mlir::Value value, int64_t dimension) const;
  /// The classes of all dimensions of an operation's operands and results, without duplicates. The operation must be
  /// one that the kernel had when the classes were found.
  llvm::ArrayRef<int> classesOf(mlir::Operation *op) const;
  llvm::SmallVector<int, 4> classesOf(mlir::Value value) const;

  int count() const { return static_cast<int>(infos.size()); }
  /// Whether its parts do not need each other's values.
  bool canBeTiled(int number) const { return infos[number].canBeTiled; }
  /// Whether it can be cut for the operations that do not combine elements along it, and for products that do: a sum
  /// over tiles goes on where the last one ended.
  bool canBeSummed(int number) const { return infos[number].canBeSummed; }
  /// In how many tiles the class can be cut. The extent of each of its dimensions is a multiple of it.
  int64_t extent(int number) const { return infos[number].extent; }

private:
  struct Info {
    bool canBeTiled = true, canBeSummed = true;
    int64_t extent = 0;
  };

  int nodeOf(mlir::Value value, int64_t dimension);
  int find(int node);
  void join(int a, int b);
  void joinDimension(mlir::Value a, int64_t i, mlir::Value b, int64_t j);
  /// Dimension d of one value is dimension d of the other, but for `except`, which can be cut in neither.
  void joinAll(mlir::Value a, mlir::Value b, int64_t except = -1);
  void keepWhole(mlir::Value value, int64_t dimension);
  /// It cannot even be summed in parts.
  void keepRigid(mlir::Value value, int64_t dimension);

  void visit(mlir::Operation *op);
  void visitGeneric(mlir::Operation *op);
  void visitReshape(mlir::Operation *op);
  void keepDiagonals();
  void number();
  void list(mlir::Operation *op);

  llvm::DenseMap<std::pair<mlir::Value, int64_t>, int> nodes;
  std::vector<int> parents;
  std::vector<int64_t> extents;
  std::vector<bool> whole, rigid;
  std::vector<int> classOfNode;
  std::vector<Info> infos;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<int, 4>> ofOperation;
};

} // namespace rblnc::plan
