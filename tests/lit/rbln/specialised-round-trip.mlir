// Specialised operations print as they are read.
// RUN: %rblnc opt %s -o %t.mlir
// RUN: %rblnc opt %t.mlir | diff %t.mlir -
// RUN: FileCheck %s < %t.mlir

func.func @all(%a: !rbln.array<2x8x4xf32>, %n: !rbln.array<4xi16>) {
  %s = rbln.load %n at 1 strides [] : <4xi16> -> tensor<i16>
  %before = rbln.load %n at 0 strides [] : <4xi16> -> tensor<i16>
  %i = rbln.to_index %s : tensor<i16> -> !rbln.index<0, 8>
  %x = rbln.load %a at 0 strides [32, 4, 1] : <2x8x4xf32> -> tensor<2x8x4xf32>
  %u = rbln.load %a at 0 strides [32, 4, 1] : <2x8x4xf32> -> tensor<2x3x4xf32>
  // CHECK: rbln.partition_skip %{{.*}} after %{{.*}} size 8 : <0, 8>, tensor<i16> -> tensor<i1>
  %skip = rbln.partition_skip %i after %before size 8 : !rbln.index<0, 8>, tensor<i16> -> tensor<i1>
  // CHECK: rbln.partition_skip %{{.*}} size 8 : <0, 8> -> tensor<i1>
  %naive = rbln.partition_skip %i size 8 : !rbln.index<0, 8> -> tensor<i1>
  // CHECK: rbln.insert %{{.*}} into %{{.*}} at %{{.*}} axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, <0, 8>
  %0 = rbln.insert %u into %x at %i axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8>
  // CHECK: rbln.window_insert %{{.*}} into %{{.*}} at %{{.*}} axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, <0, 8> -> tensor<2x11x4xf32>
  %1 = rbln.window_insert %u into %0 at %i axis 1 : tensor<2x3x4xf32> into tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x11x4xf32>
  // CHECK: rbln.window_slice %{{.*}} to %{{.*}} axis 1 : tensor<2x11x4xf32>, <0, 8> -> tensor<2x8x4xf32>
  %2 = rbln.window_slice %1 to %i axis 1 : tensor<2x11x4xf32>, !rbln.index<0, 8> -> tensor<2x8x4xf32>
  // CHECK: rbln.pad %{{.*}} low 1 axis 2 value 0x7F800000 : f32 : tensor<2x8x4xf32> -> tensor<2x8x9xf32>
  %3 = rbln.pad %2 low 1 axis 2 value 0x7F800000 : f32 : tensor<2x8x4xf32> -> tensor<2x8x9xf32>
  // CHECK: rbln.softmax %{{.*}} axis 0 : tensor<2x8x9xf32>
  %4 = rbln.softmax %3 axis 0 : tensor<2x8x9xf32>
  // CHECK: rbln.masked_softmax %{{.*}}, %{{.*}} : tensor<2x8x4xf32>, tensor<2x8x4xf32>
  %5 = rbln.masked_softmax %2, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32>
  // CHECK: rbln.dynamic_masked_softmax %{{.*}} at %{{.*}} : tensor<2x8x4xf32>, <0, 8>
  %6 = rbln.dynamic_masked_softmax %5 at %i : tensor<2x8x4xf32>, !rbln.index<0, 8>
  // CHECK: rbln.window_softmax %{{.*}} at %{{.*}} window 5 : tensor<2x8x4xf32>, <0, 8>
  %7 = rbln.window_softmax %6 at %i window 5 : tensor<2x8x4xf32>, !rbln.index<0, 8>
  // CHECK: rbln.flash_attn_tile %{{.*}}, %{{.*}} : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  %m, %p, %q = rbln.flash_attn_tile %7, %x : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  // CHECK: rbln.flash_attn_tile %{{.*}}, %{{.*}} after %{{.*}} : tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  %m1, %p1, %q1 = rbln.flash_attn_tile %p, %x after %m : tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  // CHECK: rbln.dynamic_flash_attn_tile %{{.*}} at %{{.*}} : tensor<2x8x4xf32>, <0, 8> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  %m2, %p2, %q2 = rbln.dynamic_flash_attn_tile %p1 at %i : tensor<2x8x4xf32>, !rbln.index<0, 8> -> tensor<2x8x1xf32>, tensor<2x8x4xf32>, tensor<2x8x1xf32>
  // CHECK: rbln.flash_attn_recompute %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : tensor<2x8x1xf32>, tensor<2x8x4xf32>
  %t, %o = rbln.flash_attn_recompute %m, %m2, %q, %q2, %p, %p2 : tensor<2x8x1xf32>, tensor<2x8x4xf32>
  %flag = tensor.extract %skip[] : tensor<i1>
  // CHECK: scf.if %{{.*}} -> (tensor<2x8x4xf32>) {
  %r = scf.if %flag -> (tensor<2x8x4xf32>) {
    scf.yield %o : tensor<2x8x4xf32>
  } else {
    scf.yield %x : tensor<2x8x4xf32>
  }
  rbln.store %r, %a at 0 strides [32, 4, 1] : tensor<2x8x4xf32> -> <2x8x4xf32>
  return
}
