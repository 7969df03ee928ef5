// Matrix products against sums in double precision.
#include "emulator/Run.h"

#include "rblnc/support/DType.h"

#include <cmath>
#include <random>

using namespace rblnc::test;

namespace {

/// Bytes of random values of a dtype, and the same values as doubles.
struct Operand {
  std::vector<uint8_t> bytes;
  std::vector<double> values;

  Operand(DType dtype, int64_t count, uint32_t seed) {
    auto type = static_cast<rblnc::DType>(dtype);
    size_t size = rblnc::sizeOf(type);
    bytes.resize(static_cast<size_t>(count) * size);
    std::mt19937 generator(seed);
    bool isFloatType = rblnc::isFloat(type);
    for (int64_t i = 0; i < count; ++i) {
      double value = isFloatType ? static_cast<double>(generator() >> 8) * 0x1p-23 - 1
                                 : static_cast<double>(static_cast<int32_t>(generator() % 256) - 128);
      rblnc::storeDouble(type, value, &bytes[static_cast<size_t>(i) * size]);
      values.push_back(rblnc::loadAsDouble(type, &bytes[static_cast<size_t>(i) * size]));
    }
  }
};

struct Shape {
  int64_t batch, m, n, k;
};

/// Runs d = a b (+ c) with the given strides in elements and compares with double precision.
void check(DType operand, DType result, Shape s, Strides a, Strides b, bool hasC, double tolerance) {
  auto sizeOf = [](DType dtype) { return static_cast<int64_t>(rblnc::sizeOf(static_cast<rblnc::DType>(dtype))); };
  auto extentOf = [&](const Strides &strides) {
    int64_t extents[] = {s.batch, s.m, s.n, s.k}, count = 1;
    for (size_t i = 0; i < 4; ++i)
      count += (extents[i] - 1) * strides[i];
    return count;
  };
  auto inBytes = [](Strides strides, int64_t size) {
    for (int64_t &stride : strides)
      stride *= size;
    return strides;
  };
  Strides d = {s.m * s.n, s.n, 1, 0};
  Operand left(operand, extentOf(a), 1), right(operand, extentOf(b), 2), initial(result, s.batch * s.m * s.n, 3);
  TestBundle builder;
  uint32_t x = builder.argument("a", operand, extentOf(a), Direction::in);
  uint32_t y = builder.argument("b", operand, extentOf(b), Direction::in);
  uint32_t z = builder.argument("c", result, s.batch * s.m * s.n, Direction::in);
  uint32_t w = builder.argument("d", result, s.batch * s.m * s.n, Direction::out);
  MatmulT matmul;
  matmul.batch = {s.batch};
  matmul.m = s.m;
  matmul.n = s.n;
  matmul.k = s.k;
  matmul.a = dram(x, operand, 0, inBytes(a, sizeOf(operand)));
  matmul.b = dram(y, operand, 0, inBytes(b, sizeOf(operand)));
  if (hasC)
    matmul.c = dram(z, result, 0, inBytes(d, sizeOf(result)));
  matmul.d = dram(w, result, 0, inBytes(d, sizeOf(result)));
  builder.add(std::move(matmul));
  std::vector<uint8_t> out(initial.bytes.size());
  run(builder, Arrays().bind("a", left.bytes).bind("b", right.bytes).bind("c", initial.bytes).bind("d", out));
  double worst = 0;
  for (int64_t t = 0; t < s.batch; ++t)
    for (int64_t i = 0; i < s.m; ++i)
      for (int64_t j = 0; j < s.n; ++j) {
        int64_t at = t * s.m * s.n + i * s.n + j;
        double sum = hasC ? initial.values[static_cast<size_t>(at)] : 0;
        for (int64_t p = 0; p < s.k; ++p)
          sum += left.values[static_cast<size_t>(t * a[0] + i * a[1] + p * a[3])] *
                 right.values[static_cast<size_t>(t * b[0] + j * b[2] + p * b[3])];
        double got =
            rblnc::loadAsDouble(static_cast<rblnc::DType>(result), &out[static_cast<size_t>(at * sizeOf(result))]);
        worst = std::max(worst, std::abs(got - sum));
      }
  CHECK(worst <= tolerance);
}

} // namespace

