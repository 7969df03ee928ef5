// Reading the operands of operations on memory.
#include "MemoryOp.h"

#include "rblnc/check/Specialised.h"

using namespace mlir;

namespace rblnc::lower {

std::string MemoryOp::name() const {
  if (auto call = dyn_cast<tt::CallOp>(op))
    return ("rblib." + specialisedName(call)).str();
  return "tl." + verb();
}

static std::optional<MemoryOp> callOnMemory(tt::CallOp call) {
  StringRef name = specialisedName(call);
  MemoryOp memory;
  memory.op = call;
  memory.isStore = name == "dynamic_store";
  if (!memory.isStore && name != "dynamic_load" && name != "to_dynamic_index")
    return std::nullopt;
  memory.pointer = call.getOperand(0);
  memory.type = cast<tt::PointerType>(memory.pointer.getType()).getPointeeType();
  unsigned rows = memory.isStore ? 2 : 1;
  if (memory.isStore)
    memory.value = call.getOperand(1);
  if (call.getNumOperands() > rows) {
    memory.rows = call.getOperand(rows);
    memory.axis = specialisedConstant(call, "axis").value_or(0);
  }
  return memory;
}

std::optional<MemoryOp> memoryOpOf(Operation *op) {
  MemoryOp memory;
  memory.op = op;
  if (auto load = dyn_cast<tt::LoadOp>(op)) {
    memory.pointer = load.getPtr();
    memory.mask = load.getMask();
    memory.other = load.getOther();
    memory.boundaryCheck = load.getBoundaryCheck();
    memory.padding = load.getPadding();
    memory.type = load.getResult().getType();
    return memory;
  }
  if (auto store = dyn_cast<tt::StoreOp>(op)) {
    memory.isStore = true;
    memory.pointer = store.getPtr();
    memory.mask = store.getMask();
    memory.value = store.getValue();
    memory.boundaryCheck = store.getBoundaryCheck();
    memory.type = store.getValue().getType();
    return memory;
  }
  if (auto call = dyn_cast<tt::CallOp>(op))
    return callOnMemory(call);
  return std::nullopt;
}

} // namespace rblnc::lower
