// Opening bundles, and what they say about themselves.
#include "Bundle.h"

#include "Options.h"

#include "rblnc/support/Error.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace rblnc;

namespace {

static_assert(static_cast<int>(RBLNC_SCALAR) == static_cast<int>(bundle::ArgumentKind::scalar));
static_assert(static_cast<int>(RBLNC_OUT) == static_cast<int>(bundle::Direction::out) &&
              static_cast<int>(RBLNC_INOUT) == static_cast<int>(bundle::Direction::inout));
static_assert(static_cast<int>(RBLNC_I1) == static_cast<int>(bundle::DType::i1) &&
              static_cast<int>(RBLNC_I64) == static_cast<int>(bundle::DType::i64) &&
              static_cast<int>(RBLNC_F16) == static_cast<int>(bundle::DType::f16) &&
              static_cast<int>(RBLNC_BF16) == static_cast<int>(bundle::DType::bf16) &&
              static_cast<int>(RBLNC_F32) == static_cast<int>(bundle::DType::f32));

} // namespace

rblnc_status capi::open(llvm::StringRef bytes, rblnc_bundle **bundle, Report &report) {
  std::unique_ptr<llvm::MemoryBuffer> copy = llvm::MemoryBuffer::getMemBufferCopy(bytes, "the bundle");
  if (!copy)
    throw std::bad_alloc();
  auto file = bundle::openBundle(std::move(copy));
  if (!file)
    return report.give(toDiagnostic(file.takeError()));
  auto machine = emulator::Machine::create(*file);
  if (!machine)
    return report.give(toDiagnostic(machine.takeError()));
  std::string digest = file->digest();
  auto program = std::make_shared<const Program>(Program{std::move(*file), std::move(*machine), std::move(digest)});
  *bundle = new rblnc_bundle{std::move(program)};
  return RBLNC_DONE;
}

rblnc_status rblnc_bundle_open(const void *data, size_t size, rblnc_bundle **bundle, rblnc_diagnostics **diagnostics) {
  return capi::guarded(diagnostics, "the reader of bundles", [&](capi::Report &report) -> rblnc_status {
    if (!bundle)
      return report.usage("rblnc_bundle_open: bundle is NULL");
    *bundle = nullptr;
    if (!data)
      return report.usage("rblnc_bundle_open: data is NULL");
    capi::haveProvokedFault("open");
    return capi::open({static_cast<const char *>(data), size}, bundle, report);
  });
}

void rblnc_bundle_release(rblnc_bundle *bundle) { delete bundle; }

const void *rblnc_bundle_data(const rblnc_bundle *bundle, size_t *size) {
  llvm::StringRef file = bundle ? bundle->program->file.file() : llvm::StringRef();
  if (size)
    *size = file.size();
  return file.data();
}

rblnc_string rblnc_bundle_kernel(const rblnc_bundle *bundle) {
  return bundle ? capi::textOf(bundle->program->kernel()) : rblnc_string{};
}

rblnc_string rblnc_bundle_target(const rblnc_bundle *bundle) {
  return bundle ? capi::textOf(bundle->program->target()) : rblnc_string{};
}

rblnc_string rblnc_bundle_digest(const rblnc_bundle *bundle) {
  return bundle ? capi::textOf(bundle->program->digest) : rblnc_string{};
}

int32_t rblnc_bundle_is_cached(const rblnc_bundle *bundle) { return bundle && bundle->isCached; }

rblnc_string rblnc_bundle_cache_fault(const rblnc_bundle *bundle) {
  return bundle ? capi::textOf(bundle->cacheFault) : rblnc_string{};
}

size_t rblnc_bundle_argument_count(const rblnc_bundle *bundle) {
  const auto *signature = bundle ? bundle->program->file->signature() : nullptr;
  return signature ? signature->size() : 0;
}

rblnc_status rblnc_bundle_argument(const rblnc_bundle *bundle, size_t index, rblnc_argument *argument) {
  if (!argument || capi::sizeFault(argument, "rblnc_argument") || index >= rblnc_bundle_argument_count(bundle))
    return RBLNC_USAGE;
  const bundle::Bundle &file = *bundle->program->file;
  const bundle::Argument &source = *file.signature()->Get(static_cast<uint32_t>(index));
  argument->name = capi::textOf(source.name()->string_view());
  argument->kind = static_cast<int32_t>(source.kind());
  argument->dtype = static_cast<int32_t>(source.dtype());
  argument->direction = static_cast<int32_t>(source.direction());
  argument->has_shape = source.has_shape();
  bool isShaped = source.has_shape() && source.shape();
  // The verifier has checked that it is aligned, and hosts of rblnc are little-endian.
  argument->shape = isShaped ? reinterpret_cast<const int64_t *>(source.shape()->Data()) : nullptr;
  argument->rank = isShaped ? source.shape()->size() : 0;
  argument->extent = source.extent();
  argument->bytes = static_cast<uint64_t>(file.regions()->Get(source.region())->bytes());
  argument->alignment = source.alignment();
  argument->reserved = 0;
  return RBLNC_DONE;
}
