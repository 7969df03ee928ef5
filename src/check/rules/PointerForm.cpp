// RBLN-C004: addresses that are certainly not a strided block. What is left open here, the lowering's own analysis of
// the pointer arithmetic decides.
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/SmallPtrSet.h"

#include "Access.h"
#include "Describe.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The load that the elements of `offset` come from, for the note.
mlir::Operation *findLoad(mlir::Value offset, const Facts &facts) {
  llvm::SmallPtrSet<mlir::Operation *, 16> seen;
  llvm::SmallVector<mlir::Value> work{offset};
  while (!work.empty()) {
    mlir::Value value = work.pop_back_val();
    mlir::Operation *op = value.getDefiningOp();
    if (!op || !facts.has(value, Fact::LoadedBlock) || !seen.insert(op).second)
      continue;
    if (mlir::isa<tt::LoadOp>(op))
      return op;
    work.append(op->operand_begin(), op->operand_end());
  }
  return nullptr;
}

Finding offsets(tt::AddPtrOp addition, const Facts &facts) {
  Finding finding;
  if (facts.has(addition.getOffset(), Fact::LoadedBlock)) {
    finding.message = "each element has an address of its own that comes out of memory (a gather or scatter)";
    finding.fix = "load blocks that lie together through tl.make_block_ptr, with one loaded number as the offset of a "
                  "whole block if need be; or gather on the host";
    if (mlir::Operation *load = findLoad(addition.getOffset(), facts))
      finding.notes.push_back({"the offsets are loaded here", framesOf(load->getLoc())});
  } else {
    finding.message = "the offsets are a product of two tl.arange blocks, so the addresses have no constant stride";
    finding.fix = "use base + i * STRIDE with a constant stride for each axis, or tl.make_block_ptr";
  }
  return finding;
}

/// Walks from the pointer to its base; fills `finding` at the first step that cannot be a strided block.
bool findOffence(mlir::Value pointer, const Facts &facts, Finding &finding) {
  while (mlir::Operation *op = pointer.getDefiningOp()) {
    if (auto addition = mlir::dyn_cast<tt::AddPtrOp>(op)) {
      if (facts.has(addition.getOffset(), Fact::LoadedBlock) || facts.has(addition.getOffset(), Fact::RangeProduct)) {
        finding = offsets(addition, facts);
        return true;
      }
    } else if (mlir::isa<tt::IntToPtrOp>(op)) {
      finding.message = "the address is made from an integer (tt.int_to_ptr)";
      finding.fix = "pass the tensor itself as an argument";
      return true;
    } else if (mlir::isa<mlir::arith::SelectOp>(op)) {
      finding.message = "the address is chosen between two pointers while the kernel runs (arith.select)";
      finding.fix = "load through both pointers and choose between the values with tl.where";
      return true;
    } else if (mlir::isa<tt::LoadOp>(op)) {
      finding.message = "the pointer itself comes out of memory";
      finding.fix = "pass every tensor as an argument of its own";
      return true;
    } else if (!mlir::isa<tt::SplatOp, tt::BroadcastOp, tt::ExpandDimsOp, tt::ReshapeOp, tt::TransOp, tt::BitcastOp,
                          tt::AdvanceOp, tt::MakeTensorPtrOp>(op)) {
      return false;
    }
    pointer = op->getOperand(0);
  }
  return false;
}

} // namespace

void pointerForm(mlir::Operation *op, Context &context) {
  if (mlir::isa<tt::PtrToIntOp>(op)) {
    context.report(op, {"an address is used as an integer (tt.ptr_to_int)",
                        "compute with offsets instead: addresses are not known to the kernel",
                        "ptr_to_int",
                        {}});
    return;
  }
  Access access = accessOf(op, context.facts);
  Finding finding;
  if (!findOffence(access.pointer, context.facts, finding))
    return;
  finding.message = access.verb() + " " + typeText(access.type) + ", but " + finding.message;
  finding.subject = access.subject();
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
