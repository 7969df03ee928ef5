// Which elements a block can touch, against all of them, one by one; and blocks that hold an element once.
#include "analysis/AccessBounds.h"
#include "tiling/Blocks.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"

#include <random>
#include <set>

using namespace mlir;
using namespace rblnc;
using namespace rblnc::plan;

namespace {

/// A block with an index from `least` to `most`, which moves it and clips it.
struct Moving {
  SmallVector<int64_t> shape, strides;
  int64_t offset = 0, scale = 0, least = 0, most = 0;
  SmallVector<rbln::ClipAttr> clips;
};

/// Every element that is touched for some value of the index.
std::set<int64_t> elementsOf(const Moving &block) {
  std::set<int64_t> elements;
  for (int64_t value = block.least; value <= block.most; ++value) {
    std::set<int64_t> some{block.offset + block.scale * value};
    for (auto [d, extent] : llvm::enumerate(block.shape)) {
      int64_t low = 0, high = extent;
      for (rbln::ClipAttr clip : block.clips)
        if (clip.getAxis() == static_cast<int64_t>(d)) {
          int64_t index = clip.getTerm() < 0 ? 0 : value;
          low = std::max(low, clip.getLo() + index * clip.getLoScale());
          high = std::min(high, clip.getHi() + index * clip.getHiScale());
        }
      std::set<int64_t> more;
      for (int64_t element : some)
        for (int64_t i = low; i < high; ++i)
          more.insert(element + i * block.strides[d]);
      some = std::move(more);
    }
    elements.insert(some.begin(), some.end());
  }
  return elements;
}

std::optional<int64_t> outside(MLIRContext &context, const Moving &block, int64_t count) {
  Block holder;
  Value index = holder.addArgument(rbln::IndexType::get(&context, block.least, block.most), UnknownLoc::get(&context));
  SmallVector<Attribute> clips(block.clips.begin(), block.clips.end());
  bool isClipped = llvm::any_of(block.clips, [](rbln::ClipAttr clip) { return clip.getTerm() >= 0; });
  ValueRange none, one(index);
  SmallVector<int64_t> scales{block.scale};
  return outsideOf({block.shape, block.offset, block.strides, one, scales,
                    clips.empty() ? ArrayAttr() : ArrayAttr::get(&context, clips), isClipped ? one : none},
                   count);
}

} // namespace

TEST_CASE("no element outside of an array is missed, and none is made up") {
  MLIRContext context;
  context.loadDialect<rbln::RBLNDialect>();
  std::mt19937 random(3);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int inside = 0, beyond = 0, atEdge = 0;
  for (int i = 0; i < 20000; ++i) {
    Moving block;
    block.least = draw(-2, 2);
    block.most = block.least + draw(0, 5);
    block.scale = draw(-4, 4);
    bool hasDynamicClip = false;
    for (int64_t d = draw(0, 2); d > 0; --d) {
      block.shape.push_back(draw(1, 5));
      block.strides.push_back(draw(-6, 6));
      auto axis = static_cast<int64_t>(block.shape.size() - 1);
      if (draw(0, 2) == 0)
        block.clips.push_back(rbln::ClipAttr::get(&context, axis, draw(0, 2), draw(1, 5), -1, 0, 0));
      if (draw(0, 2) == 0) {
        block.clips.push_back(
            rbln::ClipAttr::get(&context, axis, draw(-2, 2), draw(0, 5), 0, draw(-2, 2), draw(-2, 2)));
        hasDynamicClip = true;
      }
    }
    std::set<int64_t> elements = elementsOf(block);
    if (elements.empty())
      continue;
    // So that the first or the last element lies at an end of the array, or one beyond it.
    block.offset -= *elements.begin() - draw(-1, 1);
    elements = elementsOf(block);
    int64_t count = std::max<int64_t>(1, *elements.rbegin() + draw(0, 2));
    auto found = outside(context, block, count);
    bool leaves = *elements.begin() < 0 || *elements.rbegin() >= count;
    atEdge += *elements.rbegin() == count || *elements.rbegin() == count - 1;
    (leaves ? beyond : inside) += 1;
    if (leaves)
      REQUIRE(found);
    if (!hasDynamicClip) {
      REQUIRE(found.has_value() == leaves);
      if (found)
        CHECK(elements.contains(*found));
    }
  }
  CHECK(inside > 1000);
  CHECK(beyond > 1000);
  CHECK(atEdge > 1000);
}

