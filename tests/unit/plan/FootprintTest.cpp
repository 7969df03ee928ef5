// Footprints of strided blocks against their elements, one by one.
#include "analysis/Hazards.h"

#include "catch2/catch.hpp"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"

#include <random>
#include <set>

using namespace mlir;
using namespace rblnc;
using namespace rblnc::plan;

namespace {

struct Strided {
  int64_t offset;
  SmallVector<int64_t> shape, strides;
};

std::set<int64_t> elementsOf(const Strided &block) {
  std::set<int64_t> elements{block.offset};
  for (auto [extent, stride] : llvm::zip(block.shape, block.strides)) {
    std::set<int64_t> more;
    for (int64_t element : elements)
      for (int64_t i = 0; i < extent; ++i)
        more.insert(element + i * stride);
    elements = std::move(more);
  }
  return elements;
}

Footprint footprintOf(MLIRContext &context, const Strided &block, ArrayRef<int64_t> registers = {},
                      ArrayRef<int64_t> scales = {}, ArrayAttr bounds = {}, ArrayAttr clips = {}) {
  auto access =
      npu::AccessAttr::get(&context, Float32Type::get(&context), block.offset, block.strides, registers, scales);
  return Footprint::of({Value(), access, llvm::to_vector<4>(block.shape), false, clips}, bounds);
}

bool meet(const std::set<int64_t> &a, const std::set<int64_t> &b) {
  return llvm::any_of(a, [&](int64_t element) { return b.contains(element); });
}

} // namespace

TEST_CASE("blocks that share an element are never called apart") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  std::mt19937 random(1);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int apart = 0;
  for (int i = 0; i < 20000; ++i) {
    Strided blocks[2];
    for (Strided &block : blocks) {
      block.offset = draw(0, 60);
      for (int64_t d = draw(0, 3); d > 0; --d) {
        block.shape.push_back(draw(1, 4));
        block.strides.push_back(draw(0, 3) == 0 ? draw(-12, 12) : int64_t(1) << draw(0, 5));
      }
    }
    bool isApart = footprintOf(context, blocks[0]).isApartFrom(footprintOf(context, blocks[1]));
    apart += isApart;
    if (meet(elementsOf(blocks[0]), elementsOf(blocks[1])))
      CHECK_FALSE(isApart);
  }
  CHECK(apart > 1000);
}

TEST_CASE("heads of one block of a cache are apart, whichever block it is") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  // 2 x 11 blocks x 8 heads x 64 rows x 32: the block is a register's.
  auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, 0, 10, "block_table[0]")});
  auto head = [&](int64_t number) {
    return footprintOf(context, {number * 64 * 32, {64, 32}, {32, 1}}, {0}, {8 * 64 * 32}, bounds);
  };
  CHECK(head(0).isApartFrom(head(1)));
  CHECK(head(7).isApartFrom(head(3)));
  CHECK_FALSE(head(5).isApartFrom(head(5)));
  // Without the whole block's stride, heads of different blocks meet.
  auto anyRow = footprintOf(context, {0, {64, 32}, {32, 1}}, {0}, {32}, bounds);
  CHECK_FALSE(anyRow.isApartFrom(head(0)));
}

TEST_CASE("blocks at a register that a clip keeps inside share no element when they are called apart") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  std::mt19937 random(2);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int apart = 0;
  for (int i = 0; i < 5000; ++i) {
    // Both blocks along axis 0 are at r + register, one of them at another offset or without the clip.
    int64_t rows = draw(1, 4), stride = draw(0, 1) ? 8 : -8, lowest = draw(-3, 2), highest = draw(lowest, 6);
    auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, lowest, highest, "n")});
    int64_t lo = draw(-4, 4), hi = draw(-2, 8), loScale = draw(-2, 1), hiScale = draw(0, 3) ? -1 : draw(-2, 1);
    auto clips = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 0, lo, hi, 0, loScale, hiScale)});
    Strided block{draw(-20, 20), {rows, 2}, {stride, 1}}, other{draw(-60, 60), {draw(1, 6), 2}, {stride, 1}};
    std::set<int64_t> elements;
    for (int64_t n = lowest; n <= highest; ++n)
      for (int64_t r = 0; r < rows; ++r)
        if (lo + loScale * n <= r && r < hi + hiScale * n)
          for (int64_t c = 0; c < 2; ++c)
            elements.insert(block.offset + (n + r) * stride + c);
    Footprint footprint = footprintOf(context, block, {0}, {stride}, bounds, clips);
    bool isApart = footprint.isApartFrom(footprintOf(context, other));
    apart += isApart;
    if (meet(elements, elementsOf(other)))
      CHECK_FALSE(isApart);
  }
  CHECK(apart > 1000);
}

TEST_CASE("rows that are appended to one head of a cache are apart from the other heads") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  // 8 heads x 64 rows x 32: two rows at register 0, those of them that the head has.
  auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, 0, 64, "n")});
  auto clips = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 0, 0, 64, 0, 0, -1)});
  auto rows = [&](int64_t head, ArrayAttr clips) {
    return footprintOf(context, {head * 64 * 32, {2, 32}, {32, 1}}, {0}, {32}, bounds, clips);
  };
  auto head = [&](int64_t number) { return footprintOf(context, {number * 64 * 32, {64, 32}, {32, 1}}); };
  CHECK(rows(2, clips).isApartFrom(head(3)));
  CHECK(rows(2, clips).isApartFrom(rows(3, clips)));
  CHECK_FALSE(rows(2, clips).isApartFrom(head(2)));
  CHECK_FALSE(rows(2, {}).isApartFrom(head(3)));
}

