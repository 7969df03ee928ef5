// What the semantic verifier refuses of vector programs, products and scalars: one test for each rule, named by its
// code.
#include "bundle/Rules.h"

using namespace rblnc::test;

TEST_CASE("RBLN-B026: operands of instructions", "[verify]") {
  CHECK(codeOfStep(Op::addf, DType::f32, 0, 6) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f32, 0, -1) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f32, 0, 2) == "B026");
  CHECK(codeOfStep(Op::addf, DType::f16, 0, 0) == "B026");
  CHECK(codeOfStep(Op::addf, DType::i32, 1, 1) == "B026");
  CHECK(codeOfStep(Op::addi, DType::f32, 0, 0) == "B026");
  CHECK(codeOfStep(Op::addi, DType::i32, 1, 5) == "B026");
  CHECK(codeOfStep(Op::exp, DType::i32, 1) == "B026");
  CHECK(codeOfStep(Op::fma, DType::f32, 0, 0) == "B026");
  CHECK(codeOfStep(Op::select, DType::f32, 4, 0, 0) == "B026");
  CHECK(codeOfStep(Op::select, DType::f32, 3, 0, 2) == "B026");
  CHECK(codeOfStep(Op::cmpf, DType::i8, 0, 0) == "B026");
  CHECK(codeOfStep(Op::cmpf, DType::i1, 0, 0, -1, 16) == "B026");
  CHECK(codeOfStep(Op::cmpi, DType::i1, 1, 1, -1, 10) == "B026");
  CHECK(codeOfStep(Op::cmpi, DType::i1, 0, 0) == "B026");
  CHECK(codeOfStep(Op::extf, DType::f32, 0) == "B026");
  CHECK(codeOfStep(Op::extf, DType::bf16, 2) == "B026");
  CHECK(codeOfStep(Op::truncf, DType::f16, 2) == "B026");
  CHECK(codeOfStep(Op::extsi, DType::i8, 1) == "B026");
  CHECK(codeOfStep(Op::trunci, DType::i64, 1) == "B026");
  CHECK(codeOfStep(Op::sitofp, DType::f32, 0) == "B026");
  CHECK(codeOfStep(Op::fptosi, DType::i32, 1) == "B026");
  CHECK(codeOfStep(Op::bitcast, DType::i64, 0) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i8, -1, -1, -1, 256) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i1, -1, -1, -1, 2) == "B026");
  CHECK(codeOfStep(Op::constant, DType::i64, -1, -1, -1, UINT64_MAX) == "");
  CHECK(codeOfStep(Op::index, DType::i32, -1, -1, -1, 1) == "B026");
  CHECK(codeOfStep(Op::index, DType::f32, -1, -1, -1, 0) == "B026");
}

TEST_CASE("RBLN-B026: steps and outputs", "[verify]") {
  Base base;
  SECTION("a step is one thing") {
    TestVector vector = base.rows();
    vector.steps.push_back(std::make_unique<VectorStepT>());
    base.addVector(std::move(vector));
  }
  SECTION("an output's value exists") { base.addVector(base.finished(base.rows(), 1)); }
  SECTION("an output's value is not negative") { base.addVector(base.finished(base.rows(), -1)); }
  SECTION("an output has its value's dtype") {
    TestVector vector = base.rows();
    vector.output(0, dram(base.y, DType::i32, 0, {32, 4}));
    base.addVector(std::move(vector));
  }
  SECTION("a row does not fit one place") {
    TestVector vector = base.rows();
    vector.output(0, dram(base.y, DType::f32, 0, {4, 0}));
    base.addVector(std::move(vector));
  }
  SECTION("a register is loaded from an integer") { base.loadScalar(base.reg, dram(base.x, DType::f32, 0, {})); }
  CHECK(codeOf(base) == "B026");
}

TEST_CASE("RBLN-B027: reductions", "[verify]") {
  auto with = [](auto change) {
    Base base;
    TestVector vector = base.rows();
    change(vector);
    base.addVector(base.finished(std::move(vector), 0));
    return codeOf(base);
  };
  CHECK(with([](TestVector &v) { v.reduce(Op::addf, 0); }) == "");
  CHECK(with([](TestVector &v) { v.reduce(Op::addi, 0); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(Op::subf, 0); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(Op::addf, 5); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce(std::vector<int>{}, {}, {}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {2}); }) == "");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {3}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 1)}, {}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::cmpf, DType::i1, 0, 1)}, {2}); }) == "B027");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::addf, DType::f32, 0, 2)}, {0}); }) == "B026");
  CHECK(with([](TestVector &v) { v.reduce({0}, {instruction(Op::index, DType::i32)}, {0}); }) == "B026");
  CHECK(with([](TestVector &v) {
          int r = v.reduce(Op::addf, 0);
          v.steps[0]->reduction->operands = {0, 0};
          v.values = r + 2;
        }) == "B027");
  // A row without elements has no maximum.
  CHECK(with([](TestVector &v) {
          v.inner = {0};
          v.reduce(Op::addf, 0);
        }) == "B027");
}

TEST_CASE("RBLN-B028: matrix products", "[verify]") {
  CHECK(codeOfMatmul([](MatmulT &m) { m.b->dtype = DType::i32; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i64; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i1; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i8; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->dtype = m.b->dtype = DType::i8, m.d->dtype = DType::i32; }) == "");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->dtype = DType::bf16; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->dtype = DType::f16; }) == "");
  CHECK(codeOfMatmul([](MatmulT &m) { m.a->strides[1] = 4; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.b->strides[0] = 4; }) == "B028");
  CHECK(codeOfMatmul([](MatmulT &m) { m.d->strides[2] = 4; }) == "B028");
}

TEST_CASE("overflow checks", "[verify]") {
  auto with = [](auto change) {
    Base base;
    OverflowCheckT check;
    check.operation = CheckedOp::add;
    check.width = 32;
    check.registers = {base.reg};
    check.lhs = {0, 1, 0};
    check.rhs = {5, 0, 1};
    check.unless = {base.reg};
    change(check);
    LoadScalarT load;
    load.register_ = base.reg;
    load.source = dram(base.n, DType::i32, 0, {});
    load.checks.push_back(std::make_unique<OverflowCheckT>(std::move(check)));
    base.add(std::move(load));
    return codeOf(base);
  };
  CHECK(with([](OverflowCheckT &) {}) == "");
  CHECK(with([](OverflowCheckT &c) { c.width = 0; }) == "B026");
  CHECK(with([](OverflowCheckT &c) { c.width = 65; }) == "B026");
  CHECK(with([](OverflowCheckT &c) { c.operation = static_cast<CheckedOp>(200); }) == "B035");
  CHECK(with([](OverflowCheckT &c) { c.line = 1000; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.registers = {7}; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.unless = {7}; }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.registers.clear(); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.lhs.clear(); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.rhs.push_back(1); }) == "B022");
  CHECK(with([](OverflowCheckT &c) { c.partition = 8; }) == "B022");
  for (size_t count : {64, 65})
    CHECK(with([&](OverflowCheckT &c) {
            c.registers.assign(count, c.registers.front());
            c.lhs.resize(count + 2);
            c.rhs.resize(count + 2);
          }) == (count == 64 ? "" : "B036"));
  for (CheckedOp append : {CheckedOp::append, CheckedOp::append_last}) {
    CHECK(with([&](OverflowCheckT &c) { c.operation = append; }) == "B022");
    CHECK(with([&](OverflowCheckT &c) { c.operation = append, c.partition = -1; }) == "B022");
    CHECK(with([&](OverflowCheckT &c) { c.operation = append, c.partition = 8; }) == "");
  }
}
