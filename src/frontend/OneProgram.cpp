// A kernel is one program: which one it is, and of how many, is known.
#include "OneProgram.h"

#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

#include <set>
#include <string>
#include <vector>

using namespace mlir;

namespace rblnc::frontend {
namespace {

/// What an operation asks of the launch grid, as Python spells it; empty for others.
std::string questionOf(Operation *op) {
  if (auto id = dyn_cast<tt::GetProgramIdOp>(op))
    return "tl.program_id(" + std::to_string(id.getAxisAsInt()) + ")";
  if (auto count = dyn_cast<tt::GetNumProgramsOp>(op))
    return "tl.num_programs(" + std::to_string(count.getAxisAsInt()) + ")";
  return {};
}

} // namespace

void answerForOneProgram(Operation *kernel, Diagnostics &diagnostics) {
  std::vector<Operation *> questions;
  kernel->walk([&](Operation *op) {
    if (isa<tt::GetProgramIdOp, tt::GetNumProgramsOp>(op))
      questions.push_back(op);
  });
  std::set<std::string> said;
  IRRewriter rewriter(kernel->getContext());
  for (Operation *op : questions) {
    bool isCount = isa<tt::GetNumProgramsOp>(op);
    std::string question = questionOf(op);
    std::vector<SourceFrame> frames = framesOf(op->getLoc());
    std::string place = question;
    for (const SourceFrame &frame : frames)
      place += "\n" + frame.file + ":" + std::to_string(frame.line) + ":" + std::to_string(frame.column);
    if (said.insert(place).second)
      diagnostics.report(Code::W031,
                         question + " is " + (isCount ? "1" : "0") +
                             ": the kernel is compiled as one program, and the vendor's compiler refuses the question",
                         std::move(frames),
                         isCount ? "write 1"
                                 : "launch with grid=(1,) and go through all blocks in the kernel, with for i in "
                                   "tl.static_range(BLOCKS)");
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<arith::ConstantIntOp>(op, isCount ? 1 : 0, 32);
  }
}

} // namespace rblnc::frontend
