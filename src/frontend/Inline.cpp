// Inlining of every call of a function with a body.
//
// MLIR's own inliner asks every loaded dialect for permission and cannot say why a call stays. Here there is nothing to
// ask: a kernel has no calls on the chip, so a call is inlined or the input is refused with the reason.
#include "Inline.h"

#include "Simplify.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace rblnc::frontend {
namespace {

/// Two calls in each of thirty functions make a billion operations out of a few lines.
constexpr size_t maxOperations = size_t(1) << 20;
/// Calls within calls: locations nest once a level, regions may.
constexpr size_t maxDepth = 256;

struct Function {
  enum State : uint8_t { New, Open, Done };
  tt::FuncOp op;
  State state = New;
  /// Operations, nested ones included, once its own calls are inlined.
  size_t size = 0;
  /// Levels of regions below the function, and of calls that were inlined into it.
  size_t regionDepth = 0;
  size_t callDepth = 0;
  SmallVector<tt::CallOp> calls;
  size_t nextCall = 0;
};

class Inliner {
public:
  Inliner(ModuleOp module, Diagnostics &diagnostics) : module(module), diagnostics(diagnostics) {}

  LogicalResult run();

private:
  /// Makes every callee of `root`, then `root`, free of calls.
  LogicalResult process(tt::FuncOp root);
  void begin(Function &function);
  LogicalResult finish(Function &function);
  LogicalResult inlineCall(Function &caller, tt::CallOp call);
  /// Gives a function of several blocks one return and, where that is possible without branches, one block.
  void straighten(tt::FuncOp function);
  void removeDead();

  Function *calleeOf(tt::CallOp call) {
    auto known = functions.find(call.getCalleeAttr().getAttr());
    return known == functions.end() ? nullptr : &known->second;
  }
  LogicalResult fail(Code code, Operation *at, const llvm::Twine &message, std::string fix = {}) {
    diagnostics.report(code, message.str(), framesOf(at->getLoc()), std::move(fix));
    return failure();
  }

  ModuleOp module;
  Diagnostics &diagnostics;
  /// Functions with a body, by name.
  DenseMap<StringAttr, Function> functions;
  /// Operations that inlining has made so far, wherever they are now.
  size_t made = 0;
};

/// Levels of regions between `op` and the function around it.
size_t depthOf(Operation *op) {
  size_t depth = 0;
  for (Operation *parent = op->getParentOp(); parent && !isa<tt::FuncOp>(parent); parent = parent->getParentOp())
    ++depth;
  return depth;
}

/// Gives inlined operations the location callsite(callee at caller).
class Relocate {
public:
  explicit Relocate(Location caller) : caller(caller) {}

  void operator()(Operation *op) {
    op->walk([&](Operation *inner) {
      inner->setLoc(at(inner->getLoc()));
      for (Region &region : inner->getRegions())
        for (Block &block : region)
          for (BlockArgument argument : block.getArguments())
            argument.setLoc(at(argument.getLoc()));
    });
  }

