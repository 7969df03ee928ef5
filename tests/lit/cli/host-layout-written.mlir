// A cache that the kernel only writes has a position; the result, the last argument that it only writes, has none.
// RUN: %rblnc compile -o %t.rbln --host-layout=1 %s
// RUN: %rblnc inspect %t.rbln --section=signature | FileCheck %s
// CHECK: state {{.*}} device layout
// CHECK: cache {{.*}} out {{.*}} host layout
// CHECK: out {{.*}} out {{.*}} device layout

module {
  tt.func public @put(%state: !tt.ptr<f32> loc("state"), %cache: !tt.ptr<f32> loc("cache"), %out: !tt.ptr<f32> loc("out")) attributes {noinline = false, rblib.shape.0 = dense<[1, 64]> : tensor<2xi32>, rblib.shape.1 = dense<[4, 64]> : tensor<2xi32>, rblib.shape.2 = dense<[1, 64]> : tensor<2xi32>, rblib.version = 1 : i32} {
    %s = arith.constant 1 : i64
    %s_0 = arith.constant 64 : i64
    %s_1 = arith.constant 64 : i64
    %s_2 = arith.constant 1 : i64
    %s_3 = arith.constant 0 : i32
    %s_4 = arith.constant 0 : i32
    %s_5 = tt.make_tensor_ptr %state, [%s, %s_0], [%s_1, %s_2], [%s_3, %s_4] {order = array<i32: 1, 0>} : <tensor<1x64xf32>>
    %s_6 = tt.load %s_5 : !tt.ptr<tensor<1x64xf32>>
    %c4_i64 = arith.constant 4 : i64
    %c64_i64 = arith.constant 64 : i64
    %c64_i64_7 = arith.constant 64 : i64
    %c1_i64 = arith.constant 1 : i64
    %c1_i32 = arith.constant 1 : i32
    %c0_i32 = arith.constant 0 : i32
    %0 = tt.make_tensor_ptr %cache, [%c4_i64, %c64_i64], [%c64_i64_7, %c1_i64], [%c1_i32, %c0_i32] {order = array<i32: 1, 0>} : <tensor<1x64xf32>>
    tt.store %0, %s_6 : !tt.ptr<tensor<1x64xf32>>
    %c1_i64_8 = arith.constant 1 : i64
    %c64_i64_9 = arith.constant 64 : i64
    %c64_i64_10 = arith.constant 64 : i64
    %c1_i64_11 = arith.constant 1 : i64
    %c0_i32_12 = arith.constant 0 : i32
    %c0_i32_13 = arith.constant 0 : i32
    %1 = tt.make_tensor_ptr %out, [%c1_i64_8, %c64_i64_9], [%c64_i64_10, %c1_i64_11], [%c0_i32_12, %c0_i32_13] {order = array<i32: 1, 0>} : <tensor<1x64xf32>>
    tt.store %1, %s_6 : !tt.ptr<tensor<1x64xf32>>
    tt.return
  }
}

