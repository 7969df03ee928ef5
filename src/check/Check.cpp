// One walk over the module: facts first, then the rules that want the operation.
#include "rblnc/check/Check.h"

#include "rblnc/support/Watch.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include "Describe.h"
#include "Rule.h"

namespace rblnc {
namespace rules {

/// Which rules see which operations of one context.
class Walker {
public:
  Walker(mlir::MLIRContext *mlirContext, Context &context) : context(context) {
    for (const Rule &rule : allRules()) {
      llvm::StringRef names(rule.operations.data(), rule.operations.size());
      if (names == "*") {
        everywhere.push_back(&rule);
        continue;
      }
      llvm::SmallVector<llvm::StringRef, 8> list;
      names.split(list, ' ');
      for (llvm::StringRef name : list)
        if (name.consume_back(".*"))
          byDialect[name].push_back(&rule);
        else
          byOperation[mlir::OperationName(name, mlirContext)].push_back(&rule);
    }
  }

  void walk(mlir::ModuleOp module) {
    module->walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
      if (wasStopped())
        return mlir::WalkResult::interrupt();
      context.facts.see(op);
      for (const Rule *rule : everywhere)
        run(*rule, op);
      if (auto rules = byOperation.find(op->getName()); rules != byOperation.end())
        for (const Rule *rule : rules->second)
          run(*rule, op);
      if (auto rules = byDialect.find(op->getName().getDialectNamespace()); rules != byDialect.end())
        for (const Rule *rule : rules->second)
          run(*rule, op);
      // Rules about operations are about blocks; what a combiner does to two elements is a matter of the reduction.
      return mlir::isa<tt::ReduceOp, tt::ScanOp, tt::MapElementwiseOp>(op) ? mlir::WalkResult::skip()
                                                                           : mlir::WalkResult::advance();
    });
  }

private:
  void run(const Rule &rule, mlir::Operation *op) {
    context.current = &rule;
    rule.run(op, context);
  }

  Context &context;
  llvm::SmallVector<const Rule *, 4> everywhere;
  llvm::DenseMap<mlir::OperationName, llvm::SmallVector<const Rule *, 4>> byOperation;
  llvm::StringMap<llvm::SmallVector<const Rule *, 4>> byDialect;
};

} // namespace rules

void check(mlir::ModuleOp module, const CheckOptions &options, Diagnostics &diagnostics) {
  if (options.strict)
    diagnostics.setWarningsAreErrors(true);
  findEntry(module, diagnostics);
  rules::Context context(diagnostics, options.lineElements);
  rules::Walker(module.getContext(), context).walk(module);
  context.flush();
}

tt::FuncOp findEntry(mlir::ModuleOp module, Diagnostics &diagnostics) {
  llvm::SmallVector<tt::FuncOp> entries;
  std::vector<std::string> others;
  for (tt::FuncOp function : module.getOps<tt::FuncOp>()) {
    std::string name = "'" + function.getSymName().str() + "'";
    if (function.isExternal())
      others.push_back(name + " (without a body)");
    else if (function.isPublic())
      entries.push_back(function);
    else
      others.push_back(name + " (private)");
  }
  if (entries.size() == 1)
    return entries.front();

  if (entries.empty()) {
    constexpr size_t shown = 8;
    size_t total = others.size();
    if (total > shown) {
      others.resize(shown);
      others.push_back(std::to_string(total - shown) + " more");
    }
    diagnostics.report(Code::C006,
                       "the module has no public function with a body" + (others.empty()
                                                                              ? std::string(", and no other function")
                                                                              : "; it has " + rules::listText(others)),
                       framesOf(module.getLoc()),
                       "pass the TTIR of the kernel itself: a function with @triton.jit that is launched or traced, "
                       "not only called by another");
    return {};
  }
  Diagnostic diagnostic;
  diagnostic.code = Code::C007;
  diagnostic.message = "the module has " + std::to_string(entries.size()) +
                       " public functions with a body, and a "
                       "bundle holds one kernel";
  diagnostic.frames = framesOf(entries[1].getLoc());
  diagnostic.fix = "write each kernel into a file of its own, or make the helpers private";
  constexpr size_t shown = 16;
  for (tt::FuncOp entry : llvm::ArrayRef(entries).take_front(shown))
    diagnostic.notes.push_back({"'" + entry.getSymName().str() + "' is public", framesOf(entry.getLoc())});
  if (entries.size() > shown)
    diagnostic.notes.push_back({std::to_string(entries.size() - shown) + " more are public", {}});
  diagnostics.report(std::move(diagnostic));
  return {};
}

} // namespace rblnc
