// What single operations become: constants and their rounding, the axes of reductions, results of their own.
#include "Lowered.h"

#include "catch2/catch.hpp"

namespace {

const std::string constants = R"(%zero = arith.constant 0 : i32
%c1 = arith.constant 1 : i64
%c4 = arith.constant 4 : i64
%c8 = arith.constant 8 : i64
%c9 = arith.constant 9 : i64
)";

} // namespace

TEST_CASE("a padding value is rounded to the type of the block, to nearest, ties to even") {
  auto padded = [](int32_t bits) {
    return Lowered("%x: !tt.ptr<f16>, %o: !tt.ptr<f16>", constants + R"(
%xp = tt.make_tensor_ptr %x, [%c8], [%c1], [%zero] {order = array<i32: 0>} : <tensor<8xf16>>
%v = tt.load %xp : !tt.ptr<tensor<8xf16>>
%p = tt.call @rblib.nn_pad(%v) : (tensor<8xf16>) -> tensor<9xf16>
%op = tt.make_tensor_ptr %o, [%c9], [%c1], [%zero] {order = array<i32: 0>} : <tensor<9xf16>>
tt.store %op, %p : !tt.ptr<tensor<9xf16>>
tt.return }
tt.func private @rblib.nn_pad(tensor<8xf16>) -> tensor<9xf16> attributes {noinline = true, rblib.axis = 0 : i32,
  rblib.high = 0 : i32, rblib.low = 1 : i32, rblib.version = 1 : i32, rblib.value_bits = )" +
                                                             std::to_string(bits) +
                                                             " : i32}\ntt.func private @unused() {");
  };
  auto value = [](Lowered lowered) {
    size_t at = lowered.text.find("value ");
    INFO(lowered.message());
    REQUIRE(at != std::string::npos);
    return lowered.text.substr(at + 6, lowered.text.find(" : f16", at) - at - 6);
  };
  CHECK(value(padded(0x3f800000)) == "1.000000e+00");
  CHECK(value(padded(0x3f801000)) == "1.000000e+00");   // between 1 and the next
  CHECK(value(padded(0x3f801008)) == "1.000980e+00");   // a little more
  CHECK(value(padded(0x3f802ff8)) == "1.000980e+00");   // a little less than the next midpoint
  CHECK(value(padded(0x3f803000)) == "1.001950e+00");   // that one
  CHECK(value(padded(-0x407feff8)) == "-1.000980e+00"); // 0xbf801008
  CHECK(value(padded(INT32_MIN)) == "-0.000000e+00");
}

TEST_CASE("a product of merged batches starts at the constant that it is given") {
  for (const char *start : {"0.0", "-0.0", "2.5"}) {
    Lowered lowered("%x: !tt.ptr<f32>, %y: !tt.ptr<f32>, %o: !tt.ptr<f32>", R"(%zero = arith.constant 0 : i32
%c1 = arith.constant 1 : i64
%c2 = arith.constant 2 : i64
%c3 = arith.constant 3 : i64
%c4 = arith.constant 4 : i64
%c6 = arith.constant 6 : i64
%c16 = arith.constant 16 : i64
%c48 = arith.constant 48 : i64
%xp = tt.make_tensor_ptr %x, [%c2, %c3, %c4, %c4], [%c48, %c16, %c4, %c1], [%zero, %zero, %zero, %zero] {order = array<i32: 3, 2, 1, 0>} : <tensor<2x3x4x4xf32>>
%yp = tt.make_tensor_ptr %y, [%c2, %c3, %c4, %c4], [%c48, %c16, %c4, %c1], [%zero, %zero, %zero, %zero] {order = array<i32: 3, 2, 1, 0>} : <tensor<2x3x4x4xf32>>
%x4 = tt.load %xp : !tt.ptr<tensor<2x3x4x4xf32>>
%y4 = tt.load %yp : !tt.ptr<tensor<2x3x4x4xf32>>
%a = tt.reshape %x4 : tensor<2x3x4x4xf32> -> tensor<6x4x4xf32>
%b = tt.reshape %y4 : tensor<2x3x4x4xf32> -> tensor<6x4x4xf32>
%s = arith.constant dense<)" + std::string(start) +
                                                                                R"(> : tensor<6x4x4xf32>
%d = tt.dot %a, %b, %s : tensor<6x4x4xf32> * tensor<6x4x4xf32> -> tensor<6x4x4xf32>
%op = tt.make_tensor_ptr %o, [%c6, %c4, %c4], [%c16, %c4, %c1], [%zero, %zero, %zero] {order = array<i32: 2, 1, 0>} : <tensor<6x4x4xf32>>
tt.store %op, %d : !tt.ptr<tensor<6x4x4xf32>>)");
    INFO(lowered.message() << "\n" << lowered.text);
    std::string printed = start == std::string("2.5") ? "2.500000e+00"
                          : start[0] == '-'           ? "-0.000000e+00"
                                                      : "0.000000e+00";
    CHECK(lowered.contains("dense<" + printed + "> : tensor<2x3x4x4xf32>"));
  }
}

