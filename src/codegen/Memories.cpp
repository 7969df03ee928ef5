#include "Memories.h"

#include "Scalars.h"
#include "rblnc/bundle/Ops.h"
#include "rblnc/support/CheckedMath.h"

using namespace mlir;

namespace rblnc::codegen {

/// As much as an input file may have: a splat is short as text and long as data.
static constexpr uint64_t maxConstantBytes = uint64_t{1} << 28;

uint32_t Memories::addRegion(bundle::RegionKind kind, int64_t bytes) {
  bundle.regions.push_back(std::make_unique<bundle::RegionT>());
  bundle.regions.back()->kind = kind;
  bundle.regions.back()->bytes = bytes;
  return static_cast<uint32_t>(bundle.regions.size() - 1);
}

std::optional<uint32_t> Memories::argument(npu::ArgumentOp op, bool isFirstProgram) {
  auto argument = std::make_unique<bundle::ArgumentT>();
  argument->name = op.getName().str();
  argument->kind = op.getScalar() ? bundle::ArgumentKind::scalar : bundle::ArgumentKind::tensor;
  argument->dtype = dtypeOf(op.getElement());
  argument->direction = op.getDirection() == "out"     ? bundle::Direction::out
                        : op.getDirection() == "inout" ? bundle::Direction::inout
                                                       : bundle::Direction::in;
  argument->extent = elementCount(op.getShape()).value_or(0);
  argument->has_shape = !op.getExtentOnly() && !op.getScalar();
  if (argument->has_shape)
    argument->shape = {op.getShape().begin(), op.getShape().end()};
  argument->alignment = 64;
  argument->line = lines.indexOf(op.getLoc());
  if (!isFirstProgram) {
    auto known = arguments.find(op.getName());
    if (known == arguments.end())
      return std::nullopt;
    const bundle::ArgumentT &first = *bundle.signature[known->second];
    bool isSame = argument->kind == first.kind && argument->dtype == first.dtype &&
                  argument->direction == first.direction && argument->extent == first.extent &&
                  argument->has_shape == first.has_shape && argument->shape == first.shape;
    return isSame ? std::optional(first.region) : std::nullopt;
  }
  uint32_t region = addRegion(bundle::RegionKind::argument, argument->extent * bundle::bytesOf(argument->dtype));
  argument->region = region;
  arguments[op.getName()] = bundle.signature.size();
  bundle.signature.push_back(std::move(argument));
  return region;
}

static std::vector<uint8_t> bytesOf(DenseElementsAttr value) {
  auto size = static_cast<int64_t>(bundle::bytesOf(dtypeOf(value.getElementType())));
  auto count = static_cast<size_t>(value.isSplat() ? 1 : value.getNumElements());
  std::vector<uint8_t> bytes;
  bytes.reserve(static_cast<size_t>(value.getNumElements() * size));
  auto elements = value.getValues<Attribute>();
  for (size_t n = 0; n < count && value.getNumElements(); ++n)
    for (uint64_t bits = bitsOf(elements[n]), i = 0; i < static_cast<uint64_t>(size); ++i, bits >>= 8)
      bytes.push_back(static_cast<uint8_t>(bits));
  while (bytes.size() < static_cast<size_t>(value.getNumElements() * size))
    bytes.push_back(bytes[bytes.size() - static_cast<size_t>(size)]);
  return bytes;
}

std::optional<uint32_t> Memories::constant(npu::ConstantOp op) {
  auto [known, isNew] = constants.try_emplace(op.getValue(), 0);
  if (!isNew)
    return known->second;
  auto value = cast<DenseElementsAttr>(op.getValue());
  auto count = static_cast<uint64_t>(value.getNumElements());
  // The shape of a splat is whatever its text says: the count may be anything, so the bound comes before the product.
  if (count > maxConstantBytes ||
      (constantBytes += count * bundle::bytesOf(dtypeOf(value.getElementType()))) > maxConstantBytes)
    return std::nullopt;
  uint32_t region = addRegion(bundle::RegionKind::constant, 0);
  bundle.regions[region]->data = bytesOf(value);
  bundle.regions[region]->bytes = static_cast<int64_t>(bundle.regions[region]->data.size());
  return constants[op.getValue()] = region;
}

uint32_t Memories::workspace(int64_t bytes) {
  if (!workspaceRegion)
    workspaceRegion = addRegion(bundle::RegionKind::workspace, 0);
  int64_t &size = bundle.regions[*workspaceRegion]->bytes;
  size = std::max(size, bytes);
  return *workspaceRegion;
}

} // namespace rblnc::codegen
