// Reductions of vector programs: simple ones of every operation, general ones, and their order.
#include "emulator/Spaces.h"

using namespace rblnc::test;

namespace {

/// What a reduction gives, as a float, as a signed integer and as bits.
struct Reduced {
  double number;
  int64_t integer;
  uint64_t bits;
};

double combined(Op op, double a, double b) {
  switch (op) {
  case Op::addf:
    return a + b;
  case Op::mulf:
    return a * b;
  case Op::maxnumf:
  case Op::maximumf:
    return std::max(a, b);
  default:
    return std::min(a, b);
  }
}

uint64_t combined(Op op, uint64_t a, uint64_t b) {
  switch (op) {
  case Op::addi:
    return a + b;
  case Op::muli:
    return a * b;
  case Op::maxui:
    return std::max(a, b);
  case Op::minui:
    return std::min(a, b);
  case Op::andi:
    return a & b;
  case Op::ori:
    return a | b;
  default:
    return a ^ b;
  }
}

Reduced reduced(Op op, const Elements &in, size_t first, size_t last) {
  Reduced result{in.number(first), in.signedInt(first), in.bits(first)};
  for (size_t i = first + 1; i < last; ++i) {
    int64_t next = in.signedInt(i);
    result.number = combined(op, result.number, in.number(i));
    result.integer = op == Op::maxsi ? std::max(result.integer, next) : std::min(result.integer, next);
    result.bits = combined(op, result.bits, in.bits(i));
  }
  return result;
}

} // namespace

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
        Reduced wanted = reduced(row.op, in, first, first + static_cast<size_t>(length));
        CAPTURE(static_cast<int>(row.op), length);
        auto line = static_cast<size_t>(r);
        if (isFloat(row.dtype)) {
          // f16 sums are kept in f32 and rounded once.
          double tolerance = row.op == Op::addf || row.op == Op::mulf ? (row.dtype == DType::f32 ? 40 : 0.51) : 0;
          CHECK(ulpsOff(row.dtype, out.number(line), wanted.number) <= tolerance);
        } else if (row.op == Op::maxsi || row.op == Op::minsi) {
          CHECK(out.signedInt(line) == wanted.integer);
        } else {
          uint64_t mask = widthOf(row.dtype) == 64 ? ~uint64_t{0} : (uint64_t{1} << widthOf(row.dtype)) - 1;
          CHECK(out.bits(line) == (wanted.bits & mask));
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
