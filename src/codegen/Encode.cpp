#include "rblnc/codegen/Encode.h"
#include "rblnc/bundle/Ops.h"

#include "Memories.h"
#include "Scalars.h"
#include "VectorProgram.h"

#include "rblnc/bundle/Figures.h"
#include "rblnc/bundle/Writer.h"
#include "rblnc/npu/Dialect.h"
#include "rblnc/support/CheckedOps.h"
#include "rblnc/support/Watch.h"
#include "rblnc/triton/Location.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace rblnc {

using namespace codegen;

namespace {

/// Encodes one program into a bundle.
class Encoder {
public:
  Encoder(bundle::BundleT &bundle, Memories &memories, uint32_t target, Code fault, Diagnostics &diagnostics)
      : bundle(bundle), memories(memories), fault(fault), diagnostics(diagnostics) {
    program.target = target;
  }

  LogicalResult run(npu::ProgramOp op);

private:
  LogicalResult declare(Operation *op);
  LogicalResult declareBuffer(npu::BufferOp op);
  LogicalResult encodeCommand(npu::CommandInterface op);
  bundle::DmaT encodeDma(npu::DmaOp dma);
  bundle::IndexedDmaT encodeIndexedDma(npu::IndexedDmaOp dma);
  bundle::MatmulT encodeMatmul(npu::MatmulOp matmul);
  std::unique_ptr<bundle::OverflowCheckT> overflowCheck(npu::OverflowAttr check);
  std::unique_ptr<bundle::AccessT> access(Value memory, npu::AccessAttr access);
  LogicalResult refuse(Operation *op, const std::string &why = "has no encoding");

  bundle::BundleT &bundle;
  Memories &memories;
  Code fault;
  Diagnostics &diagnostics;
  bundle::ProgramT program;
  llvm::DenseMap<Value, uint32_t> regionOf;
  llvm::DenseMap<Value, size_t> bufferOf;
  llvm::MapVector<Attribute, std::unique_ptr<bundle::QueueT>> queues;
  uint32_t commandCount = 0;
};

} // namespace

static std::vector<int64_t> vectorOf(ArrayRef<int64_t> values) { return {values.begin(), values.end()}; }

LogicalResult Encoder::refuse(Operation *op, const std::string &why) {
  diagnostics.report(fault, "'" + op->getName().getStringRef().str() + "' " + why, framesOf(op->getLoc()));
  return failure();
}

LogicalResult Encoder::declare(Operation *op) {
  if (auto buffer = dyn_cast<npu::BufferOp>(op))
    return declareBuffer(buffer);
  std::optional<uint32_t> region;
  if (auto argument = dyn_cast<npu::ArgumentOp>(op)) {
    region = memories.argument(argument, bundle.programs.empty());
    if (!region)
      return refuse(op, "is not what another program of the kernel declares");
  } else {
    region = memories.constant(cast<npu::ConstantOp>(op));
    if (!region)
      return refuse(op, "and the constants before it have more than 256 MiB");
  }
  regionOf[op->getResult(0)] = *region;
  return success();
}

LogicalResult Encoder::declareBuffer(npu::BufferOp op) {
  if (!op.getOffset())
    return refuse(op, "has no address: write 'at' and its offset in bytes");
  auto buffer = std::make_unique<bundle::BufferT>();
  buffer->memory = static_cast<bundle::Memory>(op.getSpace());
  buffer->unit = static_cast<uint32_t>(op.getUnit());
  buffer->offset = static_cast<int64_t>(*op.getOffset());
  buffer->bytes = static_cast<int64_t>(op.getBytes());
  buffer->first = UINT32_MAX;
  buffer->line = memories.lines.indexOf(op.getLoc());
  buffer->name = op.getName().str();
  int64_t end = buffer->offset + buffer->bytes;
  if (op.getSpace() == npu::Space::Dram) {
    buffer->unit = memories.workspace(end);
  } else {
    int64_t &peak = op.getSpace() == npu::Space::Scratchpad ? program.peak_scratchpad : program.peak_shared;
    peak = std::max(peak, end);
  }
  bufferOf[op.getResult()] = program.buffers.size();
  program.buffers.push_back(std::move(buffer));
  return success();
}

std::unique_ptr<bundle::AccessT> Encoder::access(Value memory, npu::AccessAttr attribute) {
  auto encoded = std::make_unique<bundle::AccessT>();
  encoded->dtype = dtypeOf(attribute.getElement());
  int64_t bytes = bundle::bytesOf(encoded->dtype);
  encoded->offset = attribute.getOffset() * bytes;
  if (auto found = bufferOf.find(memory); found != bufferOf.end()) {
    bundle::BufferT &buffer = *program.buffers[found->second];
    encoded->memory = buffer.memory;
    encoded->unit = buffer.unit;
    encoded->offset += buffer.offset;
    buffer.first = std::min(buffer.first, commandCount);
    buffer.last = std::max(buffer.last, commandCount);
  } else {
    encoded->memory = bundle::Memory::dram;
    encoded->unit = regionOf.lookup(memory);
  }
  for (int64_t stride : attribute.getStrides())
    encoded->strides.push_back(stride * bytes);
  for (auto [number, scale] : llvm::zip(attribute.getRegisters(), attribute.getScales()))
    encoded->terms.push_back(bundle::Term(static_cast<uint32_t>(number), scale * bytes));
  return encoded;
}

