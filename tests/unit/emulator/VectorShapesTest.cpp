// Vector programs over index spaces of every shape: rows, broadcasts, strides, transpositions, indices and reductions.
#include "emulator/Elements.h"

#include <functional>

using namespace rblnc::test;

namespace {

/// Byte strides of a dense array.
Strides dense(const std::vector<int64_t> &shape, int64_t bytes) {
  Strides strides(shape.size());
  for (size_t d = shape.size(); d-- > 0; bytes *= shape[d])
    strides[d] = bytes;
  return strides;
}

int64_t countOf(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

/// Calls f(index) for every element, in row-major order.
void forEach(const std::vector<int64_t> &shape, const std::function<void(const std::vector<int64_t> &)> &f) {
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, n = countOf(shape); i < n; ++i) {
    f(index);
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

int64_t offsetOf(const std::vector<int64_t> &index, const Strides &strides) {
  int64_t offset = 0;
  for (size_t d = 0; d < index.size(); ++d)
    offset += index[d] * strides[d];
  return offset;
}

std::vector<float> numbers(int64_t count, uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(static_cast<int32_t>(generator())) * 0x1p-31f);
  return values;
}

struct Space {
  std::vector<int64_t> outer, inner;
  std::vector<int64_t> all() const {
    auto shape = outer;
    shape.insert(shape.end(), inner.begin(), inner.end());
    return shape;
  }
};

/// Spaces that reach every way of cutting into blocks.
const Space spaces[] = {
    {{7}, {5}},    {{3, 4}, {2, 6}}, {{1}, {1}},       {{300}, {3}},  {{2}, {1024}},   {{2}, {3000}},
    {{1}, {1025}}, {{}, {17}},       {{17}, {}},       {{130}, {64}}, {{3}, {40, 70}}, {{5, 1, 2}, {1, 33, 1}},
    {{70}, {200}}, {{4, 40}, {150}}, {{2, 3}, {4096}}, {{2000}, {1}}, {{}, {}},        {{90}, {16}}};

} // namespace

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

TEST_CASE("argmax by a general reduction takes the first of equals", "[vector]") {
  bool isAlongColumns = GENERATE(false, true);
  for (const Space &space : spaces) {
    int64_t length = countOf(space.inner), rows = countOf(space.outer);
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::f32, rows * length, Direction::in);
    uint32_t y = bundle.argument("y", DType::i32, rows, Direction::out);
    uint32_t z = bundle.argument("z", DType::f32, rows, Direction::out);
    TestVector vector;
    vector.outer = {rows};
    vector.inner = {length};
    Strides strides = isAlongColumns ? Strides{4, 4 * rows} : Strides{4 * length, 4};
    int in = vector.input(dram(x, DType::f32, 0, strides));
    int index = vector.step(Op::index, DType::i32, -1, -1, -1, 1);
    // Inputs 0 and 1 are the left value and index, 2 and 3 the right ones.
    int best =
        vector.reduce({in, index},
                      {instruction(Op::cmpf, DType::i1, 0, 2, -1, 2), instruction(Op::cmpf, DType::i1, 0, 2, -1, 1),
                       instruction(Op::cmpi, DType::i1, 1, 3, -1, 2), instruction(Op::andi, DType::i1, 5, 6),
                       instruction(Op::ori, DType::i1, 4, 7), instruction(Op::select, DType::f32, 8, 0, 2),
                       instruction(Op::select, DType::i32, 8, 1, 3)},
                      {9, 10});
    vector.output(best + 1, dram(y, DType::i32, 0, {4, 0}));
    vector.output(best, dram(z, DType::f32, 0, {4, 0}));
    bundle.addVector(std::move(vector));
    std::vector<float> values = numbers(rows * length, 11), maxima(static_cast<size_t>(rows));
    for (float &value : values)
      value = std::floor(value * 20); // many equals
    std::vector<int32_t> got(static_cast<size_t>(rows));
    run(bundle, Arrays().bind("x", values).bind("y", got).bind("z", maxima));
    size_t wrong = 0;
    for (int64_t r = 0; r < rows; ++r) {
      auto at = [&](int64_t i) { return values[static_cast<size_t>((r * strides[0] + i * strides[1]) / 4)]; };
      int64_t expected = 0;
      for (int64_t i = 1; i < length; ++i)
        if (at(i) > at(expected))
          expected = i;
      wrong += got[static_cast<size_t>(r)] != expected || maxima[static_cast<size_t>(r)] != at(expected);
    }
    CAPTURE(rows, length);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a general reduction keeps the order of elements", "[vector]") {
  // f(a, b) = 31 a + b is neither commutative nor associative: the balanced tree of neighbours is visible.
  std::function<uint32_t(std::vector<uint32_t>)> tree = [&](std::vector<uint32_t> values) {
    while (values.size() > 1) {
      std::vector<uint32_t> next;
      for (size_t i = 0; i + 1 < values.size(); i += 2)
        next.push_back(31 * values[i] + values[i + 1]);
      if (values.size() % 2)
        next.push_back(values.back());
      values = std::move(next);
    }
    return values[0];
  };
  for (int64_t length : {1, 2, 3, 5, 16, 17, 100, 1000, 1024, 1025, 5000}) {
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::i32, 3 * length, Direction::in);
    uint32_t y = bundle.argument("y", DType::i32, 3, Direction::out);
    TestVector vector;
    vector.outer = {3};
    vector.inner = {length};
    int in = vector.input(dram(x, DType::i32, 0, {4 * length, 4}));
    int result = vector.reduce({in},
                               {instruction(Op::constant, DType::i32, -1, -1, -1, 31),
                                instruction(Op::muli, DType::i32, 0, 2), instruction(Op::addi, DType::i32, 3, 1)},
                               {4});
    vector.output(result, dram(y, DType::i32, 0, {4, 0}));
    bundle.addVector(std::move(vector));
    std::vector<uint32_t> values(static_cast<size_t>(3 * length)), got(3);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<uint32_t>(i * 2654435761u);
    run(bundle, Arrays().bind("x", values).bind("y", got));
    for (size_t r = 0; r < 3; ++r) {
      auto begin = values.begin() + static_cast<std::ptrdiff_t>(r) * length;
      CHECK(got[r] == tree({begin, begin + length}));
    }
  }
}

