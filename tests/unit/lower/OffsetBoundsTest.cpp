// The bounds that a run-time offset is checked against: the values for which every element that takes part is in the
// array, found by trying them.
#include "Lowered.h"

#include "catch2/catch.hpp"

namespace {

constexpr int64_t extent = 8, count = 100;

/// A block of 8 elements whose positions are factor n + stride i, of the array's elements from `first` on.
struct Block {
  int64_t first, factor, stride;

  int64_t position(int64_t n, int64_t i) const { return factor * n + stride * i; }
  bool isInside(int64_t n) const {
    for (int64_t i = 0; i < extent; ++i)
      if (int64_t address = first + position(n, i); address < 0 || address >= count)
        return false;
    return true;
  }
  /// RBLN IR of a kernel that loads the block from an array of 100 elements, as far as its positions are below `limit`.
  Lowered lowered(int64_t limit = 0) const {
    auto splat = [](int64_t value) { return "arith.constant dense<" + std::to_string(value) + "> : tensor<8xi32>\n"; };
    rblnc::LowerOptions options;
    options.shapes["arg0"] = {count};
    std::string mask = limit != 0 ? ", %mask" : "";
    return Lowered("%x: !tt.ptr<f32>, %o: !tt.ptr<f32>, %n: i32",
                   "%i = tt.make_range {end = 8 : i32, start = 0 : i32} : tensor<8xi32>\n%first = " + splat(first) +
                       "%limit = " + splat(limit) + "%stride = " + splat(stride) + "%factor = arith.constant " +
                       std::to_string(factor) + R"( : i32
      %fn = arith.muli %n, %factor : i32
      %start = tt.splat %fn : i32 -> tensor<8xi32>
      %step = arith.muli %i, %stride : tensor<8xi32>
      %position = arith.addi %start, %step : tensor<8xi32>
      %mask = arith.cmpi slt, %position, %limit : tensor<8xi32>
      %at = arith.addi %position, %first : tensor<8xi32>
      %xs = tt.splat %x : !tt.ptr<f32> -> tensor<8x!tt.ptr<f32>>
      %os = tt.splat %o : !tt.ptr<f32> -> tensor<8x!tt.ptr<f32>>
      %p = tt.addptr %xs, %at : tensor<8x!tt.ptr<f32>>, tensor<8xi32>
      %q = tt.addptr %os, %i : tensor<8x!tt.ptr<f32>>, tensor<8xi32>
      %v = tt.load %p)" +
                       mask + R"( : tensor<8x!tt.ptr<f32>>
      tt.store %q, %v : tensor<8x!tt.ptr<f32>>)",
                   options);
  }
};

std::string bounds(int64_t low, int64_t high) {
  return "-> <" + std::to_string(low) + ", " + std::to_string(high) + ">";
}

} // namespace

TEST_CASE("an offset that nothing checks keeps the whole block inside of the array") {
  for (int64_t first : {0, 1, 5, 16, 17})
    for (int64_t factor : {1, 2, 3, -1, -2, -3})
      for (int64_t stride : {1, 2, 3}) {
        Block block{first, factor, stride};
        int64_t low = 1000, high = -1000;
        for (int64_t n = -200; n <= 200; ++n)
          if (block.isInside(n)) {
            low = std::min(low, n);
            high = std::max(high, n);
          }
        Lowered lowered = block.lowered();
        INFO(first << " + " << factor << " n + " << stride << " i: " << lowered.message() << "\n" << lowered.text);
        CHECK(lowered.contains(bounds(low, high)));
      }
}

TEST_CASE("an offset that a mask checks goes down to the array's start, and up to where nothing takes part") {
  for (int64_t first : {0, 1, 5, 16, 17})
    for (int64_t factor : {1, 2, 3, -1, -2, -3})
      for (int64_t stride : {1, 2}) {
        if (factor % stride != 0)
          continue;
        constexpr int64_t limit = 40;
        Block block{first, factor, stride};
        int64_t inside = 0, beyond = 0;
        int64_t away = factor > 0 ? 1 : -1;
        while (first + block.position(inside - away, 0) >= 0)
          inside -= away;
        while (block.position(beyond, 0) < limit)
          beyond += away;
        Lowered lowered = block.lowered(limit);
        INFO(first << " + " << factor << " n + " << stride << " i: " << lowered.message() << "\n" << lowered.text);
        CHECK(lowered.contains(bounds(std::min(inside, beyond), std::max(inside, beyond))));
      }
}

