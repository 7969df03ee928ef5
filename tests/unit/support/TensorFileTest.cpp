// Reading and writing tensors; the files of data/ were written by NumPy.
#include "rblnc/support/TensorFile.h"
#include "Scratch.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Npy.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace rblnc;
using rblnc::test::dataFile;
using rblnc::test::Scratch;

namespace {

llvm::Expected<Tensor> load(const std::string &spec) {
  auto file = TensorFile::open(spec);
  if (!file)
    return file.takeError();
  return file->load();
}

Tensor mustLoad(const std::string &spec) {
  auto tensor = load(spec);
  if (!tensor)
    FAIL(toDiagnostic(tensor.takeError()).message);
  return std::move(*tensor);
}

Code codeOf(const std::string &spec) {
  auto tensor = load(spec);
  REQUIRE_FALSE(static_cast<bool>(tensor));
  return toDiagnostic(tensor.takeError()).code;
}

void checkCounts(const Tensor &tensor, DType dtype, std::vector<int64_t> shape) {
  CHECK(tensor.dtype == dtype);
  CHECK(tensor.shape == shape);
  for (int64_t i = 0; i < tensor.elements(); ++i)
    REQUIRE(tensor.asDouble(i) == static_cast<double>(i));
}

} // namespace

TEST_CASE("npy files of every order and version") {
  checkCounts(mustLoad(dataFile("c_order.npy")), DType::f32, {2, 3, 4});
  checkCounts(mustLoad(dataFile("fortran.npy")), DType::f32, {2, 3, 4});
  checkCounts(mustLoad(dataFile("big_endian.npy")), DType::i32, {5});
  checkCounts(mustLoad(dataFile("half.npy")), DType::f16, {4});
  checkCounts(mustLoad(dataFile("version2.npy")), DType::f64, {3});
  checkCounts(mustLoad(dataFile("version3.npy")), DType::f64, {3});
  checkCounts(mustLoad(dataFile("empty.npy")), DType::f32, {0, 3});
  Tensor scalar = mustLoad(dataFile("scalar.npy"));
  CHECK(scalar.shape.empty());
  CHECK(scalar.asDouble(0) == -7);
  Tensor boolean = mustLoad(dataFile("bool.npy"));
  CHECK(boolean.dtype == DType::i1);
  CHECK((boolean.asDouble(0) == 1 && boolean.asDouble(1) == 0 && boolean.asDouble(2) == 1));
}

TEST_CASE("dtypes that no kernel takes are named") {
  CHECK(codeOf(dataFile("complex.npy")) == Code::R007);
  CHECK(codeOf(dataFile("structure.npy")) == Code::R005);
  CHECK(codeOf(dataFile("model.safetensors:q")) == Code::R007);
}

TEST_CASE("npz members, stored and deflated") {
  checkCounts(mustLoad(dataFile("stored.npz:a")), DType::f32, {2, 2});
  checkCounts(mustLoad(dataFile("stored.npz:b.npy")), DType::i64, {3});
  checkCounts(mustLoad(dataFile("deflated.npz:a")), DType::f32, {64, 64});
  Tensor zeros = mustLoad(dataFile("deflated.npz:zeros"));
  CHECK(zeros.elements() == 1 << 16);
  CHECK(zeros.asDouble((1 << 16) - 1) == 0);
  CHECK(codeOf(dataFile("stored.npz:c")) == Code::R006);
  CHECK(codeOf(dataFile("stored.npz")) == Code::R006);
}

TEST_CASE("safetensors") {
  checkCounts(mustLoad(dataFile("model.safetensors:w")), DType::f32, {2, 3});
  Tensor bf16 = mustLoad(dataFile("model.safetensors:h"));
  CHECK(bf16.dtype == DType::bf16);
  CHECK((bf16.asDouble(0) == 1 && bf16.asDouble(1) == -2));
  CHECK(mustLoad(dataFile("model.safetensors:m")).dtype == DType::i1);
  CHECK(codeOf(dataFile("model.safetensors:x")) == Code::R006);
  CHECK(codeOf(dataFile("model.safetensors:__metadata__")) == Code::R006);
  CHECK(codeOf(dataFile("model.safetensors")) == Code::R006);
}

