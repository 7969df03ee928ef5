// One walk that joins dimensions, one over the result that numbers the classes.
#include "DimensionClasses.h"

#include "analysis/View.h"

#include "rblnc/rbln/Dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace rblnc::plan {

static ArrayRef<int64_t> shapeOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getShape() : ArrayRef<int64_t>();
}

DimensionClasses::DimensionClasses(func::FuncOp kernel) {
  kernel.walk([&](Operation *op) { visit(op); });
  keepDiagonals();
  number();
  kernel.walk([&](Operation *op) { list(op); });
}

int DimensionClasses::nodeOf(Value value, int64_t dimension) {
  auto [it, isNew] = nodes.try_emplace({value, dimension}, static_cast<int>(parents.size()));
  if (isNew) {
    parents.push_back(it->second);
    extents.push_back(shapeOf(value)[dimension]);
    whole.push_back(false);
    rigid.push_back(false);
  }
  return it->second;
}

int DimensionClasses::find(int node) {
  while (parents[node] != node)
    node = parents[node] = parents[parents[node]];
  return node;
}

void DimensionClasses::join(int a, int b) {
  a = find(a);
  b = find(b);
  parents[b] = a;
  whole[a] = whole[a] || whole[b];
  rigid[a] = rigid[a] || rigid[b];
}

void DimensionClasses::joinDimension(Value a, int64_t i, Value b, int64_t j) {
  if (shapeOf(a)[i] != 1 && shapeOf(b)[j] != 1)
    join(nodeOf(a, i), nodeOf(b, j));
}

void DimensionClasses::joinAll(Value a, Value b, int64_t except) {
  for (size_t d = 0; d < shapeOf(a).size(); ++d) {
    if (static_cast<int64_t>(d) != except) {
      joinDimension(a, d, b, d);
      continue;
    }
    keepRigid(a, d);
    keepRigid(b, d);
  }
}

void DimensionClasses::keepWhole(Value value, int64_t dimension) {
  if (shapeOf(value)[dimension] != 1)
    whole[find(nodeOf(value, dimension))] = true;
}

void DimensionClasses::keepRigid(Value value, int64_t dimension) {
  if (shapeOf(value)[dimension] == 1)
    return;
  int root = find(nodeOf(value, dimension));
  whole[root] = rigid[root] = true;
}

void DimensionClasses::visitGeneric(Operation *op) {
  auto generic = cast<linalg::GenericOp>(op);
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  SmallVector<utils::IteratorType> kinds = generic.getIteratorTypesArray();
  // The first operand dimension that each loop was seen at.
  SmallVector<std::pair<Value, int64_t>> seen(generic.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    std::optional<SmallVector<int, 6>> loops = dimensionsOf(maps[operand.getOperandNumber()]);
    for (size_t d = 0; d < shapeOf(operand.get()).size(); ++d) {
      if (!loops) {
        keepRigid(operand.get(), d); // not planned anyway
        continue;
      }
      int loop = (*loops)[d];
      if (loop < 0) {
        keepRigid(operand.get(), d); // position 0 is read, wherever the part starts
        continue;
      }
      if (kinds[loop] == utils::IteratorType::reduction)
        keepWhole(operand.get(), d);
      if (seen[loop].first)
        joinDimension(seen[loop].first, seen[loop].second, operand.get(), d);
      else
        seen[loop] = {operand.get(), d};
    }
  }
  for (auto [result, init] : llvm::zip(generic->getResults(), generic.getDpsInits()))
    joinAll(result, init);
}

/// A reshape keeps dimensions that stand alone. Of dimensions that are merged only the outermost can be cut: its tiles
/// are tiles of the merged one.
void DimensionClasses::visitReshape(Operation *op) {
  Value source = op->getOperand(0), result = op->getResult(0);
  bool isExpand = isa<tensor::ExpandShapeOp>(op);
  Value merged = isExpand ? source : result, apart = isExpand ? result : source;
  auto groups = isExpand ? cast<tensor::ExpandShapeOp>(op).getReassociationIndices()
                         : cast<tensor::CollapseShapeOp>(op).getReassociationIndices();
  for (auto [d, group] : llvm::enumerate(groups)) {
    bool isOutermost = true;
    for (int64_t inner : group) {
      if (shapeOf(apart)[inner] == 1)
        continue;
      if (isOutermost)
        joinDimension(merged, d, apart, inner);
      else
        keepRigid(apart, inner);
      isOutermost = false;
    }
  }
}

