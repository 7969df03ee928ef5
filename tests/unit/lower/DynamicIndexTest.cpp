// Dynamic indices: where they were read, what partition_skip makes of them, and that all of them are checked.
#include "AddressAnalysis.h"
#include "PartitionSkip.h"

#include "lower/Lowered.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;
using namespace rblnc::lower;

namespace {

const std::string declarations = R"(
tt.func private @rblib.to_dynamic_index(!tt.ptr<tensor<1x1xi32>>) -> i32
  attributes {noinline = true, rblib.max = 6 : i32, rblib.version = 1 : i32}
tt.func private @rblib.partition_skip(i32) -> i1 attributes {noinline = true, rblib.version = 1 : i32}
tt.func private @rblib.insert(tensor<8x4xf32>, tensor<1x4xf32>, i32) -> tensor<8x4xf32>
  attributes {noinline = true, rblib.axis = 0 : i32, rblib.version = 1 : i32}
)";

/// %off is element (1, 2) of %t.
const std::string prologue = R"(
%c1 = arith.constant 1 : i64
%c4 = arith.constant 4 : i64
%zero = arith.constant 0 : i32
%one = arith.constant 1 : i32
%two = arith.constant 2 : i32
%p = tt.make_tensor_ptr %t, [%c4, %c4], [%c4, %c1], [%one, %two] {order = array<i32: 1, 0>} : <tensor<1x1xi32>>
%off = tt.call @rblib.to_dynamic_index(%p) : (!tt.ptr<tensor<1x1xi32>>) -> i32
)";

struct Analysed {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<AddressAnalysis> analysis;

  /// The analysis of %t: !tt.ptr<i32>, %n: i32 and the body.
  explicit Analysed(const std::string &body) {
    DialectRegistry registry;
    registerDialects(registry);
    context = makeContext(registry);
    module = parseSourceString<ModuleOp>("module { tt.func public @k(%t: !tt.ptr<i32>, %n: i32) {" + prologue + body +
                                             "\ntt.return }" + declarations + "}",
                                         context.get());
    REQUIRE(module);
    analysis = std::make_unique<AddressAnalysis>(entry(), std::map<unsigned, llvm::SmallVector<int64_t>>(),
                                                 llvm::ArrayRef<int64_t>());
  }
  Block &entry() { return (*module->getOps<tt::FuncOp>().begin()).getBody().front(); }
  /// What was added to the index that the body's last operation makes; nothing when it makes none.
  std::optional<int64_t> added() {
    auto index = analysis->dynamicIndex(entry().getTerminator()->getPrevNode()->getResult(0));
    return index ? std::optional(index->added) : std::nullopt;
  }
  std::optional<int64_t> partition() {
    return partitionOf(cast<tt::CallOp>(entry().getTerminator()->getPrevNode()), *analysis);
  }
};

std::optional<int64_t> partitionOfSkip(const std::string &body, const std::string &index) {
  return Analysed(body + "\n%s = tt.call @rblib.partition_skip(" + index + ") : (i32) -> i1").partition();
}

/// RBLN IR of a kernel that stores %r, 8 x 4 floats. The index is declared to be at most `max`.
Lowered lowered(const std::string &body, int max = 6) {
  std::string declared = declarations;
  declared.replace(declared.find("max = 6"), 7, "max = " + std::to_string(max));
  return Lowered("%t: !tt.ptr<i32> loc(\"t\"), %x: !tt.ptr<f32> loc(\"x\"), %n: i32 loc(\"n\")", prologue + R"(
%c8 = arith.constant 8 : i64
%xp = tt.make_tensor_ptr %x, [%c8, %c4], [%c4, %c1], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<8x4xf32>>
%x0 = tt.load %xp : !tt.ptr<tensor<8x4xf32>>
%row = arith.constant dense<1.0> : tensor<1x4xf32>
)" + body + "\ntt.store %xp, %r : !tt.ptr<tensor<8x4xf32>>\ntt.return }" + declared + "tt.func private @unused() {");
}

const std::string insertAt = "tt.call @rblib.insert(%x0, %row, %i) : (tensor<8x4xf32>, tensor<1x4xf32>, i32) -> "
                             "tensor<8x4xf32>";

} // namespace

TEST_CASE("an index is direct through casts, and derived by constants") {
  CHECK(Analysed("").added() == 0);
  CHECK(Analysed("%w = arith.extsi %off : i32 to i64\n%i = arith.trunci %w : i64 to i32").added() == 0);
  CHECK(Analysed("%i = arith.addi %off, %two : i32").added() == 2);
  CHECK(Analysed("%j = arith.subi %off, %two : i32\n%i = arith.subi %j, %one : i32").added() == -3);
  CHECK(Analysed("%j = arith.addi %off, %two : i32\n%i = arith.subi %j, %two : i32").added() == 0);
}

TEST_CASE("what is no sum of one index and a constant is no dynamic index") {
  CHECK_FALSE(Analysed("%i = arith.addi %off, %off : i32").added());
  CHECK_FALSE(Analysed("%i = arith.muli %off, %two : i32").added());
  CHECK_FALSE(Analysed("%i = arith.subi %two, %off : i32").added());
  CHECK_FALSE(Analysed("%i = arith.addi %off, %n : i32").added());
  CHECK_FALSE(Analysed("%i = arith.addi %n, %one : i32").added());
  CHECK_FALSE(Analysed("%i = tt.load %t : !tt.ptr<i32>").added());
}

