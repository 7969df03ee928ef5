// Small loads go up, so that their time passes while large blocks are loaded before them: four segments, so that no
// buffer lives for ever, and on the queue that large loads do not use.
// RUN: %rblnc compile %s --emit=npu --split=none -o - | FileCheck %s

// CHECK-LABEL: npu.program @far
// CHECK-COUNT-2: npu.dma <neural_dma 0> [128, 64]
// CHECK: npu.dma <task_dma 0> [64] %{{.*}} <f32, 0, [1]>
// CHECK-COUNT-5: npu.dma <neural_dma 0> [128, 64]
// CHECK-NOT: npu.dma <neural_dma 0>
func.func @far(%x: !rbln.array<1024x64xf32> {rbln.name = "x"}, %y: !rbln.array<64xf32> {rbln.name = "y"},
               %o: !rbln.array<1024x64xf32> {rbln.name = "o"}, %p: !rbln.array<64xf32> {rbln.name = "p"}) {
  %b0 = rbln.load %x at 0 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b0, %o at 0 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b1 = rbln.load %x at 8192 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b1, %o at 8192 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b2 = rbln.load %x at 16384 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b2, %o at 16384 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b3 = rbln.load %x at 24576 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b3, %o at 24576 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b4 = rbln.load %x at 32768 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b4, %o at 32768 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b5 = rbln.load %x at 40960 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b5, %o at 40960 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %b6 = rbln.load %x at 49152 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b6, %o at 49152 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %y0 = rbln.load %y at 0 strides [1] : <64xf32> -> tensor<64xf32>
  rbln.store %y0, %p at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}

// What is written before it is read stays behind that.
// CHECK-LABEL: npu.program @written
// CHECK: npu.dma <neural_dma 0> [128, 64]
// CHECK: npu.dma <task_dma 0> {{.*}} to %[[Y:.*]] <f32, 64, [1]>
// CHECK: npu.dma <neural_dma 0> [64] %[[Y]] <f32, 64, [1]>
func.func @written(%x: !rbln.array<1024x64xf32> {rbln.name = "x"}, %y: !rbln.array<2x64xf32> {rbln.name = "y"},
                   %o: !rbln.array<1024x64xf32> {rbln.name = "o"}, %p: !rbln.array<64xf32> {rbln.name = "p"}) {
  %first = rbln.load %y at 0 strides [1] : <2x64xf32> -> tensor<64xf32>
  %b0 = rbln.load %x at 0 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b0, %o at 0 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  rbln.store %first, %y at 64 strides [1] : tensor<64xf32> -> <2x64xf32>
  %y1 = rbln.load %y at 64 strides [1] : <2x64xf32> -> tensor<64xf32>
  rbln.store %y1, %p at 0 strides [1] : tensor<64xf32> -> <64xf32>
  return
}

// What decides about a branch is known before the large load in front of it, and so are the branch's registers. They are
// not loaded when it is skipped, for the table may not hold what it should then.
// CHECK-LABEL: npu.program @branch
// CHECK: npu.load_scalar <command_processor 0> 0
// CHECK: npu.vector <neural_engine 0> [] []
// CHECK: npu.load_scalar <command_processor 0> 1
// CHECK: npu.skip <command_processor 0> 1 count 1
// CHECK-NEXT: npu.load_scalar <command_processor 0> 2
// CHECK: npu.dma <neural_dma 0> [128, 64]
// CHECK: npu.skip <neural_dma 0> 1
func.func @branch(%x: !rbln.array<1024x64xf32> {rbln.name = "x"}, %t: !rbln.array<2xi32> {rbln.name = "t"},
                  %o: !rbln.array<1024x64xf32> {rbln.name = "o"}) {
  %b0 = rbln.load %x at 0 strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
  rbln.store %b0, %o at 0 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  %0 = rbln.load %t at 0 strides [] : <2xi32> -> tensor<i32>
  %i = rbln.to_index %0 : tensor<i32> -> <0, 16>
  %skip = rbln.partition_skip %i size 16 : <0, 16> -> tensor<i1>
  %condition = tensor.extract %skip[] : tensor<i1>
  scf.if %condition {
  } else {
    %1 = rbln.load %t at 1 strides [] : <2xi32> -> tensor<i32>
    %j = rbln.to_index %1 : tensor<i32> -> <0, 1>
    %b1 = rbln.load %x at 0 plus(%j : !rbln.index<0, 1>) times [8192] strides [64, 1] : <1024x64xf32> -> tensor<128x64xf32>
    rbln.store %b1, %o at 8192 strides [64, 1] : tensor<128x64xf32> -> <1024x64xf32>
  }
  return
}
