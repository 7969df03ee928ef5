#include "rblnc/support/File.h"
#include "Scratch.h"
#include "rblnc/support/Error.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace rblnc;
using rblnc::test::readAll;
using rblnc::test::Scratch;

namespace {

bool fails(llvm::Error error) {
  bool failed = static_cast<bool>(error);
  if (failed)
    CHECK(toDiagnostic(std::move(error)).code == Code::R010);
  return failed;
}

} // namespace

TEST_CASE("a file is written whole and leaves nothing beside it") {
  Scratch scratch;
  std::string path = scratch.write("out", "before");
  CHECK_FALSE(fails(writeFileAtomically(path, "after")));
  CHECK(readAll(path) == "after");
  std::string_view parts[] = {"a", "", "bc"};
  CHECK_FALSE(fails(writeFileAtomically(path, parts)));
  CHECK(readAll(path) == "abc");
  CHECK(scratch.fileCount() == 1);
}

TEST_CASE("a file is replaced, and not overwritten: who has it open still reads what it was") {
  Scratch scratch;
  for (bool isLinked : {false, true}) {
    std::string path = scratch.write("out", "before, and longer than afterwards"), name = path;
    if (isLinked) {
      std::filesystem::create_symlink(path, scratch.path("link"));
      name = scratch.path("link");
    }
    std::filesystem::create_hard_link(path, scratch.path("other"));
    auto opened = ByteSource::open(path);
    REQUIRE(static_cast<bool>(opened));
    CHECK_FALSE(fails(writeFileAtomically(name, "after")));
    auto contents = opened->readString(0, opened->size());
    REQUIRE(static_cast<bool>(contents));
    CHECK(*contents == "before, and longer than afterwards");
    CHECK(readAll(scratch.path("other")) == "before, and longer than afterwards");
    CHECK(readAll(path) == "after");
    std::filesystem::remove(scratch.path("other"));
  }
}

TEST_CASE("a write that fails half way leaves no temporary file, and the file as it was") {
  Scratch scratch;
  std::filesystem::create_directory(scratch.path("folder"));
  std::string inside = scratch.write("folder/kept", "x");
  // A folder that is not empty cannot be replaced by a file: writing succeeds and the renaming does not.
  CHECK(fails(writeFileAtomically(scratch.path("folder"), "after")));
  CHECK(readAll(inside) == "x");
  CHECK(scratch.fileCount() == 1);
}

TEST_CASE("a path that cannot be written is an error and stays as it was") {
  Scratch scratch;
  CHECK(fails(writeFileAtomically(scratch.path("none/out"), "x")));
  CHECK(fails(checkWritable(scratch.path("none/out"))));
  std::filesystem::create_directory(scratch.path("folder"));
  CHECK(fails(writeFileAtomically(scratch.path("folder"), "x")));
  CHECK(fails(checkWritable(scratch.path("folder"))));
  CHECK(fails(checkWritable("")));
  CHECK(scratch.fileCount() == 1);
}

TEST_CASE("a symbolic link stays one, and its file is replaced") {
  Scratch scratch;
  std::string path = scratch.write("file", "before");
  std::filesystem::create_symlink(path, scratch.path("link"));
  CHECK_FALSE(fails(writeFileAtomically(scratch.path("link"), "after")));
  CHECK(std::filesystem::is_symlink(scratch.path("link")));
  CHECK(readAll(path) == "after");
}

TEST_CASE("the permissions of a new file follow the mask") {
  Scratch scratch;
  mode_t old = ::umask(022);
  CHECK_FALSE(fails(writeFileAtomically(scratch.path("out"), "x")));
  ::umask(old);
  struct stat info;
  REQUIRE(::stat(scratch.path("out").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0644);
  old = ::umask(077);
  CHECK_FALSE(fails(writeFileAtomically(scratch.path("own"), "x")));
  ::umask(old);
  REQUIRE(::stat(scratch.path("own").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("a source is not read past its end") {
  Scratch scratch;
  auto source = ByteSource::open(scratch.write("x", "0123456789"));
  REQUIRE(static_cast<bool>(source));
  CHECK(source->size() == 10);
  auto middle = source->readString(3, 4);
  REQUIRE(static_cast<bool>(middle));
  CHECK(*middle == "3456");
  for (auto [offset, size] : {std::pair<uint64_t, size_t>{8, 3}, {11, 0}, {UINT64_MAX, 2}, {0, SIZE_MAX}}) {
    auto beyond = source->readString(offset, size);
    CHECK_FALSE(static_cast<bool>(beyond));
    llvm::consumeError(beyond.takeError());
  }
}
