// Vector programs: the numbers of their values, and which combiners the device has an operation for.
#include "Encoded.h"

using namespace rblnc;

/// The steps of a program over [3] rows of [2, 4] elements with one input of f32 and one of i32.
static std::unique_ptr<bundle::BundleT> vector(const std::string &body) {
  return test::encoded(
      test::program("%x = npu.buffer \"x\" scratchpad 0 bytes 96 at 0\n"
                    "%y = npu.buffer \"y\" scratchpad 0 bytes 96 at 96\n"
                    "npu.vector <neural_engine 1> [3] [2, 4] ins(%x, %y) [#npu.access<f32, 0, [8, 4, 1]>, "
                    "#npu.access<i32, 1, [8, 4, 1]>] outs(%y) [#npu.access<f32, 0, [1, 0, 0]>] {\n"
                    "^bb0(%a: f32, %b: i32):\n" +
                    body + "\n}"));
}

static const bundle::VectorT &vectorOf(const bundle::BundleT &bundle) {
  return *bundle.programs[0]->queues[0]->commands[0]->body.AsVector();
}

static std::string reduceBy(const std::string &combiner) {
  return "%r = npu.reduce %a : (f32) -> f32 {\n^bb0(%l: f32, %m: f32):\n" + combiner + "\n}\nnpu.yield %r : f32";
}

TEST_CASE("positions along every dimension, and the value that each output takes") {
  auto bundle = vector("%i = npu.index 0 : i32\n%j = npu.index 1 : i16\n%k = npu.index 2 : i64\n"
                       "%n = arith.negf %a : f32\n%m = math.absf %n : f32\nnpu.yield %n : f32");
  const bundle::VectorT &encoded = vectorOf(*bundle);
  CHECK(encoded.outer == std::vector<int64_t>{3});
  CHECK(encoded.inner == std::vector<int64_t>{2, 4});
  for (uint64_t n = 0; n < 3; ++n) {
    CHECK(encoded.steps[n]->instruction->op() == bundle::Op::index);
    CHECK(encoded.steps[n]->instruction->imm() == n);
  }
  CHECK(encoded.steps[1]->instruction->dtype() == bundle::DType::i16);
  REQUIRE(encoded.outputs.size() == 1);
  CHECK(encoded.outputs[0]->value == 5);
  CHECK(encoded.outputs[0]->access->strides == std::vector<int64_t>{4, 0, 0});
  CHECK(encoded.inputs[1]->offset == 96 + 4);
}

TEST_CASE("a combiner of one operation on both arguments is the device's own, in either order") {
  for (const char *operands : {"%l, %m", "%m, %l"}) {
    auto bundle = vector(reduceBy(std::string("%s = arith.addf ") + operands + " : f32\nnpu.yield %s : f32"));
    const bundle::ReductionT &reduction = *vectorOf(*bundle).steps[0]->reduction;
    CHECK(reduction.simple);
    CHECK(reduction.op == bundle::Op::addf);
    CHECK(reduction.operands == std::vector<int32_t>{0});
    CHECK(vectorOf(*bundle).outputs[0]->value == 2);
  }
}

TEST_CASE("any other combiner is taken as it is written") {
  struct Row {
    const char *combiner;
    std::vector<int32_t> yields;
    size_t instructions;
  };
  const Row rows[] = {{"%s = arith.addf %l, %l : f32\nnpu.yield %s : f32", {2}, 1},
                      {"%s = arith.addf %m, %m : f32\nnpu.yield %s : f32", {2}, 1},
                      {"%s = arith.addf %l, %m : f32\nnpu.yield %l : f32", {0}, 1},
                      {"%s = arith.addf %l, %m : f32\nnpu.yield %m : f32", {1}, 1},
                      {"%s = arith.subf %l, %m : f32\nnpu.yield %s : f32", {2}, 1},
                      {"%s = arith.addf %l, %m : f32\n%t = arith.negf %s : f32\nnpu.yield %t : f32", {3}, 2}};
  for (const Row &row : rows) {
    INFO(row.combiner);
    auto bundle = vector(reduceBy(row.combiner));
    const bundle::ReductionT &reduction = *vectorOf(*bundle).steps[0]->reduction;
    CHECK(!reduction.simple);
    CHECK(reduction.yields == row.yields);
    CHECK(reduction.combiner.size() == row.instructions);
  }
}

TEST_CASE("two values are reduced together") {
  auto bundle =
      vector("%r:2 = npu.reduce %a, %b : (f32, i32) -> (f32, i32) {\n^bb0(%l: f32, %p: i32, %m: f32, %q: i32):\n"
             "%g = arith.cmpf ogt, %l, %m : f32\n%v = arith.select %g, %l, %m : f32\n"
             "%w = arith.select %g, %p, %q : i32\nnpu.yield %v, %w : f32, i32\n}\n"
             "%f = arith.sitofp %r#1 : i32 to f32\nnpu.yield %f : f32");
  const bundle::VectorT &encoded = vectorOf(*bundle);
  const bundle::ReductionT &reduction = *encoded.steps[0]->reduction;
  CHECK(reduction.operands == std::vector<int32_t>{0, 1});
  CHECK(reduction.yields == std::vector<int32_t>{5, 6});
  CHECK(reduction.combiner[0].a() == 0);
  CHECK(reduction.combiner[0].b() == 2);
  CHECK(reduction.combiner[2].b() == 1);
  CHECK(reduction.combiner[2].c() == 3);
  CHECK(encoded.steps[1]->instruction->a() == 3);
  CHECK(encoded.outputs[0]->value == 4);
}
