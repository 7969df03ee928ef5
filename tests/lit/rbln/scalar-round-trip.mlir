// Every function of one element that the dialect adds prints as it is read.
// RUN: %rblnc opt %s -o %t.mlir
// RUN: %rblnc opt %t.mlir | diff %t.mlir -
// RUN: FileCheck %s < %t.mlir

// CHECK: func.func @scalars
func.func @scalars(%a: !rbln.array<8xf32> {rbln.name = "a"}, %b: !rbln.array<8xi32> {rbln.name = "b"}) {
  %x = rbln.load %a at 0 strides [1] : <8xf32> -> tensor<8xf32>
  %n = rbln.load %b at 0 strides [1] : <8xi32> -> tensor<8xi32>
  %empty = tensor.empty() : tensor<8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]} ins(%x, %n : tensor<8xf32>, tensor<8xi32>)
                       outs(%empty : tensor<8xf32>) {
  ^bb0(%v: f32, %i: i32, %old: f32):
    // CHECK: rbln.exp10 %{{.*}} : f32
    %0 = rbln.exp10 %v : f32
    // CHECK: rbln.sinpi %{{.*}} : f32
    %1 = rbln.sinpi %0 : f32
    // CHECK: rbln.cospi %{{.*}} : f32
    %2 = rbln.cospi %1 : f32
    // CHECK: rbln.erfinv %{{.*}} : f32
    %3 = rbln.erfinv %2 : f32
    // CHECK: rbln.erfcinv %{{.*}} : f32
    %4 = rbln.erfcinv %3 : f32
    // CHECK: rbln.erfcx %{{.*}} : f32
    %5 = rbln.erfcx %4 : f32
    // CHECK: rbln.normcdf %{{.*}} : f32
    %6 = rbln.normcdf %5 : f32
    // CHECK: rbln.normcdfinv %{{.*}} : f32
    %7 = rbln.normcdfinv %6 : f32
    // CHECK: rbln.lgamma %{{.*}} : f32
    %8 = rbln.lgamma %7 : f32
    // CHECK: rbln.tgamma %{{.*}} : f32
    %9 = rbln.tgamma %8 : f32
    // CHECK: rbln.rcbrt %{{.*}} : f32
    %10 = rbln.rcbrt %9 : f32
    // CHECK: rbln.logb %{{.*}} : f32
    %11 = rbln.logb %10 : f32
    // CHECK: rbln.hypot %{{.*}}, %{{.*}} : f32
    %12 = rbln.hypot %11, %v : f32
    // CHECK: rbln.rhypot %{{.*}}, %{{.*}} : f32
    %13 = rbln.rhypot %12, %v : f32
    // CHECK: rbln.norm3 %{{.*}}, %{{.*}}, %{{.*}} : f32
    %14 = rbln.norm3 %13, %v, %v : f32
    // CHECK: rbln.rnorm3 %{{.*}}, %{{.*}}, %{{.*}} : f32
    %15 = rbln.rnorm3 %14, %v, %v : f32
    // CHECK: rbln.remainder %{{.*}}, %{{.*}} : f32
    %16 = rbln.remainder %15, %v : f32
    // CHECK: rbln.nextafter %{{.*}}, %{{.*}} : f32
    %17 = rbln.nextafter %16, %v : f32
    // CHECK: rbln.bitreverse %{{.*}} : i32
    %18 = rbln.bitreverse %i : i32
    // CHECK: rbln.ldexp %{{.*}}, %{{.*}} : f32
    %19 = rbln.ldexp %17, %18 : f32
    linalg.yield %19 : f32
  } -> tensor<8xf32>
  rbln.store %r, %a at 0 strides [1] : tensor<8xf32> -> <8xf32>
  return
}
