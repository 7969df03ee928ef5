// Names, declared shapes and types of the arguments.
#include "Signature.h"

#include "Report.h"
#include "Types.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/triton/Location.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {

std::vector<std::string> argumentNames(Block &entry) {
  std::vector<std::string> names;
  llvm::StringSet<> taken;
  for (BlockArgument argument : entry.getArguments()) {
    std::string name;
    argument.getLoc()->walk([&](Location location) {
      auto named = dyn_cast<NameLoc>(location);
      if (!named)
        return WalkResult::advance();
      name = named.getName().str();
      return WalkResult::interrupt();
    });
    if (name.empty() || !taken.insert(name).second) {
      name = "arg" + std::to_string(argument.getArgNumber());
      while (!taken.insert(name).second)
        name += "_";
    }
    names.push_back(std::move(name));
  }
  return names;
}

namespace {

Diagnostic argumentError(Code code, BlockArgument argument, std::string message, std::string fix) {
  Diagnostic diagnostic{code, Severity::Error, std::move(message), framesOf(argument.getLoc()), std::move(fix), {}};
  return diagnostic;
}

std::string range(const Interval &interval) {
  return interval.min == interval.max ? std::to_string(interval.min)
                                      : std::to_string(interval.min) + " to " + std::to_string(interval.max);
}

/// The names of the arguments that the run-time limits of a mask come from.
SmallVector<std::string> maskArguments(const Access &access, ArrayRef<ArgumentInfo> arguments) {
  SmallVector<Value> work;
  for (const AccessAxis &axis : access.axes)
    for (const auto &limits : {axis.lows, axis.highs})
      for (const LinearForm &limit : limits)
        for (const Term &term : limit.terms)
          work.push_back(term.value);
  SmallPtrSet<Value, 16> seen;
  llvm::SetVector<unsigned> numbers;
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (Operation *op = value.getDefiningOp())
      work.append(op->operand_begin(), op->operand_end());
    else if (auto argument = dyn_cast<BlockArgument>(value); argument.getArgNumber() < arguments.size())
      numbers.insert(argument.getArgNumber());
  }
  return map_to_vector(numbers, [&](unsigned number) { return arguments[number].name; });
}

/// The edit for a block that sticks out of its array.
std::string keepInside(const Access &access, ArrayRef<ArgumentInfo> arguments) {
  std::string names, bindings;
  for (const std::string &name : maskArguments(access, arguments)) {
    names += (names.empty() ? "" : " and ") + name;
    bindings += " --bind " + name + "=VALUE";
  }
  if (!names.empty())
    return "the mask is known only when the kernel runs: make " + names + " tl.constexpr, or compile with" + bindings +
           ", so that the elements that it leaves out are known";
  return access.isBlockPointer ? "keep the block inside of the array, or use boundary_check"
                               : "keep the block inside of the array, or mask the elements that lie outside";
}

/// That a block pointer's indices stay inside of its array's shape.
std::optional<Diagnostic> checkIndices(const Access &access, const std::string &name, ArrayRef<int64_t> shape) {
  for (size_t d = shape.size(); d-- > 0;) {
    const AccessAxis &axis = access.axes[d];
    if (axis.isDynamic() && !axis.end && axis.extent > shape[d])
      return errorAt(Code::C009, access.op,
                     "a block of " + std::to_string(axis.extent) + " elements along axis " + std::to_string(d) +
                         " does not fit '" + name + "' with " + std::to_string(shape[d]),
                     "use a smaller block, or boundary_check");
    std::optional<Interval> touched = axis.touched();
    if (!access.never && (!touched || touched->min < 0 || touched->max >= shape[d]))
      return errorAt(Code::C009, access.op,
                     "this access reaches index " + (touched ? range(*touched) : std::string("unknown")) + " of axis " +
                         std::to_string(d) + " of '" + name + "', which has " + std::to_string(shape[d]),
                     "declare the array as it is, or keep the block inside of it");
  }
  return std::nullopt;
}