TEST_CASE("blocks that a clip cuts at a register share no element when they are called apart") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  std::mt19937 random(4);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int apart = 0, apartByClip = 0;
  for (int i = 0; i < 5000; ++i) {
    int64_t rows = draw(1, 6), stride = draw(0, 1) ? 4 : -4, lowest = draw(-3, 3), highest = draw(lowest, 5);
    auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, lowest, highest, "n")});
    int64_t lo = draw(-2, 4), hi = draw(-2, 6), loScale = draw(-1, 2), hiScale = draw(-2, 2);
    auto clips = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 0, lo, hi, 0, loScale, hiScale)});
    Strided block{draw(-20, 20), {rows, 2}, {stride, 1}}, other{draw(-40, 40), {draw(1, 4), 2}, {stride, 1}};
    std::set<int64_t> elements;
    for (int64_t n = lowest; n <= highest; ++n)
      for (int64_t r = std::max<int64_t>(0, lo + loScale * n); r < std::min(rows, hi + hiScale * n); ++r)
        for (int64_t c = 0; c < 2; ++c)
          elements.insert(block.offset + r * stride + c);
    Footprint reach = footprintOf(context, other);
    bool isApart = footprintOf(context, block, {}, {}, bounds, clips).isApartFrom(reach);
    apart += isApart;
    apartByClip += isApart && !footprintOf(context, block, {}, {}, bounds).isApartFrom(reach);
    if (meet(elements, elementsOf(other)))
      CHECK_FALSE(isApart);
  }
  CHECK(apart > 1000);
  CHECK(apartByClip > 100);
}

TEST_CASE("the rows in front of a register in a longer block are apart from the next head") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, 0, 64, "n")});
  auto filled = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 0, 0, 0, 0, 0, 1)});
  auto rows = [&](int64_t head, ArrayAttr clips) {
    return footprintOf(context, {head * 64 * 32, {68, 32}, {32, 1}}, {}, {}, bounds, clips);
  };
  Footprint next = footprintOf(context, {3 * 64 * 32, {64, 32}, {32, 1}});
  CHECK(rows(2, filled).isApartFrom(next));
  CHECK_FALSE(rows(2, {}).isApartFrom(next));
  CHECK_FALSE(rows(3, filled).isApartFrom(next));
}

TEST_CASE("rows in front of a register's and rows from there on share no element when they are called apart") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  std::mt19937 random(3);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int apart = 0;
  for (int i = 0; i < 5000; ++i) {
    // Heads of `rows` rows of `width` elements, in one of three blocks; what makes them irregular is rare.
    int64_t rows = draw(2, 4), width = draw(1, 3), stride = width + (draw(0, 5) == 0 ? -1 : draw(0, 1));
    int64_t head = rows * stride + (draw(0, 5) == 0 ? -1 : draw(0, 2)), block = 2 * head, least = draw(0, 9) ? 0 : -1;
    auto bounds = ArrayAttr::get(&context, {npu::RegisterAttr::get(&context, 0, 2, "block"),
                                            npu::RegisterAttr::get(&context, 0, 2, "other block"),
                                            npu::RegisterAttr::get(&context, least, rows, "n")});
    int64_t beyond = draw(0, 5) == 0, count = draw(1, 3);
    auto front = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 1, 0, beyond, 2, 0, 1)});
    auto from = ArrayAttr::get(&context, {npu::ClipAttr::get(&context, 1, 0, rows, 2, draw(0, 1) ? 0 : -1, -1)});
    int64_t loScale = cast<npu::ClipAttr>(from[0]).getLoScale(), shift = draw(0, 9) ? 0 : draw(-3, 3);
    Strided all{20, {2, rows, width}, {head, stride, 1}}, some{20 + shift, {2, count, width}, {head, stride, 1}};
    int64_t blocks = draw(0, 1);
    bool isApart = footprintOf(context, all, {0}, {block}, bounds, front)
                       .isApartFrom(footprintOf(context, some, {blocks, 2}, {block, stride}, bounds, from));
    apart += isApart;
    bool meets = false;
    for (int64_t n = least; n <= rows; ++n) {
      std::set<int64_t> elements[2];
      for (int64_t b = 0; b < 3; ++b)
        for (int64_t h = 0; h < 2; ++h)
          for (int64_t c = 0; c < width; ++c) {
            for (int64_t r = 0; r < rows && r < n + beyond; ++r)
              elements[0].insert(20 + b * block + h * head + r * stride + c);
            for (int64_t r = std::max<int64_t>(0, loScale * n); r < count && n + r < rows; ++r)
              elements[1].insert(20 + shift + b * block + h * head + (n + r) * stride + c);
          }
      meets |= meet(elements[0], elements[1]);
    }
    if (meets)
      CHECK_FALSE(isApart);
  }
  CHECK(apart > 1000);
}

TEST_CASE("a block of unknown shape may be anywhere") {
  MLIRContext context;
  context.loadDialect<npu::NPUDialect>();
  auto access = npu::AccessAttr::get(&context, Float32Type::get(&context), 5, {1, 2}, {}, {});
  Footprint unknown = Footprint::of({Value(), access, {}, false, ArrayAttr()}, {});
  CHECK_FALSE(unknown.isApartFrom(footprintOf(context, {1000000, {4}, {1}})));
  CHECK_FALSE(unknown.isApartFrom(footprintOf(context, {3, {4}, {16}})));
}
