// Every operation of vector programs, on every dtype that it takes, against definitions written independently: doubles
// for floats, 128-bit integers for integers.
#include "emulator/Elements.h"
#include "emulator/FloatReference.h"

#include "rblnc/bundle/Ops.h"

#include <bit>

using namespace rblnc::test;
using rblnc::bundle::infoOf;
using rblnc::bundle::OpRule;

namespace {

constexpr size_t count = 3001;
const DType ints[] = {DType::i1, DType::i8, DType::i16, DType::i32, DType::i64};
const DType floats[] = {DType::f16, DType::bf16, DType::f32};

/// Runs one instruction over whole arrays.
Elements apply(Op op, DType result, const std::vector<const Elements *> &operands, uint64_t imm = 0) {
  TestBundle bundle;
  TestVector vector;
  vector.outer = {static_cast<int64_t>(count)};
  Arrays arrays;
  std::vector<std::vector<uint8_t>> copies(3);
  const char *names[] = {"a", "b", "c"};
  int numbers[3] = {-1, -1, -1};
  for (size_t i = 0; i < operands.size(); ++i) {
    DType dtype = operands[i]->dtype;
    uint32_t region = bundle.argument(names[i], dtype, static_cast<int64_t>(count), Direction::in);
    numbers[i] = vector.input(dram(region, dtype, 0, {sizeOf(dtype)}));
    copies[i] = operands[i]->bytes;
    arrays.bind(names[i], copies[i]);
  }
  uint32_t region = bundle.argument("r", result, static_cast<int64_t>(count), Direction::out);
  vector.output(vector.step(op, result, numbers[0], numbers[1], numbers[2], imm),
                dram(region, result, 0, {sizeOf(result)}));
  bundle.addVector(std::move(vector));
  Elements out(result, count);
  arrays.bind("r", out.bytes);
  RunOptions options;
  options.checks = false;
  run(bundle, arrays, options);
  return out;
}

__int128 intReference(Op op, DType dtype, __int128 s, __int128 t) {
  unsigned width = widthOf(dtype);
  __int128 modulus = static_cast<__int128>(1) << width;
  __int128 u = s < 0 ? s + modulus : s, v = t < 0 ? t + modulus : t;
  switch (op) {
  case Op::addi:
    return s + t;
  case Op::subi:
    return s - t;
  case Op::muli:
    return static_cast<__int128>(static_cast<unsigned __int128>(s) * static_cast<unsigned __int128>(t));
  case Op::divsi:
    return t == 0 ? 0 : s / t;
  case Op::divui:
    return v == 0 ? 0 : u / v;
  case Op::remsi:
    return t == 0 ? s : s % t;
  case Op::remui:
    return v == 0 ? u : u % v;
  case Op::andi:
    return u & v;
  case Op::ori:
    return u | v;
  case Op::xori:
    return u ^ v;
  case Op::shli:
    return v >= width ? 0 : u << static_cast<int>(v);
  case Op::shrsi:
    return s >> static_cast<int>(v >= width ? width - 1 : v);
  case Op::shrui:
    return v >= width ? 0 : u >> static_cast<int>(v);
  case Op::maxsi:
    return std::max(s, t);
  case Op::minsi:
    return std::min(s, t);
  case Op::maxui:
    return std::max(u, v);
  case Op::minui:
    return std::min(u, v);
  case Op::mulhui:
    return static_cast<__int128>((static_cast<unsigned __int128>(u) * static_cast<unsigned __int128>(v)) >> width);
  case Op::absi:
    return s < 0 ? -s : s;
  case Op::ctpop:
    return std::popcount(static_cast<uint64_t>(u));
  case Op::ctlz:
    return std::countl_zero(static_cast<uint64_t>(u)) - (64 - static_cast<int>(width));
  case Op::cttz:
    return std::min(std::countr_zero(static_cast<uint64_t>(u)), static_cast<int>(width));
  case Op::bitreverse: {
    __int128 reversed = 0;
    for (unsigned i = 0; i < width; ++i)
      reversed = (reversed << 1) | ((u >> i) & 1);
    return reversed;
  }
  case Op::ipowi: {
    if (t < 0)
      return s == 1 || (s == -1 && t % 2 == 0) ? 1 : s == -1 ? -1 : 0;
    unsigned __int128 power = 1, base = static_cast<unsigned __int128>(s);
    for (__int128 rest = t; rest > 0; rest /= 2, base *= base)
      power *= rest % 2 ? base : 1;
    return static_cast<__int128>(power);
  }
  default:
    FAIL("no reference");
    return 0;
  }
}

uint64_t wrapped(DType dtype, __int128 value) {
  uint64_t mask = widthOf(dtype) == 64 ? ~uint64_t{0} : (uint64_t{1} << widthOf(dtype)) - 1;
  return static_cast<uint64_t>(value) & mask;
}

} // namespace