/// Addresses a block pointer's access in the declared array instead of through the kernel's strides.
std::optional<Diagnostic> useDeclaredShape(Access &access, const std::string &name, ArrayRef<int64_t> shape) {
  if (access.axes.size() != shape.size())
    return errorAt(Code::I013, access.op,
                   "'" + name + "' is declared with rank " + std::to_string(shape.size()) +
                       ", but this block pointer has rank " + std::to_string(access.axes.size()),
                   "declare the array as the kernel's block pointers see it");
  if (!access.base.isConstant() || access.base.constant != 0)
    return errorAt(Code::I013, access.op,
                   "'" + name + "' has a declared shape, but this block pointer's base is moved within the array",
                   "move the block with offsets, or leave out --shape");
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d]) {
    AccessAxis &axis = access.axes[d];
    axis.stride = stride;
    axis.declared = shape[d];
  }
  return checkIndices(access, name, shape);
}

/// That an access has addresses, and that they are not negative.
std::optional<Diagnostic> checkAddresses(const Access &access, const std::string &name, bool isDeclared) {
  if (!access.base.terms.empty()) {
    if (isDeclared)
      return std::nullopt; // The conversion to an index keeps the address inside of the array.
    return errorAt(Code::C008, access.op,
                   "the extent of '" + name + "' cannot be inferred: the address is known only at run time",
                   "declare the array: --shape " + name + "=EXTENTxEXTENT, or use a block pointer");
  }
  std::optional<Interval> addresses = access.addresses();
  if (addresses && addresses->min >= 0)
    return std::nullopt;
  return errorAt(Code::C009, access.op,
                 addresses ? "this access reaches element " + std::to_string(addresses->min) + " of '" + name + "'"
                           : "the addresses of this access to '" + name + "' do not fit 64 bits",
                 "keep the block inside of the array, or use boundary_check");
}

/// Every access's last address against the array's element count.
std::optional<Diagnostic> checkExtent(const Access &access, const std::string &name, rbln::ArrayType type,
                                      ArrayRef<ArgumentInfo> arguments) {
  std::optional<Interval> addresses = access.addresses();
  if (!addresses || addresses->max < type.getNumElements())
    return std::nullopt;
  return errorAt(Code::C009, access.op,
                 "this access reaches element " + std::to_string(addresses->max) + " of '" + name +
                     "', which has shape " + text(type.getShape()) + " and " + std::to_string(type.getNumElements()) +
                     " elements",
                 keepInside(access, arguments));
}

struct Resolver {
  Block &entry;
  MutableArrayRef<Access> accesses;
  const LowerOptions &options;
  const RecordedArrays &recorded;
  Diagnostics &diagnostics;
  std::vector<ArgumentInfo> &arguments;

  LogicalResult fail(Diagnostic diagnostic) {
    diagnostics.report(std::move(diagnostic));
    return failure();
  }

  /// The type of the argument's elements, or an error.
  FailureOr<Type> elementOf(BlockArgument argument, const std::string &name) {
    Type type = argument.getType();
    if (auto pointer = dyn_cast<tt::PointerType>(type))
      type = pointer.getPointeeType();
    if (isElement(type))
      return type;
    if (isa<ShapedType, tt::PointerType, tt::TensorDescType>(type))
      return fail(argumentError(Code::C004, argument,
                                "argument '" + name + "' has the type " + text(argument.getType()),
                                "pass a pointer to numbers"));
    return fail(argumentError(Code::C005, argument, "argument '" + name + "' has the unsupported type " + text(type),
                              "use one of float32, float16, bfloat16, int64, int32, int16, int8, int1"));
  }

