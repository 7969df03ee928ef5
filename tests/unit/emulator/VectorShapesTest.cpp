// Vector programs over index spaces of every shape: rows, broadcasts, strides, transpositions and indices.
#include "emulator/Spaces.h"

using namespace rblnc::test;

TEST_CASE("element-wise programs walk strided, broadcast and transposed inputs", "[vector]") {
  for (const Space &space : spaces) {
    auto shape = space.all();
    int64_t count = countOf(shape);
    // A dense input, one that is transposed, one broadcast along the first dimension, and every other element of a
    // fourth.
    Strides plain = dense(shape, 4), transposed(shape.size()), broadcast = plain, gapped = plain;
    int64_t step = 4;
    for (size_t d = 0; d < shape.size(); ++d) {
      transposed[d] = step;
      step *= shape[d];
      gapped[d] *= 2;
    }
    if (!broadcast.empty())
      broadcast[0] = 0;
    TestBundle bundle;
    uint32_t regions[4];
    std::vector<std::vector<float>> in;
    const char *names[] = {"a", "b", "c", "d"};
    Arrays arrays;
    for (uint32_t i = 0; i < 4; ++i)
      in.push_back(numbers(2 * count, i));
    for (uint32_t i = 0; i < 4; ++i) {
      regions[i] = bundle.argument(names[i], DType::f32, 2 * count, Direction::in);
      arrays.bind(names[i], in[i]);
    }
    uint32_t out = bundle.argument("r", DType::f32, count, Direction::out);
    uint32_t outT = bundle.argument("t", DType::f32, count, Direction::out);
    TestVector vector;
    vector.outer = space.outer;
    vector.inner = space.inner;
    int a = vector.input(dram(regions[0], DType::f32, 0, plain)),
        b = vector.input(dram(regions[1], DType::f32, 0, transposed));
    int c = vector.input(dram(regions[2], DType::f32, 0, broadcast)),
        d = vector.input(dram(regions[3], DType::f32, 4, gapped));
    int sum = vector.step(Op::addf, DType::f32, a, b);
    int product = vector.step(Op::mulf, DType::f32, c, d);
    int result = vector.step(Op::subf, DType::f32, sum, product);
    vector.output(result, dram(out, DType::f32, 0, plain));
    vector.output(sum, dram(outT, DType::f32, 0, transposed));
    bundle.addVector(std::move(vector));
    std::vector<float> r(static_cast<size_t>(count)), t(r.size());
    arrays.bind("r", r).bind("t", t);
    run(bundle, arrays);
    size_t wrong = 0;
    auto at = [](const std::vector<float> &array, int64_t bytes) { return array[static_cast<size_t>(bytes / 4)]; };
    forEach(shape, [&](const std::vector<int64_t> &index) {
      float s = at(in[0], offsetOf(index, plain)) + at(in[1], offsetOf(index, transposed));
      float p = at(in[2], offsetOf(index, broadcast)) * at(in[3], 4 + offsetOf(index, gapped));
      wrong += at(r, offsetOf(index, plain)) != s - p;
      wrong += at(t, offsetOf(index, transposed)) != s;
    });
    CAPTURE(shape);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a softmax along rows and along columns", "[vector]") {
  bool isAlongColumns = GENERATE(false, true);
  for (const Space &space : spaces) {
    auto shape = space.all();
    int64_t count = countOf(shape), length = countOf(space.inner), rows = countOf(space.outer);
    // Along columns the rows of the program are the columns of the array.
    Strides strides = dense(shape, 4);
    if (isAlongColumns) {
      auto turned = space.inner;
      turned.insert(turned.end(), space.outer.begin(), space.outer.end());
      Strides of = dense(turned, 4);
      strides.assign(of.begin() + static_cast<std::ptrdiff_t>(space.inner.size()), of.end());
      strides.insert(strides.end(), of.begin(), of.begin() + static_cast<std::ptrdiff_t>(space.inner.size()));
    }
    Strides perRow(shape.size(), 0);
    Strides rowStrides = dense(space.outer, 4);
    std::copy(rowStrides.begin(), rowStrides.end(), perRow.begin());
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::f32, count, Direction::in);
    uint32_t y = bundle.argument("y", DType::f32, count, Direction::out);
    uint32_t z = bundle.argument("sums", DType::f32, rows, Direction::out);
    TestVector vector;
    vector.outer = space.outer;
    vector.inner = space.inner;
    int in = vector.input(dram(x, DType::f32, 0, strides));
    int max = vector.reduce(Op::maximumf, in);
    int e = vector.step(Op::exp, DType::f32, vector.step(Op::subf, DType::f32, in, max));
    int sum = vector.reduce(Op::addf, e);
    vector.output(vector.step(Op::divf, DType::f32, e, sum), dram(y, DType::f32, 0, strides));
    vector.output(sum, dram(z, DType::f32, 0, perRow));
    bundle.addVector(std::move(vector));
    std::vector<float> values = numbers(count, 5), got(values.size()), sums(static_cast<size_t>(rows));
    run(bundle, Arrays().bind("x", values).bind("y", got).bind("sums", sums));
    double worst = 0;
    int64_t row = 0;
    forEach(space.outer, [&](const std::vector<int64_t> &outer) {
      int64_t base =
          offsetOf(outer, Strides(strides.begin(), strides.begin() + static_cast<std::ptrdiff_t>(outer.size())));
      Strides inner(strides.begin() + static_cast<std::ptrdiff_t>(outer.size()), strides.end());
      double maximum = -HUGE_VAL, total = 0;
      forEach(space.inner, [&](const std::vector<int64_t> &index) {
        maximum = std::max<double>(maximum, values[static_cast<size_t>((base + offsetOf(index, inner)) / 4)]);
      });
      forEach(space.inner, [&](const std::vector<int64_t> &index) {
        total += std::exp(values[static_cast<size_t>((base + offsetOf(index, inner)) / 4)] - maximum);
      });
      forEach(space.inner, [&](const std::vector<int64_t> &index) {
        auto at = static_cast<size_t>((base + offsetOf(index, inner)) / 4);
        worst =
            std::max(worst, std::abs(got[at] - std::exp(values[at] - maximum) / total) * static_cast<double>(length));
      });
      worst = std::max(worst, std::abs(sums[static_cast<size_t>(row++)] - total) / total);
    });
    CAPTURE(shape);
    CHECK(worst < 2e-6);
  }
}

