// What moves a float keeps its bits, whatever they are: infinities, subnormals, quiet and signalling NaNs.
#include "emulator/Elements.h"

using namespace rblnc::test;
using rblnc::emulator::Numerics;

namespace {

constexpr size_t count = 65536;

/// Every pattern of a 16-bit type; of f32 those whose upper half is any, and NaNs of every kind among them.
Elements patterns(DType dtype) {
  Elements result(dtype, count);
  for (size_t i = 0; i < count; ++i)
    result.setBits(i, dtype == DType::f32 ? i << 16 | (i * 40503 & 0xffff) : i);
  return result;
}

/// Runs a vector program of one input, over rows of one element, and returns its output.
template <typename Steps>
Elements moved(const Elements &in, DType result, Steps steps, Numerics numerics = Numerics::ieee, bool isRow = false) {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", in.dtype, count, Direction::in),
           y = bundle.argument("y", result, count, Direction::out);
  TestVector vector;
  (isRow ? vector.inner : vector.outer) = {static_cast<int64_t>(count)};
  if (!isRow)
    vector.inner = {1};
  std::vector<int64_t> read{sizeOf(in.dtype)}, write{sizeOf(result)};
  if (!isRow) {
    read.push_back(sizeOf(in.dtype));
    write.push_back(0);
  }
  int value = steps(vector, vector.input(dram(x, in.dtype, 0, read)));
  vector.output(value, dram(y, result, 0, write));
  bundle.addVector(std::move(vector));
  Elements out(result, count);
  std::vector<uint8_t> copy = in.bytes;
  RunOptions options;
  options.checks = false;
  options.numerics = numerics;
  run(bundle, Arrays().bind("x", copy).bind("y", out.bytes), options);
  return out;
}

int select(TestVector &vector, int value, DType dtype) {
  int yes = vector.step(Op::constant, DType::i1, -1, -1, -1, 1), other = vector.step(Op::constant, dtype);
  return vector.step(Op::select, dtype, yes, value, other);
}

} // namespace

TEST_CASE("transfers, copies, selects and maxima of one keep every bit", "[bits]") {
  auto dtype = GENERATE(DType::f16, DType::bf16, DType::f32);
  Elements in = patterns(dtype);
  auto check = [&](auto steps) {
    CHECK(moved(in, dtype, steps).bytes == in.bytes);
    CHECK(moved(in, dtype, steps, Numerics::ieee, /*isRow=*/true).bytes == in.bytes);
    if (dtype != DType::f32)
      CHECK(moved(in, dtype, steps, Numerics::device).bytes == in.bytes);
  };
  check([](TestVector &, int x) { return x; });
  check([&](TestVector &vector, int x) { return select(vector, x, dtype); });
  for (Op op : {Op::maxnumf, Op::minnumf, Op::maximumf, Op::minimumf})
    CHECK(moved(in, dtype, [&](TestVector &vector, int x) { return vector.reduce(op, x); }).bytes == in.bytes);
}

TEST_CASE("bitcasts keep every bit", "[bits]") {
  auto from = GENERATE(DType::f16, DType::bf16, DType::f32, DType::i16, DType::i32);
  auto to = GENERATE(DType::f16, DType::bf16, DType::f32, DType::i16, DType::i32);
  if (sizeOf(from) != sizeOf(to))
    return;
  Elements in = patterns(from == DType::i32 ? DType::f32 : from);
  in.dtype = from;
  auto cast = [&](TestVector &vector, int x) { return vector.step(Op::bitcast, to, x); };
  CHECK(moved(in, to, cast).bytes == in.bytes);
  auto back = [&](TestVector &vector, int x) { return vector.step(Op::bitcast, from, cast(vector, x)); };
  CHECK(moved(in, from, back).bytes == in.bytes);
}

TEST_CASE("negation and absolute value touch the sign alone", "[bits]") {
  auto dtype = GENERATE(DType::f16, DType::bf16, DType::f32);
  Elements in = patterns(dtype);
  Elements negated = moved(in, dtype, [&](TestVector &vector, int x) { return vector.step(Op::negf, dtype, x); });
  Elements absolute = moved(in, dtype, [&](TestVector &vector, int x) { return vector.step(Op::absf, dtype, x); });
  uint64_t sign = uint64_t(1) << (8 * sizeOf(dtype) - 1);
  size_t wrong = 0;
  for (size_t i = 0; i < count; ++i)
    wrong += negated.bits(i) != (in.bits(i) ^ sign) || absolute.bits(i) != (in.bits(i) & ~sign);
  CHECK(wrong == 0);
}

TEST_CASE("results of conversions to 16 bits are quiet", "[bits]") {
  auto dtype = GENERATE(DType::f16, DType::bf16);
  Elements in = patterns(DType::f32);
  Elements out = moved(in, dtype, [&](TestVector &vector, int x) { return vector.step(Op::truncf, dtype, x); });
  for (size_t i = 0; i < count; ++i)
    if (std::isnan(in.number(i)))
      REQUIRE(std::isnan(out.number(i)));
}

TEST_CASE("device numerics round a fused multiply-add and an integer once", "[bits][numerics]") {
  // 25 / 32 * 41 / 32 is 1 + 1 / 1024, a border of DLFloat16; what is added decides.
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 2, Direction::in),
           n = bundle.argument("n", DType::i32, 2, Direction::in);
  uint32_t y = bundle.argument("y", DType::f32, 2, Direction::out),
           z = bundle.argument("z", DType::f32, 2, Direction::out);
  TestVector vector;
  vector.outer = {2};
  int addend = vector.input(dram(x, DType::f32, 0, {4})), integer = vector.input(dram(n, DType::i32, 0, {4}));
  int a = vector.step(Op::constant, DType::f32, -1, -1, -1, std::bit_cast<uint32_t>(25 / 32.0f));
  int b = vector.step(Op::constant, DType::f32, -1, -1, -1, std::bit_cast<uint32_t>(41 / 32.0f));
  vector.output(vector.step(Op::fma, DType::f32, a, b, addend), dram(y, DType::f32, 0, {4}));
  vector.output(vector.step(Op::sitofp, DType::f32, integer), dram(z, DType::f32, 0, {4}));
  bundle.addVector(std::move(vector));
  std::vector<float> addends{0x1p-30f, -0x1p-30f}, sums(2), numbers(2);
  // 2^29 * (1 + 1 / 1024), and one more or less, which f32 does not tell apart.
  int32_t border = (1 << 29) + (1 << 19);
  std::vector<int32_t> integers{border + 1, border - 1};
  RunOptions options;
  options.numerics = Numerics::device;
  run(bundle, Arrays().bind("x", addends).bind("n", integers).bind("y", sums).bind("z", numbers), options);
  CHECK(sums == std::vector<float>{1 + 1 / 512.0f, 1});
  CHECK(numbers == std::vector<float>{0x1p29f * (1 + 1 / 512.0f), 0x1p29f});
}