TEST_CASE("a block that is proven to hold every element once does") {
  std::mt19937 random(5);
  auto draw = [&](int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); };
  int proven = 0, touching = 0;
  for (int i = 0; i < 5000; ++i) {
    MemoryBlock block{};
    size_t count = 1;
    for (int64_t d = draw(0, 3); d > 0; --d) {
      block.shape.push_back(draw(1, 4));
      block.strides.push_back(draw(-9, 9));
      count *= static_cast<size_t>(block.shape.back());
    }
    Moving same;
    same.shape.assign(block.shape.begin(), block.shape.end());
    same.strides.assign(block.strides.begin(), block.strides.end());
    bool isOnce = elementsOf(same).size() == count;
    if (block.isInjective()) {
      ++proven;
      REQUIRE(isOnce);
    }
    touching += !isOnce;
  }
  CHECK(proven > 500);
  CHECK(touching > 500);
  MemoryBlock rows{};
  rows.shape = {3, 4};
  rows.strides = {4, 1};
  CHECK(rows.isInjective());
  rows.strides = {3, 1}; // the last of a row is the first of the next
  CHECK_FALSE(rows.isInjective());
}

TEST_CASE("two blocks have the same place only when all that makes a place is the same") {
  MLIRContext context;
  context.loadDialect<rbln::RBLNDialect>();
  Block holder;
  Location location = UnknownLoc::get(&context);
  auto array = rbln::ArrayType::get(&context, {64, 64}, Float32Type::get(&context));
  BlockArgument one = holder.addArgument(array, location), two = holder.addArgument(array, location);
  Value i = holder.addArgument(rbln::IndexType::get(&context, 0, 3), location),
        j = holder.addArgument(rbln::IndexType::get(&context, 0, 3), location);
  const int64_t scale = 64, other = 128;
  SmallVector<Value> onI{i}, onJ{j};
  MemoryBlock block{};
  block.array = one;
  block.shape = {4, 8};
  block.strides = {64, 1};
  block.offset = 3;
  block.terms = onI;
  block.scales = scale;
  CHECK(block.hasSamePlaceAs(block));
  auto differs = [&](auto change) {
    MemoryBlock changed = block;
    change(changed);
    return !block.hasSamePlaceAs(changed) && !changed.hasSamePlaceAs(block);
  };
  CHECK(differs([&](MemoryBlock &b) { b.array = two; }));
  CHECK(differs([&](MemoryBlock &b) { b.shape = {8, 4}; }));
  CHECK(differs([&](MemoryBlock &b) { b.offset = 4; }));
  CHECK(differs([&](MemoryBlock &b) { b.strides = {64, 2}; }));
  CHECK(differs([&](MemoryBlock &b) { b.terms = onJ; }));
  CHECK(differs([&](MemoryBlock &b) { b.scales = other; }));
}

TEST_CASE("a part of a block has the clips that count from its own start") {
  MLIRContext context;
  context.loadDialect<rbln::RBLNDialect>();
  auto clips = ArrayAttr::get(
      &context, {rbln::ClipAttr::get(&context, 1, 2, 7, 0, 3, -4), rbln::ClipAttr::get(&context, 0, 1, 4, -1, 0, 0)});
  MemoryBlock block{};
  block.shape = {6, 8};
  block.strides = {8, 1};
  block.offset = 100;
  block.clips = clips;
  MemoryBlock part = block.part([](Value, int64_t d) { return d == 0 ? Tile{3, 2} : Tile{5, 3}; });
  CHECK(part.offset == 100 + 3 * 8 + 5);
  CHECK(part.shape == Extents{2, 3});
  CHECK(part.clips == ArrayAttr::get(&context, {rbln::ClipAttr::get(&context, 1, -3, 2, 0, 3, -4),
                                                rbln::ClipAttr::get(&context, 0, -2, 1, -1, 0, 0)}));
  CHECK_FALSE(shifted({}, {1, 2}));
}
