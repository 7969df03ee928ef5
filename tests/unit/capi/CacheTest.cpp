// Compiling through the C interface with a cache.
#include "capi/Handles.h"

#include <cstdlib>
#include <filesystem>

using namespace rblnc::test;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for a test.
struct Folder {
  std::string path = (fs::temp_directory_path() / "rblnc-capi-cache-XXXXXX").string();

  Folder() { REQUIRE(::mkdtemp(path.data())); }
  ~Folder() { fs::remove_all(path); }
  std::string cache() const { return path + "/made/when/needed"; }
  size_t entries() const {
    return fs::exists(cache()) ? std::distance(fs::directory_iterator(cache()), fs::directory_iterator()) : 0;
  }
};

const char *warned = "ttir/3.6.0/vector_add.bf16.raw.ttir";

} // namespace

TEST_CASE("what is in the cache is what compiling gives, warnings included", "[capi]") {
  Folder folder;
  std::string cache = folder.cache(), ttir = kernelText(warned);
  auto fresh = compileText(ttir);
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.cache = view(cache);
  for (int isCached : {0, 1}) {
    auto outcome = compileText(ttir, &options);
    REQUIRE(outcome.status == RBLNC_DONE);
    CHECK(rblnc_bundle_is_cached(outcome.handle.get()) == isCached);
    CHECK(text(rblnc_bundle_cache_fault(outcome.handle.get())).empty());
    CHECK(bytesOf(outcome.handle.get()) == bytesOf(fresh.handle.get()));
    CHECK(outcome.json() == fresh.json());
    CHECK(folder.entries() == 1);
  }
  CHECK(rblnc_bundle_is_cached(fresh.handle.get()) == 0);
}

TEST_CASE("refusals are kept, mistakes of the call are not", "[capi]") {
  Folder folder;
  std::string cache = folder.cache(), ttir = kernelText(warned), name = "nothing", value = "1";
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.cache = view(cache);
  options.strict = 1;
  auto first = compileText(ttir, &options), second = compileText(ttir, &options);
  CHECK(first.status == RBLNC_REJECTED);
  CHECK(second.status == RBLNC_REJECTED);
  CHECK(second.json() == first.json());
  CHECK(folder.entries() == 1);
  rblnc_bind bind = {view(name), view(value)};
  options.binds = &bind;
  options.bind_count = 1;
  CHECK(contains(compileText(ttir, &options).says(), "[RBLN-I010]"));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a cache that cannot be written costs no result, and can be told", "[capi]") {
  Folder folder;
  std::string cache = folder.path + "/file/below";
  std::ofstream(folder.path + "/file") << "x";
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.cache = view(cache);
  options.strict = 1;
  auto outcome = compileText(kernelText(vectorAdd), &options);
  REQUIRE(outcome.status == RBLNC_DONE);
  CHECK(!outcome.diagnostics);
  CHECK(contains(text(rblnc_bundle_cache_fault(outcome.handle.get())), cache));
}

TEST_CASE("a compilation that was cancelled before finds nothing", "[capi]") {
  Folder folder;
  std::string cache = folder.cache();
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.cache = view(cache);
  compileKernel(vectorAdd, &options);
  options.cancel = rblnc_cancel_create();
  rblnc_cancel_request(options.cancel);
  CHECK(compileText(kernelText(vectorAdd), &options).status == RBLNC_INTERRUPTED);
  rblnc_cancel_release(options.cancel);
  CHECK(folder.entries() == 1);
}

TEST_CASE("options of earlier versions end before the cache", "[capi]") {
  Folder folder;
  std::string cache = folder.cache();
  rblnc_compile_options options = RBLNC_COMPILE_OPTIONS_INIT;
  options.size = offsetof(rblnc_compile_options, cache);
  options.cache = view(cache); // behind what the caller says there is
  compileKernel(vectorAdd, &options);
  CHECK(folder.entries() == 0);
}

TEST_CASE("no bundle says nothing of the cache", "[capi]") {
  CHECK(rblnc_bundle_is_cached(nullptr) == 0);
  CHECK(rblnc_bundle_cache_fault(nullptr).size == 0);
}
