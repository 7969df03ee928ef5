// Transfers: strides, transpositions, clips and fills.
#include "emulator/Run.h"

#include <numeric>

using namespace rblnc::test;

namespace {

std::vector<float> iota(size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

} // namespace

TEST_CASE("a transfer copies a strided block", "[dma]") {
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f32, 6 * 8, Direction::in);
  uint32_t y = builder.argument("y", DType::f32, 3 * 4, Direction::out);
  // Rows 1, 3, 5 and columns 2 to 5.
  builder.addDma({3, 4}, dram(x, DType::f32, (8 + 2) * 4, {2 * 8 * 4, 4}), pad(DType::f32, 128, {16, 4}));
  builder.addDma({3, 4}, pad(DType::f32, 128, {16, 4}), dram(y, DType::f32, 0, {16, 4}));
  std::vector<float> in = iota(48), out(12);
  run(builder, Arrays().bind("x", in).bind("y", out));
  for (size_t i = 0; i < 3; ++i)
    for (size_t j = 0; j < 4; ++j)
      CHECK(out[i * 4 + j] == in[(2 * i + 1) * 8 + j + 2]);
}

TEST_CASE("a transfer transposes, reverses and repeats", "[dma]") {
  auto dtype = GENERATE(DType::i8, DType::i16, DType::i32, DType::i64);
  int64_t bytes = int64_t{1} << (static_cast<int>(dtype) - 1);
  constexpr int64_t rows = 37, columns = 53;
  std::vector<uint8_t> in(static_cast<size_t>(rows * columns * bytes)), out(in.size());
  for (size_t i = 0; i < in.size(); ++i)
    in[i] = static_cast<uint8_t>(i * 131 + i / 251);
  auto element = [&](const std::vector<uint8_t> &array, int64_t i) {
    return std::vector<uint8_t>(array.begin() + i * bytes, array.begin() + (i + 1) * bytes);
  };
  TestBundle builder;
  uint32_t x = builder.argument("x", dtype, rows * columns, Direction::in);
  uint32_t y = builder.argument("y", dtype, rows * columns, Direction::out);

  SECTION("transposed") {
    builder.addDma({columns, rows}, dram(x, dtype, 0, {bytes, columns * bytes}),
                   dram(y, dtype, 0, {rows * bytes, bytes}));
    run(builder, Arrays().bind("x", in).bind("y", out));
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        REQUIRE(element(out, j * rows + i) == element(in, i * columns + j));
  }
  SECTION("reversed") {
    builder.addDma({rows, columns}, dram(x, dtype, (rows * columns - 1) * bytes, {-columns * bytes, -bytes}),
                   dram(y, dtype, 0, {columns * bytes, bytes}));
    run(builder, Arrays().bind("x", in).bind("y", out));
    for (int64_t i = 0; i < rows * columns; ++i)
      REQUIRE(element(out, i) == element(in, rows * columns - 1 - i));
  }
  SECTION("repeated") {
    builder.addDma({rows, columns}, dram(x, dtype, 3 * bytes, {0, bytes}), dram(y, dtype, 0, {columns * bytes, bytes}));
    run(builder, Arrays().bind("x", in).bind("y", out));
    for (int64_t i = 0; i < rows * columns; ++i)
      REQUIRE(element(out, i) == element(in, 3 + i % columns));
  }
}

TEST_CASE("clips leave elements out, and a fill writes them", "[dma]") {
  bool hasFill = GENERATE(false, true);
  auto value = GENERATE(0, 1, 3, 5, 8);
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f32, 5 * 6, Direction::in);
  uint32_t n = builder.argument("n", DType::i32, 1, Direction::in);
  uint32_t y = builder.argument("y", DType::f32, 8 * 8, Direction::inout);
  uint32_t rows = builder.addRegister(0, 8);
  builder.loadScalar(rows, dram(n, DType::i32, 0, {}));
  // The source begins one row above and two columns left of the array: [1, min(6, n)) x [2, 8) exists.
  DmaT dma;
  dma.shape = {8, 8};
  dma.source = dram(x, DType::f32, -(6 + 2) * 4, {24, 4});
  dma.destination = dram(y, DType::f32, 0, {32, 4});
  dma.clips = {Clip(0, -1, 1, 0, 6, 0), Clip(1, -1, 2, 0, 8, 0), Clip(0, static_cast<int>(rows), 0, 0, 0, 1)};
  dma.has_fill = hasFill;
  dma.fill = 0x40e00000; // 7.0
  builder.add(std::move(dma));
  std::vector<float> in = iota(30), out(64, -1.0f);
  std::vector<int32_t> count = {value};
  run(builder, Arrays().bind("x", in).bind("n", count).bind("y", out));
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 8; ++j) {
      bool takesPart = i >= 1 && i < std::min(6, value) && j >= 2;
      float expected = takesPart ? in[static_cast<size_t>((i - 1) * 6 + j - 2)] : hasFill ? 7.0f : -1.0f;
      CHECK(out[static_cast<size_t>(i * 8 + j)] == expected);
    }
}

TEST_CASE("an access moves with a register", "[dma]") {
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f16, 4 * 8, Direction::in);
  uint32_t n = builder.argument("n", DType::i16, 2, Direction::in);
  uint32_t y = builder.argument("y", DType::f16, 8, Direction::out);
  uint32_t block = builder.addRegister(0, 3);
  builder.loadScalar(block, dram(n, DType::i16, 2, {}));
  builder.addDma({8}, dram(x, DType::f16, 0, {2}, {Term(block, 16)}), dram(y, DType::f16, 0, {2}));
  std::vector<uint16_t> in(32), out(8);
  std::iota(in.begin(), in.end(), uint16_t{0});
  std::vector<int16_t> which = {-1, 2};
  run(builder, Arrays().bind("x", in).bind("n", which).bind("y", out));
  for (size_t i = 0; i < 8; ++i)
    CHECK(out[i] == 16 + i);
}

TEST_CASE("an empty transfer does nothing", "[dma]") {
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f32, 4, Direction::in);
  uint32_t y = builder.argument("y", DType::f32, 4, Direction::inout);
  builder.addDma({0, 4}, dram(x, DType::f32, 0, {0, 4}), dram(y, DType::f32, 0, {0, 4}));
  std::vector<float> in(4, 1.0f), out(4, 2.0f);
  run(builder, Arrays().bind("x", in).bind("y", out));
  CHECK(out == std::vector<float>(4, 2.0f));
}

TEST_CASE("a rank 0 transfer copies one element", "[dma]") {
  TestBundle builder;
  uint32_t x = builder.argument("x", DType::f32, 4, Direction::in);
  uint32_t y = builder.argument("y", DType::f32, 4, Direction::inout);
  builder.addDma({}, dram(x, DType::f32, 8, {}), dram(y, DType::f32, 4, {}));
  std::vector<float> in = iota(4), out(4, 0.0f);
  run(builder, Arrays().bind("x", in).bind("y", out));
  CHECK(out == std::vector<float>{0, 3, 0, 0});
}