TEST_CASE("files that are not there or are something else") {
  Scratch scratch;
  CHECK(codeOf(scratch.path("none.npy")) == Code::R004);
  CHECK(codeOf(scratch.path("")) == Code::R004); // a folder
  CHECK(codeOf(scratch.write("empty.npy", "")) == Code::R005);
  CHECK(codeOf(scratch.write("garbage.npy", std::string(4096, 'x'))) == Code::R005);
  CHECK(codeOf(scratch.write("garbage.npz", std::string(4096, 'x')) + ":a") == Code::R005);
  CHECK(codeOf(scratch.write("garbage.safetensors", std::string(4096, 'x')) + ":a") == Code::R005);
  std::string deep = std::string("\x00\x40\0\0\0\0\0\0", 8) + std::string(0x4000, '[');
  CHECK(codeOf(scratch.write("deep.safetensors", deep) + ":a") == Code::R005);
}

TEST_CASE("shapes that overflow are refused") {
  Scratch scratch;
  for (const char *shape : {"(9223372036854775807, 2)", "(4611686018427387904,)", "(-1,)", "(99999999999999999999,)",
                            "(1000000000000,)", "(3037000500, 3037000500)"}) {
    std::string dict = std::string("{'descr': '<f4', 'fortran_order': True, 'shape': ") + shape + "}\n";
    std::string header = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(dict.size()) + '\0' + dict;
    INFO(shape);
    CHECK(codeOf(scratch.write("x.npy", header + "data")) == Code::R005);
  }
}

TEST_CASE("every file cut short is an error, and every flipped byte is at most one") {
  Scratch scratch;
  struct Sample {
    const char *file, *member;
  };
  for (auto [file, member] : {Sample{"fortran.npy", ""}, Sample{"version2.npy", ""}, Sample{"stored.npz", ":a"},
                              Sample{"deflated.npz", ":zeros"}, Sample{"model.safetensors", ":w"}}) {
    std::string whole = rblnc::test::readAll(dataFile(file));
    INFO(file);
    REQUIRE(!whole.empty());
    size_t step = std::max<size_t>(1, whole.size() / 150);
    for (size_t size = 0; size + 32 < whole.size(); size += step) {
      auto tensor = load(scratch.write(file, whole.substr(0, size)) + member);
      INFO(size);
      CHECK_FALSE(static_cast<bool>(tensor));
      llvm::consumeError(tensor.takeError());
    }
    for (size_t at = 0; at < whole.size(); at += step)
      for (int bit : {1, 128}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ bit);
        auto tensor = load(scratch.write(file, damaged) + member);
        if (!tensor)
          llvm::consumeError(tensor.takeError());
      }
  }
}

TEST_CASE("a written npy is read again, and its data is aligned to 64") {
  Scratch scratch;
  for (DType dtype : {DType::i1, DType::i8, DType::i16, DType::i32, DType::i64, DType::f16, DType::bf16, DType::f32}) {
    for (std::vector<int64_t> shape : {std::vector<int64_t>{}, {5}, {2, 3, 4}, {0}}) {
      auto tensor = Tensor::zeros(dtype, shape);
      REQUIRE(static_cast<bool>(tensor));
      for (int64_t i = 0; i < tensor->elements(); ++i)
        storeDouble(dtype, dtype == DType::i1 ? i % 2 : static_cast<double>(i), tensor->at(i));
      REQUIRE_FALSE(static_cast<bool>(writeNpy(scratch.path("x.npy"), *tensor)));
      Tensor back = mustLoad(scratch.path("x.npy"));
      CHECK(back.dtype == dtype);
      CHECK(back.shape == shape);
      CHECK(std::memcmp(back.bytes.data(), tensor->bytes.data(), back.bytes.size()) == 0);
      CHECK((std::filesystem::file_size(scratch.path("x.npy")) - back.bytes.size()) % 64 == 0);
    }
  }
}

TEST_CASE("R013: what the host cannot hold is refused, not tried") {
  for (std::vector<int64_t> shape :
       {std::vector<int64_t>{int64_t{1} << 50}, {INT64_MAX}, {INT64_MAX, INT64_MAX}, {-1}}) {
    auto tensor = Tensor::zeros(DType::f32, shape);
    REQUIRE_FALSE(static_cast<bool>(tensor));
    CHECK(toDiagnostic(tensor.takeError()).code == Code::R013);
  }
}

TEST_CASE("shapes as text") {
  CHECK(formatType(DType::f32, std::vector<int64_t>{2, 16, 8}) == "2x16x8xf32");
  CHECK(formatType(DType::i64, std::vector<int64_t>{}) == "i64");
  CHECK(parseShape("2x16x8") == std::vector<int64_t>{2, 16, 8});
  CHECK(parseShape("7") == std::vector<int64_t>{7});
  for (const char *bad :
       {"", "x", "2x", "x2", "2xx3", "-1", "2 x 3", "2xf32", "9223372036854775807x2", "99999999999999999999"})
    CHECK_FALSE(parseShape(bad));
}