TEST_CASE("a matrix product of every shape is right", "[matmul]") {
  auto shape = GENERATE(Shape{1, 1, 1, 1}, Shape{1, 1, 300, 70}, Shape{2, 7, 5, 3}, Shape{3, 13, 33, 65},
                        Shape{1, 64, 64, 64}, Shape{1, 200, 530, 300}, Shape{2, 1, 1, 1000}, Shape{1, 5, 9, 0});
  bool hasC = GENERATE(false, true);
  check(DType::f32, DType::f32, shape, {shape.m * shape.k, shape.k, 0, 1}, {shape.k * shape.n, 0, 1, shape.n}, hasC,
        1e-4);
}

TEST_CASE("operands may be transposed, broadcast and strided", "[matmul]") {
  Shape s{3, 21, 40, 77};
  Strides plainA = {s.m * s.k, s.k, 0, 1}, plainB = {s.k * s.n, 0, 1, s.n};
  check(DType::f32, DType::f32, s, {s.m * s.k, 1, 0, s.m}, plainB, true, 1e-4);         // a transposed
  check(DType::f32, DType::f32, s, plainA, {s.k * s.n, 0, s.k, 1}, true, 1e-4);         // b transposed
  check(DType::f32, DType::f32, s, plainA, {0, 0, 1, s.n}, false, 1e-4);                // one b for the whole batch
  check(DType::f32, DType::f32, s, {0, 0, 0, 1}, plainB, false, 1e-4);                  // one row for all
  check(DType::f32, DType::f32, s, plainA, {s.k * s.n * 6, 0, 2, 3 * s.n}, true, 1e-4); // every other element
  check(DType::f16, DType::f32, s, plainA, {s.k * s.n, 0, s.k, 1}, true, 1e-4);
}

TEST_CASE("every operand dtype has its accumulator", "[matmul]") {
  Shape s{2, 17, 35, 130};
  Strides a = {s.m * s.k, s.k, 0, 1}, b = {s.k * s.n, 0, 1, s.n};
  check(DType::f16, DType::f32, s, a, b, true, 1e-4);
  check(DType::bf16, DType::f32, s, a, b, true, 1e-4);
  check(DType::f16, DType::f16, s, a, b, true, 0x1p-6); // half a unit of 16 to 32
  check(DType::i8, DType::i32, s, a, b, true, 0);
  check(DType::i16, DType::i32, s, a, b, true, 0);
  check(DType::i32, DType::i32, s, a, b, true, 0);
}

TEST_CASE("integer products wrap", "[matmul]") {
  TestBundle builder;
  uint32_t x = builder.argument("a", DType::i32, 2, Direction::in);
  uint32_t w = builder.argument("d", DType::i32, 1, Direction::out);
  MatmulT matmul;
  matmul.m = matmul.n = 1;
  matmul.k = 2;
  matmul.a = dram(x, DType::i32, 0, {0, 0, 4});
  matmul.b = dram(x, DType::i32, 0, {0, 0, 4});
  matmul.d = dram(w, DType::i32, 0, {0, 0, 0});
  builder.add(std::move(matmul));
  std::vector<int32_t> a = {INT32_MAX, 70000}, d(1);
  run(builder, Arrays().bind("a", a).bind("d", d));
  CHECK(d[0] == static_cast<int32_t>(1u + 70000u * 70000u));
}

TEST_CASE("the sum is accumulated in place", "[matmul]") {
  TestBundle builder;
  uint32_t x = builder.argument("a", DType::f32, 4, Direction::in);
  uint32_t w = builder.argument("d", DType::f32, 4, Direction::inout);
  MatmulT matmul;
  matmul.m = matmul.n = matmul.k = 2;
  matmul.a = dram(x, DType::f32, 0, {8, 0, 4});
  matmul.b = dram(x, DType::f32, 0, {0, 4, 8});
  matmul.c = dram(w, DType::f32, 0, {8, 4, 0});
  matmul.d = dram(w, DType::f32, 0, {8, 4, 0});
  builder.add(std::move(matmul));
  std::vector<float> a = {1, 2, 3, 4}, d = {10, 20, 30, 40};
  run(builder, Arrays().bind("a", a).bind("d", d));
  CHECK(d == std::vector<float>{17, 30, 45, 62});
}
