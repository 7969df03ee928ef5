#include "Transfer.h"

#include "Hazards.h"

#include "rblnc/ir/Elements.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;

namespace rblnc::plan {

static int64_t bytesOfElement(npu::AccessAttr access) { return rblnc::bytesOf(access.getElement()); }

int64_t bytesTouched(const Touch &touch, int64_t most) {
  int64_t bytes = bytesOfElement(touch.access);
  for (auto [stride, extent] : llvm::zip(touch.access.getStrides(), touch.shape))
    if (stride != 0 && (llvm::MulOverflow(bytes, extent, bytes) || bytes > most))
      return most;
  return std::min(bytes, static_cast<int64_t>(std::min<__int128>(
                             __int128(touch.mostElements) * bytesOfElement(touch.access), INT64_MAX)));
}

int64_t bytesOf(npu::CommandInterface command) {
  __int128 all = 0;
  for (const Touch &touch : command.getTouches()) {
    if (!touch.isWrite)
      continue;
    __int128 bytes = bytesOfElement(touch.access);
    for (int64_t extent : touch.shape)
      bytes = std::min<__int128>(bytes * extent, INT64_MAX);
    all = std::min<__int128>(all + bytes, INT64_MAX);
  }
  return static_cast<int64_t>(all);
}

static bool touchesArray(npu::CommandInterface command, bool isWrite) {
  return llvm::any_of(command.getTouches(), [&](const Touch &touch) {
    return touch.isWrite == isWrite && touch.memory.getDefiningOp<npu::ArgumentOp>();
  });
}

bool isLoad(npu::CommandInterface command) {
  npu::Unit unit = command.getQueue().getUnit();
  return unit == npu::Unit::NeuralDma || (unit == npu::Unit::TaskDma && touchesArray(command, /*isWrite=*/false));
}

bool isStore(npu::CommandInterface command) {
  npu::Unit unit = command.getQueue().getUnit();
  return (unit == npu::Unit::NeuralDma || unit == npu::Unit::TaskDma) && touchesArray(command, /*isWrite=*/true);
}

bool reads(Operation *op, Value memory) {
  auto command = dyn_cast<npu::CommandInterface>(op);
  return command && llvm::any_of(command.getTouches(),
                                 [&](const Touch &touch) { return !touch.isWrite && touch.memory == memory; });
}

bool mustFollow(npu::CommandInterface load, Operation *earlier, ArrayAttr registers) {
  if (isa<npu::BufferOp, npu::ConstantOp>(earlier))
    return false;
  if (isa<npu::BranchOp, npu::JoinOp, npu::ArgumentOp>(earlier))
    return true;
  Effects effects = effectsOf(load), others = effectsOf(earlier);
  if (others.registerWritten >= 0 && llvm::is_contained(effects.registersRead, others.registerWritten))
    return true;
  return llvm::any_of(others.touches, [&](const Touch &other) {
    return llvm::any_of(effects.touches, [&](const Touch &touch) {
      if (touch.memory != other.memory || (!touch.isWrite && !other.isWrite))
        return false;
      return touch.isWrite || !Footprint::of(touch, registers).isApartFrom(Footprint::of(other, registers));
    });
  });
}

} // namespace rblnc::plan
