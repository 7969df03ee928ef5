// Transfers of rows whose numbers stand in memory.
#include "Copier.h"

#include "rblnc/bundle/Accesses.h"
#include "rblnc/support/Watch.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rblnc::emulator {

IndexedDmaCommand decode(const bundle::IndexedDma &dma) {
  IndexedDmaCommand command;
  command.shape.append(dma.shape()->begin(), dma.shape()->end());
  command.axis = dma.axis();
  command.rows = dma.rows();
  command.scatters = dma.scatters();
  command.source = DecodedAccess::decode(*dma.source());
  command.destination = DecodedAccess::decode(*dma.destination());
  command.indices = DecodedAccess::decode(*dma.indices());
  if (dma.mask())
    command.mask = DecodedAccess::decode(*dma.mask());
  if (dma.clips())
    for (const bundle::Clip *clip : *dma.clips())
      command.clips.push_back(decodeClip(*clip));
  if (dma.has_fill())
    command.fill = dma.fill();
  for (uint32_t d = 0; d < command.shape.size(); ++d)
    (bundle::isOfRow(dma, d) ? command.rowDimensions : command.indexDimensions).push_back(d);
  return command;
}

namespace {

/// What a list has for some dimensions.
Extents pick(llvm::ArrayRef<int64_t> list, llvm::ArrayRef<size_t> dimensions) {
  Extents picked;
  for (size_t d : dimensions)
    picked.push_back(list[d]);
  return picked;
}

int64_t loadIndex(const uint8_t *data, bundle::DType dtype) {
  if (dtype == bundle::DType::i32) {
    int32_t value;
    std::memcpy(&value, data, sizeof value);
    return value;
  }
  int64_t value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

} // namespace

/// A row that a mask lets pass: its number, and how far it is from the first one on the side that is not indexed.
struct IndexedDmaCommand::Row {
  int64_t number, direct, indexed;
  int64_t position; ///< among all, in row-major order
};

Box IndexedDmaCommand::boxOf(bool isIndexed, llvm::ArrayRef<int64_t> registers) const {
  Extents all = shape;
  if (isIndexed)
    all[axis] = rows;
  return clipped(all, clips, registers);
}

bool IndexedDmaCommand::movesNothing(const Context &context) const {
  if (countOf(shape) == 0)
    return true;
  Box box = boxOf(/*isIndexed=*/false, context.registers);
  return box.isEmpty();
}

std::optional<std::vector<IndexedDmaCommand::Row>> IndexedDmaCommand::rowsToMove(const Context &context) const {
  const uint8_t *index = resolve(indices, shape, context.memories, context.registers);
  const uint8_t *let = mask ? resolve(*mask, shape, context.memories, context.registers) : nullptr;
  if (!index || (mask && !let))
    return std::nullopt;
  Extents extents = pick(shape, indexDimensions);
  const DecodedAccess &direct = scatters ? source : destination, &indexed = scatters ? destination : source;
  Extents indexedStrides = indexed.strides;
  indexedStrides[axis] = 0;
  Extents maskStrides = mask ? pick(mask->strides, indexDimensions) : Extents(extents.size(), 0);
  Extents indexStrides = pick(indices.strides, indexDimensions), directStrides = pick(direct.strides, indexDimensions);
  Extents otherStrides = pick(indexedStrides, indexDimensions);
  Odometer at(extents, indexStrides), lets(extents, maskStrides), directAt(extents, directStrides),
      otherAt(extents, otherStrides);
  std::vector<Row> moved;
  for (int64_t i = 0, n = countOf(extents); i < n; ++i, at.next(), lets.next(), directAt.next(), otherAt.next())
    if (!let || let[lets.offset()] != 0)
      moved.push_back({loadIndex(index + at.offset(), indices.dtype), directAt.offset(), otherAt.offset(), i});
  return moved;
}

Outcome::Fault IndexedDmaCommand::outside(const Row &row) const {
  Extents place;
  int64_t position = row.position;
  for (size_t i = indexDimensions.size(); i-- > 0; position /= shape[indexDimensions[i]])
    place.insert(place.begin(), position % shape[indexDimensions[i]]);
  return {Code::R038,
          fmt::format("the index at [{}] is {}, and there are {} rows to choose from", fmt::join(place, ", "),
                      row.number, rows),
          rows > 0 ? fmt::format("mask the indices that name no row, or bring them into 0 to {} first", rows - 1)
                   : std::string("mask all indices")};
}

Touched IndexedDmaCommand::touched(const bundle::Command &, const Context &context) const {
  Touched touched;
  Box whole{Extents(shape.size(), 0), shape};
  touched.add(Footprint::of(indices, whole, /*isWritten=*/false, context.registers));
  if (mask)
    touched.add(Footprint::of(*mask, whole, /*isWritten=*/false, context.registers));
  std::optional<std::vector<Row>> moved;
  if (!movesNothing(context))
    moved = rowsToMove(context);
  if (moved)
    llvm::erase_if(*moved, [&](const Row &row) { return row.number < 0 || row.number >= rows; });
  auto add = [&](const DecodedAccess &access, bool isIndexed, bool isWritten) {
    if (!moved || moved->empty())
      return;
    Box first = boxOf(isIndexed, context.registers);
    for (size_t d : indexDimensions)
      first.hi[d] = first.lo[d] + 1;
    Footprint footprint = Footprint::of(access, first, isWritten, context.registers);
    for (const Row &row : *moved)
      footprint.places.push_back(isIndexed ? row.indexed + row.number * access.strides[axis] : row.direct);
    std::sort(footprint.places.begin(), footprint.places.end());
    touched.add(std::move(footprint));
  };
  add(source, /*isIndexed=*/!scatters, /*isWritten=*/false);
  if (fill)
    touched.add(Footprint::of(destination, whole, /*isWritten=*/true, context.registers));
  else
    add(destination, /*isIndexed=*/scatters, /*isWritten=*/true);
  return touched;
}

CommandCost IndexedDmaCommand::cost(const CostModel &model, const Touched &touched) const {
  size_t moved = 0;
  for (const Footprint &footprint : touched.footprints)
    moved = std::max(moved, footprint.places.size());
  return model.indexedTransfer(static_cast<double>(moved), static_cast<double>(touched.dramBytes),
                               static_cast<double>(touched.sharedBytes));
}

Outcome IndexedDmaCommand::execute(const Context &context) const {
  if (countOf(shape) == 0)
    return {};
  std::vector<Row> moved;
  if (!movesNothing(context)) {
    std::optional<std::vector<Row>> found = rowsToMove(context);
    if (!found)
      return {.isOutOfRange = true};
    moved = std::move(*found);
    for (const Row &row : moved)
      if (row.number < 0 || row.number >= rows)
        return {.fault = outside(row)};
  }
  Copier copier(context, destination.dtype);
  if (fill) {
    uint8_t *dst = resolve(destination, shape, context.memories, context.registers);
    if (!dst)
      return {.isOutOfRange = true};
    copier.fill(dst, shape, destination.strides, *fill);
  }
  if (moved.empty())
    return {.wasStopped = copier.isStopped};
  Box from = boxOf(!scatters, context.registers), to = boxOf(scatters, context.registers);
  uint8_t *src = resolve(source, from, context), *dst = resolve(destination, to, context);
  if (!src || !dst)
    return {.isOutOfRange = true};
  Extents sizes = pick(sizesOf(from), rowDimensions), sourceStrides = pick(source.strides, rowDimensions),
          destinationStrides = pick(destination.strides, rowDimensions);
  int64_t pitch = (scatters ? destination : source).strides[axis];
  for (size_t i = 0; i < moved.size() && !copier.isStopped; ++i) {
    int64_t indexed = moved[i].indexed + moved[i].number * pitch;
    copier.copy(dst + (scatters ? indexed : moved[i].direct), src + (scatters ? moved[i].direct : indexed), sizes,
                destinationStrides, sourceStrides);
    *context.part = static_cast<double>(i) / static_cast<double>(moved.size());
    if (i % 1024 == 1023)
      copier.isStopped = copier.isStopped || wasStopped();
  }
  return {.wasStopped = copier.isStopped};
}

} // namespace rblnc::emulator