TEST_CASE("simple reductions of every operation", "[vector]") {
  struct Row {
    Op op;
    DType dtype;
  };
  const Row rows[] = {
      {Op::addf, DType::f32},      {Op::mulf, DType::f32},     {Op::maxnumf, DType::f32}, {Op::minnumf, DType::f16},
      {Op::maximumf, DType::bf16}, {Op::minimumf, DType::f32}, {Op::addf, DType::f16},    {Op::addi, DType::i32},
      {Op::muli, DType::i8},       {Op::maxsi, DType::i16},    {Op::maxui, DType::i16},   {Op::minsi, DType::i64},
      {Op::minui, DType::i32},     {Op::andi, DType::i1},      {Op::ori, DType::i8},      {Op::xori, DType::i64}};
  for (Row row : rows)
    for (int64_t length : {1, 3, 16, 40, 2000}) {
      constexpr int64_t lines = 5;
      TestBundle bundle;
      uint32_t x = bundle.argument("x", row.dtype, lines * length, Direction::in);
      uint32_t y = bundle.argument("y", row.dtype, lines, Direction::out);
      TestVector vector;
      vector.outer = {lines};
      vector.inner = {length};
      int64_t bytes = sizeOf(row.dtype);
      vector.output(vector.reduce(row.op, vector.input(dram(x, row.dtype, 0, {bytes * length, bytes}))),
                    dram(y, row.dtype, 0, {bytes, 0}));
      bundle.addVector(std::move(vector));
      Elements in(row.dtype, static_cast<size_t>(lines * length)), out(row.dtype, lines);
      std::mt19937_64 generator(3);
      for (size_t i = 0; i < in.size(); ++i) {
        if (isFloat(row.dtype))
          in.setNumber(i, (row.op == Op::mulf ? 1 : 0) +
                              static_cast<double>(generator() % 1000) * (row.op == Op::mulf ? 1e-6 : 1e-3));
        else
          in.setBits(i, row.dtype == DType::i1 ? generator() % 8 != 0 : generator());
      }
      run(bundle, Arrays().bind("x", in.bytes).bind("y", out.bytes));
      for (int64_t r = 0; r < lines; ++r) {
        auto first = static_cast<size_t>(r * length);
        double sum = in.number(first);
        int64_t s = in.signedInt(first);
        uint64_t u = in.bits(first);
        for (size_t i = first + 1; i < first + static_cast<size_t>(length); ++i) {
          double v = in.number(i);
          sum = row.op == Op::addf                                ? sum + v
                : row.op == Op::mulf                              ? sum * v
                : row.op == Op::maxnumf || row.op == Op::maximumf ? std::max(sum, v)
                                                                  : std::min(sum, v);
          int64_t t = in.signedInt(i);
          uint64_t w = in.bits(i);
          s = row.op == Op::maxsi ? std::max(s, t) : std::min(s, t);
          switch (row.op) {
          case Op::addi:
            u += w;
            break;
          case Op::muli:
            u *= w;
            break;
          case Op::maxui:
            u = std::max(u, w);
            break;
          case Op::minui:
            u = std::min(u, w);
            break;
          case Op::andi:
            u &= w;
            break;
          case Op::ori:
            u |= w;
            break;
          default:
            u ^= w;
            break;
          }
        }
        CAPTURE(static_cast<int>(row.op), length);
        auto line = static_cast<size_t>(r);
        if (isFloat(row.dtype)) {
          // f16 sums are kept in f32 and rounded once.
          double tolerance = row.op == Op::addf || row.op == Op::mulf ? (row.dtype == DType::f32 ? 40 : 0.51) : 0;
          CHECK(ulpsOff(row.dtype, out.number(line), sum) <= tolerance);
        } else if (row.op == Op::maxsi || row.op == Op::minsi) {
          CHECK(out.signedInt(line) == s);
        } else {
          uint64_t mask = widthOf(row.dtype) == 64 ? ~uint64_t{0} : (uint64_t{1} << widthOf(row.dtype)) - 1;
          CHECK(out.bits(line) == (u & mask));
        }
      }
    }
}

