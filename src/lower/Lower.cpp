// The lowering: analyse addresses, find what is live, infer the signature, and emit the body in one walk.
#include "rblnc/lower/Lower.h"

#include "IndexChecks.h"
#include "Liveness.h"
#include "MemoryOp.h"
#include "Patterns.h"
#include "RecordedShapes.h"
#include "Report.h"
#include "Types.h"
#include "Unwritten.h"

#include "rblnc/check/Check.h"
#include "rblnc/check/Specialised.h"
#include "rblnc/support/Watch.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"

using namespace llvm;
using namespace mlir;

namespace rblnc {
namespace {

using namespace lower;

/// The kernel's function with its arguments, and the lowering's state set up for them.
func::FuncOp createFunction(Lowering &lowering, tt::FuncOp kernel) {
  OpBuilder &builder = lowering.builder;
  SmallVector<Type> types;
  for (const ArgumentInfo &info : lowering.arguments)
    types.push_back(info.type);
  auto function = func::FuncOp::create(builder, kernel.getLoc(), kernel.getName(), builder.getFunctionType(types, {}));
  for (auto [i, info] : enumerate(lowering.arguments)) {
    function.setArgAttr(i, "rbln.name", builder.getStringAttr(info.name));
    if (info.isScalar)
      function.setArgAttr(i, "rbln.scalar", builder.getUnitAttr());
    if (info.extentOnly)
      function.setArgAttr(i, "rbln.extent_only", builder.getUnitAttr());
  }
  Block *entry = builder.createBlock(&function.getBody());
  for (auto [argument, type] : zip(kernel.getArguments(), types))
    lowering.arrays.push_back(entry->addArgument(type, argument.getLoc()));
  builder.setInsertionPointToStart(entry);
  return function;
}

/// Lowers one live operation. Failure without a report means that an operand had failed before.
LogicalResult lowerOperation(Lowering &lowering, Operation *op) {
  lowering.loc = op->getLoc();
  LowerFunction pattern =
      patternTable().lookup(isElementwise(op) ? StringRef("element-wise") : op->getName().getStringRef());
  if (!pattern)
    return lowering.unsupported(op, "'" + op->getName().getStringRef().str() + "' is not supported", alternativeTo(op));
  for (Value result : op->getResults())
    if (std::optional<Diagnostic> error = checkValueType(op, result.getType())) {
      // An unsupported type is reported where it first appears.
      if (!memoryOpOf(op) && failed(lowering.operandsOf(op)))
        return failure();
      return lowering.fail(std::move(*error));
    }
  return pattern(lowering, op);
}

/// Calls of rblib operations are read by everything that follows, so their form is checked first.
LogicalResult checkCalls(Block &body, Diagnostics &diagnostics) {
  LogicalResult result = success();
  for (Operation &op : body)
    op.walk([&](tt::CallOp call) {
      const SpecialisedOp *known = findSpecialised(specialisedName(call));
      std::optional<FormError> error = known ? checkSpecialisedForm(call, *known) : std::nullopt;
      if (!error)
        return;
      diagnostics.report(errorAt(Code::C010, call, std::move(error->message), std::move(error->fix)));
      result = failure();
    });
  return result;
}

/// Removes what a pattern emitted in vain, such as a collapse whose only user took the uncollapsed value.
void removeDead(Block &body, RewriterBase &rewriter) {
  for (Operation &op : make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      rewriter.eraseOp(&op);
}

/// A kernel has one block; several are run-time branches around a return.
LogicalResult checkBody(tt::FuncOp kernel, Diagnostics &diagnostics) {
  if (!kernel.getBody().hasOneBlock()) {
    Operation *branch = kernel.getBody().front().getTerminator();
    diagnostics.report(errorAt(Code::C003, branch, "run-time branches are not supported",
                               "choose values with tl.where; a condition on tl.constexpr values is no branch"));
    return failure();
  }
  Operation *terminator = kernel.getBody().front().getTerminator();
  if (terminator->getNumOperands() != 0) {
    diagnostics.report(errorAt(Code::C003, terminator, "a kernel returns no value", "store the result instead"));
    return failure();
  }
  return success();
}

LogicalResult lowerKernel(tt::FuncOp kernel, const LowerOptions &options, OpBuilder builder, Diagnostics &diagnostics) {
  if (failed(checkBody(kernel, diagnostics)) || failed(checkCalls(kernel.getBody().front(), diagnostics)))
    return failure();
  Block &body = kernel.getBody().front();
  std::vector<std::string> names = argumentNames(body);
  auto nameOf = [&](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument ? names[argument.getArgNumber()] : std::string();
  };
  std::optional<RecordedArrays> arrays = recordedArrays(kernel, options.lineElements, nameOf, diagnostics);
  if (!arrays)
    return failure();
  AddressAnalysis analysis(body, arrays->shapes, options.lineElements, arrays->strides);
  LiveOperations live = findLive(body, analysis, nameOf);
  for (Diagnostic &error : live.errors)
    diagnostics.report(std::move(error));

  Lowering lowering(builder, options, analysis, live.operations, diagnostics);
  if (failed(resolveSignature(body, live.accesses, options, *arrays, diagnostics, lowering.arguments)) ||
      !live.errors.empty())
    return failure();
  reportUnwritten(live.accesses, lowering.arguments, diagnostics);
  for (Access &access : live.accesses) {
    Operation *op = access.op;
    if (memoryOpOf(op)->isStore)
      lowering.written.insert(access.argument);
    lowering.accesses[op] = std::move(access);
  }
  func::FuncOp function = createFunction(lowering, kernel);
  LogicalResult result = lowerBlock(lowering, body);
  func::ReturnOp::create(lowering.builder, body.getTerminator()->getLoc());
  if (failed(result))
    return failure();
  IndexChecks checks(lowering.takeDynamicIndices());
  IRRewriter rewriter(function.getContext(), &checks);
  removeDead(function.getBody().front(), rewriter);
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
  checks.add(lowering.builder);
  return success();
}

} // namespace

LogicalResult lower::lowerBlock(Lowering &lowering, Block &block) {
  LogicalResult result = success();
  for (Operation &op : block.without_terminator()) {
    if (wasStopped())
      return failure();
    if (lowering.live.contains(&op) && failed(lowerOperation(lowering, &op)))
      result = failure();
  }
  return result;
}

FailureOr<OwningOpRef<ModuleOp>> lowerToRBLN(ModuleOp module, const LowerOptions &options, Diagnostics &diagnostics) {
  MLIRContext *context = module.getContext();
  context->loadDialect<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect, math::MathDialect,
                       rbln::RBLNDialect, scf::SCFDialect, tensor::TensorDialect>();
  tt::FuncOp kernel = findEntry(module, diagnostics);
  if (!kernel)
    return failure();
  OwningOpRef<ModuleOp> result(ModuleOp::create(module.getLoc()));
  size_t errors = diagnostics.errorCount();
  LogicalResult lowered = lowerKernel(kernel, options, OpBuilder::atBlockEnd(result->getBody()), diagnostics);
  if (succeeded(lowered) && succeeded(verify(*result)))
    return result;
  // Whatever goes wrong is reported where it happens; anything else is our own fault.
  if (diagnostics.errorCount() == errors && !wasStopped())
    diagnostics.report(Code::X001, "the lowering of '" + kernel.getName().str() + "' failed without a reason",
                       framesOf(kernel.getLoc()));
  return failure();
}

} // namespace rblnc
