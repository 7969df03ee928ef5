// A kernel reads a table, such as the blocks of its sequences, element by element. A transfer takes as long for one
// element as for some thousand, so an engine that needs parts of a small array loads all of it once, and what used the
// parts uses the array's copy.
#include "Passes.h"

#include "analysis/Hazards.h"
#include "rblnc/ir/Elements.h"
#include "tuning/Tuning.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rblnc::plan {
namespace {

/// A transfer of a part of an array into a buffer of its own, which nothing else writes.
struct PartLoad {
  npu::DmaOp load;
  npu::BufferOp buffer;
  /// Element i of the buffer is element i + shift of the array.
  int64_t shift;
};

int64_t elementsOf(npu::ArgumentOp array) {
  int64_t elements = 1;
  for (int64_t extent : array.getShape())
    elements *= extent;
  return elements;
}

int64_t bytesOf(npu::ArgumentOp array) { return elementsOf(array) * rblnc::bytesOf(array.getElement()); }

/// Whether the load's block lies in the buffer as it does in the array.
bool isTranslation(npu::DmaOp load) {
  for (auto [extent, from, to] :
       llvm::zip(load.getShape(), load.getSourceAccess().getStrides(), load.getDestinationAccess().getStrides()))
    if (extent != 1 && from != to)
      return false;
  return true;
}

/// Whether only this load writes the buffer, and everything reads it as elements of this type.
bool isOnlyReadBehind(npu::DmaOp load, npu::BufferOp buffer, Type element) {
  for (Operation *user : buffer->getUsers())
    for (const Touch &touch : effectsOf(user).touches)
      if (touch.memory == buffer && (touch.isWrite != (user == load) || touch.access.getElement() != element))
        return false;
  return true;
}

std::optional<PartLoad> asPartLoad(npu::DmaOp load) {
  auto array = load.getSource().getDefiningOp<npu::ArgumentOp>();
  auto buffer = load.getDestination().getDefiningOp<npu::BufferOp>();
  npu::AccessAttr from = load.getSourceAccess(), to = load.getDestinationAccess();
  if (!array || !buffer || load.getQueue().getUnit() != npu::Unit::NeuralDma || array.getDirection() != "in" ||
      bytesOf(array) > tuning::smallArrayBytes || load.getClips() || !from.getRegisters().empty() ||
      !to.getRegisters().empty() || buffer.getSpace() != npu::Space::Scratchpad ||
      buffer.getUnit() != static_cast<uint64_t>(load.getQueue().getIndex()) || !isTranslation(load) ||
      !isOnlyReadBehind(load, buffer, array.getElement()))
    return std::nullopt;
  return PartLoad{load, buffer, from.getOffset() - to.getOffset()};
}

npu::AccessAttr shifted(npu::AccessAttr access, int64_t shift) {
  return npu::AccessAttr::get(access.getContext(), access.getElement(), access.getOffset() + shift, access.getStrides(),
                              access.getRegisters(), access.getScales());
}

/// Gives the command that loads the whole array.
Operation *loadOnce(npu::ArgumentOp array, ArrayRef<PartLoad> parts, OpBuilder &builder) {
  Location location = npu::DmaOp(parts.front().load).getLoc();
  npu::QueueAttr queue = npu::DmaOp(parts.front().load).getQueue();
  auto copy = npu::BufferOp::create(builder, location, array.getType(),
                                    npu::SpaceAttr::get(builder.getContext(), npu::Space::Scratchpad),
                                    builder.getI64IntegerAttr(queue.getIndex()),
                                    builder.getI64IntegerAttr(bytesOf(array)), IntegerAttr(), array.getNameAttr());
  auto dense = npu::AccessAttr::get(builder.getContext(), array.getElement(), 0, {1}, {}, {});
  auto whole = npu::DmaOp::create(builder, location, queue, elementsOf(array), array, dense, copy, dense, ArrayAttr(),
                                  TypedAttr());
  for (PartLoad part : parts) {
    part.load->erase();
    for (OpOperand &use : llvm::make_early_inc_range(part.buffer->getUses())) {
      // Its access counts from where the part lies in the copy.
      auto command = cast<npu::CommandInterface>(use.getOwner());
      command.setAccess(use.getOperandNumber(),
                        shifted(command.getTouches()[use.getOperandNumber()].access, part.shift));
      use.set(copy);
    }
    part.buffer->erase();
  }
  return whole;
}

} // namespace

int64_t keepSmallArrays(npu::ProgramOp program) {
  // By queue and array.
  llvm::MapVector<std::pair<Attribute, Value>, SmallVector<PartLoad>> parts;
  Block &body = program.getBody().front();
  for (auto load : body.getOps<npu::DmaOp>())
    if (std::optional<PartLoad> part = asPartLoad(load))
      parts[{load.getQueue(), load.getSource()}].push_back(*part);
  if (parts.empty())
    return 0;
  // Behind the last argument, which stays while commands of the parts go.
  Operation *last = nullptr;
  for (auto array : body.getOps<npu::ArgumentOp>())
    last = array;
  OpBuilder builder(program.getContext());
  int64_t kept = 0;
  for (auto &[key, loads] : parts)
    if (loads.size() > 1) {
      builder.setInsertionPointAfter(last);
      last = loadOnce(key.second.getDefiningOp<npu::ArgumentOp>(), loads, builder);
      ++kept;
    }
  return kept;
}

} // namespace rblnc::plan
