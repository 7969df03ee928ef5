// From bytes to a verified module.
#include "rblnc/frontend/Frontend.h"

#include "Bytecode.h"
#include "Capture.h"
#include "PreScan.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace rblnc {
namespace {

using namespace frontend;

/// Line and column, both from 1, of a byte.
SourceFrame placeAt(llvm::StringRef text, size_t offset, const std::string &name) {
  llvm::StringRef before = text.take_front(offset);
  size_t lineStart = before.rfind('\n');
  size_t column = lineStart == llvm::StringRef::npos ? offset : offset - lineStart - 1;
  return {name, static_cast<uint32_t>(before.count('\n') + 1), static_cast<uint32_t>(column + 1), ""};
}

/// Offset of a byte that no text has: a control character other than white space.
size_t findBinary(llvm::StringRef text) {
  for (size_t i = 0; i < text.size(); ++i)
    if (auto c = static_cast<unsigned char>(text[i]); c < ' ' && !(c >= '\t' && c <= '\r'))
      return i;
  return llvm::StringRef::npos;
}

void reportAll(std::vector<rblnc::Diagnostic> errors, Diagnostics &diagnostics) {
  for (rblnc::Diagnostic &error : errors)
    diagnostics.report(std::move(error));
}

/// Whether the text is of the stage after Triton IR, in which blocks have layouts.
bool isLowered(llvm::StringRef text) {
  for (llvm::StringRef sign :
       {"#ttg.", "\"ttg.", " ttg.", "#triton_gpu.", "\"triton_gpu.", " triton_gpu.", "#ttng.", " ttng."})
    if (text.contains(sign))
      return true;
  return false;
}

OwningOpRef<ModuleOp> parseText(llvm::StringRef text, const Input &input, MLIRContext &context,
                                Diagnostics &diagnostics) {
  if (size_t binary = findBinary(text); binary != llvm::StringRef::npos) {
    diagnostics.report(Code::I002, "'" + input.name + "' is neither MLIR text nor MLIR bytecode: byte " +
                                       std::to_string(binary) + " is no character of a text");
    return {};
  }
  TextFacts facts;
  if (std::optional<TextProblem> problem = scanText(text, facts)) {
    diagnostics.report(problem->code, std::move(problem->message), {placeAt(text, problem->offset, input.name)});
    return {};
  }
  context.getOrLoadDialect<tt::TTDialect>()->setFirstColumn(facts.hasColumnZero ? 0 : 1);

  llvm::StringRef identifier = input.buffer->getBufferIdentifier();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(text, identifier), llvm::SMLoc());
  Capture capture(context, identifier, input.name);
  ParserConfig config(&context, /*verifyAfterParse=*/false);
  Block block;
  bool parsed = succeeded(parseAsmSourceFile(sources, &block, config));
  std::vector<rblnc::Diagnostic> errors = capture.take(Code::I005);
  if (!parsed && !facts.looksLikeIR) {
    diagnostics.report(Code::I002, "'" + input.name +
                                       "' is text, but not a kernel: it has no module, no function and no "
                                       "operation of Triton");
    return {};
  }
  if (!parsed && isLowered(text)) {
    diagnostics.report(Code::I005,
                       "'" + input.name +
                           "' is TritonGPU IR (dialect 'ttg'): what a GPU backend makes of a kernel, with its layout "
                           "on warps and threads",
                       {}, "give the Triton IR before that: the .ttir file, or compiled.asm['ttir'] in Python");
    return {};
  }
  if (!parsed || !errors.empty()) {
    if (errors.empty())
      diagnostics.report(Code::I005, "'" + input.name + "' cannot be parsed");
    reportAll(std::move(errors), diagnostics);
    return {};
  }
  Location location = FileLineColLoc::get(&context, identifier, 1, 1);
  OwningOpRef<ModuleOp> module = detail::constructContainerOpForParserIfNecessary<ModuleOp>(&block, &context, location);
  if (!module) {
    reportAll(capture.take(Code::I005), diagnostics);
    return {};
  }
  if (failed(verify(*module))) {
    errors = capture.take(Code::I006);
    if (errors.empty())
      diagnostics.report(Code::I006, "'" + input.name + "' has an invalid operation");
    reportAll(std::move(errors), diagnostics);
    return {};
  }
  return module;
}

} // namespace

OwningOpRef<ModuleOp> parseInput(const Input &input, MLIRContext &context, Diagnostics &diagnostics) {
  if (!isBytecode(input.text()))
    return parseText(input.text(), input, context, diagnostics);
  llvm::Expected<std::string> text = textOfBytecode(*input.buffer, context.getDialectRegistry());
  if (text)
    return parseText(*text, input, context, diagnostics);
  diagnostics.report(Code::I005,
                     "'" + input.name + "' is MLIR bytecode that cannot be read: " + llvm::toString(text.takeError()));
  return {};
}

} // namespace rblnc