TEST_CASE("a sum does not depend on how rows are cut into blocks", "[vector]") {
  // The same rows, read along and across, alone and with many neighbours, must give the same bits.
  constexpr int64_t length = 777, rows = 100;
  std::vector<float> values = numbers(rows * length, 2), turned(values.size()), a(rows), b(rows), one(1);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t i = 0; i < length; ++i)
      turned[static_cast<size_t>(i * rows + r)] = values[static_cast<size_t>(r * length + i)];
  auto sum = [&](std::vector<float> &from, int64_t count, int64_t offset, Strides strides, std::vector<float> &to) {
    TestBundle bundle;
    uint32_t x = bundle.argument("x", DType::f32, static_cast<int64_t>(from.size()), Direction::in);
    uint32_t y = bundle.argument("y", DType::f32, count, Direction::out);
    TestVector vector;
    vector.outer = {count};
    vector.inner = {length};
    int in = vector.input(dram(x, DType::f32, offset, std::move(strides)));
    vector.output(vector.reduce(Op::addf, in), dram(y, DType::f32, 0, {4, 0}));
    bundle.addVector(std::move(vector));
    run(bundle, Arrays().bind("x", from).bind("y", to));
  };
  sum(values, rows, 0, {4 * length, 4}, a);
  sum(turned, rows, 0, {4, 4 * rows}, b);
  CHECK(a == b);
  sum(values, 1, 4 * 37 * length, {0, 4}, one);
  CHECK(one[0] == a[37]);
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
