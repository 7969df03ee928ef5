#include "Footprint.h"

#include <algorithm>
#include <vector>

namespace rblnc::emulator {

int64_t Footprint::last() const {
  int64_t end = base + run - 1;
  for (size_t d = 0; d < shape.size(); ++d)
    end += (shape[d] - 1) * strides[d];
  return places.empty() ? end : end + places.back();
}

Footprint Footprint::of(const bundle::AccessUse &use, llvm::ArrayRef<int64_t> registers) {
  Box box{Extents(use.shape.size(), 0), Extents(use.shape.begin(), use.shape.end())};
  if (use.clips) {
    llvm::SmallVector<DecodedClip, 4> clips;
    for (const bundle::Clip *clip : *use.clips)
      clips.push_back(decodeClip(*clip));
    box = clipped(use.shape, clips, registers);
  }
  return of(DecodedAccess::decode(*use.access), box, use.isWritten, registers);
}

Footprint Footprint::of(const DecodedAccess &access, const Box &box, bool isWritten,
                        llvm::ArrayRef<int64_t> registers) {
  Footprint result;
  result.memory = access.memory;
  result.unit = access.unit;
  result.isWritten = isWritten;
  if (box.isEmpty())
    return result;

  // The verifier bounds every address, but not each part of the sum.
  __int128 base = access.offset;
  for (DecodedAccess::Term term : access.terms)
    base += static_cast<__int128>(registers[term.reg]) * term.scale;
  struct Dimension {
    int64_t extent, stride;
  };
  llvm::SmallVector<Dimension, 8> dimensions;
  for (size_t d = 0; d < box.lo.size(); ++d) {
    int64_t extent = box.hi[d] - box.lo[d], stride = access.strides[d];
    base += static_cast<__int128>(box.lo[d]) * stride;
    if (extent == 1 || stride == 0)
      continue;
    if (stride < 0) {
      base += static_cast<__int128>(extent - 1) * stride;
      stride = -stride;
    }
    dimensions.push_back({extent, stride});
  }
  std::sort(dimensions.begin(), dimensions.end(), [](Dimension a, Dimension b) { return a.stride > b.stride; });
  result.base = static_cast<int64_t>(base);
  result.run = static_cast<int64_t>(bytesOf(access.dtype));
  for (Dimension dimension : dimensions) {
    result.shape.push_back(dimension.extent);
    result.strides.push_back(dimension.stride);
  }
  coalesce(result.shape, llvm::MutableArrayRef(&result.strides, 1));
  while (!result.shape.empty() && result.strides.back() == result.run) {
    result.run *= result.shape.back();
    result.shape.pop_back();
    result.strides.pop_back();
  }
  return result;
}

void Touched::add(Footprint footprint) {
  if (footprint.isEmpty())
    return;
  auto bytes = static_cast<uint64_t>(footprint.bytes());
  dramBytes += footprint.memory == bundle::Memory::dram ? bytes : 0;
  sharedBytes += footprint.memory == bundle::Memory::shared ? bytes : 0;
  writtenBytes += footprint.isWritten ? bytes : 0;
  footprints.push_back(std::move(footprint));
}

Touched Touched::by(const bundle::Command &command, llvm::ArrayRef<int64_t> registers) {
  Touched touched;
  for (const bundle::AccessUse &use : bundle::accessesOf(command))
    touched.add(Footprint::of(use, registers));
  return touched;
}

namespace {

/// Whether both repeat with one period, and lie apart within it.
bool areApartModulo(const Footprint &a, const Footprint &b, int64_t period) {
  auto within = [&](const Footprint &f) {
    int64_t length = f.run;
    for (size_t d = 0; d < f.shape.size(); ++d)
      if (f.strides[d] % period != 0)
        length += (f.shape[d] - 1) * f.strides[d];
    return length;
  };
  int64_t lengthA = within(a), lengthB = within(b);
  if (lengthA >= period || lengthB >= period)
    return false;
  auto modulo = [&](int64_t value) { return ((value % period) + period) % period; };
  return modulo(b.base - a.base) >= lengthA && modulo(a.base - b.base) >= lengthB;
}

/// One bit for each byte of a window.
class ByteSet {
public:
  ByteSet(int64_t first, int64_t last)
      : first(first), last(last), words(static_cast<size_t>((last - first) / 64 + 1)) {}

  void add(int64_t from, int64_t to) {
    forWords(from, to, [](uint64_t &word, uint64_t mask) {
      word |= mask;
      return true;
    });
  }
  /// A byte of [from, to] that is in the set, or -1.
  int64_t find(int64_t from, int64_t to) {
    int64_t found = -1;
    forWords(from, to, [&](uint64_t &word, uint64_t mask) {
      if (uint64_t both = word & mask)
        found = first + static_cast<int64_t>(&word - words.data()) * 64 + __builtin_ctzll(both);
      return found < 0;
    });
    return found;
  }

private:
  template <typename F> void forWords(int64_t from, int64_t to, F f) {
    from = std::max(from, first) - first;
    to = std::min(to, last) - first;
    for (int64_t word = from / 64; from <= to; ++word, from = word * 64) {
      int64_t end = std::min(to, word * 64 + 63);
      uint64_t mask = (~uint64_t{0} >> (63 - (end - from))) << (from % 64);
      if (!f(words[static_cast<size_t>(word)], mask))
        return;
    }
  }

  int64_t first, last;
  std::vector<uint64_t> words;
};

} // namespace

Meeting meet(const Footprint &a, const Footprint &b, uint64_t &budget, int64_t &byte) {
  if (a.isEmpty() || b.isEmpty() || a.memory != b.memory || a.unit != b.unit)
    return Meeting::Apart;
  int64_t first = std::max(a.first(), b.first()), last = std::min(a.last(), b.last());
  if (first > last)
    return Meeting::Apart;
  bool arePlain = a.places.empty() && b.places.empty();
  if (arePlain && a.shape.empty() && b.shape.empty()) {
    byte = first;
    return Meeting::Overlap;
  }
  if (arePlain)
    for (const Footprint *f : {&a, &b})
      for (int64_t stride : f->strides)
        if (areApartModulo(a, b, stride))
          return Meeting::Apart;
  auto window = static_cast<uint64_t>(last - first) / 64 + 1;
  auto work = window + static_cast<uint64_t>(a.runs()) + static_cast<uint64_t>(b.runs());
  if (work > budget)
    return Meeting::TooCostly;
  budget -= work;
  ByteSet set(first, last);
  a.forEachRun([&](int64_t at) {
    set.add(at, at + a.run - 1);
    return true;
  });
  byte = -1;
  b.forEachRun([&](int64_t at) {
    byte = set.find(at, at + b.run - 1);
    return byte < 0;
  });
  return byte < 0 ? Meeting::Apart : Meeting::Overlap;
}

} // namespace rblnc::emulator