  LogicalResult resolve(BlockArgument argument, ArgumentInfo &info) {
    FailureOr<Type> element = elementOf(argument, info.name);
    if (failed(element))
      return failure();
    info.isScalar = !isa<tt::PointerType>(argument.getType());
    auto declared = options.shapes.find(info.name);
    bool isDeclared = declared != options.shapes.end();
    auto record = isDeclared ? recorded.shapes.end() : recorded.shapes.find(argument.getArgNumber());
    info.isDeclared = isDeclared || record != recorded.shapes.end();
    if (info.isScalar) {
      if (isDeclared)
        return fail(argumentError(Code::I011, argument, "--shape names the scalar argument '" + info.name + "'",
                                  "bind a scalar with --bind " + info.name + "=VALUE"));
      info.type = rbln::ArrayType::get(argument.getContext(), {}, *element);
      return success();
    }
    SmallVector<const Access *> own;
    LogicalResult result = success();
    for (Access &access : accesses) {
      if (access.argument != argument.getArgNumber() || access.never)
        continue;
      std::optional<Diagnostic> error;
      if (isDeclared && access.isBlockPointer)
        error = useDeclaredShape(access, info.name, declared->second);
      else if (access.isRecorded && record != recorded.shapes.end())
        error = checkIndices(access, info.name, record->second);
      if (!error)
        error = checkAddresses(access, info.name, info.isDeclared);
      if (error)
        result = fail(std::move(*error));
      own.push_back(&access);
    }
    if (failed(result))
      return failure();
    if (info.isDeclared) {
      ArrayRef<int64_t> shape = isDeclared ? ArrayRef<int64_t>(declared->second) : ArrayRef<int64_t>(record->second);
      info.type = rbln::ArrayType::get(argument.getContext(), shape, *element);
      info.extentOnly = !isDeclared && recorded.asTheyLie.contains(argument.getArgNumber());
    } else {
      std::optional<InferredShape> inferred = inferShape(own);
      if (!inferred)
        return fail(argumentError(Code::C009, argument, "the extent of '" + info.name + "' does not fit 64 bits", {}));
      info.type = rbln::ArrayType::get(argument.getContext(), inferred->shape, *element);
      info.extentOnly = inferred->extentOnly;
    }
    int64_t bits = 0;
    if (llvm::MulOverflow<int64_t>(info.type.getNumElements(), std::max(element->getIntOrFloatBitWidth(), 8u), bits))
      return fail(argumentError(Code::C009, argument,
                                "the size of '" + info.name + "', " + std::to_string(info.type.getNumElements()) +
                                    " elements of " + text(*element) + ", does not fit 64 bits",
                                "declare the array as it is"));
    for (const Access *access : own)
      if (std::optional<Diagnostic> error = checkExtent(*access, info.name, info.type, arguments))
        result = fail(std::move(*error));
    return result;
  }

  /// Declared shapes name arguments and have positive extents whose product fits.
  LogicalResult checkOptions() {
    LogicalResult result = success();
    for (const auto &[name, shape] : options.shapes) {
      if (none_of(arguments, [&](const ArgumentInfo &info) { return info.name == name; })) {
        std::vector<std::string_view> names;
        for (const ArgumentInfo &info : arguments)
          names.push_back(info.name);
        diagnostics.report(Code::I010, "--shape names '" + name + "', which is no argument" + didYouMean(name, names),
                           {}, "the arguments are " + join(names, ", "));
        result = failure();
      }
      bool positive = !shape.empty() && all_of(shape, [](int64_t extent) { return extent >= 1; });
      if (!positive || !tt::elementCountOf(shape)) {
        diagnostics.report(Code::I013, "--shape " + name + "=" + text(shape) + " is no shape of an array", {},
                           "give positive extents, as in --shape " + name + "=2x16x8");
        result = failure();
      }
    }
    return result;
  }
};

} // namespace

LogicalResult resolveSignature(Block &entry, MutableArrayRef<Access> accesses, const LowerOptions &options,
                               const RecordedArrays &recorded, Diagnostics &diagnostics,
                               std::vector<ArgumentInfo> &arguments) {
  for (std::string &name : argumentNames(entry))
    arguments.push_back({std::move(name), {}});
  Resolver resolver{entry, accesses, options, recorded, diagnostics, arguments};
  if (failed(resolver.checkOptions()))
    return failure();
  LogicalResult result = success();
  for (auto [argument, info] : zip(entry.getArguments(), arguments))
    if (failed(resolver.resolve(argument, info)))
      result = failure();
  return result;
}

} // namespace rblnc::lower