TEST_CASE("a reduction that is expanded at its own axis is the kept one, at another axis it is not") {
  for (int axis : {0, 1})
    for (int expanded : {0, 1}) {
      std::string wide = expanded == 0 ? "1x8" : "8x1";
      Lowered lowered("%x: !tt.ptr<f32>, %o: !tt.ptr<f32>", constants + R"(
%xp = tt.make_tensor_ptr %x, [%c8, %c8], [%c8, %c1], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<8x8xf32>>
%v = tt.load %xp : !tt.ptr<tensor<8x8xf32>>
%s = "tt.reduce"(%v) <{axis = )" + std::to_string(axis) + R"( : i32}> ({
^bb0(%a: f32, %b: f32):
  %t = arith.addf %a, %b : f32
  tt.reduce.return %t : f32
}) : (tensor<8x8xf32>) -> tensor<8xf32>
%k = tt.expand_dims %s {axis = )" + std::to_string(expanded) + " : i32} : tensor<8xf32> -> tensor<" +
                                                                wide + "xf32>\n%w = tt.broadcast %k : tensor<" + wide +
                                                                R"(xf32> -> tensor<8x8xf32>
%op = tt.make_tensor_ptr %o, [%c8, %c8], [%c8, %c1], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<8x8xf32>>
tt.store %op, %w : !tt.ptr<tensor<8x8xf32>>)");
      INFO("reduced along " << axis << ", expanded at " << expanded << ": " << lowered.message() << lowered.text);
      REQUIRE(lowered.done());
      CHECK(lowered.contains("tensor.expand_shape") == (axis != expanded));
    }
}

TEST_CASE("an exponent of fewer than 32 bits keeps its sign") {
  for (const char *type : {"i8", "i16"}) {
    std::string n = type;
    Lowered lowered("%x: !tt.ptr<f32>, %n: !tt.ptr<" + n + ">, %o: !tt.ptr<f32>", constants + R"(
%xp = tt.make_tensor_ptr %x, [%c8], [%c1], [%zero] {order = array<i32: 0>} : <tensor<8xf32>>
%np = tt.make_tensor_ptr %n, [%c8], [%c1], [%zero] {order = array<i32: 0>} : <tensor<8x)" +
                                                                                      n + R"(>>
%op = tt.make_tensor_ptr %o, [%c8], [%c1], [%zero] {order = array<i32: 0>} : <tensor<8xf32>>
%v = tt.load %xp : !tt.ptr<tensor<8xf32>>
%e = tt.load %np : !tt.ptr<tensor<8x)" + n + R"(>>
%r = math.fpowi %v, %e : tensor<8xf32>, tensor<8x)" + n + R"(>
tt.store %op, %r : !tt.ptr<tensor<8xf32>>)");
    INFO(lowered.message() << lowered.text);
    CHECK(lowered.contains("arith.extsi %in_0 : " + n + " to i32"));
  }
}

TEST_CASE("an offset is clamped in a wider type where its own has no value inside of the array") {
  auto moved = [](int by) {
    return Lowered("%x: !tt.ptr<f32>, %o: !tt.ptr<f32>, %n: i8",
                   constants + "%by = arith.constant " + std::to_string(by) + R"( : i32
%c100 = arith.constant 100 : i64
%w = arith.extsi %n : i8 to i32
%at = arith.addi %w, %by : i32
%xp = tt.make_tensor_ptr %x, [%c100], [%c1], [%at] {order = array<i32: 0>} : <tensor<8xf32>>
%v = tt.load %xp {boundaryCheck = array<i32: 0>} : !tt.ptr<tensor<8xf32>>
%op = tt.make_tensor_ptr %o, [%c8], [%c1], [%zero] {order = array<i32: 0>} : <tensor<8xf32>>
tt.store %op, %v : !tt.ptr<tensor<8xf32>>)");
  };
  const std::string widening = "arith.extsi %in : i8 to i64";
  // The block begins to be inside at -7 - by, and ends at 99 - by.
  for (int by : {500, 229, -136, -500}) {
    INFO(by << moved(by).text);
    CHECK(moved(by).contains(widening));
  }
  for (int by : {0, 228, -135}) {
    INFO(by << moved(by).text);
    CHECK_FALSE(moved(by).contains(widening));
  }
}
