#include "VectorBlocks.h"

#include <algorithm>
#include <map>

namespace rblnc::emulator {
namespace {

/// Elements of a block. The arrays of a handful of values then fit the host's first level cache.
constexpr int64_t blockCapacity = 1024;
/// Host memory that spilled cells of one program may take before blocks get fewer rows.
constexpr int64_t spillLimit = int64_t{64} << 20;

class Layouter {
public:
  Layouter(const Analysis &analysis, VectorCommand &command) : analysis(analysis), command(command) {}

  std::vector<uint32_t> run() {
    command.rows = countOf(outerShape());
    command.length = countOf(innerShape());
    makeWalks();
    chooseBlocks();
    return std::move(indexOfValue);
  }

private:
  llvm::ArrayRef<int64_t> outerShape() const { return llvm::ArrayRef(analysis.shape).take_front(analysis.outerRank); }
  llvm::ArrayRef<int64_t> innerShape() const { return llvm::ArrayRef(analysis.shape).drop_front(analysis.outerRank); }

  /// Reads every access and index as a walk over outer and inner dimensions, and makes those few and long.
  void makeWalks() {
    std::vector<Extents> outer, inner;
    auto add = [&](llvm::ArrayRef<int64_t> strides) {
      outer.emplace_back(strides.begin(), strides.begin() + static_cast<ptrdiff_t>(analysis.outerRank));
      inner.emplace_back(strides.begin() + static_cast<ptrdiff_t>(analysis.outerRank), strides.end());
    };
    for (const DecodedAccess &access : analysis.inputs)
      add(access.strides);
    for (const DecodedAccess &access : analysis.outputs)
      add(access.strides);
    indexOfValue.assign(analysis.values.size(), 0);
    for (size_t v = 0; v < analysis.values.size(); ++v) {
      const Value &value = analysis.values[v];
      if (value.kind != Value::Index)
        continue;
      Extents strides(analysis.shape.size(), 0);
      strides[value.instruction.imm()] = 1;
      indexOfValue[v] = static_cast<uint32_t>(command.indices.size());
      command.indices.push_back({{}, storageOf(value.dtype)});
      add(strides);
    }
    command.outer.assign(outerShape().begin(), outerShape().end());
    command.inner.assign(innerShape().begin(), innerShape().end());
    coalesce(command.outer, outer);
    coalesce(command.inner, inner);
    moveTallDimension(outer, inner);

    size_t next = 0;
    auto take = [&] {
      Walk walk{outer[next], inner[next]};
      ++next;
      return walk;
    };
    for (const DecodedAccess &access : analysis.inputs)
      command.inputs.push_back({access, take()});
    for (const DecodedAccess &access : analysis.outputs)
      command.outputs.push_back({access, take()});
    for (VectorCommand::Index &index : command.indices)
      index.walk = take();
    for (Operand &input : command.inputs)
      input.canBeReadInPlace = llvm::none_of(command.outputs, [&](const Operand &output) {
        return input.access.memory == output.access.memory && input.access.unit == output.access.unit &&
               input.access.offset == output.access.offset;
      });
  }

  /// Some accesses are contiguous along an outer dimension and not along the rows (a reduction over the first axis, a
  /// transposition). That dimension is made the innermost of the outer ones, so that a block covers a stretch of it.
  void moveTallDimension(std::vector<Extents> &outer, std::vector<Extents> &inner) {
    size_t accesses = analysis.inputs.size() + analysis.outputs.size();
    auto bytesOfAccess = [&](size_t i) {
      return static_cast<int64_t>(bytesOf(
          (i < analysis.inputs.size() ? analysis.inputs[i] : analysis.outputs[i - analysis.inputs.size()]).dtype));
    };
    bool isFlat = analysis.outerRank == 0;
    size_t wide = 0;
    std::map<size_t, size_t> tall;
    for (size_t i = 0; i < accesses; ++i) {
      int64_t bytes = bytesOfAccess(i);
      if (inner[i].empty() || inner[i].back() == 0)
        continue;
      if (inner[i].back() == bytes) {
        ++wide;
        continue;
      }
      llvm::ArrayRef<int64_t> candidates = isFlat ? llvm::ArrayRef(inner[i]).drop_back() : llvm::ArrayRef(outer[i]);
      for (size_t d = 0; d < candidates.size(); ++d)
        if (candidates[d] == bytes)
          ++tall[d];
    }
    if (tall.empty())
      return;
    size_t dimension =
        std::max_element(tall.begin(), tall.end(), [](auto &a, auto &b) { return a.second < b.second; })->first;
    isTall = true;
    command.isColumns = tall[dimension] > wide;
    auto rotate = [&](Extents &extents) {
      std::rotate(extents.begin() + dimension, extents.begin() + dimension + 1, extents.end());
    };
    if (isFlat) {
      // All but the last dimension become outer ones: without rows to keep together any split will do.
      auto split = [&](Extents &from, Extents &to) {
        to.assign(from.begin(), from.end() - 1);
        from.erase(from.begin(), from.end() - 1);
      };
      split(command.inner, command.outer);
      for (size_t i = 0; i < inner.size(); ++i)
        split(inner[i], outer[i]);
      command.rows = countOf(command.outer);
      command.length = countOf(command.inner);
    }
    rotate(command.outer);
    for (Extents &strides : outer)
      rotate(strides);
  }

  void chooseBlocks() {
    int64_t rows = command.rows, length = command.length;
    if (isTall && length > blockCapacity / 8) {
      // 64 rows: what is read along the rows comes in whole cache lines. 16 elements: one for each lane of a reduction.
      command.blockRows = std::min<int64_t>(rows, 64);
      command.blockLength = std::min(length, blockCapacity / 64);
    } else if (isTall) {
      command.blockRows = std::min(rows, std::max<int64_t>(16, blockCapacity / length));
      command.blockLength = length;
    } else {
      command.blockRows = std::min(rows, std::max<int64_t>(1, blockCapacity / length));
      command.blockLength = std::min(length, blockCapacity);
    }
    if (!command.isOneBlockLong() && analysis.phases > 1) {
      int64_t spilled = 0;
      for (const Value &value : analysis.values)
        spilled += value.isLive && value.isRow && value.kind == Value::Compute ? 8 : 0;
      // The verifier has bounded length times values, so this cannot overflow.
      while (command.blockRows > 1 && spilled * length > spillLimit / command.blockRows)
        command.blockRows /= 2;
    }
    if (command.blockRows == 1)
      command.isColumns = false;
  }

  const Analysis &analysis;
  VectorCommand &command;
  bool isTall = false;
  std::vector<uint32_t> indexOfValue;
};

} // namespace

std::vector<uint32_t> layOut(const Analysis &analysis, VectorCommand &command) {
  return Layouter(analysis, command).run();
}

} // namespace rblnc::emulator
