// Bundles that the verifier accepts, for tests to break one thing of.
#pragma once

#include "bundle/Build.h"

namespace rblnc::test {

inline constexpr Unit engine = Unit::neural_engine, dma = Unit::neural_dma;

/// A bundle with an input and an output of 64 floats and a register in [0, 7].
struct Base : TestBundle {
  uint32_t x = argument("x", DType::f32, 64, Direction::in), y = argument("y", DType::f32, 64, Direction::out);
  uint32_t n = argument("n", DType::i32, 4, Direction::in);
  uint32_t reg = addRegister(0, 7);

  DmaT copy() const {
    DmaT body;
    body.shape = {64};
    body.source = dram(x, DType::f32, 0, {4});
    body.destination = pad(DType::f32, 0, {4});
    return body;
  }
  MatmulT product() const {
    MatmulT body;
    body.m = body.n = body.k = 4;
    body.a = pad(DType::f32, 0, {16, 0, 4});
    body.b = pad(DType::f32, 64, {0, 4, 16});
    body.d = pad(DType::f32, 128, {16, 4, 0});
    return body;
  }
  /// Eight rows of eight: an input, and an output to `y`.
  TestVector rows() const {
    TestVector vector;
    vector.outer = {8};
    vector.inner = {8};
    vector.input(dram(x, DType::f32, 0, {32, 4}));
    return vector;
  }
  TestVector finished(TestVector vector, int value) const {
    vector.output(value, dram(y, DType::f32, 0, {32, 4}));
    return vector;
  }
};

inline std::string codeOfDma(void (*change)(DmaT &, Base &)) {
  Base base;
  DmaT body = base.copy();
  change(body, base);
  base.add(std::move(body));
  return codeOf(base);
}

inline std::string codeOfMatmul(void (*change)(MatmulT &)) {
  Base base;
  MatmulT body = base.product();
  change(body);
  base.add(std::move(body));
  return codeOf(base);
}

/// A vector program whose first instruction is as given; values 0 to 5 are x as f32, i32, f16, i1, i8, i64.
inline std::string codeOfStep(Op op, DType dtype, int a = -1, int b = -1, int c = -1, uint64_t imm = 0) {
  Base base;
  TestVector vector;
  vector.outer = {8};
  for (DType type : {DType::f32, DType::i32, DType::f16, DType::i1, DType::i8, DType::i64})
    vector.input(dram(base.x, type, 0, {8}));
  vector.step(op, dtype, a, b, c, imm);
  base.addVector(std::move(vector));
  return codeOf(base);
}

} // namespace rblnc::test
