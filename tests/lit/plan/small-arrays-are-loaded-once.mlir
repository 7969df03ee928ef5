// Two elements of a table make two indices: one transfer brings the table, and each register is loaded from its element.
// RUN: %rblnc compile %s --emit=npu -o - | FileCheck %s

// CHECK-LABEL: npu.program @rows
// CHECK: %[[TABLE:.*]] = npu.buffer "table" scratchpad 0 bytes 32
// CHECK-NEXT: npu.dma <neural_dma 0> [8] %{{.*}} <i32, 0, [1]> to %[[TABLE]] <i32, 0, [1]>
// CHECK-DAG: npu.load_scalar <command_processor 0> 0 %[[TABLE]] <i32, 3, []>
// CHECK-DAG: npu.load_scalar <command_processor 0> 1 %[[TABLE]] <i32, 6, []>
func.func @rows(%table: !rbln.array<2x4xi32> {rbln.name = "table"}, %x: !rbln.array<16x64xf32> {rbln.name = "x"},
                %o: !rbln.array<2x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %table at 3 strides [1] : <2x4xi32> -> tensor<1xi32>
  %1 = rbln.load %table at 6 strides [] : <2x4xi32> -> tensor<i32>
  %a = rbln.to_index %0 : tensor<1xi32> -> <0, 15>
  %b = rbln.to_index %1 : tensor<i32> -> <0, 15>
  %2 = rbln.load %x at 0 plus(%a : !rbln.index<0, 15>) times [64] strides [1] : <16x64xf32> -> tensor<64xf32>
  %3 = rbln.load %x at 0 plus(%b : !rbln.index<0, 15>) times [64] strides [1] : <16x64xf32> -> tensor<64xf32>
  rbln.store %2, %o at 0 strides [1] : tensor<64xf32> -> <2x64xf32>
  rbln.store %3, %o at 64 strides [1] : tensor<64xf32> -> <2x64xf32>
  return
}

// Parts that are more than elements keep their order in the copy: rows 1 and 2, and column 5 of four rows.
// CHECK-LABEL: npu.program @parts
// CHECK: npu.dma <neural_dma 0> [512] %{{.*}} <f32, 0, [1]> to %[[X:.*]] <f32, 0, [1]>
// CHECK: npu.dma <task_dma 0> [2, 64] %[[X]] <f32, 64, [64, 1]>
// CHECK: npu.dma <task_dma 0> [4, 64] %[[X]] <f32, 128, [64, 1]>
func.func @parts(%x: !rbln.array<8x64xf32> {rbln.name = "x"}, %o: !rbln.array<6x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 64 strides [64, 1] : <8x64xf32> -> tensor<2x64xf32>
  %1 = rbln.load %x at 128 strides [64, 1] : <8x64xf32> -> tensor<4x64xf32>
  rbln.store %0, %o at 0 strides [64, 1] : tensor<2x64xf32> -> <6x64xf32>
  rbln.store %1, %o at 128 strides [64, 1] : tensor<4x64xf32> -> <6x64xf32>
  return
}

// What lies otherwise in its buffer than in the array is loaded for itself.
// CHECK-LABEL: npu.program @columns
// CHECK: npu.dma <neural_dma 0> [4] %{{.*}} <f32, 5, [64]>
// CHECK: npu.dma <neural_dma 0> [4] %{{.*}} <f32, 6, [64]>
func.func @columns(%x: !rbln.array<8x64xf32> {rbln.name = "x"}, %o: !rbln.array<8xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 5 strides [64] : <8x64xf32> -> tensor<4xf32>
  %1 = rbln.load %x at 6 strides [64] : <8x64xf32> -> tensor<4xf32>
  rbln.store %0, %o at 0 strides [1] : tensor<4xf32> -> <8xf32>
  rbln.store %1, %o at 4 strides [1] : tensor<4xf32> -> <8xf32>
  return
}

// An array that the kernel writes is read when the kernel says.
// CHECK-LABEL: npu.program @written
// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 0, [1]>
// CHECK: npu.dma <task_dma 0> [64] %{{.*}} to %{{.*}} <f32, 64, [1]>
// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 64, [1]>
func.func @written(%x: !rbln.array<4x64xf32> {rbln.name = "x"}, %o: !rbln.array<64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [1] : <4x64xf32> -> tensor<64xf32>
  rbln.store %0, %x at 64 strides [1] : tensor<64xf32> -> <4x64xf32>
  %1 = rbln.load %x at 64 strides [1] : <4x64xf32> -> tensor<64xf32>
  rbln.store %1, %o at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}

// So are parts of large arrays, and a block that the kernel changes in place.
// CHECK-LABEL: npu.program @large
// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 0, [1]>
// CHECK: npu.dma <neural_dma 0> [64] %{{.*}} <f32, 64, [1]>
func.func @large(%x: !rbln.array<17x64xf32> {rbln.name = "x"}, %o: !rbln.array<2x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %x at 0 strides [1] : <17x64xf32> -> tensor<64xf32>
  %1 = rbln.load %x at 64 strides [1] : <17x64xf32> -> tensor<64xf32>
  rbln.store %0, %o at 0 strides [1] : tensor<64xf32> -> <2x64xf32>
  rbln.store %1, %o at 64 strides [1] : tensor<64xf32> -> <2x64xf32>
  return
}

// CHECK-LABEL: npu.program @in_place
// CHECK: npu.dma <neural_dma 0> [4, 64] %{{.*}} <f32, 64, [64, 1]>
// CHECK: npu.dma <neural_dma 0> [1, 64] %{{.*}} <f32, 0, [64, 1]>
func.func @in_place(%x: !rbln.array<8x64xf32> {rbln.name = "x"}, %n: !rbln.array<i32> {rbln.name = "n", rbln.scalar},
                    %o: !rbln.array<4x64xf32> {rbln.name = "o"}) {
  %0 = rbln.load %n at 0 strides [] : <i32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 4>
  %1 = rbln.load %x at 64 strides [64, 1] : <8x64xf32> -> tensor<4x64xf32>
  %2 = rbln.load %x at 0 strides [64, 1] : <8x64xf32> -> tensor<1x64xf32>
  %3 = rbln.insert %2 into %1 at %i axis 0 : tensor<1x64xf32> into tensor<4x64xf32>, <0, 4>
  rbln.store %3, %o at 0 strides [64, 1] : tensor<4x64xf32> -> <4x64xf32>
  return
}