void DimensionClasses::visit(Operation *op) {
  for (Value result : op->getResults())
    for (size_t d = 0; d < shapeOf(result).size(); ++d)
      if (shapeOf(result)[d] != 1)
        (void)nodeOf(result, d);
  llvm::TypeSwitch<Operation *>(op)
      .Case<linalg::GenericOp>([&](auto) { visitGeneric(op); })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto) { visitReshape(op); })
      .Case<rbln::ReduceOp>([&](rbln::ReduceOp reduce) {
        auto axis = static_cast<int64_t>(reduce.getAxis());
        for (Value input : reduce.getInputs()) {
          joinAll(reduce.getInputs().front(), input);
          keepWhole(input, axis);
        }
        for (Value result : reduce.getResults())
          joinAll(reduce.getInputs().front(), result);
      })
      .Case<rbln::InsertOp>([&](rbln::InsertOp insert) {
        auto axis = static_cast<int64_t>(insert.getAxis());
        // Rows of the block stay where they are, but where new ones go is counted over all of them.
        joinAll(insert.getResult(), insert.getData());
        keepWhole(insert.getResult(), axis);
        keepRigid(insert.getUpdates(), axis);
        for (int64_t d = 0, rank = insert.getResult().getType().getRank(); d < rank; ++d)
          if (d != axis)
            joinDimension(insert.getResult(), d, insert.getUpdates(), d);
      })
      .Case<rbln::WindowInsertOp>([&](rbln::WindowInsertOp insert) {
        auto axis = static_cast<int64_t>(insert.getAxis());
        joinAll(insert.getResult(), insert.getBase(), axis);
        joinAll(insert.getResult(), insert.getRows(), axis);
      })
      .Case<rbln::WindowSliceOp>([&](rbln::WindowSliceOp slice) {
        joinAll(slice.getResult(), slice.getBuf(), static_cast<int64_t>(slice.getAxis()));
      })
      .Case<rbln::PadOp>(
          [&](rbln::PadOp pad) { joinAll(pad.getResult(), pad.getX(), static_cast<int64_t>(pad.getAxis())); })
      .Case<scf::IfOp>([&](scf::IfOp branch) {
        for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()})
          if (!region->empty())
            for (auto [result, yielded] :
                 llvm::zip(branch->getResults(), region->front().getTerminator()->getOperands()))
              joinAll(result, yielded);
      })
      .Case<arith::ConstantOp>([&](arith::ConstantOp constant) {
        auto elements = dyn_cast<ElementsAttr>(constant.getValue());
        for (size_t d = 0; elements && !elements.isSplat() && d < shapeOf(constant).size(); ++d)
          keepRigid(constant, d);
      })
      .Case<rbln::LoadOp, rbln::StoreOp, rbln::ToIndexOp, tensor::EmptyOp, tensor::ExtractOp, scf::YieldOp>([](auto) {})
      .Default([&](Operation *other) {
        // What is not known is left as it is. Inside of regions there are only scalars.
        for (Value operand : other->getOperands())
          for (size_t d = 0; d < shapeOf(operand).size(); ++d)
            keepRigid(operand, d);
        for (Value result : other->getResults())
          for (size_t d = 0; d < shapeOf(result).size(); ++d)
            keepRigid(result, d);
      });
}

/// A tile of a class along two dimensions of a tensor at once would be a block on its diagonal.
void DimensionClasses::keepDiagonals() {
  llvm::DenseSet<std::pair<Value, int>> seen;
  for (auto &[place, node] : nodes)
    if (int root = find(node); !seen.insert({place.first, root}).second)
      whole[root] = rigid[root] = true;
}

void DimensionClasses::number() {
  std::vector<int> numberOfRoot(parents.size(), none);
  classOfNode.resize(parents.size());
  for (int node = 0; node < static_cast<int>(parents.size()); ++node) {
    int root = find(node);
    if (numberOfRoot[root] == none) {
      numberOfRoot[root] = static_cast<int>(infos.size());
      infos.push_back({!whole[root], !rigid[root], extents[node]});
    }
    classOfNode[node] = numberOfRoot[root];
    Info &info = infos[classOfNode[node]];
    info.extent = std::min(info.extent, extents[node]);
  }
  for (int node = 0; node < static_cast<int>(parents.size()); ++node) {
    Info &info = infos[classOfNode[node]];
    info.canBeTiled &= extents[node] % info.extent == 0;
    info.canBeSummed &= extents[node] == info.extent;
  }
}

int DimensionClasses::classOf(Value value, int64_t dimension) const {
  if (auto node = nodes.find({value, dimension}); node != nodes.end())
    return classOfNode[node->second];
  return none;
}

SmallVector<int, 4> DimensionClasses::classesOf(Value value) const {
  SmallVector<int, 4> classes;
  for (size_t d = 0; d < shapeOf(value).size(); ++d)
    if (int number = classOf(value, d); number != none && !llvm::is_contained(classes, number))
      classes.push_back(number);
  return classes;
}

ArrayRef<int> DimensionClasses::classesOf(Operation *op) const {
  auto found = ofOperation.find(op);
  return found == ofOperation.end() ? ArrayRef<int>() : ArrayRef<int>(found->second);
}

void DimensionClasses::list(Operation *op) {
  SmallVector<int, 4> &classes = ofOperation[op];
  auto add = [&](Value value) {
    for (int number : classesOf(value))
      if (!llvm::is_contained(classes, number))
        classes.push_back(number);
  };
  llvm::for_each(op->getOperands(), add);
  llvm::for_each(op->getResults(), add);
}

} // namespace rblnc::plan
