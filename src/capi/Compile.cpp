// Compiling text.
#include "Bundle.h"
#include "Options.h"
#include "Progress.h"
#include "Worker.h"

#include "rblnc/driver/Cache.h"
#include "rblnc/driver/Compiler.h"
#include "rblnc/driver/Version.h"
#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include "llvm/Support/MemoryBuffer.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

using namespace rblnc;
using capi::refOf;

namespace {

constexpr const char *defaultName = "kernel.ttir";
/// As for files.
constexpr size_t maxTextBytes = size_t(256) << 20;
constexpr size_t maxRank = 64;

/// What is wrong with the options; nothing when they were read.
std::optional<std::string> readOptions(const rblnc_compile_options &given, CompileOptions &options, std::string &target,
                                       std::string &name) {
  rblnc_string hostLayout = given.host_layout, computeDType = given.compute_dtype;
  if (!capi::isString(given.target) || !capi::isString(given.name) || !capi::isString(hostLayout) ||
      !capi::isString(computeDType) || !capi::isString(given.cache))
    return "a string of rblnc_compile_options is NULL and has a size";
  if ((!given.binds && given.bind_count) || (!given.shapes && given.shape_count))
    return "a list of rblnc_compile_options is NULL and has a count";
  if (given.target.size)
    target = refOf(given.target).str();
  if (given.name.size)
    name = refOf(given.name).str();
  for (const rblnc_bind &bind : std::span(given.binds, given.bind_count)) {
    if (!capi::isString(bind.name) || !capi::isString(bind.value) || bind.name.size == 0)
      return "a bind has no name, or a string that is NULL and has a size";
    if (!options.binds.emplace(refOf(bind.name).str(), refOf(bind.value).str()).second)
      return "'" + refOf(bind.name).str() + "' is bound twice";
  }
  for (const rblnc_shape &shape : std::span(given.shapes, given.shape_count)) {
    if (!capi::isString(shape.name) || shape.name.size == 0 || !shape.extents)
      return "a shape has no name or no extents";
    std::string of = "the shape of '" + refOf(shape.name).str() + "'";
    if (shape.rank == 0 || shape.rank > maxRank)
      return of + " has rank " + std::to_string(shape.rank) + ", and 1 to " + std::to_string(maxRank) + " are allowed";
    std::vector<int64_t> extents(shape.extents, shape.extents + shape.rank);
    if (elementCount(extents).value_or(0) == 0)
      return of + " has an extent below 1, or too many elements to count";
    if (!options.shapes.emplace(refOf(shape.name).str(), std::move(extents)).second)
      return of + " is given twice";
  }
  if (hostLayout.size)
    options.hostLayout = refOf(hostLayout).str();
  if (computeDType.size) {
    options.computeDType = computeDTypeOf(refOf(computeDType));
    if (!options.computeDType)
      return "compute_dtype is '" + refOf(computeDType).str() + "', and bf16 and dlf16 are known";
  }
  options.strict = given.strict != 0;
  options.naivePartitionSkip = given.naive_partition_skip != 0;
  return std::nullopt;
}

struct Made {
  std::optional<std::string> bytes;
  bool isCached = false;
  std::string cacheFault;
};

/// Everything that a compilation uses: what a fault leaves to nobody.
struct Compilation {
  CompileOptions options;
  std::string folder;
  Diagnostics diagnostics;
  std::optional<Input> input;
  Made made;
};

/// Once a compilation has had a fault, nothing is known about what compilations share: memory, what LLVM locks.
std::atomic<bool> isFaulted = false;

/// The text as an input, or a diagnostic that says why it is none.
std::optional<Input> makeInput(llvm::StringRef text, const std::string &name, Diagnostics &diagnostics) {
  if (text.empty()) {
    diagnostics.report(Code::I002, "'" + name + "' is empty");
    return std::nullopt;
  }
  if (text.size() > maxTextBytes) {
    diagnostics.report(Code::I003, "'" + name + "' has more than " + std::to_string(maxTextBytes >> 20) + " MiB");
    return std::nullopt;
  }
  if (text.starts_with("ML\xefR")) {
    diagnostics.report(Code::I002, "'" + name + "' is MLIR bytecode, and the library takes text only", {},
                       "give the text (str(module) in Triton), or compile it with the program: rblnc compile");
    return std::nullopt;
  }
  // As for files: the module keeps the last component only, so that the folder makes no difference.
  size_t slash = name.rfind('/');
  std::string base = slash == std::string::npos || slash + 1 == name.size() ? name : name.substr(slash + 1);
  std::unique_ptr<llvm::MemoryBuffer> copy = llvm::MemoryBuffer::getMemBufferCopy(text, base);
  if (!copy)
    throw std::bad_alloc();
  return Input{name, std::move(copy)};
}

/// Compiles, through the cache in `folder` unless that is empty.
Made make(const Input &input, const CompileOptions &options, llvm::StringRef folder, Diagnostics &diagnostics) {
  Made made;
  if (folder.empty()) {
    made.bytes = compile(input, options, diagnostics);
    return made;
  }
  llvm::Error error = llvm::Error::success();
  made.bytes =
      compileThrough(Cache(folder.str()), input, options, diagnostics, /*lastIR=*/nullptr, made.isCached, &error);
  if (error)
    made.cacheFault = toDiagnostic(std::move(error)).message;
  return made;
}

/// Compiles on a thread of its own. Anything but RBLNC_DONE when that thread could not do it.
rblnc_status perform(std::unique_ptr<Compilation> &work, const rblnc_compile_options &given, capi::Report &report) {
  Watch watch(capi::listenerOf(given), capi::requestOf(given));
  auto compile = [&watch, work = work.get()] {
    WatchScope scope(&watch);
    capi::haveProvokedFault("compile");
    work->made = make(*work->input, work->options, work->folder, work->diagnostics);
  };
  std::string fault;
  switch (capi::runOnDeepStack(watch, compile, fault)) {
  case capi::WorkEnd::Done:
    return RBLNC_DONE;
  case capi::WorkEnd::NoThread:
    return report.fault("no thread could be started to compile in");
  case capi::WorkEnd::Faulted:
    break;
  }
  isFaulted = true;
  (void)work.release();
  return report.fault(fault.c_str());
}

} // namespace