TEST_CASE("a partition is the last offset of the pointer that its index was read through") {
  CHECK(partitionOfSkip("", "%off") == 2);
  CHECK(partitionOfSkip("%q = tt.advance %p, [%one, %one] : <tensor<1x1xi32>>\n%o = tt.call "
                        "@rblib.to_dynamic_index(%q) : (!tt.ptr<tensor<1x1xi32>>) -> i32",
                        "%o") == 3);
  CHECK(partitionOfSkip("%w = arith.extsi %off : i32 to i64\n%i = arith.trunci %w : i64 to i32", "%i") == 2);
  CHECK_FALSE(partitionOfSkip("%i = arith.addi %off, %one : i32", "%i"));
  CHECK_FALSE(partitionOfSkip("", "%n"));
  CHECK_FALSE(partitionOfSkip("%q = tt.advance %p, [%zero, %n] : <tensor<1x1xi32>>\n%o = tt.call "
                              "@rblib.to_dynamic_index(%q) : (!tt.ptr<tensor<1x1xi32>>) -> i32",
                              "%o"));
}

TEST_CASE("an index is checked against the smaller of its maximum and its use's limit") {
  Lowered direct = lowered("%i = arith.addi %off, %zero : i32\n%r = " + insertAt);
  CHECK(direct.contains("-> <0, 6>"));
  // What is derived is not, but what it comes from.
  Lowered derived = lowered("%i = arith.addi %off, %two : i32\n%r = " + insertAt);
  CHECK(derived.contains("-> <0, 6>"));
  CHECK(derived.contains("-> <-2147483648, 2147483647>"));
  // What comes from elsewhere is like a direct index.
  Lowered argument = lowered("%i = arith.addi %n, %two : i32\n%r = " + insertAt);
  CHECK(argument.contains("-> <0, 8>"));
  CHECK_FALSE(argument.contains("-> <0, 6>"));
}

TEST_CASE("an index that nobody uses is neither read nor checked") {
  CHECK_FALSE(lowered("%r = arith.addf %x0, %x0 : tensor<8x4xf32>").contains("rbln.to_index"));
}

TEST_CASE("what is computed with an index is covered by a check of its use, unless that allows more") {
  const std::string both =
      "%i = arith.addi %off, %two : i32\n%first = " + insertAt +
      "\n%direct = tt.call @rblib.insert(%first, %row, %off) : (tensor<8x4xf32>, "
      "tensor<1x4xf32>, i32) -> tensor<8x4xf32>\n%r = arith.addf %direct, %first : tensor<8x4xf32>";
  Lowered narrow = lowered(both, 7), exact = lowered(both, 8), wide = lowered(both, 9);
  INFO(narrow.message() << wide.text);
  CHECK(narrow.contains("-> <0, 7>"));
  CHECK(exact.contains("-> <0, 8>"));
  CHECK(wide.contains("-> <0, 8>"));
  CHECK_FALSE(wide.contains("-> <0, 9>"));
  // Alone, the computation has a check of its own.
  CHECK(lowered("%i = arith.addi %off, %two : i32\n%r = " + insertAt, 9).contains("-> <0, 9>"));
}

TEST_CASE("conditions on the first partition are known, in every form and either order") {
  // Both are false: the first partition is never skipped.
  const std::string skips = R"(
%q = tt.make_tensor_ptr %t, [%c4, %c4], [%c4, %c1], [%one, %zero] {order = array<i32: 1, 0>} : <tensor<1x1xi32>>
%u = tt.make_tensor_ptr %t, [%c4, %c4], [%c4, %c1], [%two, %zero] {order = array<i32: 1, 0>} : <tensor<1x1xi32>>
%first = tt.call @rblib.to_dynamic_index(%q) : (!tt.ptr<tensor<1x1xi32>>) -> i32
%second = tt.call @rblib.to_dynamic_index(%u) : (!tt.ptr<tensor<1x1xi32>>) -> i32
%a0 = tt.call @rblib.partition_skip(%first) : (i32) -> i1
%b0 = tt.call @rblib.partition_skip(%second) : (i32) -> i1
%true = arith.constant true
%a1 = arith.xori %a0, %true : i1
%b1 = arith.xori %b0, %true : i1
)";
  for (const char *operation : {"arith.cmpi eq,", "arith.cmpi ne,", "arith.xori"})
    for (bool a : {false, true})
      for (bool b : {false, true}) {
        bool isTaken = operation == std::string("arith.cmpi eq,") ? a == b : a != b;
        Lowered branch =
            lowered(skips + "%c = " + operation + (a ? " %a1, " : " %a0, ") + (b ? "%b1" : "%b0") + R"( : i1
%r = scf.if %c -> tensor<8x4xf32> {
  %e = math.exp %x0 : tensor<8x4xf32>
  scf.yield %e : tensor<8x4xf32>
} else {
  %e = math.sin %x0 : tensor<8x4xf32>
  scf.yield %e : tensor<8x4xf32>
})");
        INFO(operation << " " << a << " " << b << ": " << branch.message());
        CHECK_FALSE(branch.contains("scf.if"));
        CHECK(branch.contains("math.exp") == isTaken);
        CHECK(branch.contains("math.sin") != isTaken);
      }
}

TEST_CASE("a skip looks at the index of the partition before") {
  Lowered branch = lowered(R"(%s = tt.call @rblib.partition_skip(%off) : (i32) -> i1
%r = scf.if %s -> tensor<8x4xf32> {
  scf.yield %x0 : tensor<8x4xf32>
} else {
  %e = math.exp %x0 : tensor<8x4xf32>
  scf.yield %e : tensor<8x4xf32>
})");
  INFO(branch.message() << branch.text);
  // Row 1 of 4: partition 2, and partition 1.
  CHECK(branch.contains("rbln.load %arg0 at 6 "));
  CHECK(branch.contains("rbln.load %arg0 at 5 strides [] : <4x4xi32> -> tensor<i32>"));
}
