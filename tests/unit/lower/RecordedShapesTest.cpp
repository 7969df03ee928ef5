// Block pointers that go by the recorded shape of their array, and the record itself.
#include "RecordedShapes.h"

#include "lower/Lowered.h"

#include "catch2/catch.hpp"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;
using namespace rblnc::lower;

namespace {

using Extents = std::vector<int64_t>;

/// A block pointer over `array` after it went by the array, as "shape; strides", and how it is marked.
std::string goneBy(const Extents &shape, const Extents &strides, const Extents &array, const Extents &lines = {64}) {
  BlockPointer pointer{0, {}, {}, {}, {}};
  for (size_t d = 0; d < shape.size(); ++d) {
    LinearForm extent, stride;
    extent.constant = shape[d];
    stride.constant = strides[d];
    pointer.shape.push_back(extent);
    pointer.strides.push_back(stride);
  }
  goByArray(pointer, array, lines);
  std::string text;
  for (const LinearForm &extent : pointer.shape)
    text += std::to_string(extent.constant) + " ";
  text += ";";
  for (const LinearForm &stride : pointer.strides)
    text += " " + std::to_string(stride.constant);
  return text + (pointer.isRecorded ? " recorded" : "") + (pointer.isPadded ? " padded" : "");
}

/// The record of a function with the arguments `%x: !tt.ptr<f32>, %n: i32, %y: !tt.ptr<i32>` and these attributes.
struct Record {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  tt::FuncOp kernel;

  explicit Record(const std::string &attributes) {
    DialectRegistry registry;
    registerDialects(registry);
    context = makeContext(registry);
    module = parseSourceString<ModuleOp>("tt.func public @k(%x: !tt.ptr<f32>, %n: i32, %y: !tt.ptr<i32>) attributes {" +
                                             attributes + "} { tt.return }",
                                         context.get());
    REQUIRE(module);
    kernel = *module->getOps<tt::FuncOp>().begin();
  }
  std::map<unsigned, Extents> shapes() {
    std::map<unsigned, Extents> result;
    for (auto &[number, shape] : recordedShapes(kernel))
      result[number] = Extents(shape.begin(), shape.end());
    return result;
  }
};

} // namespace

TEST_CASE("a pointer of another rank is as declared") {
  CHECK(goneBy({4, 16}, {16, 1}, {64}) == "4 16 ; 16 1");
  CHECK(goneBy({4, 16}, {99, 1}, {4, 16, 1}) == "4 16 ; 99 1");
}

TEST_CASE("a pointer with the array's elements in row-major order is as declared") {
  CHECK(goneBy({4, 16}, {16, 1}, {4, 16}) == "4 16 ; 16 1");
  CHECK(goneBy({8, 8}, {8, 1}, {4, 16}) == "8 8 ; 8 1");
  // Strides of extents 1 do not matter.
  CHECK(goneBy({1, 16}, {3, 1}, {1, 16}) == "1 16 ; 3 1");
}

TEST_CASE("strides in the order of an array, but of another one, go by the array") {
  CHECK(goneBy({4, 16}, {99, 1}, {4, 16}) == "4 16 ; 16 1 recorded");
  CHECK(goneBy({2, 4, 16}, {64, 64, 1}, {2, 4, 16}) == "2 4 16 ; 64 16 1 recorded");
  CHECK(goneBy({2, 4, 32}, {128, 32, 1}, {2, 4, 16}) == "2 4 16 ; 64 16 1 recorded");
}

TEST_CASE("the last extent brought to whole lines is padding") {
  CHECK(goneBy({3, 128}, {128, 1}, {3, 80}) == "3 80 ; 80 1 recorded padded");
  CHECK(goneBy({3, 64}, {64, 1}, {3, 1}) == "3 1 ; 1 1 recorded padded");
  // Lines of the chips that the kernel is for.
  CHECK(goneBy({3, 96}, {96, 1}, {3, 80}) == "3 80 ; 80 1 recorded");
  CHECK(goneBy({3, 96}, {96, 1}, {3, 80}, {32}) == "3 80 ; 80 1 recorded padded");
  CHECK(goneBy({3, 96}, {96, 1}, {3, 80}, {64, 32}) == "3 80 ; 80 1 recorded padded");
  CHECK(goneBy({3, 128}, {128, 1}, {3, 80}, {32}) == "3 80 ; 80 1 recorded");
  CHECK(goneBy({3, 192}, {192, 1}, {3, 80}) == "3 80 ; 80 1 recorded");
  CHECK(goneBy({3, 127}, {127, 1}, {3, 80}) == "3 80 ; 80 1 recorded");
}

TEST_CASE("a transposed or broadcast view is as declared") {
  CHECK(goneBy({16, 4}, {1, 16}, {4, 16}) == "16 4 ; 1 16");
  CHECK(goneBy({4, 16}, {16, 2}, {4, 16}) == "4 16 ; 16 2");
  CHECK(goneBy({4, 16}, {1, 0}, {4, 16}) == "4 16 ; 1 0");
  CHECK(goneBy({2, 4, 16}, {16, 64, 1}, {2, 4, 16}) == "2 4 16 ; 16 64 1");
}

TEST_CASE("the record holds the shapes of tensor arguments alone") {
  CHECK(Record("rblib.shape.0 = dense<[2, 3]> : tensor<2xi32>, rblib.shape.2 = dense<7> : tensor<1xi32>").shapes() ==
        std::map<unsigned, Extents>{{0, {2, 3}}, {2, {7}}});
  // A scalar, an argument that there is not, other types, extents that make no array.
  CHECK(Record("rblib.shape.1 = dense<[2]> : tensor<1xi32>").shapes().empty());
  CHECK(Record("rblib.shape.3 = dense<[2]> : tensor<1xi32>").shapes().empty());
  CHECK(Record("rblib.shape.99999999999 = dense<[2]> : tensor<1xi32>").shapes().empty());
  CHECK(Record("rblib.shape.x = dense<[2]> : tensor<1xi32>").shapes().empty());
  CHECK(Record("rblib.shape.0 = dense<[2]> : tensor<1xi64>").shapes().empty());
  CHECK(Record("rblib.shape.0 = dense<[[2]]> : tensor<1x1xi32>").shapes().empty());
  CHECK(Record("rblib.shape.0 = \"2x3\"").shapes().empty());
  CHECK(Record("rblib.shape.0 = dense<[2, 0]> : tensor<2xi32>").shapes().empty());
  CHECK(Record("rblib.shape.0 = dense<[2, -1]> : tensor<2xi32>").shapes().empty());
  CHECK(Record("rblib.shape.0 = dense<2147483647> : tensor<6xi32>").shapes().empty());
}

TEST_CASE("the record is renumbered when arguments are erased") {
  Record record(
      "rblib.shape.0 = dense<[2]> : tensor<1xi32>, rblib.shape.2 = dense<[3]> : tensor<1xi32>, other = 1 : i32");
  llvm::BitVector erased(3);
  erased.set(1);
  eraseRecordedShapes(record.kernel, erased);
  CHECK(record.kernel->hasAttr("rblib.shape.0"));
  CHECK(record.kernel->hasAttr("rblib.shape.1"));
  CHECK_FALSE(record.kernel->hasAttr("rblib.shape.2"));
  CHECK(record.kernel->hasAttr("other"));
  erased.reset();
  erased.set(0);
  eraseRecordedShapes(record.kernel, erased);
  CHECK(record.kernel->hasAttr("rblib.shape.0"));
  CHECK(record.kernel->getAttrOfType<DenseIntElementsAttr>("rblib.shape.0").getSplatValue<int32_t>() == 3);
}