TEST_CASE("float operations are rounded once", "[vector]") {
  for (const auto &info : rblnc::bundle::allOps()) {
    if (info.rule != OpRule::Float)
      continue;
    for (DType dtype : floats) {
      if (info.op == Op::nextafter && dtype != DType::f32)
        continue;
      CAPTURE(info.name, rblnc::bundle::nameOf(dtype));
      std::vector<Elements> operands;
      std::vector<const Elements *> pointers;
      for (uint32_t i = 0; i < info.operands; ++i)
        operands.push_back(someValues(dtype, count, 7 * i + 1));
      for (const Elements &operand : operands)
        pointers.push_back(&operand);
      Elements got = apply(info.op, dtype, pointers);
      double worst = 0, argument = 0;
      for (size_t i = 0; i < count; ++i) {
        auto number = [&](size_t o) { return o < operands.size() ? operands[o].number(i) : 0.0; };
        double exact = floatReference(info.op, number(0), number(1), number(2));
        double off = ulpsOff(dtype, got.number(i), exact);
        if (exact == 0 && std::signbit(exact) != std::signbit(got.number(i)))
          off = HUGE_VAL;
        if (!(off <= worst)) {
          worst = off;
          argument = number(0);
        }
      }
      CAPTURE(argument);
      CHECK(worst <= tolerance(info.op, dtype) * (1 + 1e-6));
    }
  }
}

TEST_CASE("powers by integers are rounded once", "[vector]") {
  for (DType dtype : floats)
    for (Op op : {Op::fpowi, Op::ldexp}) {
      CAPTURE(rblnc::bundle::infoOf(op)->name, rblnc::bundle::nameOf(dtype));
      Elements a = someValues(dtype, count, 1), b = someValues(DType::i32, count, 2);
      for (size_t i = 0; i < count; ++i)
        if (i % 4 != 0)
          b.setBits(i, static_cast<uint32_t>(static_cast<int>(b.bits(i) % 401) - 200));
      Elements got = apply(op, dtype, {&a, &b});
      double worst = 0;
      for (size_t i = 0; i < count; ++i) {
        double x = a.number(i), exact = 0;
        auto n = static_cast<int>(b.signedInt(i));
        exact = op == Op::ldexp ? std::ldexp(x, n) : std::pow(x, static_cast<double>(n));
        double off = ulpsOff(dtype, got.number(i), exact);
        worst = off <= worst ? worst : off;
      }
      CHECK(worst <= (dtype == DType::f32 ? 0.51 : 0.502));
    }
}