std::unique_ptr<bundle::OverflowCheckT> Encoder::overflowCheck(npu::OverflowAttr check) {
  auto encoded = std::make_unique<bundle::OverflowCheckT>();
  static_assert(checkedOpNames.size() == static_cast<size_t>(bundle::CheckedOp::MAX) + 1);
  encoded->operation = static_cast<bundle::CheckedOp>(checkedOpOf(check.getOperation()).value_or(0)); // verified
  encoded->width = static_cast<uint8_t>(check.getWidth());
  encoded->line = memories.lines.indexOf(check.getPlace());
  encoded->lhs = vectorOf(check.getLhs());
  encoded->rhs = vectorOf(check.getRhs());
  encoded->registers.assign(check.getRegisters().begin(), check.getRegisters().end());
  encoded->unless.assign(check.getUnless().begin(), check.getUnless().end());
  encoded->partition = check.getPartition();
  return encoded;
}

static std::vector<bundle::Clip> encodeClips(ArrayAttr clips) {
  std::vector<bundle::Clip> encoded;
  if (clips)
    for (auto clip : clips.getAsRange<npu::ClipAttr>())
      encoded.push_back(bundle::Clip(static_cast<uint32_t>(clip.getAxis()), static_cast<int32_t>(clip.getReg()),
                                     clip.getLo(), clip.getLoScale(), clip.getHi(), clip.getHiScale()));
  return encoded;
}

bundle::DmaT Encoder::encodeDma(npu::DmaOp dma) {
  bundle::DmaT encoded;
  encoded.shape = vectorOf(dma.getShape());
  encoded.source = access(dma.getSource(), dma.getSourceAccess());
  encoded.destination = access(dma.getDestination(), dma.getDestinationAccess());
  encoded.clips = encodeClips(dma.getClipsAttr());
  encoded.has_fill = dma.getFill().has_value();
  if (encoded.has_fill)
    encoded.fill = bitsOf(*dma.getFill());
  encoded.layout_change = dma.getLayoutChange();
  return encoded;
}

bundle::IndexedDmaT Encoder::encodeIndexedDma(npu::IndexedDmaOp dma) {
  bundle::IndexedDmaT encoded;
  encoded.shape = vectorOf(dma.getShape());
  encoded.axis = static_cast<uint32_t>(dma.getAxis());
  encoded.rows = static_cast<int64_t>(dma.getRows());
  encoded.scatters = dma.getIndexing() == npu::Indexing::Scatter;
  encoded.source = access(dma.getSource(), dma.getSourceAccess());
  encoded.destination = access(dma.getDestination(), dma.getDestinationAccess());
  encoded.indices = access(dma.getIndices(), dma.getIndicesAccess());
  if (dma.getMask())
    encoded.mask = access(dma.getMask(), *dma.getMaskAccess());
  encoded.clips = encodeClips(dma.getClipsAttr());
  encoded.has_fill = dma.getFill().has_value();
  if (encoded.has_fill)
    encoded.fill = bitsOf(*dma.getFill());
  return encoded;
}

bundle::MatmulT Encoder::encodeMatmul(npu::MatmulOp matmul) {
  bundle::MatmulT encoded;
  encoded.batch = vectorOf(matmul.getBatch());
  encoded.m = matmul.getMnk()[0];
  encoded.n = matmul.getMnk()[1];
  encoded.k = matmul.getMnk()[2];
  encoded.a = access(matmul.getA(), matmul.getAAccess());
  encoded.b = access(matmul.getB(), matmul.getBAccess());
  if (matmul.getC())
    encoded.c = access(matmul.getC(), *matmul.getCAccess());
  encoded.d = access(matmul.getD(), matmul.getDAccess());
  return encoded;
}

