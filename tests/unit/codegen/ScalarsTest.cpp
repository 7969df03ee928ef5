// The rows of the scalar operations: each is encoded as what its name says, and as nothing near it.
#include "Scalars.h"
#include "Encoded.h"

#include "rblnc/bundle/Ops.h"

using namespace mlir;
using namespace rblnc;

static bundle::Instruction instructionOf(const std::string &body, const std::string &elements) {
  std::string text = "%x = npu.buffer \"x\" scratchpad 0 bytes 64 at 0\n"
                     "npu.vector <neural_engine 0> [] [1] ins(%x, %x, %x) [" +
                     elements + "] outs() [] {\n" + body + "\nnpu.yield\n}";
  auto bundle = test::encoded(test::program(text));
  const bundle::CommandT &command = *bundle->programs[0]->queues[0]->commands[0];
  const auto &steps = command.body.AsVector()->steps;
  REQUIRE(!steps.empty());
  REQUIRE(steps.back()->instruction);
  return *steps.back()->instruction;
}

static std::string threeOf(const std::string &type) {
  std::string access = "#npu.access<" + type + ", 0, [0]>";
  return access + ", " + access + ", " + access;
}

static std::string block(const std::string &a, const std::string &b, const std::string &c) {
  return "^bb0(%a: " + a + ", %b: " + b + ", %c: " + c + "):\n";
}

TEST_CASE("an operation of RBLN IR is encoded as the one of its own name") {
  for (const bundle::OpInfo &info : bundle::allOps()) {
    if (info.ir.empty())
      continue;
    INFO(info.ir);
    std::string name(info.ir.substr(info.ir.find('.') + 1));
    // Its upper half is what the second result of the widening product is.
    CHECK(bundle::EnumNameOp(info.op) == (name == "mului_extended" ? "mulhui" : name));
    CHECK(info.name == bundle::EnumNameOp(info.op));
    MLIRContext context;
    test::loadDialects(context);
    OperationState state(UnknownLoc::get(&context), std::string(info.ir));
    REQUIRE(state.name.isRegistered());
    if (name == "cmpi")
      state.addAttribute("predicate", arith::CmpIPredicateAttr::get(&context, arith::CmpIPredicate::ult));
    if (name == "cmpf")
      state.addAttribute("predicate", arith::CmpFPredicateAttr::get(&context, arith::CmpFPredicate::UNE));
    if (name == "constant")
      state.addAttribute("value", IntegerAttr::get(IntegerType::get(&context, 8), -1));
    Operation *op = Operation::create(state);
    auto opcode = codegen::opcodeOf(op);
    REQUIRE(opcode);
    CHECK(opcode->op == info.op);
    CHECK(opcode->immediate == (name == "cmpi" ? 6u : name == "cmpf" ? 13u : name == "constant" ? 255u : 0u));
    op->destroy();
  }
}

TEST_CASE("operands keep their places, and the result's dtype is the instruction's") {
  struct Row {
    const char *type;
    bundle::DType dtype;
  };
  const Row rows[] = {{"f32", bundle::DType::f32}, {"f16", bundle::DType::f16}, {"bf16", bundle::DType::bf16},
                      {"i8", bundle::DType::i8},   {"i16", bundle::DType::i16}, {"i32", bundle::DType::i32},
                      {"i64", bundle::DType::i64}, {"i1", bundle::DType::i1}};
  for (const Row &row : rows) {
    std::string type = row.type;
    INFO(type);
    bool isFloat = type.find('f') != std::string::npos;
    auto instruction = instructionOf(
        block(type, type, type) + "%r = arith." + (isFloat ? "subf" : "subi") + " %c, %a : " + type, threeOf(type));
    CHECK(instruction.op() == (isFloat ? bundle::Op::subf : bundle::Op::subi));
    CHECK(instruction.dtype() == row.dtype);
    CHECK(instruction.a() == 2);
    CHECK(instruction.b() == 0);
    CHECK(instruction.c() == -1);
  }
}

TEST_CASE("predicates are those of the schema") {
  const char *integers[] = {"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"};
  for (uint64_t n = 0; n < 10; ++n) {
    auto instruction =
        instructionOf(block("i32", "i32", "i32") + "%r = arith.cmpi " + integers[n] + ", %a, %b : i32", threeOf("i32"));
    CHECK(instruction.imm() == n);
    CHECK(instruction.dtype() == bundle::DType::i1);
  }
  const char *floats[] = {"false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord",
                          "ueq",   "ugt", "uge", "ult", "ule", "une", "uno", "true"};
  for (uint64_t n = 0; n < 16; ++n)
    CHECK(instructionOf(block("f16", "f16", "f16") + "%r = arith.cmpf " + floats[n] + ", %a, %b : f16", threeOf("f16"))
              .imm() == n);
}

TEST_CASE("constants are their bits, whole and no more") {
  struct Row {
    const char *text;
    uint64_t bits;
  };
  const Row rows[] = {{"-0.0 : f32", 0x80000000},
                      {"1.0 : f16", 0x3c00},
                      {"-2.0 : bf16", 0xc000},
                      {"-1 : i8", 0xff},
                      {"-2 : i16", 0xfffe},
                      {"-1 : i32", 0xffffffff},
                      {"-1 : i64", ~uint64_t{0}},
                      {"true", 1},
                      {"0x7fc00001 : f32", 0x7fc00001},
                      {"5000000000 : i64", 5000000000}};
  for (const Row &row : rows) {
    INFO(row.text);
    CHECK(instructionOf(block("f32", "f32", "f32") + "%r = arith.constant " + row.text, threeOf("f32")).imm() ==
          row.bits);
  }
}

TEST_CASE("the upper half of a product, positions and selections") {
  auto high = instructionOf(block("i32", "i32", "i32") + "%l, %h = arith.mului_extended %b, %a : i32", threeOf("i32"));
  CHECK(high.op() == bundle::Op::mulhui);
  CHECK(high.a() == 1);
  auto select = instructionOf(block("i1", "f32", "f32") + "%r = arith.select %a, %c, %b : f32",
                              "#npu.access<i1, 0, [0]>, #npu.access<f32, 0, [0]>, #npu.access<f32, 0, [0]>");
  CHECK(select.a() == 0);
  CHECK(select.b() == 2);
  CHECK(select.c() == 1);
  CHECK(select.dtype() == bundle::DType::f32);
}
