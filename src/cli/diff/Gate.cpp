#include "Gate.h"

#include "llvm/ADT/StringRef.h"

#include <cmath>

namespace rblnc::cli::diff {

bool Gate::trips(double before, double after) const {
  double step = after - before;
  // What was nothing and is something has grown by more than any share of it.
  return isRelative ? step > 0 && step > limit * before : step > limit;
}

std::optional<std::vector<Gate>> parseGates(const std::string &text, std::string &wrong) {
  std::vector<Gate> gates;
  llvm::StringRef rest = text;
  while (!rest.empty()) {
    llvm::StringRef part;
    std::tie(part, rest) = rest.split(',');
    part = part.trim();
    wrong = part.str();
    auto [name, number] = part.split('>');
    name = name.trim();
    number = number.trim();
    Gate gate{time, 0, false, part.str()};
    size_t row = 0;
    while (row < metrics.size() && name != llvm::StringRef(metrics[row].name))
      ++row;
    gate.isRelative = number.consume_back("%");
    if (row == metrics.size() || !number.consume_front("+") || number.trim().getAsDouble(gate.limit) ||
        !std::isfinite(gate.limit) || gate.limit < 0)
      return std::nullopt;
    gate.metric = static_cast<Metric>(row);
    if (gate.isRelative)
      gate.limit /= 100;
    gates.push_back(std::move(gate));
  }
  return gates;
}

} // namespace rblnc::cli::diff