TEST_CASE("no value of an offset keeps a block inside of an array that is too short for it") {
  CHECK(Block{0, 1, 14}.lowered().codes() == "none");
  CHECK(Block{0, 1, 15}.lowered().codes() == "C009");
  CHECK(Block{2, 3, 14}.lowered().codes() == "C009");
}

TEST_CASE("an offset moves the axis with the largest stride that divides it, wherever that axis is") {
  auto lowered = [](int rows, int columns) {
    auto axis = [](int number) { return std::to_string(number); };
    std::string shape = rows == 0 ? "8x4" : "4x8", square = "tensor<" + shape + "x";
    std::string row = rows == 0 ? "8x1" : "1x8", column = rows == 0 ? "1x4" : "4x1";
    return Lowered(
        "%x: !tt.ptr<f32>, %o: !tt.ptr<f32>, %n: i32",
        R"(%i = tt.make_range {end = 8 : i32, start = 0 : i32} : tensor<8xi32>
      %j = tt.make_range {end = 4 : i32, start = 0 : i32} : tensor<4xi32>
      %c100 = arith.constant dense<100> : tensor<8xi32>
      %c64 = arith.constant dense<64> : tensor<8xi32>
      %ns = tt.splat %n : i32 -> tensor<8xi32>
      %row = arith.addi %i, %ns : tensor<8xi32>
      %m = arith.cmpi slt, %row, %c100 : tensor<8xi32>
      %far = arith.muli %row, %c64 : tensor<8xi32>
      %m2 = tt.expand_dims %m {axis = )" +
            axis(columns) + " : i32} : tensor<8xi1> -> tensor<" + row + "xi1>\n%mask = tt.broadcast %m2 : tensor<" +
            row + "xi1> -> " + square + "i1>\n%far2 = tt.expand_dims %far {axis = " + axis(columns) +
            " : i32} : tensor<8xi32> -> tensor<" + row + "xi32>\n%a = tt.broadcast %far2 : tensor<" + row +
            "xi32> -> " + square + "i32>\n%j2 = tt.expand_dims %j {axis = " + axis(rows) +
            " : i32} : tensor<4xi32> -> tensor<" + column + "xi32>\n%b = tt.broadcast %j2 : tensor<" + column +
            "xi32> -> " + square + "i32>\n%at = arith.addi %a, %b : " + square +
            "i32>\n%xs = tt.splat %x : !tt.ptr<f32> -> " + square +
            "!tt.ptr<f32>>\n%p = tt.addptr %xs, %at : " + square + "!tt.ptr<f32>>, " + square +
            "i32>\n%v = tt.load %p, %mask : " + square + "!tt.ptr<f32>>\n%os = tt.splat %o : !tt.ptr<f32> -> " +
            square + "!tt.ptr<f32>>\n%four = arith.constant dense<4> : " + square +
            "i32>\n%cell = arith.constant dense<1> : tensor<1xi32>\n%w = arith.addf %v, %v : " + square +
            "f32>\n%z = tt.reshape %w : " + square +
            "f32> -> tensor<32xf32>\n%k = tt.make_range {end = 32 : i32, start = 0 : i32} : "
            "tensor<32xi32>\n%q0 = tt.splat %o : !tt.ptr<f32> -> tensor<32x!tt.ptr<f32>>\n"
            "%q = tt.addptr %q0, %k : tensor<32x!tt.ptr<f32>>, tensor<32xi32>\n"
            "tt.store %q, %z : tensor<32x!tt.ptr<f32>>");
  };
  for (int rows : {0, 1}) {
    Lowered kernel = lowered(rows, 1 - rows);
    INFO(kernel.message() << "\n" << kernel.text);
    CHECK(kernel.contains("-> <0, 100>"));
    CHECK(kernel.contains("clips [#rbln.clip<axis = " + std::to_string(rows) +
                          ", lo = 0, hi = 100, term = 0, hi_scale = -1>] clip_terms"));
  }
}