TEST_CASE("indices count along their dimension", "[vector]") {
  TestBundle bundle;
  uint32_t y = bundle.argument("y", DType::i64, 6 * 70 * 9, Direction::out);
  TestVector vector;
  vector.outer = {6};
  vector.inner = {70, 9};
  int i = vector.step(Op::index, DType::i64, -1, -1, -1, 0), j = vector.step(Op::index, DType::i64, -1, -1, -1, 1);
  int k = vector.step(Op::index, DType::i64, -1, -1, -1, 2),
      hundred = vector.step(Op::constant, DType::i64, -1, -1, -1, 100);
  int high = vector.step(Op::addi, DType::i64, vector.step(Op::muli, DType::i64, i, hundred), j);
  vector.output(vector.step(Op::addi, DType::i64, vector.step(Op::muli, DType::i64, high, hundred), k),
                dram(y, DType::i64, 0, dense({6, 70, 9}, 8)));
  bundle.addVector(std::move(vector));
  std::vector<int64_t> out(6 * 70 * 9);
  run(bundle, Arrays().bind("y", out));
  for (int64_t n = 0; n < 6 * 70 * 9; ++n)
    CHECK(out[static_cast<size_t>(n)] == (n / 630 * 100 + n / 9 % 70) * 100 + n % 9);
}

TEST_CASE("an output may replace the input that it was computed from", "[vector]") {
  for (int64_t length : {8, 3000}) {
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::f32, 4 * length, Direction::inout);
    uint32_t y = bundle.argument("y", DType::f32, 4 * length, Direction::out);
    TestVector vector;
    vector.outer = {4};
    vector.inner = {length};
    int in = vector.input(dram(x, DType::f32, 0, {4 * length, 4}));
    int mean = vector.reduce(Op::addf, in);
    vector.output(vector.step(Op::subf, DType::f32, in, mean), dram(x, DType::f32, 0, {4 * length, 4}));
    vector.output(in, dram(y, DType::f32, 0, {4 * length, 4})); // the old value
    bundle.addVector(std::move(vector));
    std::vector<float> values(static_cast<size_t>(4 * length), 0.5f), old(values.size());
    run(bundle, Arrays().bind("x", values).bind("y", old));
    CHECK(values == std::vector<float>(values.size(), 0.5f - 0.5f * static_cast<float>(length)));
    CHECK(old == std::vector<float>(values.size(), 0.5f));
  }
}

TEST_CASE("a constant fills an array, and a row scalar a row", "[vector]") {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 30, Direction::in);
  uint32_t y = bundle.argument("y", DType::f16, 30 * 50, Direction::out);
  uint32_t z = bundle.argument("z", DType::f32, 30 * 50, Direction::out);
  TestVector vector;
  vector.outer = {30};
  vector.inner = {50};
  int in = vector.input(dram(x, DType::f32, 0, {4, 0}));
  vector.output(vector.step(Op::constant, DType::f16, -1, -1, -1, 0x3c00), dram(y, DType::f16, 0, {100, 2}));
  vector.output(vector.step(Op::exp, DType::f32, in), dram(z, DType::f32, 0, {200, 4}));
  bundle.addVector(std::move(vector));
  std::vector<float> values = numbers(30, 1), rows(30 * 50);
  std::vector<uint16_t> ones(30 * 50);
  run(bundle, Arrays().bind("x", values).bind("y", ones).bind("z", rows));
  CHECK(ones == std::vector<uint16_t>(30 * 50, 0x3c00));
  for (size_t i = 0; i < rows.size(); ++i)
    CHECK(rows[i] == Approx(std::exp(values[i / 50])).epsilon(1e-7));
}
