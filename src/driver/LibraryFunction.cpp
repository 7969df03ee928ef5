#include "rblnc/driver/LibraryFunction.h"

#include "Dialects.h"

#include "rblnc/check/Operations.h"
#include "rblnc/codegen/Encode.h"
#include "rblnc/lower/LibraryFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <mutex>

using namespace mlir;

namespace rblnc {
namespace {

bundle::DType dtypeOf(char letter) {
  switch (letter) {
  case 'f':
    return bundle::DType::f32;
  case 's':
    return bundle::DType::i16;
  case 'i':
    return bundle::DType::i32;
  default:
    return bundle::DType::i64;
  }
}

LibraryProgram programOf(const LibraryFunction &function) {
  std::unique_ptr<MLIRContext> context = driver::makeFullContext();
  driver::loadLaterDialects(*context);
  OpBuilder builder(context.get());
  Location loc = builder.getUnknownLoc();
  LibraryProgram program;
  program.types = function.types;
  llvm::StringRef operands = llvm::StringRef(program.types).drop_front(2).drop_back();
  program.result = dtypeOf(program.types.front());
  SmallVector<Type> types;
  for (char letter : operands) {
    program.operands.push_back(dtypeOf(letter));
    types.push_back(libraryTypeOf(letter, context.get()));
  }
  Type result = libraryTypeOf(program.types.front(), context.get());
  OwningOpRef<func::FuncOp> body = func::FuncOp::create(builder, loc, "f", builder.getFunctionType(types, {result}));
  Block *block = body->addEntryBlock();
  builder.setInsertionPointToStart(block);
  Value value = lower::emitLibraryFunction(function, result, block->getArguments(), builder, loc);
  func::ReturnOp::create(builder, loc, value);
  std::vector<int32_t> yields;
  Operation *unknown = nullptr;
  // Everything that the lowering makes of a function has an encoding; tests/e2e/test_library_interpreter.py has all.
  if (succeeded(codegen::encodeScalars(*block, program.instructions, yields, unknown)))
    program.value = yields.front();
  return program;
}

} // namespace

const LibraryProgram *libraryProgram(llvm::StringRef symbol) {
  const LibraryFunction *function = findLibraryFunction({symbol.data(), symbol.size()});
  if (!function || !function->isSupported())
    return nullptr;
  static std::mutex mutex;
  static auto &known = *new std::map<std::string_view, LibraryProgram>; // never destroyed: threads may outlive main
  std::lock_guard lock(mutex);
  auto found = known.find(function->name);
  if (found == known.end())
    found = known.emplace(function->name, programOf(*function)).first;
  return &found->second;
}

} // namespace rblnc
