// Arguments and DRAM regions.
#include "Context.h"

#include "rblnc/bundle/Ops.h"
#include "rblnc/support/CheckedMath.h"

#include <fmt/format.h>
#include <set>
#include <vector>

namespace rblnc::bundle::verifier {
namespace {

llvm::Error verifyRegions(Context &context) {
  uint64_t workspace = 0;
  for (uint32_t i = 0; i < sizeOf(context.bundle.regions()); ++i) {
    const Region &region = *context.bundle.regions()->Get(i);
    if (region.kind() > RegionKind::MAX || region.bytes() < 0)
      return context.error(Code::B020, fmt::format("DRAM region {} has an unknown kind or a negative size", i));
    bool isConstant = region.kind() == RegionKind::constant;
    if (isConstant ? sizeOf(region.data()) != static_cast<uint64_t>(region.bytes()) : sizeOf(region.data()) != 0)
      return context.error(Code::B020, fmt::format("DRAM region {} of {} bytes comes with {} bytes of data", i,
                                                   region.bytes(), sizeOf(region.data())));
    if (region.kind() == RegionKind::workspace &&
        (__builtin_add_overflow(workspace, static_cast<uint64_t>(region.bytes()), &workspace) ||
         workspace > context.limits.maxMemoryBytes))
      return context.error(Code::B034,
                           fmt::format("the workspace has more than {} bytes", context.limits.maxMemoryBytes));
  }
  return llvm::Error::success();
}

llvm::Error verifyArgument(Context &context, const Argument &argument) {
  if (argument.name()->size() == 0)
    return context.error(Code::B020, "an argument has no name");
  if (argument.name()->size() > maxNameBytes)
    return context.tooMany("an argument has a name of", argument.name()->size(), "bytes", maxNameBytes);
  std::string name = argument.name()->str();
  auto fail = [&](std::string what) { return context.error(Code::B020, fmt::format("argument '{}' {}", name, what)); };
  if (argument.kind() > ArgumentKind::MAX || argument.dtype() > DType::MAX || argument.direction() > Direction::MAX ||
      argument.layout() > ArgumentLayout::MAX)
    return fail("has an unknown kind, dtype, direction or layout");
  if (argument.extent() < 0)
    return fail("has a negative extent");
  if (argument.kind() == ArgumentKind::scalar && (argument.extent() != 1 || argument.has_shape()))
    return fail("is a scalar with a shape or an extent other than 1");
  llvm::Expected<Extents> shape = readShape(context, argument.shape(), "an argument's shape");
  if (!shape)
    return shape.takeError();
  if (argument.has_shape() && countOf(*shape) < argument.extent())
    return fail("has an extent beyond its shape");
  uint32_t alignment = argument.alignment();
  if (alignment == 0 || (alignment & (alignment - 1)) != 0 || alignment > 65536)
    return fail("has an alignment that is no power of two up to 65536");
  if (argument.region() >= sizeOf(context.bundle.regions()) ||
      context.bundle.regions()->Get(argument.region())->kind() != RegionKind::argument)
    return fail(fmt::format("is in DRAM region {}, which is no argument's", argument.region()));
  auto bytes = static_cast<uint64_t>(context.bundle.regions()->Get(argument.region())->bytes());
  std::optional<uint64_t> held = checkedMultiply(static_cast<uint64_t>(argument.extent()), bytesOf(argument.dtype()));
  if (!held || *held != bytes)
    return fail(fmt::format("has {} elements of {} and a DRAM region of {} bytes", argument.extent(),
                            nameOf(argument.dtype()), bytes));
  return llvm::Error::success();
}

} // namespace

llvm::Error verifySignature(Context &context, std::vector<bool> &inputRegions) {
  if (llvm::Error error = verifyRegions(context))
    return error;
  std::set<std::string> names;
  std::vector<bool> taken(sizeOf(context.bundle.regions()));
  inputRegions.assign(taken.size(), false);
  if (context.bundle.signature())
    for (const Argument *argument : *context.bundle.signature()) {
      if (llvm::Error error = verifyArgument(context, *argument))
        return error;
      if (!names.insert(argument->name()->str()).second)
        return context.error(Code::B020, fmt::format("two arguments are called '{}'", argument->name()->str()));
      if (taken[argument->region()])
        return context.error(Code::B020, fmt::format("two arguments are in DRAM region {}", argument->region()));
      taken[argument->region()] = true;
      inputRegions[argument->region()] = argument->direction() == Direction::in;
    }
  for (uint32_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && context.bundle.regions()->Get(i)->kind() == RegionKind::argument)
      return context.error(Code::B020, fmt::format("DRAM region {} belongs to no argument", i));
  return llvm::Error::success();
}

} // namespace rblnc::bundle::verifier