TEST_CASE("integer operations wrap and have no undefined cases", "[vector]") {
  for (const auto &info : rblnc::bundle::allOps()) {
    if (info.rule != OpRule::Int)
      continue;
    for (DType dtype : ints) {
      CAPTURE(info.name, rblnc::bundle::nameOf(dtype));
      Elements a = someValues(dtype, count, 1), b = someValues(dtype, count, 2);
      Elements got = info.operands == 1 ? apply(info.op, dtype, {&a}) : apply(info.op, dtype, {&a, &b});
      size_t wrong = 0;
      for (size_t i = 0; i < count; ++i)
        wrong += got.bits(i) != wrapped(dtype, intReference(info.op, dtype, a.signedInt(i), b.signedInt(i)));
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("comparisons follow MLIR's predicates", "[vector]") {
  for (DType dtype : floats)
    for (uint64_t predicate = 0; predicate < 16; ++predicate) {
      Elements a = someValues(dtype, count, 1), b = someValues(dtype, count, 9);
      for (size_t i = 0; i < 300; ++i)
        b.setBits(i, a.bits(i));
      Elements got = apply(Op::cmpf, DType::i1, {&a, &b}, predicate);
      size_t wrong = 0;
      for (size_t i = 0; i < count; ++i) {
        double x = a.number(i), y = b.number(i);
        bool isUnordered = std::isnan(x) || std::isnan(y);
        // false, oeq, ogt, oge, olt, ole, one, ord, ueq, ugt, uge, ult, ule, une, uno, true: which of unordered (8),
        // less (4), greater (2) and equal (1) each accepts.
        constexpr int accepts[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 8, 15};
        bool expected = accepts[predicate] & (isUnordered ? 8 : x == y ? 1 : x > y ? 2 : 4);
        wrong += got.bits(i) != expected;
      }
      CAPTURE(predicate);
      CHECK(wrong == 0);
    }
  for (DType dtype : ints)
    for (uint64_t predicate = 0; predicate < 10; ++predicate) {
      Elements a = someValues(dtype, count, 1), b = someValues(dtype, count, 2);
      Elements got = apply(Op::cmpi, DType::i1, {&a, &b}, predicate);
      size_t wrong = 0;
      for (size_t i = 0; i < count; ++i) {
        int64_t s = a.signedInt(i), t = b.signedInt(i);
        uint64_t u = a.bits(i), v = b.bits(i);
        bool all[] = {u == v, u != v, s<t, s <= t, s> t, s >= t, u<v, u <= v, u> v, u >= v};
        wrong += got.bits(i) != all[predicate];
      }
      CAPTURE(predicate, rblnc::bundle::nameOf(dtype));
      CHECK(wrong == 0);
    }
}

TEST_CASE("select chooses for every dtype", "[vector]") {
  for (auto list : {std::span<const DType>(ints), std::span<const DType>(floats)})
    for (DType dtype : list) {
      Elements a = someValues(DType::i1, count, 5), b = someValues(dtype, count, 1), c = someValues(dtype, count, 2);
      Elements got = apply(Op::select, dtype, {&a, &b, &c});
      size_t wrong = 0;
      for (size_t i = 0; i < count; ++i) {
        const Elements &chosen = a.bits(i) ? b : c;
        bool isNan = isFloat(dtype) && std::isnan(chosen.number(i));
        wrong += isNan ? !std::isnan(got.number(i)) : got.bits(i) != chosen.bits(i);
      }
      CHECK(wrong == 0);
    }
}

TEST_CASE("casts between integers extend and truncate", "[vector]") {
  for (DType from : ints)
    for (DType to : ints) {
      if (from == to)
        continue;
      bool isWider = widthOf(to) > widthOf(from);
      for (Op op : isWider ? std::vector{Op::extsi, Op::extui} : std::vector{Op::trunci}) {
        Elements a = someValues(from, count, 1);
        Elements got = apply(op, to, {&a});
        size_t wrong = 0;
        for (size_t i = 0; i < count; ++i)
          wrong += got.bits(i) != wrapped(to, op == Op::extsi ? a.signedInt(i) : static_cast<__int128>(a.bits(i)));
        CAPTURE(rblnc::bundle::nameOf(from), rblnc::bundle::nameOf(to));
        CHECK(wrong == 0);
      }
    }
}

TEST_CASE("integers become floats with one rounding", "[vector]") {
  for (DType from : ints)
    for (DType to : floats)
      for (Op op : {Op::sitofp, Op::uitofp}) {
        Elements a = someValues(from, count, 1);
        Elements got = apply(op, to, {&a});
        double worst = 0;
        for (size_t i = 0; i < count; ++i) {
          long double exact =
              op == Op::sitofp ? static_cast<long double>(a.signedInt(i)) : static_cast<long double>(a.bits(i));
          // The difference is exact in long double; ulpsOff sees it around the nearest double.
          double rough = static_cast<double>(exact);
          double off = ulpsOff(to, got.number(i), rough);
          worst = std::max(worst, off);
        }
        CAPTURE(rblnc::bundle::nameOf(from), rblnc::bundle::nameOf(to));
        CHECK(worst <= 0.5 * (1 + 1e-6));
      }
}

TEST_CASE("a wide integer just above a tie is not rounded twice", "[vector]") {
  // 2^32 + 2^24 is halfway between two bf16; one more must round up, although f32 cannot tell it from the tie.
  Elements a(DType::i64, count);
  for (size_t i = 0; i < count; ++i)
    a.setBits(i, (uint64_t{1} << 32) + (uint64_t{1} << 24) + 1);
  CHECK(apply(Op::sitofp, DType::bf16, {&a}).number(0) == 0x1.02p32);
}

TEST_CASE("floats become integers by truncation, saturating", "[vector]") {
  for (DType from : floats)
    for (DType to : ints)
      for (Op op : {Op::fptosi, Op::fptoui}) {
        Elements a = someValues(from, count, 1);
        Elements got = apply(op, to, {&a});
        long double greatest = std::exp2(static_cast<long double>(widthOf(to) - (op == Op::fptosi ? 1 : 0))) - 1;
        long double least = op == Op::fptosi ? -greatest - 1 : 0;
        size_t wrong = 0;
        for (size_t i = 0; i < count; ++i) {
          double x = a.number(i);
          __int128 expected =
              std::isnan(x)
                  ? 0
                  : static_cast<__int128>(std::min(std::max(std::trunc(static_cast<long double>(x)), least), greatest));
          wrong += got.bits(i) != wrapped(to, expected);
        }
        CAPTURE(rblnc::bundle::nameOf(from), rblnc::bundle::nameOf(to), op == Op::fptosi);
        CHECK(wrong == 0);
      }
}

TEST_CASE("float casts round to nearest even", "[vector]") {
  for (DType narrow : {DType::f16, DType::bf16}) {
    Elements a = someValues(DType::f32, count, 1);
    Elements got = apply(Op::truncf, narrow, {&a});
    Elements back = apply(Op::extf, DType::f32, {&got});
    size_t wrong = 0;
    for (size_t i = 0; i < count; ++i) {
      auto f = static_cast<float>(a.number(i));
      uint16_t expected = narrow == DType::f16 ? rblnc::f16FromFloat(f) : rblnc::bf16FromFloat(f);
      wrong += got.bits(i) != expected;
      wrong += !std::isnan(f) && back.number(i) != got.number(i);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("every f16 and bf16 survives loading and storing", "[vector]") {
  for (DType dtype : {DType::f16, DType::bf16}) {
    for (uint32_t base = 0; base < 65536; base += 2048) {
      Elements a(dtype, count);
      for (size_t i = 0; i < count; ++i)
        a.setBits(i, (base + i) & 0xffff);
      Elements yes(DType::i1, count);
      std::fill(yes.bytes.begin(), yes.bytes.end(), uint8_t{1});
      Elements got = apply(Op::select, dtype, {&yes, &a, &a});
      for (size_t i = 0; i < count; ++i)
        if (!std::isnan(a.number(i)))
          REQUIRE(got.bits(i) == a.bits(i));
        else
          REQUIRE(std::isnan(got.number(i)));
    }
  }
}

TEST_CASE("bitcasts keep the bits", "[vector]") {
  const std::pair<DType, DType> pairs[] = {
      {DType::f32, DType::i32},  {DType::i32, DType::f32},  {DType::i16, DType::f16},  {DType::f16, DType::i16},
      {DType::bf16, DType::i16}, {DType::i16, DType::bf16}, {DType::f16, DType::bf16}, {DType::i64, DType::i64}};
  for (auto [from, to] : pairs) {
    Elements a = someValues(from, count, 3);
    Elements got = apply(Op::bitcast, to, {&a});
    size_t wrong = 0;
    for (size_t i = 0; i < count; ++i) {
      bool isNan = (isFloat(from) && std::isnan(a.number(i))) || (isFloat(to) && std::isnan(got.number(i)));
      wrong += !isNan && got.bits(i) != a.bits(i);
    }
    CAPTURE(rblnc::bundle::nameOf(from), rblnc::bundle::nameOf(to));
    CHECK(wrong == 0);
  }
}
