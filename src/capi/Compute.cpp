// Single operations on arrays.
#include "Options.h"
#include "Report.h"

#include "rblnc/check/Operations.h"
#include "rblnc/driver/LibraryFunction.h"
#include "rblnc/emulator/Compute.h"
#include "rblnc/support/Error.h"
#include "rblnc/target/Target.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace rblnc;

namespace {

std::optional<bundle::Op> operationNamed(std::string_view name) {
  for (const bundle::OpInfo &info : bundle::allOps())
    if (info.name == name)
      return info.op;
  return std::nullopt;
}

std::string_view viewOf(rblnc_string text) { return text.data ? std::string_view(text.data, text.size) : ""; }

bool isDType(int32_t dtype) { return dtype >= RBLNC_I1 && dtype <= RBLNC_F32; }

/// The type that f32 is rounded to, or what is wrong.
std::optional<std::string> readType(int32_t numerics, rblnc_string name, emulator::ComputeType &type) {
  if (numerics != RBLNC_IEEE && numerics != RBLNC_DEVICE)
    return "numerics is " + std::to_string(numerics) + ", and RBLNC_IEEE and RBLNC_DEVICE are known";
  auto target = findTarget(name.size ? viewOf(name) : std::string_view(defaultTargetName));
  if (!target)
    return toDiagnostic(target.takeError()).message;
  bool isBf16 = (*target)->computeDType == ComputeDType::bf16;
  type = numerics == RBLNC_IEEE ? emulator::ComputeType::ieee
         : isBf16               ? emulator::ComputeType::bf16
                                : emulator::ComputeType::dlf16;
  return std::nullopt;
}

} // namespace

rblnc_status rblnc_compute(rblnc_string operation, uint64_t immediate, int32_t dtype, void *out,
                           const rblnc_operand *operands, size_t operandCount, size_t count, int32_t numerics,
                           rblnc_string target, rblnc_diagnostics **diagnostics) {
  return capi::guarded(diagnostics, "the emulator", [&](capi::Report &report) -> rblnc_status {
    auto usage = [&](const std::string &message) { return report.usage("rblnc_compute: " + message); };
    emulator::ComputeType type{};
    if (std::optional<std::string> fault = readType(numerics, target, type))
      return usage(*fault);
    if (!operands || operandCount == 0 || operandCount > 3)
      return usage("an operation has 1 to 3 operands");
    if (!isDType(dtype))
      return usage("dtype is " + std::to_string(dtype));
    capi::haveProvokedFault("compute");
    std::vector<emulator::ConstArray> arrays;
    for (size_t i = 0; i < operandCount; ++i) {
      if (!isDType(operands[i].dtype))
        return usage("operand " + std::to_string(i) + " has dtype " + std::to_string(operands[i].dtype));
      if (count && (!operands[i].data || !out))
        return usage("an array is NULL");
      arrays.push_back({static_cast<bundle::DType>(operands[i].dtype), operands[i].data});
    }
    std::string name(viewOf(operation));
    if (name == "to_compute_type") {
      if (operandCount != 1 || dtype != RBLNC_F32 || operands[0].dtype != RBLNC_F32)
        return usage("to_compute_type: it takes one array of f32 and gives one");
      if (count)
        std::memmove(out, operands[0].data, count * sizeof(float));
      emulator::roundToComputeType(static_cast<float *>(out), count, type);
      return RBLNC_DONE;
    }
    // "truncf" is an operation, and would be a name of the function trunc.
    const LibraryProgram *function = llvm::StringRef(name).starts_with("__") ? libraryProgram(name) : nullptr;
    if (function) {
      auto dtypesOf = [](const emulator::ConstArray &array) { return array.dtype; };
      if (static_cast<bundle::DType>(dtype) != function->result ||
          !std::ranges::equal(arrays, function->operands, {}, dtypesOf))
        return usage(name + ": its types are " + function->types);
      std::string wrong =
          emulator::compute(function->instructions, function->value, function->result, out, arrays, count, type);
      return wrong.empty() ? RBLNC_DONE : usage(name + ": " + wrong);
    }
    std::optional<bundle::Op> op = operationNamed(name);
    if (!op)
      return usage("there is no operation '" + name + "'");
    std::string wrong = emulator::compute(*op, immediate, static_cast<bundle::DType>(dtype), out, arrays, count, type);
    return wrong.empty() ? RBLNC_DONE : usage(name + ": " + wrong);
  });
}

rblnc_status rblnc_library_function(rblnc_string symbol, rblnc_function_info *info) {
  if (!info || capi::sizeFault(info, "rblnc_function_info"))
    return RBLNC_USAGE;
  const LibraryFunction *function = findLibraryFunction(viewOf(symbol));
  if (!function || !function->isSupported())
    return RBLNC_USAGE;
  info->types = capi::textOf(function->types);
  info->operation = {};
  for (const bundle::OpInfo &row : bundle::allOps())
    if (!row.ir.empty() && row.ir == function->meaning)
      info->operation = capi::textOf(row.name);
  return RBLNC_DONE;
}

rblnc_status rblnc_target_figure(rblnc_string target, rblnc_string key, double *value) {
  auto found = findTarget(target.size ? viewOf(target) : std::string_view(defaultTargetName));
  if (!found) {
    llvm::consumeError(found.takeError());
    return RBLNC_USAGE;
  }
  for (const TargetFigure &figure : (*found)->figures)
    if (value && figure.key == viewOf(key) && llvm::to_float(figure.value, *value))
      return RBLNC_DONE;
  return RBLNC_USAGE;
}