  Location at(Location callee) {
    auto [place, isNew] = known.try_emplace(callee, callee);
    if (isNew)
      place->second = CallSiteLoc::get(callee, caller);
    return place->second;
  }

private:
  Location caller;
  DenseMap<Location, Location> known;
};

void Inliner::begin(Function &function) {
  function.state = Function::Open;
  // A value-returning helper of the Python front end ends in an unreachable block with a poison value.
  IRRewriter rewriter(module.getContext());
  (void)eraseUnreachableBlocks(rewriter, function.op->getRegions());
  function.op->walk([&](Operation *op) {
    ++function.size;
    if (auto call = dyn_cast<tt::CallOp>(op); call && calleeOf(call))
      function.calls.push_back(call);
    if (op->getNumRegions() != 0)
      function.regionDepth = std::max(function.regionDepth, depthOf(op) + 1);
  });
}

LogicalResult Inliner::process(tt::FuncOp root) {
  SmallVector<Function *> path = {&functions[root.getSymNameAttr()]};
  if (path.back()->state == Function::Done)
    return success();
  begin(*path.back());
  while (!path.empty()) {
    Function &function = *path.back();
    if (function.nextCall == function.calls.size()) {
      if (failed(finish(function)))
        return failure();
      path.pop_back();
      continue;
    }
    tt::CallOp call = function.calls[function.nextCall++];
    Function &callee = *calleeOf(call);
    if (callee.op.getName().starts_with("rblib."))
      return fail(Code::C010, call, callee.op.getName() + " is a function with a body",
                  "declare rblib operations without one, or name the function otherwise");
    if (callee.state == Function::Done)
      continue;
    if (callee.state == Function::Open)
      return fail(Code::I007, call, "the call of " + callee.op.getName() + " leads back to itself",
                  "unroll the recursion into a tl.static_range loop");
    begin(callee);
    path.push_back(&callee);
  }
  return success();
}

LogicalResult Inliner::finish(Function &function) {
  for (tt::CallOp call : function.calls)
    if (failed(inlineCall(function, call)))
      return failure();
  function.calls.clear();
  if (!function.op.getBody().hasOneBlock())
    straighten(function.op);
  function.state = Function::Done;
  return success();
}

void Inliner::straighten(tt::FuncOp function) {
  SmallVector<tt::ReturnOp> returns(function.getOps<tt::ReturnOp>());
  if (returns.size() > 1) {
    OpBuilder builder(module.getContext());
    Block *exit = builder.createBlock(&function.getBody(), function.getBody().end());
    for (Type type : function.getResultTypes())
      exit->addArgument(type, function.getLoc());
    tt::ReturnOp::create(builder, returns.front().getLoc(), exit->getArguments());
    for (tt::ReturnOp op : returns) {
      builder.setInsertionPoint(op);
      cf::BranchOp::create(builder, op.getLoc(), exit, op.getSrcs());
      op.erase();
    }
  }
  canonicalise(function);
}

LogicalResult Inliner::inlineCall(Function &caller, tt::CallOp call) {
  Function &callee = *calleeOf(call);
  Region &body = callee.op.getBody();
  if (!body.hasOneBlock() && !isa<tt::FuncOp>(call->getParentOp()))
    return fail(Code::I008, call,
                callee.op.getName() +
                    " has several returns or branches and is called inside an if, a loop or a reduction",
                "give it one return at its end, or use tl.where");
  made += callee.size;
  caller.size += callee.size;
  if (made > maxOperations)
    return fail(Code::I008, call,
                "inlining " + callee.op.getName() + " makes more than " + llvm::Twine(maxOperations) + " operations");
  caller.callDepth = std::max(caller.callDepth, callee.callDepth + 1);
  caller.regionDepth = std::max(caller.regionDepth, depthOf(call) + callee.regionDepth);
  if (caller.callDepth > maxDepth || caller.regionDepth > maxDepth)
    return fail(Code::I008, call,
                "inlining " + callee.op.getName() + " nests calls or regions more than " + llvm::Twine(maxDepth) +
                    " deep");

  OpBuilder builder(call);
  Relocate relocate(call.getLoc());
  IRMapping mapping;
  mapping.map(body.getArguments(), call.getOperands());

  if (body.hasOneBlock()) {
    for (Operation &op : body.front().without_terminator())
      relocate(builder.clone(op, mapping));
    for (auto [result, value] : llvm::zip_equal(call.getResults(), body.front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookupOrDefault(value));
    call.erase();
    return success();
  }

  // Several blocks: the caller's block ends at the call and goes on after the callee's blocks.
  Block *before = call->getBlock();
  Block *after = before->splitBlock(call->getIterator());
  for (Value result : call.getResults())
    result.replaceAllUsesWith(after->addArgument(result.getType(), call.getLoc()));
  Region &region = *before->getParent();
  body.cloneInto(&region, after->getIterator(), mapping);
  Block *entry = mapping.lookup(&body.front());
  for (auto block = entry->getIterator(); &*block != after; ++block) {
    for (Operation &op : *block)
      relocate(&op);
    for (BlockArgument argument : block->getArguments())
      argument.setLoc(relocate.at(argument.getLoc()));
    if (auto op = dyn_cast<tt::ReturnOp>(block->getTerminator())) {
      builder.setInsertionPoint(op);
      cf::BranchOp::create(builder, op.getLoc(), after, op.getSrcs());
      op.erase();
    }
  }
  before->getOperations().splice(before->end(), entry->getOperations());
  entry->erase();
  call.erase();
  return success();
}

void Inliner::removeDead() {
  // Declarations may be called from what is left; other private functions have been inlined everywhere.
  llvm::DenseSet<StringAttr> called;
  module.walk([&](tt::CallOp call) { called.insert(call.getCalleeAttr().getAttr()); });
  for (tt::FuncOp function : llvm::make_early_inc_range(module.getOps<tt::FuncOp>()))
    if (function.isPrivate() && !called.contains(function.getSymNameAttr()))
      function.erase();
}

LogicalResult Inliner::run() {
  SmallVector<tt::FuncOp> roots;
  for (tt::FuncOp function : module.getOps<tt::FuncOp>()) {
    if (function.isDeclaration())
      continue;
    functions[function.getSymNameAttr()].op = function;
    if (!function.isPrivate())
      roots.push_back(function);
  }
  for (tt::FuncOp root : roots)
    if (failed(process(root)))
      return failure();
  // Private functions that no public one calls still hold calls of one another.
  for (auto &[name, function] : functions)
    if (function.state == Function::New) {
      function.op.erase();
      function.op = {};
    }
  removeDead();
  return success();
}

} // namespace

LogicalResult inlineCalls(ModuleOp module, Diagnostics &diagnostics) { return Inliner(module, diagnostics).run(); }

} // namespace rblnc::frontend
