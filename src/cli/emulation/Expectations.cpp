#include "Expectations.h"

#include "rblnc/cli/Compare.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/TensorFile.h"

#include <cmath>
#include <fmt/format.h>

namespace rblnc::cli {

Expectations::Expectations(const std::vector<std::string> &texts, const Tolerances &tolerances, Emulation &emulation)
    : tolerances(tolerances), emulation(emulation),
      files(assign("--expect", texts, emulation.parameters, emulation.diagnostics)) {
  for (const auto &[index, path] : files)
    emulation.protect(TensorFile::pathOf(path),
                      fmt::format("what is expected of '{}'", emulation.parameters[index].name));
}

void Expectations::load() {
  for (const auto &[index, path] : files) {
    auto opened = TensorFile::open(path);
    if (!opened) {
      emulation.keep(opened.takeError());
      continue;
    }
    const Tensor &result = emulation.data[index];
    bool isFlat = !emulation.parameters[index].hasShape && elementCount(opened->shape) == result.elements();
    if (!isFlat && !isSameUpToUnits(opened->shape, result.shape)) {
      emulation.diagnostics.report(Code::R008, fmt::format("'{}' has the shape {}, and '{}' is {}", path,
                                                           formatShape(opened->shape), emulation.parameters[index].name,
                                                           formatType(result.dtype, result.shape)));
      continue;
    }
    auto loaded = opened->load();
    if (!loaded) {
      emulation.keep(loaded.takeError());
      continue;
    }
    // As for arguments, unsigned 16-bit integers are the bits of bfloat16.
    if (result.dtype == DType::bf16 && loaded->dtype == DType::u16)
      loaded->dtype = DType::bf16;
    expected.emplace(index, std::move(*loaded));
  }
}

std::vector<std::string> Expectations::compare() {
  std::vector<std::string> lines;
  for (const auto &[index, wanted] : expected) {
    const Tensor &result = emulation.data[index];
    Tolerance tolerance = defaultTolerance(result.dtype, wanted.dtype);
    if (tolerances.relative || tolerances.absolute)
      tolerance = {tolerances.relative.value_or(0), tolerances.absolute.value_or(0)};
    tolerance.equalNaN = tolerances.equalNaN;
    Comparison comparison = cli::compare(result, wanted, tolerance);
    const std::string &name = emulation.parameters[index].name;
    std::string allowed = fmt::format("(allowed {:g} + {:g} * |expected|)", tolerance.absolute, tolerance.relative);
    if (comparison.differing == 0) {
      lines.push_back(fmt::format("{}: as expected; the largest difference is {} {}\n", name,
                                  comparison.largestDifferenceText, allowed));
      continue;
    }
    std::string got = formatElement(result, comparison.worst, comparedAs(result.dtype, wanted.dtype));
    std::string want = formatElement(wanted, comparison.worst, wanted.dtype);
    emulation.diagnostics.report(
        Code::R011,
        fmt::format("'{}' differs in {} of {} elements; the worst is {}: {} where {} was expected {}", name,
                    comparison.differing, comparison.elements, formatIndex(comparison.worst, result.shape), got, want,
                    allowed),
        {},
        std::isnan(result.asDouble(comparison.worst)) && std::isnan(wanted.asDouble(comparison.worst))
            ? "pass --equal-nan when a NaN is what is expected"
            : "");
  }
  return lines;
}

} // namespace rblnc::cli