rblnc_status rblnc_compile(const char *text, size_t text_size, const rblnc_compile_options *given,
                           rblnc_bundle **bundle, rblnc_diagnostics **out) {
  return capi::guarded(out, "the compiler", [&](capi::Report &report) -> rblnc_status {
    if (!bundle)
      return report.usage("rblnc_compile: bundle is NULL");
    *bundle = nullptr;
    if (!text)
      return report.usage("rblnc_compile: text is NULL");
    auto work = std::make_unique<Compilation>();
    std::string targetName(defaultTargetName);
    work->options.producer = producerName();
    std::string name = defaultName;
    rblnc_compile_options all{};
    if (given) {
      std::optional<std::string> fault =
          capi::sizeFault(given, "rblnc_compile_options",
                          {offsetof(rblnc_compile_options, host_layout), offsetof(rblnc_compile_options, compute_dtype),
                           offsetof(rblnc_compile_options, progress), offsetof(rblnc_compile_options, cache)});
      if (!fault)
        fault = readOptions(all = capi::completed(*given), work->options, targetName, name);
      if (fault)
        return report.usage("rblnc_compile: " + *fault);
    }
    auto target = findTarget(targetName);
    if (!target) {
      report.give(toDiagnostic(target.takeError()));
      return RBLNC_USAGE;
    }
    work->options.targets.push_back(**target);
    if (isFaulted)
      return report.fault(
          "a compilation of this process had a fault, after which it compiles nothing more: start it anew");

    work->folder = refOf(all.cache).str();
    work->input = makeInput({text, text_size}, name, work->diagnostics);
    if (work->input)
      if (rblnc_status status = perform(work, all, report); status != RBLNC_DONE)
        return status;
    Made &made = work->made;
    rblnc_status status = report.give(work->diagnostics.all());
    if (status != RBLNC_DONE || !made.bytes)
      return status != RBLNC_DONE ? status : report.fault("compiling failed without saying why");
    status = capi::open(*made.bytes, bundle, report);
    if (status == RBLNC_DONE) {
      (*bundle)->isCached = made.isCached;
      (*bundle)->cacheFault = std::move(made.cacheFault);
    }
    return status;
  });
}

int32_t rblnc_is_faulted(void) { return isFaulted; }