LogicalResult Encoder::encodeCommand(npu::CommandInterface op) {
  auto command = std::make_unique<bundle::CommandT>();
  command->line = memories.lines.indexOf(op->getLoc());
  Operation *unknown = nullptr;
  llvm::TypeSwitch<Operation *>(op.getOperation())
      .Case<npu::DmaOp>([&](npu::DmaOp dma) { command->body.Set(encodeDma(dma)); })
      .Case<npu::IndexedDmaOp>([&](npu::IndexedDmaOp dma) { command->body.Set(encodeIndexedDma(dma)); })
      .Case<npu::MatmulOp>([&](npu::MatmulOp matmul) { command->body.Set(encodeMatmul(matmul)); })
      .Case<npu::VectorOp>([&](npu::VectorOp vector) {
        bundle::VectorT encoded;
        encoded.outer = vectorOf(vector.getOuter());
        encoded.inner = vectorOf(vector.getInner());
        for (auto [memory, attribute] : llvm::zip(vector.getInputs(), vector.getInputAccesses()))
          encoded.inputs.push_back(access(memory, cast<npu::AccessAttr>(attribute)));
        if (failed(encodeSteps(vector, encoded, unknown)))
          return;
        for (auto [output, memory, attribute] :
             llvm::zip(encoded.outputs, vector.getOutputs(), vector.getOutputAccesses()))
          output->access = access(memory, cast<npu::AccessAttr>(attribute));
        command->body.Set(std::move(encoded));
      })
      .Case<npu::LoadScalarOp>([&](npu::LoadScalarOp load) {
        bundle::LoadScalarT encoded;
        encoded.register_ = static_cast<uint32_t>(load.getReg());
        encoded.source = access(load.getSource(), load.getSourceAccess());
        if (ArrayAttr checks = load.getChecksAttr())
          for (auto check : checks.getAsRange<npu::OverflowAttr>())
            encoded.checks.push_back(overflowCheck(check));
        command->body.Set(std::move(encoded));
      })
      .Case<npu::SkipOp>([&](npu::SkipOp skip) {
        bundle::SkipT encoded;
        encoded.register_ = static_cast<uint32_t>(skip.getReg());
        encoded.when_zero = skip.getWhenZero();
        encoded.count = static_cast<uint32_t>(skip.getCount());
        command->body.Set(std::move(encoded));
      })
      .Case<npu::SignalOp>([&](npu::SignalOp signal) {
        bundle::SignalT encoded;
        encoded.semaphore = static_cast<uint32_t>(signal.getSemaphore());
        command->body.Set(std::move(encoded));
      })
      .Case<npu::WaitOp>([&](npu::WaitOp wait) {
        bundle::WaitT encoded;
        encoded.semaphore = static_cast<uint32_t>(wait.getSemaphore());
        encoded.value = static_cast<uint32_t>(wait.getValue());
        command->body.Set(std::move(encoded));
      })
      .Default([&](Operation *other) { unknown = other; });
  if (unknown)
    return refuse(unknown);
  npu::QueueAttr queue = op.getQueue();
  std::unique_ptr<bundle::QueueT> &list = queues[queue];
  if (!list) {
    list = std::make_unique<bundle::QueueT>();
    list->unit = static_cast<bundle::Unit>(queue.getUnit());
    list->index = static_cast<uint32_t>(queue.getIndex());
  }
  list->commands.push_back(std::move(command));
  ++commandCount;
  return success();
}

LogicalResult Encoder::run(npu::ProgramOp op) {
  program.kernel = op.getSymName().str();
  program.semaphores = static_cast<uint32_t>(op.getSemaphores());
  for (auto attribute : op.getRegisters().getAsRange<npu::RegisterAttr>()) {
    auto encoded = std::make_unique<bundle::RegisterT>();
    encoded->min = attribute.getMin();
    encoded->max = attribute.getMax();
    encoded->name = attribute.getName().str();
    program.registers.push_back(std::move(encoded));
  }
  for (Operation &inside : *op.getBody().begin()) {
    LogicalResult done = failure();
    if (wasStopped())
      return failure();
    if (isa<npu::ArgumentOp, npu::ConstantOp, npu::BufferOp>(inside))
      done = declare(&inside);
    else if (auto command = dyn_cast<npu::CommandInterface>(inside))
      done = encodeCommand(command);
    else
      done = refuse(&inside);
    if (failed(done))
      return failure();
  }
  for (auto &entry : queues)
    program.queues.push_back(std::move(entry.second));
  bundle.programs.push_back(std::make_unique<bundle::ProgramT>(std::move(program)));
  return success();
}

FailureOr<std::unique_ptr<bundle::BundleT>> encode(ArrayRef<PlannedKernel> kernels, Code fault,
                                                   Diagnostics &diagnostics) {
  auto encoded = std::make_unique<bundle::BundleT>();
  Memories memories(*encoded);
  for (const PlannedKernel &kernel : kernels) {
    auto target = static_cast<uint32_t>(encoded->targets.size());
    encoded->targets.push_back(std::make_unique<bundle::TargetT>(bundle::freeze(*kernel.target)));
    for (auto program : ModuleOp(kernel.npu).getOps<npu::ProgramOp>())
      if (failed(Encoder(*encoded, memories, target, fault, diagnostics).run(program)))
        return failure();
  }
  encoded->lines = memories.lines.take();
  return encoded;
}

} // namespace rblnc
